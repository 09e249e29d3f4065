"""History of content: versions of records, revisions, timelines, diffs, restoring, and pages as of a moment.

Offers the model base classes (`versioned`), `revision()` and `record_versions()` (`revisions`), `page_history`,
`timeline`, `RecordsAt` and `diff`. May import publishcheck, permissions, content, and what stands below them.
"""
