"""Which lines of IDEAL's code a change of an argument brings, and how many it adds and removes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from reviewgen.model.diff import AttributeChange

from .named import services


def _last(change: AttributeChange) -> int:
    return change.ideal_end_line or change.ideal_line + _lines(change.after) - 1


def _lines(text: str | None) -> int:
    return text.count("\n") + 1 if text is not None else 0


# Up to this height a changed value is shown whole; of a longer one only what is new, with what stands between if that is little.
WHOLE = 12
_NEAR = 3
# What is new in so many lines, of which none can be told to be the one that matters, is counted and not shown.
_MOST_UNTOLD = 40
# A part of which so much is new is shown whole.
_MOSTLY = 0.7


def is_long(change: AttributeChange) -> bool:
    """Whether the value that a change brings is too long to be shown whole."""
    return _lines(change.after) > WHOLE


Span = tuple[int, int]
"""First and last line, inclusive."""


def new_lines(change: AttributeChange, words: frozenset[str] = frozenset()) -> list[Span]:
    """Return the (first, last) lines of IDEAL's file that a change brings; the whole value when it is short or all new.

    Args:
        change: The change.
        words: What its defect names of the value: of a long one only the parts are shown that name it, or stand where MODEL names it.
    """
    whole = [(change.ideal_line, _last(change))]
    if change.after is None or not is_long(change):
        return whole
    spans = list(_inserted(change.before, change.after)) if change.before is not None else [(0, _lines(change.after) - 1)]
    found = _narrowed(change.before, change.after, spans, words) if words else []
    if not found and change.before is None:
        return whole
    if not found and words and _lines(change.before) > WHOLE and sum(last - first + 1 for first, last in spans) > _MOST_UNTOLD:
        return []
    if not found and spans and (_is_gone(change.before, change.after, words) or _is_kept(change.before, change.after, words)):
        return []
    return [(change.ideal_line + first, change.ideal_line + last) for first, last in found or _joined(spans)] or whole


def instead(change: AttributeChange, words: frozenset[str]) -> list[Span]:
    """Return the (first, last) lines of IDEAL's file that stand where MODEL's value names some words; none where it names none.

    Of long values ``new_lines`` says so.
    """
    if change.before is None or change.after is None or change.block or is_long(change) or not words:
        return []
    return [(change.ideal_line + first, change.ideal_line + last) for first, last in _in_place(change.before, change.after, words)]


def is_dropped(change: AttributeChange, words: frozenset[str]) -> bool:
    """Whether a value of several lines that is shown whole has lost those with what its defect names, and nothing stands where they stood."""
    if change.before is None or change.after is None or is_long(change) or _lines(change.before) == 1:
        return False
    wrong = any(word in change.before for word in words) and not any(word in change.after for word in words)
    return wrong and not list(_in_place(change.before, change.after, words))


def of_other_keys(change: AttributeChange, words: frozenset[str]) -> list[Span]:
    """Return the (first, last) lines of IDEAL's file that stand where MODEL's value names some words, under keys that have no word of those there.

    ``Environment`` in the place of ``CreatedAt`` gives that no other value: one key went, and another one came.
    """
    wrong = _key_words(line for line in (change.before or "").split("\n") if _names(line, words))
    lines = (change.after or "").split("\n")
    found = [(span, _key_words(lines[span[0] - change.ideal_line : span[1] - change.ideal_line + 1])) for span in instead(change, words)]
    return [span for span, new in found if wrong and new and not wrong & new]


def _key_words(lines: Iterable[str]) -> set[str]:
    """Return the words of which the keys on some lines are made, in small letters."""
    keys = [m[1] for line in lines if (m := _KEY.match(line))]
    return {word.lower() for key in keys for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", key)}


def is_untouched(change: AttributeChange, words: frozenset[str]) -> bool:
    """Whether a long value has all that its defect names as it was, and is new in other parts of it only: nothing was repaired there."""
    if change.before is None or change.after is None or not words or not is_long(change):
        return False
    found = _narrowed(change.before, change.after, list(_inserted(change.before, change.after)), words)
    return not found and _is_kept(change.before, change.after, words)


# A new policy that is higher than this is shown by its head and the statements that matter.
_POLICY = 30
_STATEMENTS = re.compile(r'\s*"?[Ss]tatement"?\s*(?:[=:{]|$)')


def of_new_policy(text: str, words: frozenset[str]) -> list[Span]:
    """Return the (first, last) lines, counted from 0, of a new block with a policy that matter: all, or its head and statements that name something.

    Args:
        text: The block.
        words: What its defect names.
    """
    lines = text.split("\n")
    whole = [(0, len(lines) - 1)]
    head = next((n for n, line in enumerate(lines) if _STATEMENTS.match(line)), None)
    found = _naming(text, whole, words) if head is not None and len(lines) > _POLICY else []
    if not found or head is None:
        return whole
    begins = head if lines[head].rstrip().endswith("[") else head - 1
    return _joined([(0, max(begins, 0)), *(span for span in found if span[0] > begins)])


def _joined(spans: list[Span]) -> list[Span]:
    """Return spans with those joined that stand near each other."""
    result: list[Span] = []
    for first, last in spans:
        if result and first - result[-1][1] <= _NEAR:
            result[-1] = result[-1][0], last
        else:
            result.append((first, last))
    return result


def _narrowed(before: str | None, after: str, spans: list[Span], words: frozenset[str]) -> list[Span]:
    """Return the parts of what is new that name what was missing, or else what stands where MODEL names what was wrong."""
    return (
        _naming(after, spans, words)
        or (_joined(list(_in_place(before, after, words))) if before is not None else [])
        or ([] if _is_gone(before, after, words) else _naming(after, spans, services(words)) or _around(after, spans, words))
    )


def _is_gone(before: str | None, after: str, words: frozenset[str]) -> bool:
    """Whether what MODEL names of actions and keys is in IDEAL no more: that repairs it, and no other line does."""
    wrong = [word for word in words if ":" in word and before is not None and word in before]
    return bool(wrong) and not any(word in after for word in wrong)


def _is_kept(before: str | None, after: str, words: frozenset[str]) -> bool:
    """Whether all lines of MODEL that name some words stand in IDEAL as they were: nothing was done about them there."""
    ours, theirs = _stripped(before or "", after)
    named = {line.rstrip(",") for line in ours if _names(line, words)}
    return bool(named) and named <= {line.rstrip(",") for line in theirs}


def _around(after: str, spans: list[Span], words: frozenset[str]) -> list[Span]:
    """Return what is new in the parts of a text that name some words on whatever line: the resource that a statement is limited to."""
    lines = after.split("\n")
    parts = _parts(lines)
    named = {parts[n] for n, line in enumerate(lines) if _names(line, words)}
    new = sorted(n for first, last in spans for n in range(first, last + 1) if parts[n] in named)
    return _joined([(n, n) for n in new])


def _naming(after: str, spans: list[Span], words: frozenset[str]) -> list[Span]:
    """Return what is new in the parts of a text of which a new line has one of some words."""
    lines = after.split("\n")
    new = {n for first, last in spans for n in range(first, last + 1)}
    parts = _parts(lines) if words else []
    wanted = {parts[n] for n in new if _names(lines[n], words)} if words else set()
    shown = {n for part in wanted for n in _shown(part, new)}
    shown -= {
        n
        for first, last in _joined([(n, n) for n in sorted(shown)])
        if _is_beside(lines[first : last + 1], words)
        for n in range(first, last + 1)
    }
    return _joined([(n, n) for n in sorted(shown)])


_LISTED_ACTION = re.compile(r'\s*"[\w-]+:[\w*]+",?\s*(?:#.*)?$')


def _is_beside(lines: list[str], words: frozenset[str]) -> bool:
    """Whether lines are actions of a list and none of those that a defect names, if it names any."""
    return (
        any(":" in word and not word.startswith('"') for word in words)
        and all(_LISTED_ACTION.match(line) for line in lines)
        and not any(_names(line, words) for line in lines)
    )


def _shown(part: Span, new: set[int]) -> Iterable[int]:
    whole = range(part[0], part[1] + 1)
    fresh = [n for n in whole if n in new]
    return whole if len(fresh) >= _MOSTLY * len(whole) else fresh


def _names(line: str, words: frozenset[str]) -> bool:
    return any(word in line for word in words)


_BRACKET = re.compile(r"[\[{()\]}]")
# Where an object of a list begins: a statement of a policy, in a block, in HCL's objects or in JSON. The metrics of a dashboard's graph are a list
# of lists: place and size of the graph, in the object around it, say nothing of them.
_METRICS = r"\"?metrics\"? *[=:] *(?:\w+\( *)*\["
_OBJECT = re.compile(rf"\s*(?:(?:\{{|\[ *\{{|[\w\"]+ *[=:] *\[ *\{{|statement *\{{)\s*(?:#.*)?$|{_METRICS})")

_WHOLE_OBJECT = re.compile(rf"\s*\{{.*\}},?\s*(?:#.*)?$|.*[\s{{]{_METRICS}.*\]")


def _parts(lines: list[str]) -> list[Span]:
    """Return of each line the first and last line of the innermost object of a list around it, or itself where there is none."""
    open_: list[tuple[int, int]] = []  # (line of the bracket, line on which the object around it begins or -1)
    begins, ends = [], {}
    for number, line in enumerate(lines):
        around = open_[-1][1] if open_ else -1
        begins.append(number if _OBJECT.match(line) else around)
        for bracket in _BRACKET.findall(line):
            if bracket in "[{(":
                open_.append((number, begins[number]))
            elif open_:
                ends[open_.pop()[0]] = number
    return [
        (begin, ends.get(begin, number)) if begin >= 0 and not _WHOLE_OBJECT.match(lines[number]) else (number, number)
        for number, begin in enumerate(begins)
    ]


def _end(lines: list[str], first: int) -> int:
    """Return the line on which what begins on a line is closed."""
    depth = 0
    for number in range(first, len(lines)):
        depth += sum(1 if bracket in "[{(" else -1 for bracket in _BRACKET.findall(lines[number]))
        if depth <= 0:
            return number
    return len(lines) - 1


_KEY = re.compile(r'\s*"?([\w.-]+)"?\s*(?:=|:\s)')


def _in_place(before: str, after: str, words: frozenset[str]) -> Iterator[Span]:
    """Yield the new lines that stand where old ones with some words stood: those of the same key, or all where none has it."""
    old, new = before.split("\n"), after.split("\n")
    ours, theirs = _stripped(before, after)
    for tag, i, j, k, end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        of_one_effect = _effect(old[:i]) == _effect(new[:k])
        wrong = [line for line in old[i:j] if _names(line, words)] if tag == "replace" and of_one_effect else []
        keys = {m[1] for line in wrong if (m := _KEY.match(line))}
        fresh = [n for n in range(k, end) if not _is_among(new[n], old[i:j])]
        same = [(n, _end(new, n)) for n in fresh if (m := _KEY.match(new[n])) and m[1] in keys]
        yield from same or ([(k, end - 1)] if wrong and fresh and _is_whole(new[k:end]) else ())


_EFFECT = re.compile(r'\s*"?[Ee]ffect"?\s*[=:]\s*"(\w+)"')


def _effect(above: list[str]) -> str:
    """Return the effect that stands last in lines of a policy: a statement of another effect took nothing's place."""
    return next((m[1] for line in reversed(above) if (m := _EFFECT.match(line))), "")


