"""Texts that somebody sends who means harm, by what they aim at."""

from __future__ import annotations

# Seen unescaped in an answer, it has got through.
MARK = "<zx9 onx=1>"
ELSEWHERE = "evil.example"

MARKUP = (
    f"{MARK}<script>alert(1)</script>",
    f"\"'>{MARK}",
    f"</title></script></style></textarea>{MARK}",
    f"{{{{7*7}}}}${{7*7}}{{% debug %}}{MARK}",
    f"javascript:alert(1)//{MARK}",
    f"<svg/onload=alert(1)>{MARK}",
)
SQL = (
    "' OR '1'='1",
    "'; DROP TABLE guides_guide; --",
    "1) UNION SELECT password FROM auth_user --",
    '"; SELECT pg_sleep(9); --',
    "1 AND (SELECT count(*) FROM sqlite_master)>0",
    "\\'; --",
)
FULL_TEXT = (
    '"',
    "NEAR(a b, 9999)",
    "a AND",
    "title:x",
    "^ ^ ^",
    "a* OR *",
    "(" * 500,
    "%" * 500,
    "_" * 500,
    "a & | ! <-> b:*",
    "{a b} : c",
    "-" * 300,
)
SLOW_PATTERNS = (
    "a" * 20_000 + "!",
    "<" * 5_000,
    "a@" * 3_000,
    "1 " * 5_000,
    "w\u0301" * 4_000,
    ("x" * 40 + " ") * 400,
    "\t \n" * 3_000,
)
UNICODE = (
    "\0",
    "a\0b",
    "\ufeff\u200b\u202e\u2066reversed",
    "ﬁle Ｌｏｇｉｎ İı ẞ",
    "e" + "\u0301" * 500,
    "\U0010ffff\ufffe",
    "\u0669\u0660",
)
NUMBERS = ("0", "-1", "1e309", "NaN", "inf", "9" * 40, "9" * 400, "\u0661\u0662", "0x10", "1_000", "+1", "1.5", "")
PATHS = (
    "../" * 20 + "etc/passwd",
    "..\\..\\windows",
    "%2e%2e%2f" * 9,
    "....//....//",
    ".env",
    ".git/config",
    "/etc/passwd",
)
LEAD_AWAY = (
    f"//{ELSEWHERE}",
    f"/\\{ELSEWHERE}",
    f"https:{ELSEWHERE}",
    f"https://{ELSEWHERE}/",
    f"/\t/{ELSEWHERE}",
    f"\r\nLocation: https://{ELSEWHERE}/\r\nSet-Cookie: zx9=1",
    f"//{ELSEWHERE}/%2e%2e",
    "http://[",
)

TEXTS = (*MARKUP, *SQL, *FULL_TEXT, *SLOW_PATTERNS, *UNICODE, *NUMBERS, *PATHS, *LEAD_AWAY)
SHORT_TEXTS = tuple(text for text in TEXTS if len(text) < 700)
