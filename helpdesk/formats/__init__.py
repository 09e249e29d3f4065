"""Formats that Django applies by itself, to columns of lists for instance.

One package for each language; languages without one have Django's formats. Imports nothing.
"""
