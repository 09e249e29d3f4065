from itertools import count

from django.db import migrations
from django.utils import timezone

WORDS = ("fix", "found")


def rename(apps, schema_editor):
    former = apps.get_model("links", "FormerAddress")._default_manager
    for kind, name in (("category", "FaqCategory"), ("entry", "FaqEntry")):
        rename_reserved(former.filter(kind=kind, scope=0), kind, apps.get_model("faq", name)._default_manager)


def rename_reserved(former, kind, rows):
    """Give the rows with one of the words as slug another one; their old addresses lead to the new ones.

    `former` and `rows` are the former addresses and the rows of a kind. The former addresses are written here, as the
    triggers that do so are gone while SQLite runs migrations. All that this needs stands here, as code of the portal
    changes and this must not.
    """
    for row in rows.filter(slug__in=WORDS).order_by("pk"):
        old, row.slug = row.slug, free_slug(row.slug, rows, former)
        rows.filter(pk=row.pk).update(slug=row.slug)
        if getattr(row, "publish_at", timezone.now()) is not None:
            address = {"kind": kind, "scope": 0, "slug": old, "number": row.number}
            # As the triggers do: an address that staff once ended leads to the page again, as it did until now.
            former.update_or_create(**address, defaults={"until": timezone.now(), "ended_at": None})


def free_slug(slug, *taken):
    """Return the slug with the first number that none of these querysets has: "fix" gives "fix-2"."""
    numbered = (f"{slug}-{number}" for number in count(2))
    return next(one for one in numbered if not any(rows.filter(slug=one).exists() for rows in taken))


class Migration(migrations.Migration):
    """Free the slugs that become words of the address scheme; the old addresses lead to the renamed pages."""

    dependencies = [("faq", "0001_initial"), ("links", "0003_kinds_from_the_registry")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
