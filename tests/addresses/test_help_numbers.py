"""The forms in which people write a help number."""

import pytest

from helpdesk.addresses.help_numbers import parse_help_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1102", 1102),
        (" 1102 ", 1102),
        ("1102.", 1102),
        ("Help no. 1102", 1102),
        ("Help no. 1101.", 1101),
        ("(1102)", 1102),
        ("(Help no. 1102).", 1102),
        ("“1102”", 1102),
        ("<https://help.example.com/s/1102/>", 1102),
        ("HTTPS://HELP.EXAMPLE.COM/S/1102/,", 1102),
        ("1102?!", 1102),
        ("HELP NO.1102", 1102),
        ("help number 1102", 1102),
        ("help number: 1102", 1102),
        ("help no 1102", 1102),
        ("Help 1102", 1102),
        ("help #1102", 1102),
        ("no. 1102", 1102),
        ("No. #1102", 1102),
        ("Nr. 1102", 1102),
        ("number 1102", 1102),
        ("page 1102", 1102),
        ("№ 1042", 1042),
        ("№1042", 1042),
        ("#1102", 1102),
        ("＃１１０２", 1102),
        ("# 1102", 1102),
        ("s/1042", 1042),
        ("/s/1042/", 1042),
        ("/G/1042", 1042),
        ("#/f/1042/", 1042),
        ("https://help.example.com/f/1312/", 1312),
        ("help.example.com/s/1102", 1102),
        ("/admin/preview/s/1102/", 1102),
        ("１０４２", 1042),
        ("١١٠٢", 1102),  # Arabic digits
        ("port 4001", None),
        ("8080/1042/", None),
        ("10/1042/", None),
        ("/guides/1042/", None),
        ("1102 days", None),
        ("error 1102", None),
        ("see /s/1102/", None),
        ("1102 1103", None),
        ("-1102", None),
        ("1.102", None),
        ("(1102", 1102),
        ("1102 (days)", None),
        ("passcode", None),
        ("no", None),
        ("", None),
        ("9" * 50, None),
        ("#" * 300, None),
    ],
)
def test_help_number_is_parsed_in_every_form(typed: str, number: int | None) -> None:
    assert parse_help_number(typed) == number
