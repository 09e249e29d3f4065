"""Everyday Markdown is what it is everywhere (CommonMark 0.31.2, GitHub), and nothing that was typed is lost."""

import re

import pytest

from helpdesk.text.markdown import plain, render


def shown(text):
    """The HTML without what makes no difference: blanks between tags, and `rel` of links."""
    html = render(text).replace(' rel="noopener noreferrer"', "")
    html = re.sub(r"<li>\s*<p>(.*?)</p>\s*(?=</li>|<[uo]l>)", r"<li>\1", html)  # loose or tight
    return re.sub(r"\s*(</?(?:p|ul|ol|li|pre|table|thead|tbody|tr|th|td|blockquote|dl|dt|dd)\b[^>]*>)\s*", r"\1", html)


BRACKETS = {
    "Type <username>": "<p>Type &lt;username&gt;</p>",
    "If x<y and y>z": "<p>If x&lt;y and y&gt;z</p>",
    "If x<b and c>d": "<p>If x&lt;b and c&gt;d</p>",
    r"Open <path>\jts.ini": r"<p>Open &lt;path&gt;\jts.ini</p>",
    "Enter <style> here. More": "<p>Enter &lt;style&gt; here. More</p>",
    "<title>x</title> <textarea>": "<p>&lt;title&gt;x&lt;/title&gt; &lt;textarea&gt;</p>",
    "<a> and <img>": "<p>&lt;a&gt; and &lt;img&gt;</p>",
    "a < b": "<p>a &lt; b</p>",
    "`<b>` `<id>`": "<p><code>&lt;b&gt;</code> <code>&lt;id&gt;</code></p>",
    "```\n<title>\n<b>\n```": "<pre><code>&lt;title&gt;\n&lt;b&gt;</code></pre>",
    "    <indented> <b>": "<pre><code>&lt;indented&gt; &lt;b&gt;</code></pre>",
    "<b>bold</b><br>x": "<p><b>bold</b><br>x</p>",
    "<https://example.com>": '<p><a href="https://example.com">https://example.com</a></p>',
    "<a@b.example>": '<p><a href="mailto:a@b.example">a@b.example</a></p>',
    "[x](</s/1001/>)": '<p><a href="/s/1001/">x</a></p>',
    "1. <one>\n2. <two>": "<ol><li>&lt;one&gt;</li><li>&lt;two&gt;</li></ol>",
    "<details open><summary>S</summary>\nx\n</details>": '<details open=""><summary>S</summary>\nx\n</details>',
}
SIGNS = {
    "Start it with --disable-gpu ...": "<p>Start it with --disable-gpu ...</p>",
    r"C:\PROGRA~1\x and H~2~O": r"<p>C:\PROGRA~1\x and H~2~O</p>",
    "~~gone~~": "<p><del>gone</del></p>",
    "## Open {name}": '<h3 id="h-open-name">Open {name}</h3>',
    "Use {curly} {braces}": "<p>Use {curly} {braces}</p>",
    "See https://example.com/a?b=1. Or a@b.example, please": '<p>See <a href="https://example.com/a?b=1">'
    'https://example.com/a?b=1</a>. Or <a href="mailto:a@b.example">a@b.example</a>, please</p>',
    "`https://example.com`": "<p><code>https://example.com</code></p>",
    "[https://a.example](https://b.example)": '<p><a href="https://b.example">https://a.example</a></p>',
}
LISTS = {
    "Do this:\n- a\n- b\n\nEnd.": "<p>Do this:</p><ul><li>a</li><li>b</li></ul><p>End.</p>",
    "Do this:\n1. a\n2. b": "<p>Do this:</p><ol><li>a</li><li>b</li></ol>",
    "1) a\n2) b": "<ol><li>a</li><li>b</li></ol>",
    "In the year\n1999. It was": "<p>In the year\n1999. It was</p>",
    "2. a\n3. b": '<ol start="2"><li>a</li><li>b</li></ol>',
    "- a\nlazy\n- b": "<ul><li>a\nlazy</li><li>b</li></ul>",
    "- a\n  - b\n    - c\n- d": "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>",
    "1. a\n   - b\n2. c": "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>",
    "1. a\n    - b\n2. c": "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>",
    "- a\n\n  more\n- b": "<ul><li><p>a</p><p>more</p></li><li>b</li></ul>",
    "1. a\n\n    more\n2. b": "<ol><li><p>a</p><p>more</p></li><li>b</li></ol>",
    "- a\n- b\n\nText\n\n- c": "<ul><li>a</li><li>b</li></ul><p>Text</p><ul><li>c</li></ul>",
    "a\n\n* * *\n\nb": "<p>a</p><hr><p>b</p>",
    "Text\n- only": "<p>Text</p><ul><li>only</li></ul>",
}
BLOCKS = {
    "1. a\n\n   ```\n   x\n     y\n   ```\n2. b": "<ol><li><p>a</p><pre><code>x\n  y</code></pre></li><li>b</li></ol>",
    "1. a\n   ```\n   x\n   y\n   ```\n2. b": "<ol><li><p>a</p><pre><code>x\ny</code></pre></li><li>b</li></ol>",
    "```python\nif a < b: pass\n```": "<pre><code>if a &lt; b: pass</code></pre>",
    "~~~\n- x\n~~~": "<pre><code>- x</code></pre>",
    "    code\n    - x": "<pre><code>code\n- x</code></pre>",
    "Sizes:\n| a | b |\n|---|---|\n| 1 | 2 |": "<p>Sizes:</p><table><thead><tr><th>a</th><th>b</th></tr></thead>"
    "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
    "a | b": "<p>a | b</p>",
    "Term\n:   what it is": "<dl><dt>Term</dt><dd>what it is</dd></dl>",
}


@pytest.mark.parametrize(("text", "html"), (BRACKETS | SIGNS | LISTS | BLOCKS).items())
def test_what_people_write_is_what_it_is_everywhere(text, html):
    assert shown(text) == html


@pytest.mark.parametrize("text", ["Enter <style> here.", "<title> and <textarea>, and more.", "x<y, and more."])
def test_descriptions_and_search_have_the_words_too(text):
    assert plain(text) == text


def test_sign_that_stands_for_brackets_meanwhile_is_none_of_the_text():
    assert render("a \ufdd0 b <c>") == "<p>a � b &lt;c&gt;</p>"
