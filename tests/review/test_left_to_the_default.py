"""A network ACL of MODEL that is too open, where IDEAL's subnets have none: the default one of their VPC is as open."""

from __future__ import annotations

import pytest

from tests.review.test_correction import issues

VPC = 'resource "aws_vpc" "harbour" {\n  cidr_block = "10.2.0.0/16"\n}\n'
SUBNET = 'resource "aws_subnet" "{}" {{\n  vpc_id     = aws_vpc.harbour.id\n  cidr_block = "10.2.1.0/24"\n}}\n'
RULE = '  {} {{\n    protocol   = "{}"\n    rule_no    = 100\n    action     = "allow"\n    cidr_block = "{}"\n    from_port  = {}\n    to_port    = {}\n  }}\n'
OPEN = RULE.format("ingress", "-1", "0.0.0.0/0", 0, 0) + RULE.format("egress", "-1", "0.0.0.0/0", 0, 0)
NARROW = RULE.format("ingress", "tcp", "10.2.0.0/16", 443, 443) + RULE.format("egress", "tcp", "10.2.0.0/16", 1024, 65535)
PROMPT = "Protect the subnets with a network ACL."


def _acl(subnets: str, rules: str) -> str:
    return f'resource "aws_network_acl" "piers" {{\n  vpc_id = aws_vpc.harbour.id\n{subnets}{rules}}}\n'


BEFORE = "  subnet_ids = [aws_subnet.{}.id]\n"
MODEL = VPC + SUBNET.format("quay") + _acl(BEFORE.format("quay"), OPEN)
ADOPTED = 'resource "aws_default_network_acl" "d" {\n  default_network_acl_id = aws_vpc.harbour.default_network_acl_id\n}\n'


@pytest.mark.parametrize(
    ("ideal", "status", "said"),
    [
        (
            VPC + SUBNET.format("quay") + _acl("", NARROW),
            "left",
            "In IDEAL `aws_network_acl.piers` does not stand before `aws_subnet.quay`",
        ),
        (
            VPC + SUBNET.format("quay"),
            "left",
            "IDEAL does not declare `aws_network_acl.piers`: `aws_subnet.quay` has the default network ACL",
        ),
        (
            VPC + SUBNET.format("dock") + _acl("", NARROW),
            "left",
            "In IDEAL `aws_network_acl.piers` does not stand before `aws_subnet.dock`",
        ),
        (VPC + SUBNET.format("quay") + _acl(BEFORE.format("quay"), NARROW), "fixed", ""),
        (VPC + SUBNET.format("quay") + _acl("", NARROW) + ADOPTED, "fixed", ""),
    ],
    ids=["without-subnets", "without-acl", "other-subnets", "narrower", "adopted"],
)
def test_what_the_default_acl_admits_as_well_is_left(ideal: str, status: str, said: str) -> None:
    found = [i for i in issues(MODEL, ideal, PROMPT) if i.rule == "RG455"]
    assert [i.status for i in found] == [status]
    assert said in found[0].problem
    assert ("default network ACL" in found[0].problem) is (status == "left")
    assert [(c.model, c.ideal) for c in found[0].verification][:1] == [(False, status == "fixed")]
