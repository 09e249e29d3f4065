"""The page cache: a WSGI layer before Django that keeps finished public pages under the version of the content.

It offers `layer.PageCache`, `purge.Purger` and the version of the content (`version.stored_number`).
It may import content, web and observability.
"""
