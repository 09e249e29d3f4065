"""Telephone numbers of contact lines: what people type, what visitors read, and what their telephone dials.

A number has its country code. A region could only be guessed from the place of a line, visitors abroad need the code
anyway, and numbers of North America say theirs: people write them with the 1.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import phonenumbers
from django.utils.translation import gettext
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

EXAMPLE = "+1 312 542 6901"

# Words in front of a number, the invisible characters that come along when one is copied, and the separators of two.
_LABEL = re.compile(
    r"^(?:t|p|m|tel(?:ephone)?|phone|mobile|office|call|direct|toll[- ]free)\b(?:\s+number)?[.:]*\s*", re.IGNORECASE
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc]")
_BETWEEN = re.compile(r"[,;/|&·\n]|\b(?:or|and)\b", re.IGNORECASE)
# A second number that is shortened or short itself: "+41 44 123 45 67 / 68".
_AND_MORE = re.compile(r"\s[/|&·]\s|[;\n]|\b(?:or|and)\b", re.IGNORECASE)
# A text that can be dialed though it is no number with a country code, such as a short number.
_DIALABLE = re.compile(r"\+?[\d\s().-]+")
_PLUS = re.compile(r"\++")
_EXTENSION = re.compile(
    r"(?:[\s,]*;?ext\s*=\s*|[\s,]*\bext(?:ension|n)?(?:\b|(?=\d))[.:]*\s*|[\s,]*(?<=[\d\s,)])x\s*|\s*#\s*)(\d{1,11})[\s)]*$",
    re.IGNORECASE,
)
# Numbers of North America without a plus: the 1 stands alone, or all eleven digits are written together.
_NORTH_AMERICA = re.compile(r"^1(?:[\s().-]+|(?=\d{10}$)|(?=[a-z]))", re.IGNORECASE)
# Letters stand for digits only where people write them so: in the last seven places of a number of North America.
_VANITY = re.compile(r"\+1[\s().-]*\d{3}[\s().-]*(?:[\s.-]*[a-z0-9]){7}", re.IGNORECASE)
_ENOUGH_FOR_A_NUMBER = 7
_LONGEST_SHORT_CODE = 6
_LONGEST_NUMBER = 15  # E.164


class InvalidNumber(ValueError):
    """Text that is not one complete telephone number; the message is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number: `text` is how it is stored and read, `e164` is empty for one that has no country code."""

    text: str
    e164: str
    extension: str = ""
    is_toll_free: bool = False

    def shown(self, *, toll_free: bool) -> str:
        """Return the number as visitors read it; a toll-free one as people write it in its country."""
        return _at_home(self) if toll_free and self.e164 else self.text

    @property
    def href(self) -> str:
        """The target of a telephone link (RFC 3966); empty for a text that is more or less than one number."""
        digits = self.e164 or _dialed_as_written(self.text)
        if len(digits) < 3:
            return ""
        return f"tel:{digits}{f';ext={quote(self.extension)}' if self.extension else ''}"


def parse(typed: str, extension: str = "") -> Number:
    """Return the number that somebody typed. Raises InvalidNumber.

    An extension may be part of the text or given by itself.
    """
    text, own = _without_extension(_cleaned(typed))
    if own and extension and own != extension:
        sentence = gettext("“%(typed)s” has another extension than the field “Extension”. Enter it once.")
        raise InvalidNumber(sentence % {"typed": typed})
    _refuse_two(typed, text)
    dialed = _with_country_code(typed, text)
    found = _parsed(typed, dialed)
    if not phonenumbers.is_valid_number(found):
        raise InvalidNumber(_why_not(typed, found))
    is_vanity = any(letter.isalpha() for letter in text)
    return Number(
        text=text if is_vanity else _international(found),
        e164=phonenumbers.format_number(found, PhoneNumberFormat.E164),
        extension=own or extension or found.extension or "",
        is_toll_free=phonenumbers.number_type(found) == PhoneNumberType.TOLL_FREE,
    )


@lru_cache(maxsize=1024)
def stored_number(text: str, extension: str) -> Number:
    """Return a stored number. One that is none, from an earlier version or a file, stays as it is written."""
    try:
        return parse(text, extension)
    except InvalidNumber:
        return Number(text, "", extension)


def _cleaned(typed: str) -> str:
    """Return the text with plain digits, blanks and dashes, without a label in front."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", typed))
    text = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    text = " ".join(_DASHES.sub("-", text).split())
    return _LABEL.sub("", text).removeprefix("//")


def _without_extension(text: str) -> tuple[str, str]:
    found = _EXTENSION.search(text)
    return (text[: found.start()].rstrip(" ,;("), found[1]) if found else (text, "")


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())


def _dialed_as_written(text: str) -> str:
    """Return what dials a text that consists of one number; empty where a telephone would dial something else."""
    text = _cleaned(text)
    is_one = _DIALABLE.fullmatch(text) and len(_digits(text)) <= _LONGEST_NUMBER
    return f"{text[: text.startswith('+')]}{_digits(text)}" if is_one else ""


