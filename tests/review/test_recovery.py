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


CHECK = """
resource "aws_route53_health_check" "shop" {{
  fqdn = "shop.example.org"
  port = 443
  type = "HTTPS"
  {argument} = 30
}}
resource "aws_route53_record" "shop" {{
  zone_id         = "Z0123456789ABC"
  name            = "shop.example.org"
  type            = "A"
  ttl             = 60
  records         = ["192.0.2.10"]
  {named}
}}
"""


@pytest.mark.parametrize(("named", "told"), [("health_check_id = aws_route53_health_check.shop.id", ["Recovery"]), ("", [])])
def test_a_health_check_that_no_record_names_takes_no_part(named: str, told: list[str]) -> None:
    prompt = "# Task\n\nA shop with an RTO of 15 minutes.\n"
    old, new = (CHECK.format(argument=argument, named=named) for argument in ("interval", "request_interval"))
    found = next(i for i in issues(old, new, prompt=prompt) if i.rule == "tf:unsupported-argument")
    assert [i.aspect for i in found.impact if i.aspect == "Recovery"] == told
