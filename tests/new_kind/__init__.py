"""A throw-away content kind, a glossary, as somebody would add it: what of the portal works for it by itself.

`glossary/` is the package that a new kind needs. Outside it stand three lines: the app in `settings.py`, the import and
the page in `urls.py`. `probes.py` asks for every feature; `tests/content/test_new_kind.py` runs it with these settings.
"""
