"""A throw-away content kind, a glossary, as somebody would add it: what of the portal works for it by itself.

`glossary/` is the package that a new kind needs. Outside it there is one line, the app in `settings.py`; a package in
`helpdesk/` also has its place among the layers in pyproject.toml. `probes.py` asks for every feature;
`tests/content/test_new_kind.py` runs it with these settings.
"""