def _is_whole(lines: list[str]) -> bool:
    """Whether lines close no bracket that was opened before them: with one, what was there is gone, and something else begins."""
    depth = 0
    for line in lines:
        for bracket in _BRACKET.findall(line):
            depth += 1 if bracket in "[{(" else -1
            if depth < 0:
                return False
    return True


# An argument or a key with its sign: how many blanks stand around that only says how the arguments beside it are called.
_ALIGNED = re.compile(r'("?[\w.-]+"?)\s*=(?![=>~])\s*')


# A key of an object, at the beginning of a line or behind its bracket or a comma: with or without quotes, and with either sign, it is the same.
_NOTED = re.compile(r'(^|[{,]\s*)(?:"([A-Za-z_][\w-]*)"|([A-Za-z_][\w-]*)|("[^"]+"))\s*(?:=(?![=>~])|:(?!:))\s*')


def _stripped(*texts: str) -> list[list[str]]:
    """Return the lines of texts without their indentation, and without what only puts the signs of several lines below each other.

    The keys of objects are written alike, unless there are heredocs: what these hold has a language of its own.
    """
    result = [[line.strip() for line in text.split("\n")] for text in texts]
    if not any("<<" in text for text in texts):
        result = [[_NOTED.sub(r"\1\2\3\4 = ", line) for line in lines] for lines in result]
    return [[_ALIGNED.sub(r"\1 = ", line, count=1) if _ALIGNED.match(line) else line for line in lines] for lines in result]


