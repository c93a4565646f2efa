"""What an issue that IDEAL does not repair advises."""

from __future__ import annotations

from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.review import Recommendation

from ..draft import Draft

_MOST = 4


def advice(draft: Draft, lead: Finding) -> Recommendation | None:
    """Return the advice of the first finding; where Terraform refuses several names, what to write for each of them."""
    return _for_version(_together(draft, lead), lead.version)


def _together(draft: Draft, lead: Finding) -> Recommendation | None:
    if not tf.is_unsupported(lead.rule):
        return lead.recommendation
    told = (lead, *(d.finding for d in draft.told if tf.is_unsupported(d.finding.rule)))
    texts = list(dict.fromkeys(f.recommendation.text for f in told if f.recommendation is not None))
    return Recommendation(" ".join(texts[:_MOST])) if texts else None


def _for_version(said: Recommendation | None, version: int) -> Recommendation | None:
    """Return advice with the version of the provider that it is for, where the tree holds an older one."""
    if said is None or not version:
        return said
    return replace(said, text=f"For version {version} of the provider: {said.text[:1].lower()}{said.text[1:]}")
