"""What the records of a sample mean for its review. ``weigh`` is the only way in.

``validation`` puts Terraform's own verdict in the place of ours, ``deployed`` makes findings of errors, ``scans`` of what other tools found, and
``steps`` says for each step what happened.
"""

from __future__ import annotations

from dataclasses import replace

from reviewgen.evidence import digest
from reviewgen.model.evidence import Evidence
from reviewgen.model.weighed import Weighed

from . import deployed, scans, steps, validation
from .sides import SIDES, Sides

__all__ = ["Sides", "weigh"]


def weigh(evidence: Evidence, sides: Sides) -> Weighed:
    """Return what records say about two trees.

    Args:
        evidence: The records.
        sides: The trees, and what is known of them without records.
    """
    current, stale = _of_these_trees(evidence, sides)
    validations = tuple(validation.of(current, side, graph, own) for side, graph, own in sides.verdicts())
    found, doubtful = deployed.findings(current, sides, validations)
    more, unclear = scans.findings(current, sides)
    return Weighed(
        (validations[0], validations[1]),
        ((*found[0], *more[0]), (*found[1], *more[1])),
        steps.results(current, (validations[0], validations[1])),
        steps.how_far(current),
        (*evidence.notes, *stale, *doubtful, *unclear, *steps.notes(current)),
    )


def _of_these_trees(evidence: Evidence, sides: Sides) -> tuple[Evidence, tuple[str, ...]]:
    """Return the records of the files as they are now, and a note for each tree of which only older ones are there."""
    digests = {side: digest.of_files(tree.files.values()) for side, tree in zip(SIDES, sides.delivered, strict=True)}
    old = {run.side: run.source for run in evidence.runs if run.tree and run.tree != digests[run.side]}
    notes = tuple(
        f"`{source}` is about other files of {side.upper()} than these; it is left out. `reviewgen verify` makes a new one."
        for side, source in sorted(old.items())
    )
    return replace(evidence, runs=tuple(run for run in evidence.runs if not run.tree or run.tree == digests[run.side])), notes
