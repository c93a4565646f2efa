"""The coverage table: one row a requirement, from one judgement for each capability that its words ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.requirement import Coverage, Verdict
from reviewgen.model.review import Issue, Minor
from reviewgen.requirements import capability
from reviewgen.requirements.judging import each, regions, tags

from ..draft import GAP
from .blame import IDEAL, MODEL, Blame, blamed, blames, refused

# The capability of a provider that says where it deploys to, wherever that is.
_ANY_REGION = "provider-region"
# Rules about where a provider deploys to, by how their ids begin.
_PLACING = ("RG055", "RG63", "wrong-region", "tf:provider", "need:provider-region")
# Issues that say of all of MODEL that it is no answer: nothing of it meets anything.
_NO_ANSWER = ("no-terraform", "wrong-task")
# A line that begins with the name of a file says where something is to stand.
_FILE = re.compile(r"\W*[\w./-]+\.(?:tf|tfvars|json|md|py|sh|ya?ml)\b")


def by_requirement(coverage: Iterable[Coverage], issues: Iterable[Issue]) -> tuple[Coverage, ...]:
    """Return the rows joined by requirement, with the numbers of the issues that they led to.

    Met and unmet together are partial, unless what is met is named only beside what is not; met and not judged together are not judged, and
    neither is a figure that nobody compared, nor what is there and wrong by the rule of one of the issues.
    """
    told = blames(issues)
    groups: dict[str, list[Coverage]] = {}
    for row in (_without_mistakes(row, told) for row in _elsewhere(tuple(coverage))):
        groups.setdefault(row.requirement.id, []).append(row)
    return tuple(_joined(rows, told) for rows in groups.values())


def borne_out(
    coverage: Iterable[Coverage],
    issues: Iterable[Issue],
    minor: Iterable[Minor] = (),
    found: tuple[Iterable[Finding], Iterable[Finding]] = ((), ()),
) -> tuple[Coverage, ...]:
    """Return joined rows with what the findings bear out: nothing is met that one of them names, and what is not met, one of them tells.

    What was found stays in a row that nobody judged only where that says no more, and no finding speaks of it.

    Args:
        coverage: The rows.
        issues: What is told.
        minor: What the closing table tells.
        found: All that the rules find in either tree: what is refused there is not met, whether an issue is about it or it is kept back.
    """
    model, ideal = found
    told = (*blames(issues, minor), *refused(MODEL, model), *refused(IDEAL, ideal))
    return tuple(_borne_out(row, told) for row in coverage)


_NOT_WHOLLY = " is not wholly met."


def worded(issues: Iterable[Issue], coverage: Iterable[Coverage]) -> tuple[Issue, ...]:
    """Return issues that call a line of PROMPT not met only where nothing of it is met in any tree with the defect, as the rows have it."""
    rows = {row.requirement.id: row for row in coverage}
    return tuple(_worded(issue, rows.get(issue.requirement.id) if issue.requirement else None) for issue in issues)


def _worded(issue: Issue, row: Coverage | None) -> Issue:
    verdicts = {MODEL: row.model, IDEAL: row.ideal} if row is not None else {}
    if verdicts and all(verdicts[side] is Verdict.UNMET for side in issue.status.sides):
        return issue
    said = (
        replace(i, text=i.text.removesuffix(GAP.text) + _NOT_WHOLLY) if i.aspect == GAP.aspect and i.text.endswith(GAP.text) else i
        for i in issue.impact
    )
    return replace(issue, impact=tuple(said))


def _without_mistakes(row: Coverage, told: tuple[Blame, ...]) -> Coverage:
    """Return a row that calls nothing met of which an issue of that tree says that it is wrong, or that what it is a kind of is missing."""
    known = capability(row.capability) if row.capability else None
    if known is None or not (known.wrong or known.narrows):
        return row
    denying = {*known.wrong, *(f"need:{id_}" for id_ in known.narrows)}

    mistaken = {side for blame in told if blame.rule in denying for side in blame.sides}

    def judged(side: str, verdict: Verdict) -> Verdict:
        return Verdict.UNKNOWN if verdict is Verdict.MET and side in mistaken else verdict

    return replace(row, model=judged(MODEL, row.model), ideal=judged(IDEAL, row.ideal), alone=row.alone and not mistaken)


def _borne_out(row: Coverage, told: tuple[Blame, ...]) -> Coverage:
    if row.model is row.ideal is Verdict.UNKNOWN and not row.model_addresses and not row.ideal_addresses:
        return row
    if _FILE.match(row.requirement.text):
        return replace(row, model=Verdict.UNKNOWN, ideal=Verdict.UNKNOWN, model_addresses=(), ideal_addresses=())
    model = _verdict_told(row.model, MODEL, row, told)
    ideal = _verdict_told(row.ideal, IDEAL, row, told)
    if row.model is row.ideal is Verdict.MET and _is_uneven(row, model, ideal, told):
        model = ideal = Verdict.UNKNOWN
    named = row.issues or blamed(MODEL, row.model_addresses, told) or blamed(IDEAL, row.ideal_addresses, told)
    # A provider is no part of the stack that goes to a region.
    shown = row.alone and not named and _ANY_REGION not in row.capability.split()
    if model is ideal is Verdict.UNKNOWN and not shown:
        return replace(row, model=model, ideal=ideal, model_addresses=(), ideal_addresses=())
    return replace(row, model=model, ideal=ideal)


def _verdict_told(verdict: Verdict, side: str, row: Coverage, told: tuple[Blame, ...]) -> Verdict:
    """Return a row's verdict on a tree; unknown where the findings say otherwise, or do not say it."""
    addresses = row.model_addresses if side is MODEL else row.ideal_addresses
    own = [blame for blame in told if row.requirement.id in blame.requirements]
    others = [blame for blame in told if blame not in own]
    lacking = any(side in blame.sides for blame in own)
    answers = side is not MODEL or not any(blame.rule in _NO_ANSWER for blame in told)
    if verdict is Verdict.MET:
        certain = answers and not lacking and not blamed(side, addresses, _about(row, told))
    elif verdict is Verdict.PARTIAL:
        certain = answers and lacking and (_is_counted(row) or not blamed(side, addresses, others))
    else:
        certain = lacking
    return verdict if certain else Verdict.UNKNOWN


