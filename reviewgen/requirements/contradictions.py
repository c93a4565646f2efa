"""What PROMPT asks for twice in ways that exclude each other: it is said, and nothing is decided on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

from reviewgen.model.requirement import Contradiction, Requirement

from .judging import amounts, counts, regions, zones
from .prompt.parse import ancestors
from .prompt.phrases import Phrase, prefixes
from .prompt.quantities import Amount, Bound, measured
from .prompt.wording import wording
from .prompt.words import normal
from .tables.opposite import Opposites, opposites

_LONGEST = 500
# Lines that speak of one environment, of a choice or of an exception exclude nothing.
_CONDITIONAL = re.compile(
    r"\b(?:if|unless|except\w*|option\w*|toggle\w*|default|could|may|might|when|where|consider\w*|instead|prefer\w*|either|or|flag|configurable"
    r"|dev|development|staging|stage|test|tests|testing|qa|prod|production|environments?|temporar\w+|initial\w*|later|then)\b"
)
# Words of headings that name no part of a stack.
_HEADINGS = re.compile(
    r"\b(?:requirements?|constraints?|core|technical|functional|mandatory|key|additional|specific|specifications?|main|security|compliance"
    r"|performance|reliability|availability|general|other|details?|configuration)\b",
    re.I,
)
# Words that tell no two things of one kind apart: kinds, verbs, limits, units.
_KINDS = re.compile(
    r"\b(?:rds|ec2|lambda|s3|sqs|sns|ecs|eks|kms|asg|vpc|cloudwatch|database|db|instance|function|bucket|queue|group|key|cluster|service|log)s?\b"
    r"|\b(?:keep|retain|stay|at|least|most|exactly|precisely|minimum|maximum|min|max|up|than|more|less"
    r"|(?:year|month|week|day|hour|minute|second|percent|gigabyte|megabyte)s?|[kmgt]i?b)\b",
    re.I,
)
_WORD = re.compile(r"[a-z][a-z0-9_]+")
_ALL_IN = re.compile(r"\b(?:all|every|everything|entire|whole)\b[^.;]*\b(?:in|to|into)\b|\bregions?\b\s*(?:is|must be|should be|:)", re.I)
_ELSEWHERE = re.compile(
    r"\b(?:secondary|replica\w*|dr|disaster|cross|backups?|cloudfront|certificates?|acm|waf|state|buckets?|source|destination|failover|standby"
    r"|multi|both|regions|other|peer\w*|primary)\b",
    re.I,
)


def contradictions(rows: Iterable[Requirement]) -> tuple[Contradiction, ...]:
    """Return what PROMPT certainly asks for in two ways that exclude each other, each subject once, in the order of its lines."""
    asked = tuple(rows)
    found = {c.subject: c for part in (_amounts, _counts, _zones, _regions, _opposites) for c in reversed(list(part(asked)))}
    return tuple(sorted(found.values(), key=lambda c: (c.first.line, c.second.line, c.subject)))


def _is_read(row: Requirement) -> bool:
    return row.binding and len(row.text) <= _LONGEST


# ---- one amount, given twice differently


def _amounts(rows: tuple[Requirement, ...]) -> Iterator[Contradiction]:
    known = {row.id: row for row in rows}
    given = [found for found in amounts.stated(rows) if _is_read(found.requirement)]
    for one, other in combinations(given, 2):
        if one.value.id != other.value.id or one.requirement.id == other.requirement.id or one.value.kind == "cidr":
            continue  # two ranges are those of two networks
        first, second = one.requirement, other.requirement
        words = frozenset(_WORD.findall(" ".join(p.text for p in one.value.phrases)))
        if _exclude(one.amount, other.amount) and _about(first, known, words) == _about(second, known, words):
            subject = f"value:{one.value.id}"
            yield Contradiction(subject, first, second, f"For the {one.value.title} it gives {one.words} and {other.words}", (subject,))


def _exclude(one: Amount, other: Amount) -> bool:
    """Whether no amount fits both."""
    if isinstance(one.low, str) or isinstance(other.low, str):
        return one.low != other.low and one.bound is other.bound is Bound.EXACT and not _within(str(one.low), str(other.low))
    assert isinstance(one.high, float) and isinstance(other.high, float)
    return _least(one) > _most(other) or _least(other) > _most(one)


def _within(one: str, other: str) -> bool:
    """Whether one word only says less than the other, as version 15 does of 15.4."""
    return one.startswith(other) or other.startswith(one)


def _least(amount: Amount) -> float:
    return float("-inf") if amount.bound is Bound.MOST else float(amount.low)


def _most(amount: Amount) -> float:
    return float("inf") if amount.bound is Bound.LEAST else float(amount.high)


def _about(row: Requirement, known: dict[str, Requirement], words: frozenset[str]) -> frozenset[str]:
    """Return the words that say what an amount in a line belongs to, beyond those by which it was recognised."""
    above = _HEADINGS.sub("", " ".join([row.section, *(a.text for a in ancestors(row, known))]))
    return _plain(_KINDS.sub("", f"{row.text} {above}")) - wording().filler - {_singular(w) for w in words}


def _plain(text: str) -> frozenset[str]:
    return frozenset(_singular(word) for word in _WORD.findall(measured(text)))


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word


# ---- numbers of resources


def _counts(rows: tuple[Requirement, ...]) -> Iterator[Contradiction]:
    known = {row.id: row for row in rows}
    groups: dict[str, list[counts.Wanted]] = {}
    for found in counts.stated(rows):
        if found.exactly and _is_read(found.requirement):
            groups.setdefault(found.count.id, []).append(found)
    for same in groups.values():
        for one, other in pairwise(same):
            if one.number != other.number and one.requirement.id != other.requirement.id:
                words = frozenset(_WORD.findall(" ".join(p.text for p in one.count.phrases)))
                first, second = one.requirement, other.requirement
                if _about(first, known, words) == _about(second, known, words):
                    subject = f"count:{one.count.id}"
                    yield Contradiction(subject, first, second, f"It asks for {one.words} and for {other.words}", (subject,))


def _zones(rows: tuple[Requirement, ...]) -> Iterator[Contradiction]:
    least = list(zones.wanted(filter(_is_read, rows)))
    for row in filter(_is_read, rows):
        most = zones.limit(row)
        over = next((w for w in least if most is not None and w.number > most and w.requirement.id != row.id), None)
        if over is not None:
            first, second = sorted((row, over.requirement), key=lambda r: (r.line, r.id))
            yield Contradiction(
                "count:zones", first, second, f"It asks for {over.number} availability zones and for {most} only", ("count:zones",)
            )


# ---- the region of all resources


def _regions(rows: tuple[Requirement, ...]) -> Iterator[Contradiction]:
    named: list[tuple[Requirement, str]] = []
    for row in filter(_is_read, rows):
        places = regions.named(row.text)
        if len(places) != 1 or row.forbids or not _ALL_IN.search(row.text):
            continue
        if not _ELSEWHERE.search(f"{row.section} {row.text}") and not _CONDITIONAL.search(normal(row.text)):
            named.append((row, next(iter(places))))
    for (first, one), (second, other) in combinations(named, 2):
        if one != other:
            yield Contradiction("region", first, second, f"It puts all resources into `{one}` and into `{other}`", ("region",))


# ---- things that exclude each other


def _opposites(rows: tuple[Requirement, ...]) -> Iterator[Contradiction]:
    read = [(row, normal(row.section), normal(row.text)) for row in rows if _is_read(row)]
    asked = [(row, f"{section} . {text}".strip(), prefixes(section) | prefixes(text)) for row, section, text in read]
    texts = [(row, words, begun) for row, words, begun in asked if not _CONDITIONAL.search(words)]
    keys = frozenset().union(*(found for _, _, found in texts))
    for known in opposites().asked(keys):
        one = next((row for row, words, begun in texts if _asks(known.one, words, begun)), None)
        rest = texts if one is not None else []
        other = next((row for row, words, begun in rest if _asks(known.other, words, begun) and not _asks(known.one, words, begun)), None)
        if one is not None and other is not None and one.id != other.id:
            yield _contradiction(known, one, other)


def _asks(phrases: tuple[Phrase, ...], words: str, keys: frozenset[str]) -> bool:
    return any(phrase.may_stand(keys) and phrase.find(words, words) for phrase in phrases)


def _contradiction(known: Opposites, one: Requirement, other: Requirement) -> Contradiction:
    first, second = sorted((one, other), key=lambda row: (row.line, row.id))
    says = (known.says_one, known.says_other) if first is one else (known.says_other, known.says_one)
    return Contradiction(known.id, first, second, f"It asks for {says[0]} and for {says[1]}", known.undecided)
