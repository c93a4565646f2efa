"""What becomes of a rule's finding: which tree has it, whether it is told at all, and which of IDEAL's code repairs it."""

from __future__ import annotations

import pytest

from tests.review.test_correction import issues, reviewed

GROUP = """
resource "aws_security_group" "{name}" {{
  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
"""


CERTIFICATE = """
resource "aws_acm_certificate" "{name}" {{
  domain_name       = "{domain}"
  validation_method = "DNS"
  {more}
}}
resource "aws_lb_listener" "https" {{
  port            = 443
  protocol        = "HTTPS"
  certificate_arn = aws_acm_certificate.{name}.arn
}}
"""


def test_a_replaced_block_with_the_same_defect_is_left() -> None:
    model = CERTIFICATE.format(name="shop", domain="shop.internal", more="")
    ideal = CERTIFICATE.format(name="edge", domain="www.other.internal", more='key_algorithm = "EC_prime256v1"\n  tags = { Tier = "edge" }')
    found = [i for i in issues(model, ideal) if i.rule == "RG477"]
    assert [(i.status, i.where[0]) for i in found] == [("left", "aws_acm_certificate.edge")]


def test_a_second_block_with_the_same_defect_is_introduced() -> None:
    one = CERTIFICATE.format(name="shop", domain="shop.internal", more="")
    two = one + CERTIFICATE.replace('"https"', '"admin"').format(name="admin", domain="admin.internal", more="")
    found = {i.status: i.where[0] for i in issues(one, two) if i.rule == "RG477"}
    assert found == {"left": "aws_acm_certificate.shop", "introduced": "aws_acm_certificate.admin"}


ROLE = """
resource "aws_sqs_queue" "dead" {{ name = "dead" }}
resource "aws_iam_role" "r" {{
  name               = "{name}"
  assume_role_policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}] }})
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = aws_iam_role.r.arn
  dead_letter_config {{
    target_arn = aws_sqs_queue.dead.arn
  }}
}}
"""


GRANT = """
resource "aws_iam_role_policy" "send" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.dead.arn }] })
}
"""


def test_a_missing_companion_is_the_correction_and_not_a_new_name() -> None:
    found = issues(ROLE.format(name="worker"), ROLE.format(name="worker-dev") + GRANT)
    issue = next(i for i in found if i.rule == "RG333")
    assert issue.status == "fixed"
    assert [p.code for p in issue.solution] == [GRANT.strip("\n")]


PAIR_OF_CERTIFICATES = "".join(
    CERTIFICATE.replace('"https"', f'"{name}"').format(name=name, domain=f"{name}.internal", more="") for name in ("east", "west")
)


def test_several_blocks_that_stand_where_one_was_carry_on_its_defect() -> None:
    found = [i for i in issues(CERTIFICATE.format(name="shop", domain="shop.internal", more=""), PAIR_OF_CERTIFICATES) if i.rule == "RG477"]
    assert [i.status for i in found] == ["left"]
    assert found[0].problem.startswith("In IDEAL: ")
    assert "In MODEL `aws_acm_certificate.shop` has the same defect." in found[0].problem
    assert all("`aws_acm_certificate.shop`" in c.check and (c.model, c.ideal) == (False, False) for c in found[0].verification)


BOARD = """
resource "aws_cloudfront_distribution" "{name}" {{
  enabled = true
}}
resource "aws_cloudwatch_dashboard" "{name}" {{
  dashboard_name = "board-{name}"
  dashboard_body = jsonencode({{ widgets = [{{ type = "metric", properties = {{ metrics = [{metric}], period = {period} }} }}] }})
}}
"""
BARE = '["AWS/CloudFront", "Requests"]'
HALF = '["AWS/CloudFront", "Requests", "DistributionId", aws_cloudfront_distribution.{name}.id]'


def _of_boards(old: str, new: str) -> str:
    model, ideal = (
        BOARD.format(name=name, metric=metric.format(name=name), period=period)
        for name, metric, period in (("old", old, 60), ("fresh", new, 300))
    )
    (found,) = [i for i in issues(model, ideal) if i.rule == "RG822"]
    assert found.status == "left"
    return found.problem


