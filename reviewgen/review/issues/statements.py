"""What an issue says of its defects in words: the problem at each place, and the messages that are known."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.review import Impact
from reviewgen.rules import changes, waiting
from reviewgen.rules.places import listed

from ..draft import Draft

# What a document says of errors that follow from another one: of each kind once, and of so many kinds.
_MOST_KINDS = 4
# How the version of a provider is told that says so, where the tree holds an older one.
_OF_A_VERSION = re.compile(r" So says version \d+ of the provider; the tree holds it at `[^`]*`\.")


def message(draft: Draft, first: Finding) -> str:
    """Return the message that counts, with those of the same step that follow from the same mistake, of each kind one."""
    more = (f for f in _leads(draft) if f.message and (f.stage, f.observed) == (first.stage, first.observed))
    return "\n\n".join(dict.fromkeys(f.message for f in (first, *more)))


def problem(draft: Draft, lead: Finding) -> str:
    """Return what is wrong: at the first place and the others, in the words of other rules, and what follows from it."""
    text = " ".join(_of_places(parts[0], parts) for parts in _apart(draft))
    others = [o.problem for o in draft.others if o.problem][:1]
    follows = [_of_places(f, [d.finding for d in draft.along if d.finding.rule == f.rule]) for f in _leads(draft)]
    return _once(" ".join([text, *others, *follows]))


def _once(text: str) -> str:
    """Return a problem that says once which version of a provider it is about."""
    said = _OF_A_VERSION.search(text)
    return text[: said.end()] + text[said.end() :].replace(said[0], "") if said is not None else text


def consequences(draft: Draft, lead: Finding) -> tuple[Impact, ...]:
    """Return what follows from a defect; where several places have it, from each of them, what is alike but for the address once.

    What one version of a provider only warns of and another refuses counts for more than what all only warn of.
    """
    found = [d.finding for d in draft.defects]
    if lead.rule in (tf.DEPRECATED, tf.DEPRECATED_ATTRIBUTE):
        every = dict.fromkeys(i for d in draft.told if d.finding.rule == lead.rule for i in d.finding.impact)
        return tuple(i for i in every if i.aspect == "Deployment") or lead.impact
    if lead.rule in changes.IDS:
        return tuple(dict.fromkeys(i for d in draft.defects for i in d.finding.impact))
    further = (Impact(i.aspect, i.text.replace(f.address, lead.address) if f.address else i.text) for f in found for i in f.impact)
    return waiting.certain(tuple(dict.fromkeys((*lead.impact, *further))))


def absent(draft: Draft, lead: Finding) -> tuple[str, ...]:
    """Return what is missing; where a comparison joins several arguments or places, at each of them."""
    if lead.rule not in changes.IDS:
        return lead.absent
    return tuple(dict.fromkeys(phrase for d in draft.defects for phrase in d.finding.absent))


def _apart(draft: Draft) -> list[list[Finding]]:
    """Return the findings of a draft; of several files that cannot be parsed those of each for themselves, as far as they are told."""
    found = [d.finding for d in draft.defects]
    files = dict.fromkeys(f.group for f in found if f.rule == tf.SYNTAX)
    return [[f for f in found if f.group == file] for file in files][:_MOST_KINDS] or [found]


def _leads(draft: Draft) -> tuple[Finding, ...]:
    """Return the first finding of each kind that follows from the others."""
    found: dict[str, Finding] = {}
    for defect in draft.along:
        found.setdefault(defect.finding.rule, defect.finding)
    return tuple(found.values())[:_MOST_KINDS]


def _of_places(lead: Finding, findings: Iterable[Finding]) -> str:
    rest = [f for f in findings if f is not lead and f.address not in ("", lead.address)]
    others = list(dict.fromkeys(f.address for f in rest))
    if not others:
        return lead.problem
    # Which of the places are not created is said once, of all of them.
    first = waiting.apart(lead.problem)
    alike = all(waiting.apart(f.problem).replace(f.address, lead.address) == first for f in rest)
    same = "The same holds for" if alike else "Mistakes of this kind at further places:"
    return f"{first} {same} {listed(others, 5)}.{waiting.sentences(f.problem for f in (lead, *rest))}"