# Upper and lower case say the same in actions.
_ACTION = re.compile(r'"[A-Za-z0-9-]+:[A-Za-z]+"')


def _is_among(line: str, lines: list[str]) -> bool:
    """Whether a line is one of some others, whatever the case of its actions and its indentation."""
    if not _ACTION.search(line):
        return False
    said = [_ACTION.sub(lambda m: m[0].lower(), text.strip()) for text in (line, *lines)]
    return said[0] in said[1:]


def _inserted(before: str, after: str) -> Iterator[Span]:
    """Yield the (first, last) lines of a text, counted from 0, that another one does not have; blanks, commas and the case of actions do not count."""
    old, new = ([line.rstrip(",") for line in lines] for lines in _stripped(before, after))
    for tag, i, j, first, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "insert" or (tag == "replace" and not all(_is_among(line, old[i:j]) for line in new[first:end])):
            yield first, end - 1


def counts(change: AttributeChange) -> tuple[int, int]:
    """Return how many lines a change adds and removes: those whose text differs by more than blanks, whatever the difference means."""
    if change.before is None or change.after is None:
        return _lines(change.after), _lines(change.before)
    old, new = (["".join(line.split()) for line in text.split("\n")] for text in (change.before, change.after))
    spans = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    added = sum(end - first for tag, _, _, first, end in spans if tag != "equal")
    removed = sum(end - first for tag, first, end, _, _ in spans if tag != "equal")
    return (added, removed) if added or removed else (1, 1)
