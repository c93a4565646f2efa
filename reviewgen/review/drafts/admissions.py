"""MODEL's own remarks about what is missing, given to the issues that they speak of."""

from __future__ import annotations

from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.review import Status
from reviewgen.terraform import arguments

from ..defects.remarks import RULE, only_left_out
from ..draft import Draft
from ..inputs import Inputs


def given(inputs: Inputs, found: list[Draft]) -> list[Draft]:
    """Return the drafts with remarks as their quotations; a remark that no other draft is about stays an issue of its own.

    Not one that IDEAL only leaves out, nor one at what Terraform refuses: that is wrong whatever MODEL left to the reader there.
    """
    result = list(found)
    for position, draft in enumerate(found):
        if draft.lead is None or draft.lead.rule != RULE:
            continue
        kept = []
        for defect in draft.defects:
            hosts = [n for n, d in enumerate(result) if _speaks_of(defect.finding, d) or _stands_at(inputs, defect.finding, d)]
            for host in (n for n in hosts if not _is_of_the_language(result[n])):
                result[host] = replace(result[host], quotes=result[host].quotes + defect.finding.quotes)
            if not hosts and not (draft.status is Status.FIXED and only_left_out(defect.finding, inputs)):
                kept.append(defect)
        result[position] = replace(draft, defects=tuple(kept))
    return [d for d in result if d.defects or d.need]


def _is_of_the_language(draft: Draft) -> bool:
    """Whether Terraform refuses how something is written: only of a file that is not there may a remark say that it is to come."""
    return draft.lead is not None and tf.is_rule(draft.lead.rule) and draft.lead.rule != tf.MISSING_FILE


def _speaks_of(admission: Finding, draft: Draft) -> bool:
    """Whether a remark speaks of a need: its words name the capability, or it stands where IDEAL put the answer."""
    need = draft.need
    if need is None or draft.defects or need.status is Status.INTRODUCED:
        return False
    words = " ".join(q.text.lower() for q in admission.quotes)
    return need.capability.mentioned(words) or any(
        q.file == p.file and _shares_word(words, need.capability.title.lower()) for q in admission.quotes for p in draft.correction.passages
    )


def _shares_word(words: str, title: str) -> bool:
    return any(len(word) > 3 and word in words for word in title.split())


def _stands_at(inputs: Inputs, admission: Finding, draft: Draft) -> bool:
    """Whether a remark stands at the very argument of MODEL that a rule finds wrong."""
    if draft.lead is None or draft.lead.rule == RULE or draft.status is Status.INTRODUCED:
        return False
    declaration = inputs.model.get(admission.address) if admission.address else None
    named = {path for address, path in draft.places if address == admission.address and path}
    if declaration is None or not named:
        return False
    return any(
        path in named and quote.file == (attribute.file or block.file) and attribute.line - 1 <= quote.end_line <= attribute.end_line
        for path, block, attribute in arguments(declaration.block)
        for quote in admission.quotes
    )
