"""The tests that `make test` runs on PostgreSQL as well as on SQLite: what a database can change.

Views, forms, templates and texts are the same on both, and are tested once. A line here is a path, or the beginning of
one, with the reason. `make test-all` runs every test that uses a database on PostgreSQL.
"""

from __future__ import annotations

ON_POSTGRESQL = {
    "tests/accounts/test_every_admin_address.py::test_every_address_opens_for_those_who_may[SUPERUSER]": "SQL of lists",
    "tests/addresses/test_permanence.py": "triggers, in a language of their own for each database",
    "tests/addresses/test_reserved_slugs.py": "a migration of rows",
    "tests/announcements/test_servers.py": "the version of the content, seen by other servers",
    "tests/announcements/test_current.py": "constraints, and moments compared in SQL",
    "tests/attacks/test_fuzz.py::test_address_is_answered_whatever_is_asked[visitor]": "PostgreSQL refuses NUL",
    "tests/attacks/test_fuzz.py::test_form_is_answered_whatever_is_sent[visitor]": "PostgreSQL refuses NUL",
    "tests/content/test_compiled_query.py": "SQL that is compiled once",
    "tests/content/test_fixtures.py": "sequences and natural keys",
    "tests/content/test_new_kind.py": "triggers, search and revisions of a kind",
    "tests/content/test_publishing.py": "moments compared in SQL",
    "tests/contentadmin/test_edit_conflicts.py": "locks",
    "tests/deployed/test_behind_a_proxy.py::test_update": "servers that follow each other on one database",
    "tests/faq/test_constraints.py": "constraints",
    "tests/contacts/test_migration.py": "tables and rows that an update changes",
    "tests/feedback/test_handoffs.py": "numbers given out to two at once",
    "tests/feedback/test_migrations.py": "defaults and constraints that the previous version writes into",
    "tests/feedback/test_outcomes.py": "rows written or changed in one statement",
    "tests/flags/": "constraints, and rows written by two at once",
    "tests/guides/test_as_of.py": "the content of a moment, from revisions",
    "tests/guides/test_constraints.py": "constraints",
    "tests/history/": "revisions written by SQL",
    "tests/images/test_storing.py": "constraints, and files that follow transactions",
    "tests/operations/": "backup with the database's own tools, migrations, health",
    "tests/outside/test_check_links.py": "moments compared in SQL, texts of all kinds in one statement",
    "tests/outside/test_links.py::test_c": "constraints, and the version of the content",
    "tests/pagecache/test_changes.py": "the version of the content: triggers and transactions",
    "tests/pagecache/test_edits.py": "the version of the content: triggers and transactions",
    "tests/pagecache/test_purge.py": "the version of the content, seen by another process",
    "tests/pagecache/test_servers.py": "the version of the content, seen by other servers",
    "tests/pagecache/test_single_flight.py": "one render per version, from threads with connections of their own",
    "tests/pagecache/test_watched.py": "triggers on every table that pages read",
    "tests/permissions/": "rights as conditions in SQL",
    "tests/portal/test_feeds.py": "moments compared in SQL",
    "tests/redirects/test_former_addresses.py": "triggers, and rows written by two at once",
    "tests/redirects/test_not_found_log.py": "triggers, and rows written by two at once",
    "tests/redirects/test_page_deletion.py": "triggers, and rows written by two at once",
    "tests/redirects/test_redirects.py": "triggers, and rows written by two at once",
    "tests/reports/test_rates.py": "sums and rates in SQL",
    "tests/reports/test_work.py": "sums and rates in SQL",
    "tests/search/test_engines.py": "another full text search",
    "tests/search/test_index.py": "triggers and transactions of the index",
    "tests/search/test_judged.py": "another full text search",
    "tests/search/test_query.py": "another full text search",
    "tests/search/test_search_log.py": "rows written or changed in one statement, locks",
    "tests/survival/": "acknowledged writes, locks, and a database that is away",
    "tests/test_at_the_same_time.py": "locks",
    "tests/test_queries.py": "number of queries",
    "tests/transfer/test_import.py": "import in one transaction",
    "tests/transfer/test_round_trip.py": "all content out and in",
}


def runs_on_postgresql(test: str) -> bool:
    """Tell whether the test of this id is one of those."""
    return test.startswith(tuple(ON_POSTGRESQL))


def files() -> list[str]:
    """Return the files and folders of those tests: to import all others takes longer than many of these run."""
    return sorted({test.partition("::")[0] for test in ON_POSTGRESQL})
