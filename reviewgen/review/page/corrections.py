"""What IDEAL says of its corrections: its own words, where no tree can show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reviewgen.model.review import Issue, Quote
from reviewgen.model.sight import Sight, denies_modules, names, stands_in_module
from reviewgen.model.source import Document, SampleClass

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ABOUT = re.compile(
    r"\b(?:fix(?:es|ed)?|corrections?|corrected|improvements?|enhancements?|differences?|changes?|resolved|(?:problems?|issues?|errors?) solved)\b",
    re.IGNORECASE,
)
# What IDEAL does otherwise than it was asked is no correction of MODEL.
_OF_THE_TASK = re.compile(r"\b(?:from|to|with) (?:the )?(?:PROMPT|prompt|requirements?|task)\b")
_WISHED = re.compile(r"\b(?:optional|future|potential|possible|planned|recommended|further|next)\b", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[-*+\u2022]|(\d+)[.)])\s+(?=\S)")
# Words about runs of Terraform and of tests are no corrections, and nobody has seen the runs.
_RUNS = re.compile(r"\bterraform\s+(?:init|validate|plan|apply|destroy|fmt|test)\b|\btests?\b|\bcoverage\b|\bsuccessful", re.IGNORECASE)
# What is named because nothing is to be done about it.
_UNTOUCHED = re.compile(
    r"\bno (?:issues?|problems?|changes?|fix(?:es)?|errors?)\b|\bunchanged\b|\bas(?: it)? is\b|\bnot (?:needed|changed)\b", re.IGNORECASE
)
_FENCE = re.compile(r"\s*(?:```|~~~)")
_CALL = re.compile(r'^\s*module\s+"', re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_MOST = 12
_LONGEST = 300


def corrections(sight: Sight, ideal: Document, issues: Sequence[Issue]) -> tuple[Quote, ...]:
    """Return the items of the lists under IDEAL's headings about fixes, at most twelve; none where code shows what was corrected.

    Of an IDEAL that shows parts of its code they are those that name a defect for which it shows none, and what it says of modules that it
    does without.
    """
    if sight.class_ == SampleClass.NO_IDEAL_CODE:
        return tuple(_items(ideal))[:_MOST]
    if sight.class_ != SampleClass.SNIPPET_IDEAL:
        return ()
    unsaid = [issue for issue in issues if sight.leaves_unsaid(issue)]
    spoken = (q for q in _items(ideal) if any(names(q.text, issue) for issue in unsaid))
    denied = _without_modules(ideal) if any(map(stands_in_module, unsaid)) else ()
    return (*denied, *(q for q in spoken if not _UNTOUCHED.search(q.text)))[:_MOST]


def _without_modules(ideal: Document) -> Iterator[Quote]:
    """Yield the first sentence of IDEAL's text that says that it has no modules; nothing where its code calls one."""
    if any(_CALL.search(file.text) for file in ideal.files):
        return
    code = {line for file in ideal.files for line in file.text.split("\n")}
    for number, line in enumerate(ideal.text.split("\n"), 1):
        for sentence in _SENTENCE.split(line.strip()) if line not in code else ():
            if denies_modules(sentence) and len(sentence) <= _LONGEST:
                item = _ITEM.match(sentence)
                yield Quote(ideal.name, number, number, sentence[item.end() :] if item else sentence)
                return


def _items(ideal: Document) -> Iterator[Quote]:
    """Yield the items below such a heading and its sub-headings, in order.

    A number that is not the next one, and does not begin a list either, counts the chapters of the document: what follows is another chapter.
    """
    rank = last = 0
    fenced = False
    for number, line in enumerate(ideal.text.split("\n"), 1):
        if _FENCE.match(line):
            fenced = not fenced
        if fenced:
            continue
        heading = _HEADING.match(line)
        if heading is not None:
            inside = rank and len(heading[1]) > rank
            rank = rank if inside else _rank(heading)
            last = 0
            continue
        item = _ITEM.match(line) if rank and len(line) <= _LONGEST and not _RUNS.search(line) else None
        if item is not None and item[1] and 1 < int(item[1]) <= last:
            rank = 0
        elif item is not None:
            last = int(item[1] or last)
            yield Quote(ideal.name, number, number, line[item.end() :].strip())


def _rank(heading: re.Match[str]) -> int:
    """Return the rank of a heading about fixes that were made; 0 for any other."""
    told = _ABOUT.search(heading[2]) and not _WISHED.search(heading[2]) and not _OF_THE_TASK.search(heading[2])
    return len(heading[1]) if told else 0
