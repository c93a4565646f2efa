"""Answers in other languages than HCL, and blocks of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .fences import MARKDOWN, Block

# How a fence calls HCL.
HCL = frozenset(["hcl", "terraform", "tf"])
# What tells the others, in their code.
_LANGUAGES = {
    "typescript": re.compile(r"aws-cdk-lib|@pulumi/|cdktf"),
    "python": re.compile(r"\b(?:from|import) (?:aws_cdk|pulumi|cdktf)\b"),
    "cloudformation": re.compile(r"AWSTemplateFormatVersion|^[ \t]*Type:[ \t]*['\"]?AWS::\w+::", re.MULTILINE),
}
# What every answer in one of them has somewhere.
_FOREIGN = ("aws-cdk", "aws_cdk", "pulumi", "cdktf", "AWSTemplateFormatVersion", "AWS::")


def languages(text: str, found: Iterable[Block]) -> Iterator[str]:
    """Yield the languages for infrastructure beside HCL in which an answer, or a block of it, is written: ``typescript``, ``python``, ``cloudformation``."""
    if not any(word in text for word in _FOREIGN):
        return
    code = "\n".join(b.text for b in found if b.language not in HCL) or text
    for language, pattern in _LANGUAGES.items():
        if pattern.search(code):
            yield language


def without_others(text: str, found: Sequence[Block]) -> str:
    """Return a document without the lines of its fenced blocks in other languages: a program that writes HCL is none.

    A page of Markdown that is opened and never closed is the document itself, unless fences in it tell its code from its words.
    """
    lines = text.split("\n")
    for block in found:
        whole = block.language in MARKDOWN and not block.closed and not any("```" in line or "~~~" in line for line in block.lines)
        if block.language and not whole:
            start = block.first_line - 1
            lines[start : start + len(block.lines)] = [""] * len(block.lines)
    return "\n".join(lines)
