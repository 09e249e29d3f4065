"""Operation of the portal: start and web server, health checks, outages, backups and diagnostics.

Offers what the commands start, backup, restore and doctor run, and two middleware classes. May import every package
below it; only `portal`, the URLs and the commands import it.
"""
