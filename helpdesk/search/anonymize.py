"""Removal of personal data from a search before it is stored; pure.

Out go mail addresses, long numbers, names that somebody signs or introduces himself with, and what stands behind
"password:" and the like. What is wrong ("my password is not accepted") always stays: that is what the words are
kept for. A name in the middle of a sentence cannot be told from any other word; so searches are kept for staff only.

No pattern here has two ways to read the same text, so none takes long over a hostile one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from helpdesk.search.tokens import MOST_CHARACTERS, clean

ADDRESS = "(address)"
NUMBER = "(number)"

# More digits than this are no port, no help number and no year.
MOST_DIGITS = 4

# Words that a value follows, behind ":" or "=".
SECRETS = {
    *("password", "passwords", "pass word", "passwd", "pwd", "pw", "passwort", "kennwort"),
    *("pin", "passcode", "pass code", "security code"),
    *("username", "user name", "userid", "user id", "login name", "login id", "account name", "benutzername"),
}
# What may stand there without being anybody's secret.
PROBLEMS = {
    *("not", "no", "none", "never", "is", "isn't", "was", "invalid", "wrong", "incorrect", "bad", "unknown"),
    *("refused", "rejected", "denied", "accepted", "recognized", "recognised", "expired", "blocked", "locked"),
    *("forgotten", "forgot", "lost", "missing", "required", "empty", "error", "failed", "problem"),
}
# Whatever follows these is a name, and what belongs to it.
INTRODUCTIONS = (
    ("my", "name", "is"),
    ("my", "name's"),
    ("i", "am", "called"),
    ("i'm", "called"),
    ("im", "called"),
    ("mein", "name", "ist"),
    ("ich", "heisse"),
    ("je", "m'appelle"),
    ("kind", "regards"),
    ("best", "regards"),
    ("warm", "regards"),
    ("best", "wishes"),
    ("yours", "sincerely"),
    ("yours", "faithfully"),
    ("yours", "truly"),
)
# The same, where a comma or a colon comes next.
SIGNED = {"regards", "sincerely", "cheers"}
NAMES = {"name", "names", "firstname", "lastname", "surname", "fullname"}
# "This is Jane Doe speaking": so many words may be the name.
LONGEST_NAME = 4

_LETTER = re.compile(r"\w")
_WORD = re.compile(r"[\w'’]+")
_VALUE = re.compile(r"[:= ]*(\S+)")
_SPACED_AT = re.compile(r"(?<=\w) ?@ ?(?=[\w-]+\.\w)")
# Between the groups of one number. A sentence or a list ends a number: ". " and ", " do not join.
_WEAK_JOINTS = frozenset(" ./(),")
_JOINTS = _WEAK_JOINTS | frozenset("-‐‒–—−_")
_LONGEST_JOINT = 3

_Word = tuple[str, int, int]


def anonymize(text: str) -> str:
    """Return the text without personal data, in one line of at most 200 characters.

    Nothing more changes when it is scrubbed again.
    """
    line = unicodedata.normalize("NFKC", clean(text))
    # Taking something out may bring together what belongs together. Ends: each round leaves less to take out.
    while (
        scrubbed := _shortened(_without_numbers(_without_addresses(_without_names(_without_secrets(line)))))
    ) != line:
        line = scrubbed
    return line


def _shortened(line: str) -> str:
    """Cut a line that placeholders have made longer than the limit."""
    return (
        (line[:MOST_CHARACTERS].rpartition(" ")[0] or line[:MOST_CHARACTERS]) if len(line) > MOST_CHARACTERS else line
    )


def _words(line: str) -> list[_Word]:
    """Return the words in lowercase, each with its start and end."""
    return [(found[0].casefold().replace("’", "'").strip("'"), *found.span()) for found in _WORD.finditer(line)]


def _without_secrets(line: str) -> str:
    """Remove the value in `password: hunter2`, and the mark with it, so that nothing else is taken for the value."""
    while (cut := _secret(line)) is not None:
        line = " ".join((line[: cut.start] + " " + line[cut.stop :]).split())
    return line


def _secret(line: str) -> slice | None:
    """Return the place of the first value that follows such a word."""
    words = _words(line)
    for (before, _start, _end), (word, _start, end), (after, begin, stop) in _with_neighbors(words):
        if word not in SECRETS and f"{before} {word}" not in SECRETS:
            continue
        says_is = after in ("is", "was", "ist") and line[end:begin].isspace()
        place = stop if says_is else end
        found = _VALUE.match(line, place)
        if found is None:
            continue
        is_marked, value = line[place:].lstrip()[:1] in {":", "="}, found[1]
        says = _words(value)[0][0] if _words(value) else ""
        if is_marked and not value.strip(":="):
            return slice(place, len(line))
        if is_marked and says in SECRETS:  # nothing was given for this one
            return slice(place, found.start(1))
        if (is_marked and says not in PROBLEMS) or (not is_marked and says_is and _is_mixed(value)):
            return slice(place, found.end())
    return None


def _with_neighbors(words: list[_Word]) -> Iterator[tuple[_Word, _Word, _Word]]:
    """Yield each word between its neighbors."""
    nothing = ("", 0, 0)
    yield from zip([nothing, *words], words, [*words[1:], nothing], strict=False)


def _is_mixed(value: str) -> bool:
    """Return whether a value has letters and digits, as a password has and hardly any word."""
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _without_names(line: str) -> str:
    """Cut the text where the author gives or signs a name."""
    words = _words(line)
    plain = [word for word, _start, _end in words]
    for place, (word, _start, end) in enumerate(words):
        for cue in INTRODUCTIONS:
            if tuple(plain[place : place + len(cue)]) == cue:
                return line[: words[place + len(cue) - 1][2]]
        mark = line[end:].lstrip()[:1]
        if word in SIGNED and mark in {",", ":", "-", "–"}:
            return line[:end]
        if word in NAMES and mark in {":", "="} and " ".join(plain[max(place - 1, 0) : place + 1]) not in SECRETS:
            return f"{line[:end]}:"
        if plain[place : place + 2] == ["this", "is"]:
            name = plain[place + 3 : place + 3 + LONGEST_NAME]
            if "speaking" in name or "calling" in name:
                return line[: words[place + 1][2]]
    return line


def _without_addresses(line: str) -> str:
    """Remove mail addresses, and queries and fragments of web addresses."""
    line = _SPACED_AT.sub("@", line)
    return " ".join(map(_without_address, line.split(" ")))


def _without_address(word: str) -> str:
    if "@" in word and _LETTER.search(word.rpartition("@")[0]) and _LETTER.search(word.partition("@")[2]):
        return ADDRESS
    for place, character in enumerate(word):
        if character in "?#" and ("." in word[:place] or "://" in word[:place]) and _LETTER.search(word, place):
            return word[:place]
    return word


def _without_numbers(line: str) -> str:
    """Remove long numbers, grouped ones included."""
    pieces, place = [], 0
    for start, stop in _long_numbers(line):
        pieces += [line[place:start], NUMBER]
        place = stop
    return "".join([*pieces, line[place:]])


def _long_numbers(line: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each number that is too long to be stored, all its groups included."""
    place = 0
    while place < len(line):
        start, groups, joints = place, [], ""
        while (stop := _end_of_digits(line, place)) > place:
            groups.append(stop - place)
            place = _end_of_joint(line, stop)
            joint = line[stop:place]
            if not joint or joint in (". ", ", ") or _end_of_digits(line, place) == place:
                break
            joints += joint
        if not groups:
            place += 1
            continue
        before = line[:start]
        if _is_long(groups, joints, is_phone=before.endswith(("+", "+("))):
            start -= 1 if before.endswith("(") and ")" in joints else 0
            yield start - line[:start].endswith("+"), stop
        place = stop


def _end_of_digits(line: str, place: int) -> int:
    while place < len(line) and line[place].isdigit():
        place += 1
    return place


def _end_of_joint(line: str, place: int) -> int:
    last = min(place + _LONGEST_JOINT, len(line))
    while place < last and line[place] in _JOINTS:
        place += 1
    return place


def _is_long(groups: list[int], joints: str, *, is_phone: bool) -> bool:
    """Return whether these groups of digits are more than should be stored.

    "4000 4001" and "4000/4001" are two ports and "10,000" is an amount; three groups are a telephone number, a card
    or a date.
    """
    if max(groups) > MOST_DIGITS:
        return True
    is_one_number = is_phone or len(groups) > 2 or not _WEAK_JOINTS.issuperset(joints)
    return is_one_number and sum(groups) > MOST_DIGITS
