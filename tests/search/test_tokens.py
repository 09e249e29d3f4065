"""How a query is cleaned and cut into words: pure, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search.tokens import (
    MOST_CHARACTERS,
    MOST_WORDS,
    clean,
    fold,
    other_forms,
    parse,
    places,
    stem,
    stems,
    words,
)


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  invalid \n\t passcode ", "invalid passcode"),
        ("ｉｎｖａｌｉｄ　ｐａｓｓｃｏｄｅ", "invalid passcode"),  # full width
        ("pass\u200bcode", "passcode"),  # a zero-width space
        ("pass\u00adcode \u202etoken", "passcode token"),  # a soft hyphen, and text turned round
        ("a\0b", "ab"),
        ("\ud800 token", "token"),  # half a character
        ("ﬁrewall", "firewall"),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_no_part_of_a_query(typed, cleaned):
    assert clean(typed) == cleaned


def test_a_long_text_is_cut_between_words():
    assert clean("word " * 2_000) == ("word " * 40).strip()
    assert clean("x" * 100_000) == "x" * MOST_CHARACTERS


def test_many_words_are_cut():
    assert len(parse(clean(" ".join(chr(97 + n % 26) + chr(97 + n // 26) for n in range(90)))).words) == MOST_WORDS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Café CAFÉ", ["cafe", "cafe"]),
        ("Straße", ["strasse"]),
        ("Łódź İstanbul", ["lodz", "istanbul"]),
        ("user's Wi-Fi", ["user", "wi", "fi"]),
        ("can't doesn’t cannot", ["not", "not", "not"]),
        ('NEAR(a) AND "b* col:x ^c', ["near", "a", "and", "b", "col", "x", "c"]),
        ("pass\u00adcode to\u200bken", ["passcode", "token"]),
        ("log_in progress (attempt #3)", ["log", "in", "progress", "attempt", "3"]),
    ],
)
def test_words_have_no_case_no_accents_and_no_signs(text, found):
    assert words(text) == found


def test_words_that_mean_the_same_have_one_stem():
    assert len(set(stems("print prints printed printing"))) == 1
    assert len(set(stems("reactivate reactivated reactivating"))) == 1
    assert stem("tws") == "tws"
    assert stem("4001") == "4001"


def test_quotation_marks_of_any_kind_make_a_phrase():
    assert parse('it says "invalid passcode"').phrases == (("invalid", "passcod"),)
    assert parse("it says “invalid passcode”").phrases == (("invalid", "passcod"),)
    assert parse('"passcode"').phrases == ()
    assert parse('"never closed').phrases == ()


def test_words_that_say_nothing_need_not_be_found():
    assert parse("my token is broken").strong == ("token", "broken")
    assert parse("Error: invalid passcode (code 17)").strong == ("invalid", "passcode", "code")
    assert parse("what is new").strong == ("new",)
    assert parse("what is it").strong == ("what", "is", "it")


@given(st.text(max_size=500))
def test_any_text_is_cleaned_to_one_short_visible_line(typed):
    cleaned = clean(typed)
    assert len(cleaned) <= MOST_CHARACTERS
    assert cleaned == clean(cleaned)
    assert cleaned.isprintable()
    for word in parse(cleaned).words:
        assert word == fold(word)
        assert word.isalnum()


# Scripts without blanks, and codes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("密码错误", ["密码", "码错", "错误"]),
        ("码", ["码"]),
        ("TWS登录失败 error 1042", ["tws", "登录", "录失", "失败", "error", "1042"]),
        ("パスワード", ["ハス", "スワ", "ワー", "ート"]),
        ("ﾊﾟｽ", ["ハス"]),
        ("รหัสผ่าน", ["รห", "หส", "สผ", "ผา", "าน"]),
        ("비밀번호 오류", [*words("비밀번호"), *words("오류")]),
    ],
)
def test_text_without_blanks_is_cut_into_pairs(text, expected):
    assert words(text) == expected


def test_pairs_cover_the_text_they_stand_for():
    text = "ลืม รหัสผ่าน, 密码"
    assert [text[start:end] for start, end, _ in places(text)] == ["ลืม", "รหั", "หัส", "สผ่", "ผ่า", "าน", "密码"]


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("e1042", [("e", "1042"), ("0xe1042",)]),
        ("80070005", [("0x80070005",)]),
        ("0x80070005", [("80070005",)]),
        ("tws970b", [("tws", "970", "b")]),
        ("80e7c0ff", [("0x80e7c0ff",)]),
        ("passcode", []),
        ("17", []),
        ("密码", []),
    ],
)
def test_codes_are_known_in_the_ways_they_are_written(word, forms):
    assert other_forms(word) == forms
