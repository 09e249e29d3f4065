"""Export and import of content: bundles (a readable YAML file, zipped with its pictures), a spreadsheet of the FAQ.

Offers `archive.export_bundle` and `run_import` to the admin and the command line. What a bundle holds follows from the
registry of content kinds. May import everything below the reports; nothing but urls and management imports it.
"""
