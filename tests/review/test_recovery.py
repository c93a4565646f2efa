"""Issues about what takes part in a recovery tell the bounds that PROMPT sets."""

from __future__ import annotations

import pytest

from tests.review.test_correction import issues

DATABASE = """
resource "aws_rds_cluster" "{name}" {{
  engine              = "aurora-postgresql"
  engine_version      = "{version}"
  master_username     = "app"
  manage_master_user_password = true
  storage_encrypted   = true
}}
"""


@pytest.mark.parametrize(("name", "told"), [("standby", ["Recovery"]), ("orders", []), ("standby_log", [])])
def test_what_stands_by_is_held_against_the_bounds(name: str, told: list[str]) -> None:
    prompt = "# Task\n\nAn Aurora stack with an RTO of 15 minutes.\n"
    old, new = (DATABASE.format(name=name, version=version) for version in ("15.4", "16.6"))
    found = next(i for i in issues(old, new, prompt=prompt) if i.rule == "RG203")
    assert [i.aspect for i in found.impact if i.aspect == "Recovery"] == told
    assert not told or any("an RTO of 15 minutes (line 3)" in i.text for i in found.impact)