def test_another_block_has_the_same_defect_where_the_same_is_said_of_it() -> None:
    assert _of_boards(HALF, HALF).endswith("In MODEL `aws_cloudwatch_dashboard.old` has the same defect.")
    told = _of_boards(HALF, BARE)
    assert "same defect" not in told
    assert told.startswith("In MODEL: `aws_cloudwatch_dashboard.old` shows `AWS/CloudFront Requests` without a dimension")
    assert told.index("`Region`") < told.index("In IDEAL: `aws_cloudwatch_dashboard.fresh`") < told.index("`DistributionId`")


KEY = 'resource "aws_kms_key" "k" {\n  description = "logs"\n}\n'


LOG_GROUP = 'resource "aws_cloudwatch_log_group" "g" {\n  name       = "g"\n  kms_key_id = aws_kms_key.k.arn\n}\n'


@pytest.mark.parametrize(
    ("model", "ideal", "said"),
    [
        (KEY, KEY + LOG_GROUP, "`aws_cloudwatch_log_group.g` is not declared, or no log group is"),
        (KEY + LOG_GROUP, KEY, "`aws_cloudwatch_log_group.g` is no longer declared, or no log group is"),
        (
            KEY + LOG_GROUP.replace("kms_key_id = aws_kms_key.k.arn", ""),
            KEY + LOG_GROUP,
            "`aws_cloudwatch_log_group.g` does not set `kms_key_id`, or",
        ),
    ],
)
def test_a_tree_without_what_takes_part_does_not_get_a_tick_for_the_rest(model: str, ideal: str, said: str) -> None:
    (issue,) = [i for i in issues(model, ideal) if i.rule == "RG101"]
    assert issue.verification[0].check.startswith(said)


def test_a_message_of_terraform_keeps_its_stage() -> None:
    function = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = "r"\n  filename = "f.zip"\n{}}\n'
    code = function.replace("{}", '  source_code_hash = filebase64sha256("f.zip")\n')
    (issue,) = [i for i in issues(code, code) if "f.zip" in i.problem]
    assert "no such file" in issue.message and issue.stage == "validate"


def test_what_a_fragment_leaves_out_is_not_repaired() -> None:
    queues = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}"\n}}\n' for n in range(8))
    looked_up = "".join(f'data "aws_sqs_queue" "d{n}" {{\n  name = "d{n}"\n}}\n' for n in range(8))
    certificate = CERTIFICATE.format(name="c", domain="shop.internal", more="")
    review = reviewed(queues + certificate, queues[:50] + looked_up, "# Task\n\n1. Create a listener for HTTPS.\n2. Create SQS queues.\n")
    found = {i.rule: i for i in review.issues}
    assert found["RG053"].title == "IDEAL leaves out most of the stack"
    assert not any(rule.startswith("need:") for rule in found)  # what went with the rest is the same issue
    issue = found["RG477"]
    assert issue.status == "left" and issue.solution == ()
    assert [(c.model, c.ideal) for c in issue.verification] == [(False, False)]
    assert issue.verification[0].check.startswith("`aws_acm_certificate.c` is declared, and ")


ALIASED = 'resource "aws_sqs_queue" "q" {\n  provider = aws.west\n  name = "q"\n}\n'


LOGGING = """
resource "aws_s3_bucket" "data" {
  bucket = "data"
}
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}
resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.data.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "s3/"
}
"""


TRAIL_POLICY = """
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "${aws_s3_bucket.logs.arn}/*"
    }]
  })
}
"""


def test_a_connection_that_fails_at_another_place_is_left() -> None:
    found = [i for i in issues(LOGGING, LOGGING + TRAIL_POLICY) if i.rule == "RG723"]
    assert [i.status for i in found] == ["left"]


CUT = """
resource "aws_sns_topic" "t" {
  name = "t"
}
resource "aws_cloudwatch_metric_alarm" "cpu" {
  alarm_name          = "cpu"
  comparison_operator = "GreaterThanThreshold"
"""


def test_what_is_behind_the_end_of_a_block_is_not_missed() -> None:
    rest = "  evaluation_periods = 1\n  alarm_actions = [aws_sns_topic.t.arn]\n}\n"
    assert [i.rule for i in issues(CUT, CUT + rest) if i.status == "fixed"] == ["tf:syntax"]


def test_what_cannot_be_parsed_has_no_further_errors() -> None:
    broken = 'resource "aws_sqs_queue" "q" {\n  name   = "q"\n  policy = jsonencode({ a = 1 b = 2 })\n  kind   = aws_sqs_queue\n}\n'
    assert [i.rule for i in issues(broken, "locals {}\n") if i.rule.startswith("tf:")] == ["tf:syntax"]


