"""One command in each module, found by Django under the name of the module."""