def _is_uneven(row: Coverage, model: Verdict, ideal: Verdict, told: tuple[Blame, ...]) -> bool:
    """Whether something lesser alone takes from one tree the verdict that the other keeps: the table does not say it, and tells a difference."""
    grave = [blame for blame in told if blame.grave]
    if model is ideal:
        return False
    return not (blamed(IDEAL, row.ideal_addresses, grave) if model is Verdict.MET else blamed(MODEL, row.model_addresses, grave))


def _is_counted(row: Coverage) -> bool:
    """Whether all that a row asks for is asked of each of several things: how many have it is told whatever else is wrong with them.

    So it is with the tags of all resources.
    """
    asked = set(row.capability.split())
    return bool(asked) and all(a == tags.SUBJECT or a.startswith(each.SUBJECT) or f"{each.SUBJECT}{a}" in asked for a in asked)


def _about(row: Coverage, told: tuple[Blame, ...]) -> tuple[Blame, ...]:
    """Return the findings that may deny a row; where a provider deploys to, only those about that: its tags say nothing of it."""
    places = bool(row.capability) and set(row.capability.split()) <= {_ANY_REGION, regions.SUBJECT}
    return tuple(blame for blame in told if blame.rule.startswith(_PLACING)) if places else told


def _elsewhere(rows: tuple[Coverage, ...]) -> Iterable[Coverage]:
    """Yield the rows; where a tree deploys to a wrong region, its provider answers no line that names one."""
    compared = [row for row in rows if row.capability == regions.SUBJECT]
    model, ideal = (Verdict.UNMET in verdicts for verdicts in ([r.model for r in compared], [r.ideal for r in compared]))
    for row in rows:
        if row.capability == _ANY_REGION and regions.named(row.requirement.text):
            row = replace(row, model=Verdict.UNKNOWN, model_addresses=()) if model else row
            row = replace(row, ideal=Verdict.UNKNOWN, ideal_addresses=()) if ideal else row
        yield row


def _joined(rows: list[Coverage], told: Iterable[Blame]) -> Coverage:
    one_by_one = {row.capability.removeprefix(each.SUBJECT) for row in rows if row.capability.startswith(each.SUBJECT)}
    whole = (
        all(row.whole and (not row.each or row.capability in one_by_one) for row in rows)
        and sum(row.figures for row in rows if row.figures < 0) + max(row.figures for row in rows) <= 0
    )
    return Coverage(
        rows[0].requirement,
        _of_tree([(row, row.model, row.model_addresses) for row in rows], whole),
        _of_tree([(row, row.ideal, row.ideal_addresses) for row in rows], whole),
        _meant(rows, [a for row in rows for a in row.model_addresses]),
        _meant(rows, [a for row in rows for a in row.ideal_addresses]),
        " ".join(dict.fromkeys(row.capability for row in rows if row.capability)),
        tuple(blame.id for blame in told if rows[0].requirement.id in blame.requirements),
        alone=all(row.alone for row in rows),
    )


