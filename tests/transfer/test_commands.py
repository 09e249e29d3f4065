"""Export and import from the command line."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from helpdesk.guides.models import Guide, Symptom
from helpdesk.transfer import plan_report
from tests.accounts.staff_people import make_user
from tests.transfer.portals import empty_the_portal, exported
from tests.transfer.test_import import small

pytestmark = pytest.mark.django_db


def run(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out, stderr=StringIO())
    return out.getvalue()


def refusal(*command: str) -> str:
    with pytest.raises(CommandError) as error:
        run(*command)
    return str(error.value)


def test_content_goes_out_and_in(first_content: None, tmp_path: Path) -> None:
    file = tmp_path / "content.yaml"
    run("export_content", str(file))
    assert run("export_content") == file.read_text() == exported()
    assert refusal("export_content", str(file)) == f"{file} already exists. To overwrite it, use --force."
    empty_the_portal()
    assert "Nothing was written. To import: --yes" in run("import_content", str(file))
    assert "Nothing was written." in run("import_content", str(file), "--yes", "--dry-run")
    assert Guide.objects.count() == 0
    said = run("import_content", str(file), "--yes")
    assert "New: 10 outside pages, 1 identity, 3 contact points, 6 contact lines, 18 resolutions" in said
    assert exported() == file.read_text()
    assert "No changes: everything in the file is already here." in run("import_content", str(file), "--yes")


def test_changed_records_are_named_and_taken_over_by_name(tmp_path: Path) -> None:
    file = tmp_path / "content.yaml"
    file.write_text(small())
    user = make_user(name="Ada")
    run("import_content", str(file), "--yes", "--user", user.username)
    assert str(Guide.history.get().history_user) == "Ada"
    file.write_text(small().replace("It stays dark", "It is dark"))
    said = run("import_content", str(file), "--yes")
    assert "symptom:device/dark  “It stays dark”  (won't be changed)" in said
    assert "Title: It [-stays-]{+is+} dark" in said
    assert Symptom.objects.get().title == "It stays dark"
    assert refusal("import_content", str(file), "--replace", "guide:device") == (
        "“guide:device” isn't one of the changed records in the list."
    )
    said = run("import_content", str(file), "--yes", "--replace", "symptom:device/dark")
    assert "(will be replaced)" in said
    assert Symptom.objects.get().title == "It is dark"


def test_new_records_are_listed_up_to_a_number(tmp_path: Path, monkeypatch: Any) -> None:
    file = tmp_path / "content.yaml"
    file.write_text(small())
    said = run("import_content", str(file))
    assert "  guide:device  “My device”\n" in said
    assert "  symptom:device/dark  “It stays dark”\n" in said
    monkeypatch.setattr(plan_report, "MAX_ROWS", 2)
    said = run("import_content", str(file))
    assert "  contact point:desk  “Desk”\n  contact line:desk-uk  “desk-uk”\n  and 8 more\n" in said


def test_what_is_wrong_is_said_without_a_trace(tmp_path: Path) -> None:
    file = tmp_path / "content.yaml"
    file.write_text("helpdesk bundle: 1\nx: 1\ny: 1\n")
    assert refusal("import_content", str(file)).count("\n") == 1
    missing = tmp_path / "none.yaml"
    assert refusal("import_content", str(missing)) == f"{missing} can't be read (No such file or directory)."
    assert refusal("import_content", str(file), "--user", "nobody") == "There is no account nobody."
    assert refusal("export_content", "--guide", "none") == "There is no guide 'none'."
    assert "can't be written" in refusal("export_content", str(tmp_path / "a" / "b.yaml"))


def test_progress_is_shown_for_long_imports(first_content: None, tmp_path: Path, capsys: Any) -> None:
    entries = "\n".join(f"      - {{slug: e{number}, question: Q{number}?, answer: A.}}" for number in range(300))
    file = tmp_path / "content.yaml"
    file.write_text(f"helpdesk bundle: 1\nFAQ:\n  - slug: more\n    title: More\n    entries:\n{entries}\n")
    errors = StringIO()
    call_command("import_content", str(file), "--yes", stdout=StringIO(), stderr=errors)
    assert "301 of 301 records" in errors.getvalue()