def _refuse_two(typed: str, text: str) -> None:
    parts = [part for part in _BETWEEN.split(text) if len(_digits(part)) >= _ENOUGH_FOR_A_NUMBER]
    first, *more = _AND_MORE.split(text)
    has_more = len(_digits(first)) >= _ENOUGH_FOR_A_NUMBER and any(map(_digits, more))
    if len(parts) > 1 or has_more or len(_PLUS.findall(text)) > 1:
        sentence = gettext("“%(typed)s” has two numbers. Enter one here, and add a line for the other.")
        raise InvalidNumber(sentence % {"typed": typed})


def _with_country_code(typed: str, text: str) -> str:
    """Return the text with a plus and its country code in front. Raises InvalidNumber."""
    if not text:
        raise InvalidNumber(
            gettext("Enter a number with its country code, such as %(example)s.") % {"example": EXAMPLE}
        )
    bare = text.lstrip("( ")
    if bare.startswith("+"):
        return bare
    for prefix in ("00", "011"):
        if bare.startswith(prefix) and _is_valid(f"+{bare.removeprefix(prefix)}"):
            return f"+{bare.removeprefix(prefix)}"
    if _NORTH_AMERICA.match(bare):
        return f"+{bare}"
    raise InvalidNumber(_what_is_missing(typed, text))


def _what_is_missing(typed: str, text: str) -> str:
    """Return the sentence about a text without a country code."""
    digits = _digits(text)
    if not digits or any(letter.isalpha() for letter in text):
        sentence = gettext("“%(typed)s” isn't a number. Enter digits with the country code, such as %(example)s.")
    elif len(digits) <= _LONGEST_SHORT_CODE:
        sentence = gettext(
            "“%(typed)s” is a short number, which doesn't work from everywhere. "
            "Enter a full number with its country code, such as %(example)s."
        )
    elif guess := _guess(digits):
        sentence = gettext("“%(typed)s” has no country code. Do you mean %(guess)s? Enter it like that.")
        return sentence % {"typed": typed, "guess": guess}
    else:
        sentence = gettext("“%(typed)s” has no country code. Begin with + and the code, such as %(example)s.")
    return sentence % {"typed": typed, "example": EXAMPLE}


def _guess(digits: str) -> str:
    """Return the number that was probably meant: the country code without its plus, or a number of North America."""
    # Digits that begin with 1, but are not grouped as in North America, are more likely a number in China.
    for guess in (f"+{digits}", f"+1{digits}") if not digits.startswith("1") else ():
        if _is_valid(guess):
            return _international(phonenumbers.parse(guess))
    return ""


def _is_valid(text: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False


def _parsed(typed: str, text: str) -> PhoneNumber:
    if any(letter.isalpha() for letter in text) and not _VANITY.fullmatch(text):
        raise InvalidNumber(_what_is_missing(typed, text))
    try:
        return phonenumbers.parse(phonenumbers.convert_alpha_characters_in_number(text))
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            sentence = gettext("No country has the code that “%(typed)s” begins with. Check the digits after the +.")
        elif error.error_type == phonenumbers.NumberParseException.TOO_LONG:
            sentence = gettext("“%(typed)s” has too many digits. If it is two numbers, add a line for the other.")
        else:
            sentence = gettext("“%(typed)s” has too few digits. Enter the whole number, such as %(example)s.")
        raise InvalidNumber(sentence % {"typed": typed, "example": EXAMPLE}) from None


def _why_not(typed: str, number: PhoneNumber) -> str:
    """Return the sentence about a number that exists in no country's plan."""
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        sentence = gettext("“%(typed)s” has too many digits. If it is two numbers, add a line for the other.")
    elif reason in (phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        sentence = gettext("“%(typed)s” has too few digits. Enter the whole number, such as %(example)s.")
    else:
        sentence = gettext("“%(typed)s” isn't a number in use with the country code +%(code)s. Check each digit.")
    return sentence % {"typed": typed, "example": EXAMPLE, "code": number.country_code}


def _international(number: PhoneNumber) -> str:
    bare = PhoneNumber(
        country_code=number.country_code,
        national_number=number.national_number,
        italian_leading_zero=number.italian_leading_zero,
        number_of_leading_zeros=number.number_of_leading_zeros,
    )
    return phonenumbers.format_number(bare, PhoneNumberFormat.INTERNATIONAL).replace("-", " ")


def _at_home(number: Number) -> str:
    """Return the number as people write it in its country; one of North America with the 1 that is dialed, too."""
    if number.e164.startswith("+1"):
        return number.text.removeprefix("+")
    found = phonenumbers.parse(number.e164)
    if phonenumbers.region_code_for_number(found) == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY:
        return number.text  # +800 belongs to no country, and is dialed everywhere
    return phonenumbers.format_number(found, PhoneNumberFormat.NATIONAL)
