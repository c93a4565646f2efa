"""Whether words that name something ask for it: wishes, alternatives and negations around a match."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .wording import wording

# Where a match is one of several ways.
_ALTERNATIVE_AFTER = re.compile(r"\s*,?\s*(?:or\b|/ )|\s*\? ")
_ALTERNATIVE_BEFORE = re.compile(
    r"(?:\bor|/) (?:an? |the |use |using |via |with )?(?:\w+ )?$|, or (?:[\w-]+ ){1,5}(?:by|through|using|via|with) (?:an? |the )?$"
)
# With what one of several things is done: "update the counters, or call others via API Gateway".
_MEANS = re.compile(r"(?:by|through|using|via|with) (?:an? |the )?")
_MEANS_BEFORE = re.compile(rf"\b{_MEANS.pattern}$")
_ALTERNATIVE_WITHIN = re.compile(r"\bor\b")
# Behind a match a reason hedges nothing, nor does a prohibition of something else: "because we can't afford to lose it", ", do not add others".
_REASON = re.compile(r"\b(?:because|since|so that) .*|, (?:and |but )?(?:do not|don't|dont|never) .*")
_HARMLESS = re.compile(r"\b(?:existing|manual) ")
_REFUSALS = ("deny", "denies", "denied", "reject", "prevent", "block")
# What a thing is for or made by: "a web ACL associated with the", "rules to trigger", "in the subnets". What it has is asked for in its own right.
_RELATION = re.compile(
    r"(?:\b(?:for|of|from|between|across|via|through|against|behind|by|in|into|on|within|providing|(?:associated|attached|integrated) (?:with|to)"
    r"|to(?: (?:trigger|invoke|start|call|reach|serve|protect|filter))?)|(?<!'m )(?<!are )\busing)"
    r" (?:(?:the|an?|all|each|every|both|our|its|their|these|those|this|that) )*$"
)
# Some matches begin with such a word themselves: "in the Auto Scaling group". What stands in "an" other thing may be asked for with it.
_PLACED = re.compile(r"(?:in|behind|via|using) (?:the|all|each|every|both|our|its|their|these|those|this|that) ")
# What a line has at its beginning, before a colon.
_LABEL = re.compile(r" ?: ")
# Where alone something may be.
_CONFINED = re.compile(r"s? only (?:in|inside|within)\b")
_SENTENCE = re.compile(r"(?<=[.;!?]) ")


def is_wish(text: str, sentence: str, start: int, end: int) -> bool:
    """Whether a match is hedged, or one of several ways.

    Some words of the match itself hedge nothing: "deny uploads that don't use encryption", "fetch the existing secret".
    """
    matched = text[start:end]
    reasons = sentence.find(matched) + len(matched)
    sentence = sentence[:reasons] + _REASON.sub("", sentence[reasons:])
    means = _MEANS.match(text, start, end)
    plain = "" if matched.startswith(_REFUSALS) else _HARMLESS.sub("", matched)
    return bool(
        wording().hedged.search(sentence.replace(matched, plain, 1))
        or _ALTERNATIVE_WITHIN.search(text, start, end)
        or _ALTERNATIVE_AFTER.match(text, end)
        or _ALTERNATIVE_BEFORE.search(text, 0, means.end() if means else start)
    )


def is_negated(sentence: str, start: int, end: int) -> bool:
    """Whether a negation stands shortly before the match or directly behind it: "no NAT gateway", "flow logs are not required"."""
    before = " ".join(sentence[:start].split()[-3:])
    return bool(wording().negated.search(before) or wording().switched_off.match(sentence[end:].lstrip()))


def is_confined(sentence: str, start: int, end: int) -> bool:
    """Whether a sentence begins with the match and says where alone that may be: "NAT gateways only in public subnets" holds without any."""
    return not sentence[:start].strip() and _CONFINED.match(sentence, end) is not None


def is_way(text: str, start: int, end: int) -> bool:
    """Whether a match is the means by which something else is done, or begins with the word that says so: "through SNS"."""
    return bool(_MEANS.match(text, start, end) or _MEANS_BEFORE.search(text, 0, start))


def sentence_at(text: str, at: int) -> tuple[int, str]:
    """Return (offset, words) of the sentence that an offset of a normalised text stands in."""
    begin = 0
    for match in _SENTENCE.finditer(text):
        if match.start() >= at:
            return begin, text[begin : match.start()]
        begin = match.end()
    return begin, text[begin:]


def is_aside(text: str, start: int, others: Sequence[tuple[int, int]]) -> bool:
    """Whether a match says only what something that is named before it is for, or how it is.

    It stands behind a preposition or begins with one, or stands behind a colon.

    Args:
        text: The normalised words of a requirement.
        start: Where the match begins in them.
        others: Where all matches stand, this one among them.
    """
    if not any(end <= start for _, end in others):
        return False
    label = _LABEL.search(text)
    labelled = label is not None and label.end() <= start and any(end <= label.start() for _, end in others)
    return labelled or bool(_RELATION.search(text[:start]) or _PLACED.match(text, start))
