"""Texts that would act as Markdown, HTML or control characters, and a way to put one of them everywhere in a review."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from hypothesis import strategies as st

from reviewgen.model import Review

FRAGMENTS = (
    "`", "``", "```", "~~~~", "*", "**", "_", "__", "~~", "|", "\\", "\\|", "#", "## ", "### Issue #9: x (WARNING)", "- ", "+ ", "1. ",
    "2) ", "> ", "---", "===", "***", "|---|---|", "[", "]", "(", ")", "![x](y)", "[x](javascript:alert(1))", "[x]: http://e.org",
    "<b>", "</td>", "<!--", "<script>alert(1)</script>", "<https://e.org>", "<x@e.org>", "https://e.org/a_b*c|d", "www.e.org",
    "x@e.org", "&lt;", "&#35;", "&amp", "&notin;", "&#x202e;", "{{ 1 }}", "{% raw %}", "\n", "\n\n", "    ", "\t", "\r\n", "\u202e",
    "\u200b", "\u2066", "\x00", "\x0c", "\x85", "\u2028", "\ufeff", "\ud800", "\U0001f600", "a", "b c", "x_y", "Z9", "é", "(BLOCKER)",
    "terraform", "✅", "\n```\n", "\n## Summary\n", "\n\n    code",
)  # fmt: skip

nasty = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=8).map("".join) | st.text(max_size=24)


def everywhere(value: Any, text: str) -> Any:
    """Return a value with the text behind and before every text in it; names that the tool itself gives stay."""
    if isinstance(value, Enum) or value is None:
        return value
    if isinstance(value, str):
        return f"{text}{value}{text}"
    if isinstance(value, tuple):
        return tuple(everywhere(item, text) for item in value)
    if isinstance(value, dict):
        return {everywhere(key, text): everywhere(item, text) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"id", "issues", "class_", "step", "side", "rubric", "severity"}
        return replace(value, **{f.name: everywhere(getattr(value, f.name), text) for f in fields(value) if f.name not in kept})
    return value


def spoiled(review: Review, text: str) -> Review:
    """Return a review that holds the text in every place that an input can reach."""
    changed: Review = everywhere(review, text)
    return changed
