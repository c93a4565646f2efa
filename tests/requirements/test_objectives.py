"""RTO and RPO as PROMPTs write them."""

from __future__ import annotations

import pytest

from reviewgen.requirements import objectives


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("Meet an RTO of 15 minutes and an RPO of 5 minutes.", ["RTO 15 minutes", "RPO 5 minutes"]),
        (
            "Come back within fifteen minutes (RTO) and lose at most 60 seconds of data (RPO).",
            ["RTO at most 15 minutes", "RPO at most 60 seconds"],
        ),
        ("- **RTO (Recovery Time Objective)** < 1 hour", ["RTO under 1 hour"]),
        ("A recovery point objective (RPO) of 1 minute or less is needed.", ["RPO at most 1 minute"]),
        ("Replicate across regions with a 1-hour recovery point objective.", ["RPO 1 hour"]),
        ("RTO cannot exceed 5 minutes; checks run every 30 seconds.", ["RTO at most 5 minutes"]),
        # A word that makes a figure a limit is a part of what is asked.
        ("It must support an RTO under 2 minutes.", ["RTO under 2 minutes"]),
        ("RTO: less than 4 hours, RPO: <= 10 minutes", ["RTO less than 4 hours", "RPO at most 10 minutes"]),
        ("Replicate with <1 minute RPO.", ["RPO under 1 minute"]),
        # What each tier has is no bound of the stack, and a figure of something else is none at all.
        ("Gold: RTO of 5 minutes.\nSilver: RTO of 4 hours.", []),
        ("Describe the RTO and RPO goals. Health checks run every 30 seconds.", []),
    ],
)
def test_bounds_are_read_in_every_form(prompt: str, told: list[str]) -> None:
    assert [f"{bound.name} {bound.words}" for bound in objectives(prompt)] == told
