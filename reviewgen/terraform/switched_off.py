"""Blocks that stand in comments from their head to their end: code that somebody has switched off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reviewgen.model.hcl import Comment
from reviewgen.model.tree import LAID_UNDER, Module

_HEAD = re.compile(r'(?:#|//)[ \t]*(resource|data|module|output)[ \t]+"([\w-]+)"(?:[ \t]+"([\w-]+)")?[ \t]*\{\s*$')
_BODY = re.compile(r"(?:#|//)[ \t]*\w+[ \t]*[={]")
_END = re.compile(r"(?:#|//)[ \t]?\}\s*$")
_LEFT_OUT = re.compile(r"\.{3}|…|\b(?:rest|others?|existing|unchanged|same|remaining|omitted|etc)\b", re.IGNORECASE)


def switched_off(module: Module) -> Iterator[str]:
    """Yield the local addresses of what a module has as comments only, written out: it is not left out, but declared no longer."""
    shown = {d.local for d in module.declarations.values()}
    for path, comments in module.comments.items():
        if path.endswith(LAID_UNDER):
            continue
        for number, comment in enumerate(comments):
            if (head := _HEAD.match(comment.text)) and (local := _local(head)) not in shown and _is_written_out(comments[number:]):
                yield local


def leaves_out(words: str) -> bool:
    """Whether words, or dots, stand for code that is left out: whoever shortens a block that stays as it is says so."""
    return _LEFT_OUT.search(words) is not None


def _local(head: re.Match[str]) -> str:
    kind, type_, name = head.groups()
    prefix = "" if kind == "resource" else f"{kind}."
    return f"{prefix}{type_}.{name}" if name else f"{prefix}{type_}"


def _is_written_out(comments: Sequence[Comment]) -> bool:
    """Whether comments on lines right below each other are a block with something in it, and no words of theirs leave some of it out."""
    for number, comment in enumerate(comments):
        if comment.line != comments[0].line + number:
            return False
        if _END.match(comment.text):
            body = comments[1:number]
            return any(_BODY.match(c.text) for c in body) and not any(leaves_out(c.text) for c in body if "=" not in c.text)
    return False
