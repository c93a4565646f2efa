"""What PROMPT forbids and a rule finds as well is one issue."""

from __future__ import annotations

import pytest

from tests.review.test_correction import issues

OPEN_GROUP = """
resource "aws_security_group" "web" {
  name = "web"
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
KEPT_DATABASE = """
resource "aws_db_instance" "d" {
  identifier                  = "d"
  engine                      = "mysql"
  instance_class              = "db.t3.micro"
  allocated_storage           = 20
  username                    = "root_user"
  manage_master_user_password = true
  skip_final_snapshot         = false
}
"""
OPEN, KEPT = "forbidden-construct:open-egress", "forbidden-construct:final-snapshot"


@pytest.mark.parametrize(
    ("prompt", "code", "rules_", "stage"),
    [
        ("Use restrictive security groups.", OPEN_GROUP, {"RG411"}, "runtime"),
        ("Security groups must not be open to 0.0.0.0/0.", OPEN_GROUP, {OPEN}, "runtime"),
        ("Security groups must not be open to 0.0.0.0/0.", OPEN_GROUP + OPEN_GROUP.replace("web", "app"), {OPEN}, "runtime"),
        ("Say how to tear down the stack.", KEPT_DATABASE, {"RG217"}, None),
        ("All resources must be destroyable, so that tear down works.", KEPT_DATABASE, {KEPT}, None),  # no step before `destroy` meets it
    ],
)
def test_what_prompt_forbids_is_told_once(prompt: str, code: str, rules_: set[str], stage: str | None) -> None:
    found = {i.rule: i.stage for i in issues(code, code, prompt) if i.rule in {"RG411", "RG217", OPEN, KEPT}}
    assert found == dict.fromkeys(rules_, stage)


def test_what_is_recommended_reads_well_of_one_and_of_several() -> None:
    prompt = "Security groups must not be open to 0.0.0.0/0."
    for code, named in (
        (OPEN_GROUP, "`aws_security_group.web`"),
        (OPEN_GROUP + OPEN_GROUP.replace("web", "app"), "`aws_security_group.web` and `aws_security_group.app`"),
    ):
        (found,) = [i for i in issues(code, code, prompt) if i.rule == OPEN]
        assert found.recommendation is not None
        assert found.recommendation.text == f"Bring {named} in line with what PROMPT asks."