DISTRIBUTION = """
resource "aws_wafv2_web_acl" "a" {
  name  = "a"
  scope = "REGIONAL"
}
resource "aws_cloudfront_distribution" "d" {
  web_acl_id = aws_wafv2_web_acl.a.arn
}
"""


def test_no_message_of_waf_is_expected_of_cloudfront() -> None:
    (issue,) = [i for i in issues(DISTRIBUTION, DISTRIBUTION) if i.rule == "RG485"]
    assert issue.message == ""


@pytest.mark.parametrize(("more", "said"), [("", True), ('resource "aws_sqs_queue" "q" {}\n', False)])
def test_two_stacks_without_a_common_type_are_called_so(more: str, said: bool) -> None:
    kinds = (
        ("aws_sqs_queue", "aws_sns_topic", "aws_vpc", "aws_subnet", "aws_eip"),
        ("aws_s3_bucket", "aws_kms_key", "aws_lb", "aws_eks_cluster"),
    )
    model, ideal = ("".join(f'resource "{kind}" "x" {{}}\n' for kind in side) for side in kinds)
    notes = reviewed(model, ideal + 'resource "aws_ecr_repository" "x" {}\n' + more).sample.notes
    assert any("another stack" in note for note in notes) is said


@pytest.mark.parametrize("prompt", ["A queue. I already have a provider.tf file.", "A queue."])
def test_such_errors_do_not_make_ideal_invalid(prompt: str) -> None:
    address = 'resource "aws_eip" "e" {\n  vpc = true\n}\n'
    review = reviewed(address, address.replace("vpc = true", 'domain = "vpc"') + ALIASED, f"# Task\n\n{prompt}\n")
    provided = prompt != "A queue."
    assert (review.assessment[-1] == "No blocker is known in IDEAL; whether it deploys was not tried.") is provided


BROKEN = 'resource "aws_cloudtrail" "t" {\n  s3_bucket_name = "b"\n  event_selector { read_write_type = "All", include_management_events = true }\n}\n'


WHOLE = BROKEN.replace("{ read", "{\n read").replace('"All", ', '"All"\n').replace("true }", "true\n}")


def test_what_cannot_be_parsed_is_neither_repaired_nor_compared() -> None:
    assert any(i.rule == "RG706" for i in issues(WHOLE, WHOLE.replace('"b"', '"c"'), prompt="CloudTrail with log file validation"))
    found = {i.rule: i for i in issues(WHOLE, BROKEN, prompt="CloudTrail with log file validation")}
    assert "RG706" not in found
    assert found["tf:syntax"].status == "introduced"
    assert found["tf:syntax"].values == ()
    assert found["tf:syntax"].where == ("aws_cloudtrail.t", "aws_cloudtrail.t.event_selector")


def test_a_rule_that_moves_out_of_its_group_is_as_open_as_before() -> None:
    inline = GROUP.format(name="g")
    rule = 'resource "aws_security_group" "g" {}\nresource "aws_security_group_rule" "out" {\n  type = "egress"\n  from_port = 0\n  to_port = 0\n'
    rule += '  protocol = "-1"\n  cidr_blocks = ["0.0.0.0/0"]\n  security_group_id = aws_security_group.g.id\n}\n'
    found = [i for i in issues(inline, rule, prompt="Security groups must follow least privilege.") if i.rule == "RG411"]
    assert [i.status for i in found] == ["left"]


SERVER = 'resource "aws_instance" "a" {\n  ami                    = "ami-1"\n  vpc_security_group_ids = [aws_security_group.web.id]\n}\n'


def test_what_is_left_out_and_still_referred_to_is_not_repaired() -> None:
    asked = "# Task\n\nSecurity groups must follow least privilege.\n"
    (issue,) = [i for i in issues(GROUP.format(name="web") + SERVER, SERVER, asked) if i.rule == "RG411"]
    assert (issue.status, issue.fix_class, issue.verification[0].check[:42]) == ("left", None, "`aws_security_group.web` is declared, and ")
    alone = SERVER.split("  vpc")[0] + "}\n"
    assert [i.status for i in issues(GROUP.format(name="web") + SERVER, alone, asked) if i.rule == "RG411"] == ["fixed"]