# Sides of a network: what goes by the name of the one is not what a line about the other names.
_SIDES = (("public", "private"), ("private", "public"))
_SUBNET = "aws_subnet."
# Subnets of databases, and what names call them.
_OF_DATABASES, _NAMED_SO = re.compile(r"\b(?:database|db|data|isolated) subnets?\b(?! groups?\b)"), ("database", "data", "db", "isolated")


# What a line about databases that names no bucket does not mean, though both are encrypted, logged and backed up.
_DATABASES, _BUCKETS = re.compile(r"\b(?:databases?|rds|aurora)\b"), re.compile(r"\b(?:s3|buckets?|objects?|storage|stores)\b")
_OF_BUCKETS = "aws_s3_bucket"


def _meant(rows: list[Coverage], addresses: Iterable[str]) -> tuple[str, ...]:
    """Return addresses, each once, without those of what a requirement does not speak of.

    Of subnets those of the side of the network, or of the databases, of which alone it speaks are meant, where names tell it; of databases no
    buckets are.
    """
    text = rows[0].requirement.text.lower()
    databases = bool(_DATABASES.search(text)) and not _BUCKETS.search(text)
    found = tuple(a for a in dict.fromkeys(addresses) if not databases or _OF_BUCKETS not in a)
    sides: tuple[str, ...] = next(((side,) for side, other in _SIDES if side in text and other not in text), ())
    if "private" not in text and _OF_DATABASES.search(text):
        sides += _NAMED_SO
    told = any(_SUBNET in a and _is_named(a, sides) for a in found)
    return tuple(a for a in found if not told or _SUBNET not in a or _is_named(a, sides))


def _is_named(address: str, words: tuple[str, ...]) -> bool:
    return any(word in address.rpartition(_SUBNET)[2] for word in words)


_Judged = tuple[Coverage, Verdict, tuple[str, ...]]
"""A row with its verdict on one tree, and the addresses there."""


def _of_tree(rows: list[_Judged], whole: bool) -> Verdict:
    """Join the verdicts on one tree; a line is not called unmet of which the tree has another part, though no verdict is given on that."""
    every = [row for row, _, _ in rows]
    verdict = _verdict(_weighed([(found, row.aside) for row, found, _ in rows if not _is_general(row, found, every)]), whole)
    if verdict is not Verdict.UNMET:
        return verdict
    # The zones of a region are a part of it, though no provider is set to go there.
    nowhere = all(row.capability == _ANY_REGION for row, found, _ in rows if found is Verdict.UNMET)
    parts = ((found, there) for row, found, there in rows if not row.aside and (nowhere or capability(row.capability) is not None))
    return Verdict.UNKNOWN if any(found is Verdict.UNKNOWN and there for found, there in parts) else verdict


def _is_general(row: Coverage, verdict: Verdict, rows: list[Coverage]) -> bool:
    """Whether a row says no more than that a provider has a region, where the region itself was looked for.

    A wrong region is no part of the right one; but a stack without any provider deploys to none that it names.
    """
    return row.capability == _ANY_REGION and verdict is not Verdict.UNMET and any(other.capability == regions.SUBJECT for other in rows)


def _weighed(verdicts: list[tuple[Verdict, bool]]) -> list[Verdict]:
    """Return verdicts; where what a requirement asks for is not there, it is no part of it that there is what that would have been for."""
    lacks = any(verdict is Verdict.UNMET and not aside for verdict, aside in verdicts)
    has = any(verdict in (Verdict.MET, Verdict.PARTIAL) and not aside for verdict, aside in verdicts)
    return [verdict for verdict, aside in verdicts if not (lacks and not has and aside and verdict is Verdict.MET)]


def _verdict(verdicts: Iterable[Verdict], whole: bool) -> Verdict:
    """Join verdicts; what is met as far as it was judged is unknown when more was asked or the requirement says much more."""
    every = set(verdicts)
    found = every - {Verdict.UNKNOWN}
    if found == {Verdict.MET} and (not whole or Verdict.UNKNOWN in every):
        return Verdict.UNKNOWN
    if len(found) == 1:
        return found.pop()
    return Verdict.PARTIAL if found else Verdict.UNKNOWN
