"""How PROMPTs are worded: what asks, what forbids, what only hopes, and where a sentence ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .wording import wording

# Sentences end before a capital, unless the stop belongs to an abbreviation; some are typed with the space before the stop.
_END = re.compile(r"(?<=[.!?])[\"')*_]*\s+(?=[\"'(*_`]*[A-Z0-9])|\s\.(?=[A-Z][a-z])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|no|approx|incl|resp|fig|ex)\.|\b[A-Z]\.)$", re.I)


# Several readers look at each line of a PROMPT; what they share is kept for as many lines as a long PROMPT has.
LINES = 1024


@lru_cache(maxsize=LINES)
def asks(sentence: str) -> bool:
    """Whether a sentence of prose asks for something."""
    return bool(wording().begins.match(sentence) or wording().modal.search(sentence))


@lru_cache(maxsize=LINES)
def forbids(text: str) -> bool:
    """Whether a text as a whole is a prohibition; one that adds a prohibition in brackets is not."""
    return bool(wording().forbids.search(re.sub(r"\([^)]*\)", "", text)))


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, sentence) of a paragraph; each is a passage of it."""
    start = 0
    for match in _END.finditer(text):
        if _ABBREVIATION.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        yield start, text[start : match.start()]
        start = match.end()
    if text[start:].strip():
        yield start, text[start:]


# What stands between words as typography only.
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys('*`"[]{}<>|#=-\u2010\u2011\u2012\u2013\u2014\u2018\u201c\u201d\u2022\u00a0', " "),
        "\u2019": "'",
        "&": " and ",
        "+": " and ",
        "/": " / ",
        "(": " ( ",
        ")": " ) ",
        ";": "; ",
    }
)
_EMPHASIS = re.compile(r"(?<!\w)_+|_+(?!\w)")


@lru_cache(maxsize=LINES)
def normal(text: str) -> str:
    """Return the form in which words are compared: lower case, one space between words, no typography; commas and stops stay.

    Identifiers such as ``alarm_email`` stay one word: the name of a variable asks for no alarm.
    """
    plain = _EMPHASIS.sub("", text) if "_" in text else text
    return " ".join(plain.translate(_TYPOGRAPHY).lower().split())
