"""Answers are compressed as the browser asks for it, and mean the same."""

import gzip

import brotli
import pytest
from django.core.files.base import ContentFile

from helpdesk.web.compression import SmallStaticFilesStorage
from tests.serving import PROJECT

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000,gzip", "gzip"),
        ("gzip", "gzip"),
        ("", None),
        ("identity", None),
        ("brotli", None),
    ],
)
def test_page_is_packed_as_the_browser_takes_it(client, db, accepted, encoding):
    plain = client.get("/contact/")
    packed = client.get("/contact/", headers={"Accept-Encoding": accepted})

    assert packed.headers.get("Content-Encoding") == encoding
    assert UNPACK[encoding](packed.content) == plain.content
    assert packed.headers["Content-Length"] == str(len(packed.content))
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_staff_pages_and_short_answers_keep_away_from_brotli(client, db):
    asked = {"Accept-Encoding": "br, gzip"}

    assert client.get("/admin/login/", headers=asked).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/healthz", headers=asked).headers


def test_our_styles_are_made_small_and_all_else_left_alone(tmp_path):
    storage = SmallStaticFilesStorage(location=tmp_path, base_url="/static/")
    files = {
        "css/a.css": ("/* why */\n\na  {  color : red  }\n", "a{color:red}"),
        "js/a.js": ('// why\nsay(`${a ? `${a}. ` : ""}  b`); // so\n//\n', 'say(`${a ? `${a}. ` : ""}  b`); // so\n'),
        "staff/a.css": ("/* theirs */ a { }", "/* theirs */ a { }"),
        "django_htmx/a.js": ("// theirs", "// theirs"),
    }
    for name, (text, small) in files.items():
        storage.save(name, ContentFile(text.encode()))
        assert (tmp_path / name).read_text() == small


def test_no_text_in_our_scripts_goes_over_several_lines():
    lines = [line for file in (PROJECT / "static" / "js").glob("*.js") for line in file.read_text().splitlines()]

    assert [line for line in lines if not line.lstrip().startswith("//") and line.count("`") % 2] == []
