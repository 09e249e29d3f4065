"""Pictures in Markdown texts: upload, processing, storage, uses, and their pages in the admin and for visitors.

Offers `models.Image`, `storage` and `processing.digest`. May import `helpdesk.contentadmin` and lower packages.
"""
