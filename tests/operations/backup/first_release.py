"""The first content in the tables of the first release, whose models are those of its migrations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

FIXTURES = Path("fixtures")
NAMES = ("contact_points", "guides", "causes", "symptoms", "faq", "synonyms")
PARTS = ("guides", "faq", "search", "feedback", "links")
KINDS = {"guide": "guide", "symptom": "symptom", "cause": "cause", "faqcategory": "category", "faqentry": "entry"}


def fill() -> None:
    """Write the records of today's fixtures, as far as the first release had their tables and columns."""
    apps = MigrationExecutor(connection).loader.project_state([(part, "0001_initial") for part in PARTS]).apps
    for record in (record for name in NAMES for record in yaml.safe_load((FIXTURES / f"{name}.yaml").read_text())):
        try:
            model = apps.get_model(record["model"])
        except LookupError:  # a kind that came later
            continue
        write(apps, model, record["fields"])


def write(apps: Any, model: Any, fields: dict[str, Any]) -> None:
    if "number" in fields:
        kind = KINDS[model._meta.model_name]
        apps.get_model("links", "HelpNumber").objects.create(number=fields["number"], kind=kind)
    known = dict(known_fields(model, fields))
    row = model._default_manager.create(**{f.name: value for f, value in known.items() if not f.many_to_many})
    for field, value in known.items():
        if field.many_to_many:
            getattr(row, field.name).set(value)


def known_fields(model: Any, fields: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    for name, value in fields.items():
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if field.many_to_many:
            yield field, [by_natural_key(field.related_model, key) for key in value]
        elif field.is_relation and value is not None:
            yield field, by_natural_key(field.related_model, value)
        elif value is not None or field.null:
            yield field, value


def by_natural_key(model: Any, key: list[str]) -> Any:
    *guide, slug = key
    return model._default_manager.get(slug=slug, **({"guide__slug": guide[0]} if guide else {}))
