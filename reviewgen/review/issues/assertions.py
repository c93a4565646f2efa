"""The assertions of an issue, with what they give in both trees: about its defects, and about what IDEAL does about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from reviewgen.model.review import Check, Status
from reviewgen.requirements import Capability
from reviewgen.rules.places import code

from ..correction import place
from ..correction.behind import SOFT
from ..defects import Defect
from ..draft import SECRETS, Draft
from ..needs import Need

# What a document shows of long lists.
_MOST = 8
_NAMED_TYPE = re.compile(r"`((?:data\.)?aws_\w+)`")


def of_need(draft: Draft, need: Need) -> tuple[Check, ...]:
    """Return the assertions of what PROMPT asks: of the capability, and of what IDEAL adds for it."""
    sides = {Status.FIXED: (False, True), Status.INTRODUCED: (True, False)}.get(draft.status, (False, False))
    return Check(check_of(need.capability, need.answers), *sides), *_of_correction(draft)


def of_defects(draft: Draft) -> tuple[Check, ...]:
    """Return the assertions of defects, of what follows from them those of each kind of message, and of what IDEAL does about them."""
    checks = (d.check for d in (*draft.defects[:_MOST], *_alternating(draft.along)[:_MOST]))
    return tuple(dict.fromkeys((*map(_sentence, checks), *_of_correction(draft))))


def check_of(capability: Capability, answers: Iterable[str]) -> str:
    """Return a capability's assertion; where it names a resource type and the tree answers with others, one that holds of them too."""
    named = set(_NAMED_TYPE.findall(capability.check))
    answered = {a.rpartition(".")[0].rpartition(".")[2] for a in answers}
    return f"What is declared provides {capability.title}" if named and answered and named.isdisjoint(answered) else capability.check


def _alternating(defects: Iterable[Defect]) -> list[Defect]:
    """Return defects, the first of each kind of message before the second of any."""
    seen: Counter[str] = Counter()
    ranked = []
    for defect in defects:
        ranked.append((seen[defect.finding.rule], defect))
        seen[defect.finding.rule] += 1
    return [defect for _, defect in sorted(ranked, key=lambda one: one[0])]


def _of_correction(draft: Draft) -> Iterator[Check]:
    if draft.status is not Status.FIXED or (draft.lead is not None and draft.lead.rule in SECRETS):
        return
    correction = draft.correction
    told = set(draft.places)
    for address, change in correction.changes[:_MOST]:
        after = None if (address, change.path) in told else change.after  # the defect's own assertion says it
        if after is not None and not change.block and "\n" not in after and "`" not in after and len(after) <= 90:
            said = f"{code(address)} sets {code(change.path)} to" if place(address, change.path) != address else f"{code(address)} is"
            yield Check(f"{said} {code(after)}", False, True)
    for address in correction.added[:_MOST]:
        # A variable or local value that a changed argument names is a part of that change: its being there proves nothing.
        if not (correction.changes and SOFT.search(address)):
            yield Check(f"{code(address)} is declared", False, True)


def _sentence(check: Check) -> Check:
    return replace(check, check=check.check[:1].upper() + check.check[1:])
