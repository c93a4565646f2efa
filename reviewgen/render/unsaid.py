"""Words for defects of MODEL that an IDEAL of parts does not settle."""

from __future__ import annotations

from reviewgen.model import Issue
from reviewgen.model.addresses import declaration
from reviewgen.model.sight import Sight

from .hygiene import code


def out_of_sight(issue: Issue, sight: Sight) -> str:
    """Return in words why nobody knows what became of a defect of MODEL."""
    if sight.dissolves(issue):
        return "shows no code for it, and speaks of doing without modules"
    if sight.partial:
        # Its text may show a line of what it has there: only of blocks is it certain.
        own = "calls modules of its own whose code" if sight.diff.hides else "refers to resources of its own that"
        return f"shows no Terraform block that settles it, and {own} it does not show"
    if sight.cannot_keep(issue):
        return "does not show the whole of the file in which MODEL breaks off"
    described = sight.describes(issue.where)
    if sight.shows_some(issue):
        return f"shows only a part of what it is about, and {'tells of a file with the rest' if described else 'speaks of the rest'} in words only"
    return f"shows no code for it, and {'tells of its file' if described else 'speaks of it'} in words only"


def not_known(issue: Issue, sight: Sight) -> str:
    """Return the sentence in the place of a correction where nobody knows what became of a defect."""
    if sight.shows_some(issue):
        return "What IDEAL shows of it does not settle it."
    return "No Terraform block that IDEAL shows settles it."


def left(issue: Issue, sight: Sight, *, sentence: bool = False) -> str:
    """Return why a defect of MODEL is read as left: within a sentence, or as one.

    A block that IDEAL shows without the argument is seen by whoever reads IDEAL: only how it is read makes the defect one of IDEAL's.
    """
    short = sight.shown_without(issue)
    if short:
        text = f"IDEAL shows {code(short)} without {code(declaration(issue.where[0])[1])}, and what it leaves out is read as unchanged"
    else:
        text = f"{'No' if sentence else 'no'} block that IDEAL shows changes it"
    return f"{text}." if sentence else text
