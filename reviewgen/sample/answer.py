"""Answers that think aloud before they answer: the code of the thoughts is a draft of the answer's."""

from __future__ import annotations

import re
from dataclasses import replace

from reviewgen.model.source import SourceFile

from .assembly import Assembly, addresses, joined
from .fences import Block

_THOUGHTS = re.compile(r"^#{1,6}[ \t]+(?:reasoning|thinking|thoughts?)\b[^\n]*$", re.IGNORECASE | re.MULTILINE)
_ANSWER = re.compile(r"^#{1,6}[ \t]+(?:final[ \t]+)?(?:answer|response)[ \t]*:?[ \t]*$", re.IGNORECASE | re.MULTILINE)
# A later version with less than this share of a draft's declarations is a passage of it.
_WHOLE = 0.5


def answer_line(text: str) -> int:
    """Return the line of the heading that ends a document's thoughts; 0 when it begins with its answer."""
    thoughts = _THOUGHTS.search(text)
    answer = _ANSWER.search(text, thoughts.end()) if thoughts else None
    return text.count("\n", 0, answer.start()) + 1 if answer else 0


def ended(block: Block, answer: int) -> Block:
    """Return a block; one of the thoughts that is never closed ends where the heading of the answer follows."""
    inside = block.first_line < answer < block.first_line + len(block.lines)
    return replace(block, lines=block.lines[: answer - block.first_line]) if inside and not block.closed else block


def over(draft: Assembly, answer: Assembly) -> Assembly:
    """Return a draft with the answer laid over it: what the answer gives once more counts, and what only the draft gives stays."""
    result = Assembly(draft.name, dict(draft.files), [*draft.snippets, *answer.snippets], list(draft.notes), list(draft.unnamed))
    for note in answer.notes:
        result.note(note)
    for path, file in answer.files.items():
        old = result.files.pop(path, None)
        if old is None or _replaces(old, file):
            result.files[path] = file
            if old is not None:
                result.note(f"`{draft.name}` drafts `{path}` before it answers; the answer's version is read.")
        elif addresses(file.text) <= addresses(old.text):
            result.files[path] = old
            result.snippets.append(file)
        else:
            result.files[path] = joined(old, file)
    result.unnamed += [path for path in answer.unnamed if path not in result.unnamed]
    return result


def _replaces(old: SourceFile, new: SourceFile) -> bool:
    before, after = addresses(old.text), addresses(new.text)
    return not before or (not before.isdisjoint(after) and len(after) >= _WHOLE * len(before))
