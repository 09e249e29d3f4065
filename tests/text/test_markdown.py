"""Markdown: what editors may write, what never comes through, and that a text is rendered once."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.text import markdown
from helpdesk.text.markdown import plain, render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Call **now**.", "<p>Call <strong>now</strong>.</p>"),
        ("## Title", '<h3 id="h-title">Title</h3>'),
        ("1. One\n2. Two\n    - nested", "<ol>\n<li>One</li>\n<li>Two<ul>\n<li>nested</li>\n</ul>\n</li>\n</ol>"),
        ("Term\n:   Meaning", "<dl>\n<dt>Term</dt>\n<dd>Meaning</dd>\n</dl>"),
        ("~~old~~", "<p><del>old</del></p>"),
        ("++ctrl+v++", '<kbd class="key-control">Ctrl</kbd>'),
        (
            '!!! security "Take care"\n    Tell nobody.',
            '<div class="admonition security">\n<p class="admonition-title">Take care</p>',
        ),
        ("!!! important\n    Read this.", '<div class="admonition important">'),
        ("!!! note\n    Read this.", '<div class="admonition note">'),
        ("| A | B |\n|---|---|\n| 1 | 2 |", "<td>2</td>"),
        ("![A key](/media/key.png)", '<img alt="A key" src="/media/key.png">'),
        ("[Call us](/s/1042/)", '<a href="/s/1042/" rel="noopener noreferrer">Call us</a>'),
        ("[Mail](mailto:a@example.com)", 'href="mailto:a@example.com"'),
        ("[Call](tel:+18774422757)", 'href="tel:+18774422757"'),
        ("“Log in progress (attempt #N)”", "<p>“Log in progress (attempt #N)”</p>"),
        ("", ""),
    ],
)
def test_render_what_editors_write(text, html):
    assert html in render(text)


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:alert)",
    "[click](//evil.example/)",
    "[click](\\\\evil.example/)",
    "![x](https://evil.example/pixel.png)",
    "![x](//evil.example/pixel.png)",
    "![x](/media/../admin/logout/)",
    "![x](javascript:alert(1))",
    '<a href="https://example.com" onclick="alert(1)" style="position:fixed" hx-get="//evil.example">x</a>',
    '<p data-hx-post="/admin/" id="main" class="answers">x</p>',
    "# Head {: #main onclick=alert(1) style=color:red .answers }",
    "<iframe src=//evil.example></iframe><object></object><embed>",
    "<form action=//evil.example><input><button>x</button></form>",
    "<svg><script>alert(1)</script></svg><math><mtext></mtext></math>",
    "<style>*{display:none}</style><link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content=0><base href=//evil.example>",
    '"><script>alert(1)</script>',
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
]
NEVER = [
    "<script",
    "onerror",
    "onclick",
    "javascript:",
    "data:",
    "vbscript:",
    "evil.example",
    "style",
    "hx-",
    "<iframe",
    "<svg",
]
NEVER += [
    "<form",
    "<input",
    "<button",
    "<object",
    "<embed",
    "<meta",
    "<base",
    "<link",
    'id="main"',
    "answers",
    "/admin/",
    "<!--",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_render_lets_nothing_hostile_through(text):
    html = render(text).lower()
    tags = "".join(re.findall(r"<[^>]*>", html))

    assert [word for word in NEVER if word in tags] == []
    assert "<" not in re.sub(r"<[^>]*>", "", html)


@given(st.text())
def test_render_takes_any_text(text):
    assert render(text) == markdown._CLEANER.clean(str(render(text)))
    assert "<" not in plain(text.replace("<", "").replace("&", ""))


def test_render_the_same_text_is_rendered_once():
    render.cache_clear()
    for _ in range(3):
        render("The very same text.")

    assert (render.cache_info().misses, render.cache_info().hits) == (1, 2)


def test_plain_leaves_the_words():
    assert plain("It is **TWS**, for short. Press ++ctrl+v++.") == "It is TWS, for short. Press Ctrl+V."
    assert plain("Call **us** &\n\n1. [now](/s/1/)\n2. or <b>later</b>") == "Call us & now or later"
    assert plain("The first day\n:   All is open.") == "The first day: All is open."


def test_text_is_shown_the_same_whatever_was_shown_before() -> None:
    texts = [
        "## Same\n\n[a][x]\n\n[x]: /s/1001/",
        "## Same\n\n[a][x]",
        "## Same\n\n## Same",
        "!!! note\n    [x]: /s/1001/\n\n    [a][x]",
        "| a |\n|---|\n| b |",
        "[a][x] ++ctrl+c++ ~~no~~",
    ]

    def shown(order: list[str]) -> dict[str, str]:
        """In a thread that has shown nothing yet."""
        render.cache_clear()
        with ThreadPoolExecutor(1) as thread:
            return dict(zip(order, thread.map(render, order), strict=True))

    assert shown(texts) == shown(texts[::-1]) == {text: shown([text])[text] for text in texts}
