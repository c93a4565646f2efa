"""Answers that think aloud before they answer: the code of the thoughts is a draft of the answer's, and no part of it."""

from __future__ import annotations

import re
from dataclasses import replace

from reviewgen.model.source import SourceFile

from .assembly import Assembly, addresses, joined
from .fences import Block

_THOUGHTS = re.compile(r"^#{1,6}[ \t]+(?:reasoning|thinking|thoughts?)\b[^\n]*$", re.IGNORECASE | re.MULTILINE)
_THINKING = ("reasoning", "thinking", "thought")
_ANSWER = re.compile(r"^#{1,6}[ \t]+(?:final[ \t]+)?(?:answer|response)[ \t]*:?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_CODE = (".tf", ".tf.json")
# A later version with less than this share of a draft's declarations is a passage of it.
_WHOLE = 0.5


def answer_line(text: str) -> int:
    """Return the line of the heading that ends a document's thoughts; 0 when it begins with its answer."""
    said = text.lower()
    thoughts = _THOUGHTS.search(text) if any(word in said for word in _THINKING) else None
    answer = _ANSWER.search(text, thoughts.end()) if thoughts else None
    return text.count("\n", 0, answer.start()) + 1 if answer else 0


def ended(block: Block, answer: int) -> Block:
    """Return a block; one of the thoughts that is never closed ends where the heading of the answer follows."""
    inside = block.first_line < answer < block.first_line + len(block.lines)
    return replace(block, lines=block.lines[: answer - block.first_line]) if inside and not block.closed else block


def over(draft: Assembly, answer: Assembly, cut: bool) -> Assembly:
    """Return an answer with what its draft alone gives; where it does not stand for itself, the draft with the answer laid over it.

    Args:
        draft: What the thoughts hold.
        answer: What stands behind them.
        cut: Whether the answer breaks off.
    """
    joint = _joint(draft, answer)
    if not _stands_alone(draft, answer, cut):
        return joint
    drafted = [path for path in draft.files if path.endswith(_CODE) and _is_draft(path, draft, answer)]
    if not drafted:
        return joint
    others = {path: file for path, file in draft.files.items() if path not in drafted and path not in answer.files}
    result = Assembly(draft.name, {**others, **answer.files}, [*draft.snippets, *answer.snippets], list(answer.notes), list(answer.unnamed))
    result.drafts = [replace(draft.files[path], unnamed=path in draft.unnamed) for path in drafted]
    result.note(f"`{draft.name}` drafts code in its thoughts before it answers; the answer is read, and the drafts are not.")
    named = [path for path in drafted if path not in draft.unnamed]
    if set(named) - set(answer.files):
        result.delivered = tuple(file for path, file in joint.files.items() if path not in draft.unnamed or path in answer.files)
    return result


def _stands_alone(draft: Assembly, answer: Assembly, cut: bool) -> bool:
    """Whether an answer gives once more most of what the thoughts give, or breaks off while it does."""
    first, then = draft.known(), answer.known()
    again = len(then & first)
    return again > 0 and again >= _WHOLE * min(len(first), len(then)) and (cut or len(then) >= _WHOLE * len(first))


def _is_draft(path: str, draft: Assembly, answer: Assembly) -> bool:
    """Whether a file of the thoughts is an earlier version: it has no name, or declares something that the answer could have left out."""
    return path in draft.unnamed or path in answer.files or bool(addresses(draft.files[path].text))


def _joint(draft: Assembly, answer: Assembly) -> Assembly:
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
    if any(path.endswith(_CODE) and result.files.get(path) is file for path, file in draft.files.items()):
        result.note(_taken_over(draft.name, bool(answer.snippets) or any(path.endswith(_CODE) for path in answer.files)))
    return result


def _taken_over(name: str, answered: bool) -> str:
    """Return the note on code of the thoughts that is read as the answer's, for the answer does not give it."""
    if not answered:
        return f"`{name}` gives code in its thoughts and none in its answer; that of the thoughts is read."
    return f"`{name}` gives code in its thoughts that its answer does not give, or less fully; it is read with the answer."


def _replaces(old: SourceFile, new: SourceFile) -> bool:
    before, after = addresses(old.text), addresses(new.text)
    return not before or (not before.isdisjoint(after) and len(after) >= _WHOLE * len(before))
