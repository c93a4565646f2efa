from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from reviewgen.render import hygiene
from reviewgen.render.hygiene import Safe, cell, code, fence, inline, link, normal, visible

from .nasty import FRAGMENTS, nasty

READER = MarkdownIt("gfm-like", {"linkify": False}).enable("table")
TITLES = (
    "Missing `stage_name` on `a_b.c[\"x\"]`", "under_score and _emphasis_ and __dunder__", "2 * 3 ** 4 *", "a | b `c|d` \\| e",
    "<b>bold</b> <script>", "[link](http://e.org/x) ![image](y)", "odd ` backtick", "`adjacent``code`", "``", "`` `a` ``",
    "` padded `x", "ends in \\", "# 1. - > heading #", "1. list", "a &lt; b &amp; c &#35; d &copy e & f", "&``lt;`x`", "`&``lt;`",
    "see https://e.org/a_b, www.e.org and x@e.org!", "`code`https://e.org", "~~gone~~ ~x~", "line\nbreak\tand\x85next\u2028last",
    "hidden \u202e\u200b\u2066 characters\x00", "(BLOCKER)", "$x$ {{ y }} {% z %}", "Größe ✅",
)  # fmt: skip


def plain(text: str) -> str:
    """Text without Markdown's marks, as the evaluation of documents takes them away."""
    return re.sub(r"\s+", " ", re.sub(r"[\\`*_]", "", html.unescape(text))).strip()


def shown(markdown: str) -> list[str]:
    """The visible text of each paragraph, heading and cell."""
    return ["".join(child.content for child in token.children or ()) for token in READER.parse(markdown) if token.type == "inline"]


def kinds(markdown: str) -> set[str]:
    tokens = READER.parse(markdown)
    return {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}


@pytest.mark.parametrize("title", TITLES)
@settings(max_examples=1)
@given(nasty)
def test_a_title_reads_the_same_in_the_document_and_in_the_json(title: str, text: str) -> None:
    for value in (title, title + text, text + title):
        assert plain(normal(value)) in plain(f"## Issue #1: {inline(value)} (BLOCKER)")


@settings(max_examples=400)
@given(nasty)
def test_prose_is_only_read(text: str) -> None:
    allowed = {"paragraph_open", "paragraph_close", "inline", "text", "code_inline"}
    seen = visible(text)
    assert shown(inline(text)) == ([seen] if seen else [])
    assert kinds(inline(text)) <= allowed
    assert shown(f"## {inline(text)}") == [seen]
    assert shown(f"- {inline(text)}") == ([seen] if seen else [])
    assert plain(normal(text)) == plain(inline(text))


@settings(max_examples=200)
@given(nasty, nasty)
def test_a_cell_stays_one_cell(text: str, name: str) -> None:
    table = f"| a | b |\n|---|---|\n| {cell(text)} | {cell(code(name))} |\n"
    assert shown(table)[2] == visible(text)
    assert len(shown(table)) == 4


@settings(max_examples=200)
@given(nasty)
def test_a_code_span_holds_its_text(text: str) -> None:
    assert kinds(f"x {code(text)} y") <= {"paragraph_open", "paragraph_close", "inline", "text", "code_inline"}
    named = hygiene._INVISIBLE.sub(lambda match: f"<U+{ord(match[0]):04X}>", text.replace("\ud800", "\ufffd"))
    assert "".join(shown(f"x{code(text)}y")).split() == f"x{' '.join(named.split())}y".split()


@settings(max_examples=200)
@given(nasty)
def test_a_block_holds_its_text_verbatim(text: str) -> None:
    tokens = READER.parse(f"before\n\n{fence(text, 'hcl')}\n\nafter")
    blocks = [token for token in tokens if token.type == "fence"]
    assert len(blocks) == 1 and tokens[-2].content == "after"
    carried = re.sub(r"[\x0b\x0c\x85]", " ", text.replace("\r\n", "\n").replace("\r", "\n"))
    carried = re.sub("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", carried)
    assert blocks[0].content.rstrip("\n") == carried.rstrip("\n")


def test_a_block_says_what_cannot_be_seen_in_it() -> None:
    assert "bidirectional" in fence("a\u202eb") and "control characters" in fence("a\x00b")
    assert fence("plain") == "```\nplain\n```"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://docs.example.org/a_b#c", "<https://docs.example.org/a_b#c>"),
        ("javascript:alert(1)", "`javascript:alert(1)`"),
        ("https://e.org/> <b>", "`https://e.org/> <b>`"),
    ],
)
def test_only_plain_https_addresses_become_links(address: str, expected: str) -> None:
    assert link(address) == expected


def test_words_without_markup_stay_as_they_are() -> None:
    text = "The `instance_type` of aws_instance.web is t3.micro: 2 of 3 (<15 minutes) -> done, R&D & more."
    assert inline(text) == text
    assert isinstance(inline(text), Safe)


def test_every_fragment_alone_is_harmless() -> None:
    for fragment in FRAGMENTS:
        assert kinds(inline(fragment)) <= {"paragraph_open", "paragraph_close", "inline", "text", "code_inline"}, fragment


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**Encryption**: all **stores**", "Encryption: all stores"),
        ("in **`us-west-2`** only", "in `us-west-2` only"),
        ("pack `**/*.py` and **nothing** else", "pack `**/*.py` and nothing else"),
        ("2 ** 3", "2 ** 3"),
        ("a * b", "a * b"),
    ],
)
def test_bold_type_of_an_input_is_not_shown_as_asterisks(text: str, shown: str) -> None:
    assert hygiene.unmarked(text) == shown