def test_what_is_gone_and_missed_is_counted() -> None:
    (issue,) = [i for i in issues(GROUP.format(name="web") + SERVER, SERVER) if i.rule == "tf:undeclared-resource"]
    assert (issue.status, issue.corrected, issue.lines_removed) == ("introduced", ("aws_security_group.web",), 8)


FUNCTION = """
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = aws_iam_role.f.arn
  {more}
}}
"""


ROLE_OF_A_FUNCTION = """
resource "aws_sqs_queue" "lost" {
  name = "lost"
}
resource "aws_iam_role" "f" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
"""


def test_what_is_taken_out_needs_nothing_of_what_is_left_out() -> None:
    target = "dead_letter_config {\n    target_arn = aws_sqs_queue.lost.arn\n  }"
    model = ROLE_OF_A_FUNCTION + FUNCTION.format(more=target)
    found = {more: [i.status for i in issues(model, FUNCTION.format(more=more)) if i.rule == "RG333"] for more in ("", target)}
    assert found[target] == ["left"] and "left" not in found[""]


@pytest.mark.parametrize(("other", "status"), [("", "left"), ('resource "aws_acm_certificate_validation" "v" {}\n', "fixed")])
def test_a_reference_to_what_nobody_declares_repairs_nothing(other: str, status: str) -> None:
    listener = 'resource "aws_lb_listener" "l" {{\n  load_balancer_arn = "a"\n  protocol = "HTTPS"\n  certificate_arn = {}.arn\n}}\n'
    pending = 'resource "aws_acm_certificate" "c" {\n  domain_name = "shop.io"\n  validation_method = "DNS"\n}\n'
    ideal = listener.format("aws_acm_certificate_validation.v" if other else "aws_acm_certificate.d") + other
    (issue,) = [i for i in issues(pending + listener.format("aws_acm_certificate.c"), ideal) if i.rule == "RG477"]
    assert issue.status == status


NATS = """
resource "aws_subnet" "s" { count = 2 }
resource "aws_nat_gateway" "n" { count = %s }
resource "aws_route_table" "r" {
  count = 2
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.n[%s].id
  }
}
resource "aws_route_table_association" "a" {
  count          = 2
  subnet_id      = aws_subnet.s[count.index].id
  route_table_id = aws_route_table.r[count.index].id
}
"""


def test_fewer_gateways_and_what_they_cost_are_one_issue() -> None:
    found = issues(NATS % (2, "count.index"), NATS % (1, "0"), prompt="# Task\n\nA highly available network.\n")
    assert [i.rule for i in found if "NAT gateway" in i.title] == ["RG430"]


ENDPOINT = """
resource "aws_vpc_endpoint" "{name}" {{
  {count}
  vpc_endpoint_type  = "Interface"
  security_group_ids = [aws_security_group.web.id]
}}
"""


def test_what_ideal_alone_does_not_create_is_said_where_the_trees_say_different_things() -> None:
    group = GROUP.format(name="web")
    asked = "".join(ENDPOINT.format(name=name, count="count = var.private ? 1 : 0") for name in ("sqs", "sns"))
    ideal = group + 'variable "private" {\n  default = false\n}\n' + asked
    (found,) = (i for i in issues(group + ENDPOINT.format(name="sqs", count=""), ideal) if i.rule == "RG446")
    assert found.status == "left"
    assert found.problem == (
        "In MODEL: `aws_vpc_endpoint.sqs` is reached over HTTPS, but `aws_security_group.web` admits no traffic on port 443. "
        "In IDEAL: `aws_vpc_endpoint.sqs` and `aws_vpc_endpoint.sns` are reached over HTTPS, but `aws_security_group.web` admits no traffic on "
        "port 443. With the default values of the variables `aws_vpc_endpoint.sqs` and `aws_vpc_endpoint.sns` are not created."
    )


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("Use Base64 encoding for all user data scripts.", False),
        ("- Use base64encode for the user_data", False),
        ("Install the agent in the user data of the instance.", True),
    ],
)
def test_user_data_that_prompt_wants_encoded_is_no_defect(prompt: str, told: bool) -> None:
    code = 'resource "aws_instance" "web" {\n  ami       = "ami-0123456789abcdef0"\n  user_data = base64encode("#!/bin/sh")\n}\n'
    assert any(i.rule == "RG507" for i in issues(code, code, prompt)) is told
