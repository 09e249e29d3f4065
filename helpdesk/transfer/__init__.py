"""Export and import of content: bundles (one readable YAML file, zipped with its pictures) and a spreadsheet of the FAQ.

Offers `export.export_bundle` and `run_import` to the admin and the command line. What a bundle holds follows from the
registry of content kinds. May import everything below the reports; nothing but urls and management imports it.
"""
