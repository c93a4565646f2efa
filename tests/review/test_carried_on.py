"""Defects that look repaired or new in one of two trees and are neither, and what is said of one that both have."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from tests.build import document
from tests.review.test_correction import issues, reviewed

SNAPSHOTS = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "rds:DeleteDBSnapshot", Resource = "*" }] })'


@pytest.mark.parametrize(("name", "told"), [("snapshot_backup", ["left"]), ("logs", ["fixed", "introduced"])])
def test_a_policy_in_another_form_carries_on_its_defect(name: str, told: list[str]) -> None:
    role = 'resource "aws_iam_role" "r" {\n  assume_role_policy = "{}"\n}\n'
    managed = f'resource "aws_iam_policy" "backup" {{\n  policy = {SNAPSHOTS}\n}}\n'
    managed += (
        'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.r.name\n  policy_arn = aws_iam_policy.backup.arn\n}\n'
    )
    inline = f'resource "aws_iam_role_policy" "{name}" {{\n  role   = aws_iam_role.r.id\n  policy = {SNAPSHOTS}\n}}\n'
    found = [i for i in issues(role + managed, role + inline, prompt="Roles with least privilege.") if i.rule == "RG133"]
    assert sorted(i.status for i in found) == told


def test_the_block_of_the_same_name_carries_on_the_defect() -> None:
    roles = "".join(f'resource "aws_iam_role" "{r}" {{\n  assume_role_policy = "{{}}"\n}}\n' for r in ("a", "b"))
    policy = (
        'resource "{}" "{}" {{\n  role   = aws_iam_role.{}.id\n  policy = ' + SNAPSHOTS.replace("{", "{{").replace("}", "}}") + "\n}}\n"
    )
    model = policy.format("aws_iam_policy", "lambda_rds_backup", "a") + policy.format("aws_iam_role_policy", "flow_log_policy", "b")
    ideal = policy.format("aws_iam_role_policy", "lambda_backup", "a") + policy.format("aws_iam_role_policy", "flow_log", "b")
    found = [i for i in issues(roles + model, roles + ideal, prompt="Roles with least privilege.") if i.rule == "RG133"]
    assert [i.status for i in found] == ["left"]


def allowing(name: str, action: str) -> str:
    """Return a role's policy that allows something on all resources."""
    policy = f'jsonencode({{ Statement = [{{ Effect = "Allow", Action = "{action}", Resource = "*" }}] }})'
    return f'resource "aws_iam_role_policy" "{name}" {{\n  role   = aws_iam_role.r.id\n  policy = {policy}\n}}\n'


@pytest.mark.parametrize(("action", "told"), [("sns:Publish", ["left"]), ("rds:DeleteDBSnapshot", ["fixed", "introduced"])])
def test_a_policy_of_another_name_carries_on_what_it_allows_of_the_same_services(action: str, told: list[str]) -> None:
    role = 'resource "aws_iam_role" "r" {\n  assume_role_policy = "{}"\n}\n'
    model, ideal = role + allowing("notices", "sns:Publish"), role + allowing("worker", action)
    found = [i for i in issues(model, ideal, prompt="Roles with least privilege.") if i.rule == "RG133"]
    assert sorted(i.status for i in found) == told


def test_of_two_findings_at_one_place_the_one_of_model_is_told() -> None:
    aliased = 'provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n'
    topics = [f'resource "aws_sns_topic" "t{n}" {{\n  name = "t{n}"\n}}\n' for n in range(3)]
    (issue,) = [i for i in issues(aliased + "".join(topics[:2]), aliased + "".join(topics)) if i.rule == "RG630"]
    assert issue.problem.startswith("In MODEL: ") and "`aws_sns_topic.t0` and `aws_sns_topic.t1` name none" in issue.problem
    (same,) = [i for i in issues(aliased + topics[0], aliased + topics[0]) if i.rule == "RG630"]
    assert "In MODEL" not in same.problem


def test_a_remark_is_quoted_from_the_file_of_model() -> None:
    text = 'variable "range" {\n  default = "203.0.113.0/24" # replace with your own range\n}\n'
    text += 'resource "aws_sqs_queue" "q" {\n  name = var.range\n}\n'
    model, ideal = document(variables_tf=text), document(main_tf=f"# All in one file\n\n{text}")
    found = pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config()).issues
    (issue,) = [i for i in found if i.rule == "RG901"]
    assert (issue.status, [(q.file, q.line) for q in issue.quotes]) == ("left", [("variables.tf", 2)])
    assert "`variables.tf` makes no remark" in issue.verification[0].check and "`main.tf` makes no remark" in issue.verification[0].check


@pytest.mark.parametrize(("prompt", "told"), [("One function from a placeholder zip.", []), ("One function.", ["left"])])
def test_a_placeholder_that_prompt_asks_for_leaves_nothing_undone(prompt: str, told: list[str]) -> None:
    text = '# The zip is a placeholder\nresource "aws_lambda_function" "f" {\n  filename = "f.zip"\n}\n'
    assert [i.status for i in issues(text, text, prompt=prompt) if i.rule == "RG901"] == told


@pytest.mark.parametrize(
    ("remark", "told"), [("Change to your actual mail address", ["left"]), ("TODO: confirm the subscription", ["introduced"])]
)
def test_a_remark_in_other_words_is_left(remark: str, told: list[str]) -> None:
    mail = 'resource "aws_sns_topic_subscription" "m" {{\n  endpoint = "a@shop.io" # {}\n}}\n'
    found = issues(mail.format("Change to your mail address"), mail.format(remark))
    assert sorted(i.status for i in found if i.rule == "RG901") == told


CLOSED = """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
resource "aws_instance" "web" {
  subnet_id     = aws_subnet.private.id
  instance_type = "t3.micro"
  ami           = "ami-0123456789abcdef0"
  user_data     = "#!/bin/bash\\nyum update -y\\n"
}
"""
TABLE = 'resource "aws_route_table" "private" {\n  vpc_id = aws_vpc.v.id\n}\n'


@pytest.mark.parametrize(
    ("model", "told"), [(CLOSED, []), (CLOSED + TABLE, ["left"]), (CLOSED.replace("_table.private.id", "_table.none.id"), ["introduced"])]
)
def test_what_is_missing_in_a_block_that_model_forgot_is_nothing_new(model: str, told: list[str]) -> None:
    assert [i.status for i in issues(model, CLOSED + TABLE) if i.rule == "RG421"] == told


@pytest.mark.parametrize("cut", [True, False])
def test_a_block_in_whose_middle_model_ends_may_have_the_defect_in_its_module(cut: bool) -> None:
    policy = f'resource "aws_iam_policy" "snapshots" {{\n  policy = {SNAPSHOTS}\n'
    call = 'module "iam" {\n  source = "./iam"\n}\n'
    model = document(
        main_tf=call, iam__main_tf=policy + "  tags = {" if cut else 'resource "aws_iam_role" "r" {\n  assume_role_policy = "{}"\n}\n'
    )
    pair = sample.of_documents(model, document(main_tf=f"{policy}}}\n"), sample.read_markdown("Least privilege.", "PROMPT.md"), "x")
    found = [i.status for i in pipeline.review_sample(pair, Config()).issues if i.rule == "RG133"]
    assert found == ([] if cut else ["introduced"])


ENDPOINT = """
variable "endpoints" {
  default = false
}
resource "aws_security_group" "e" {
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}
resource "aws_vpc_endpoint" "e" {
  {}vpc_endpoint_type  = "Interface"
  vpc_id             = "vpc-1"
  service_name       = "com.amazonaws.eu-west-1.sqs"
  security_group_ids = [aws_security_group.e.id]
}
"""


def test_what_one_tree_does_not_create_is_said_of_that_tree() -> None:
    created, sometimes = ENDPOINT.replace("{}", ""), ENDPOINT.replace("{}", "count = var.endpoints ? 1 : 0\n  ")
    for model, ideal, side in ((created, sometimes, "IDEAL"), (sometimes, created, "MODEL")):
        (found,) = [i for i in issues(model, ideal) if i.rule == "RG446"]
        assert (found.status, found.category) == ("left", "critical")
        assert found.problem.endswith(f"port 443. In {side}, with the default values of the variables `aws_vpc_endpoint.e` is not created.")
        # The tree that creates it has the consequences whatever the other one does.
        assert [impact.text for impact in found.impact if impact.text.startswith("With values")] == []


TOPIC = 'resource "aws_sns_topic" "alerts" {\n  name = "alerts"\n}\n'
ALARMS = "".join(
    f'resource "aws_cloudwatch_metric_alarm" "{n}" {{\n  alarm_name = "{n}"\n  namespace = "AWS/EC2"\n  metric_name = "CPUUtilization"\n%s}}\n'
    for n in ("a", "b", "c", "d", "e")
)
NAMED = ALARMS.replace("%s", "  alarm_actions = [aws_sns_topic.alerts.arn]\n")
BARE = ALARMS.replace("%s", "")
MAIL = 'resource "aws_sns_topic_subscription" "m" {\n  topic_arn = aws_sns_topic.alerts.arn\n  protocol = "email"\n  endpoint = "o@x.test"\n}\n'


@pytest.mark.parametrize(
    ("model", "ideal", "told"),
    [
        (TOPIC + NAMED, BARE, {("RG806", "left")}),
        (BARE, TOPIC + NAMED, {("RG357", "left")}),
        (TOPIC + NAMED, BARE.replace('_alarm" "', '_alarm" "new_'), {("RG806", "left")}),
        (TOPIC + NAMED, TOPIC + NAMED + MAIL, {("RG357", "fixed")}),
        (TOPIC + NAMED + MAIL, BARE, {("RG806", "introduced")}),
    ],
)
def test_alarms_that_tell_nobody_otherwise_are_not_repaired(model: str, ideal: str, told: set[tuple[str, str]]) -> None:
    found = [i for i in issues(model, ideal, prompt="Alarms notify the team.") if i.rule in ("RG806", "RG357")]
    assert {(i.rule, i.status) for i in found} == told
    for issue in found:
        assert (issue.problem.startswith("In MODEL: ") and " In IDEAL: " in issue.problem) is (issue.status == "left")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("nodejs14.x", "nodejs18.x", {("RG322", "fixed"), ("RG321", "left")}),
        ("nodejs18.x", "nodejs14.x", {("RG322", "introduced")}),
        ("nodejs22.x", "nodejs18.x", {("RG321", "introduced")}),
        ("nodejs14.x", "nodejs22.x", {("RG322", "fixed")}),
    ],
)
def test_a_runtime_that_is_given_up_like_the_one_before_is_not_new(old: str, new: str, told: set[tuple[str, str]]) -> None:
    code = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  runtime = "%s"\n}\n'
    found = [i for i in issues(code % old, code % new) if i.rule in ("RG321", "RG322")]
    assert {(i.rule, i.status) for i in found} == told
    for issue in found:
        assert (f"In MODEL: `aws_lambda_function.f` uses `{old}`" in issue.problem) is (issue.status == "left")


_METHOD = 'resource "aws_api_gateway_method" "m" {}\n'
_IDS = (
    _METHOD
    + """resource "aws_api_gateway_deployment" "d" {
  rest_api_id = "a"
  triggers    = { parts = aws_api_gateway_method.m.id }
}
"""
)
_NEVER = _METHOD + 'resource "aws_api_gateway_deployment" "d" { rest_api_id = "a" }\n'
_WHOLE = _IDS.replace("m.id", "m").replace("= aws_api", "= jsonencode(aws_api").replace(".m }", ".m) }")


@pytest.mark.parametrize(
    ("model", "ideal", "told"),
    [
        (_IDS, _NEVER, {("RG303", "introduced")}),
        (_IDS, _NEVER.replace('"d"', '"other"'), {("RG303", "introduced")}),
        (_NEVER, _IDS, {("RG303", "fixed")}),
        (_NEVER.replace('"d"', '"other"'), _IDS, {("RG303", "fixed")}),
        (_IDS, _WHOLE, {("RG313", "fixed")}),
        (_WHOLE, _IDS, {("RG313", "introduced")}),
    ],
)
def test_a_deployment_that_is_never_made_anew_repairs_nothing_of_one_that_seldom_is(
    model: str, ideal: str, told: set[tuple[str, str]]
) -> None:
    found = [i for i in issues(model, ideal) if i.rule in ("RG303", "RG313")]
    assert {(i.rule, i.status) for i in found} == told


def test_a_remark_in_hardly_other_words_is_left_and_one_about_something_else_is_not() -> None:
    code = '# {} - replace with the real company name\n\nvariable "{}" {{\n  default = "x"\n}}\n# {}\nresource "aws_sqs_queue" "q" {{\n  name = "q"\n}}\n'
    model = code.format("Company: TAP (a placeholder for now)", "company", "Update with your own domain")
    ideal = code.format("Company: tap (a placeholder for now!)", "firm", "TODO: encrypt the messages of this queue")
    found = [i for i in issues(model, ideal) if i.rule == "RG901"]
    assert {(i.status, i.quotes[0].line, len(i.quotes)) for i in found} == {("left", 1, 1), ("introduced", 6, 1)}


def test_a_remark_at_the_same_block_goes_before_one_that_is_alike_elsewhere() -> None:
    block = 'resource "aws_sns_topic_subscription" "s" {{\n  endpoint = "{}@example.com" # Change to your {}email\n}}\n'
    variable = 'variable "domain" {{\n  default = "example.com" # {}\n}}\n'
    model = variable.format("Change this to your actual domain") + block.format("ops", "")
    ideal = variable.format("").replace("example", "shop") + block.format("team", "actual ")
    found = {i.status: i.where[0] for i in issues(model, ideal) if i.rule == "RG901"}
    assert found == {"fixed": "var.domain", "left": "aws_sns_topic_subscription.s"}


def test_a_remark_that_stands_elsewhere_in_other_words_is_left() -> None:
    code = '# {} this to your own network in production\nvariable "{}" {{\n  default = "10.0.0.0/8"\n}}\n' + BARE.replace(
        "{", "{{"
    ).replace("}", "}}")
    found = [i for i in issues(code.format("Restrict", "office"), code.format("Change", "range")) if i.rule == "RG901"]
    assert [i.status for i in found] == ["left"]


@pytest.mark.parametrize(("model", "ideal", "told"), [(TOPIC + NAMED, BARE, 0), (BARE, TOPIC + NAMED, 0), (BARE, TOPIC + NAMED + MAIL, 1)])
def test_an_action_that_reaches_nobody_is_no_repair(model: str, ideal: str, told: int) -> None:
    found = issues(model, ideal, prompt="Alarms.")
    assert len([i for i in found if i.rule in ("RG008", "RG806") and i.status in ("fixed", "introduced")]) == told


GROUP = 'resource "aws_cloudwatch_log_group" "trail" {\n  name = "trail"\n}\n'
TRAIL = (
    'resource "aws_cloudtrail" "main" {\n  name = "main"\n  s3_bucket_name = "b"\n'
    '  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"\n}\n'
)
FILTER = (
    'resource "aws_cloudwatch_log_metric_filter" "api" {\n  name = "api"\n  log_group_name = %s\n  pattern = "%s"\n'
    '  metric_transformation {\n    name = "Api"\n    namespace = "Sec"\n    value = "1"\n  }\n}\n'
)
COLUMNS = '[time, id, type=\\"AwsApiCall\\", ...]'


@pytest.mark.parametrize(
    ("model", "ideal", "told"),
    [
        (GROUP + TRAIL + FILTER % ("aws_cloudwatch_log_group.trail.name", COLUMNS), None, [("RG811", "left")]),
        (GROUP + FILTER % ("aws_cloudwatch_log_group.trail.name", "{ $.userIdentity.type = Root }"), "other", [("RG814", "introduced")]),
    ],
)
def test_a_filter_that_still_finds_nothing_is_not_repaired(model: str, ideal: str | None, told: list[tuple[str, str]]) -> None:
    other = FILTER % ('"elsewhere"', "{ $.userIdentity.type = Root }") + 'resource "aws_cloudwatch_log_group" "x" {\n  name = "x"\n}\n'
    found = issues(model, other if ideal else model.replace(TRAIL, ""), prompt="Watch the trail.")
    told_of = [i for i in found if i.rule in ("RG811", "RG812", "RG814")]
    assert [(i.rule, i.status) for i in told_of] == told
    # That no trail is declared is true of the tree without one only.
    assert all("no trail is declared" not in i.problem.split(" In IDEAL: ")[0] for i in told_of)


def test_a_reserved_domain_is_not_repaired_by_creating_what_was_looked_up() -> None:
    looked_up = 'data "aws_route53_zone" "main" {\n  name = "example.com"\n}\n'
    created = 'resource "aws_route53_zone" "own" {\n  name = "example.com"\n}\n'
    (issue,) = [i for i in issues(looked_up + BARE, created + BARE) if i.rule in ("RG471", "RG472")]
    assert (issue.rule, issue.status) == ("RG471", "left")
    assert "In MODEL: `data.aws_route53_zone.main` looks up" in issue.problem
    assert "In IDEAL: `aws_route53_zone.own` is a public hosted zone" in issue.problem
    assert not issue.message  # which only one of the two brings
    assert issue.problem.endswith(" In MODEL it shows at `terraform plan`.")
    assert [i.text for i in issue.impact if i.aspect == "Deployment"] == [
        "In MODEL: The plan fails. In IDEAL: The zone cannot be created, nor the records and certificates that belong to it."
    ]
    assert "data.aws_route53_zone.main.name" in issue.where


WRITER = """
resource "aws_iam_role" "f" {
  assume_role_policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "%s.amazonaws.com" } }
  ] })
}
"""
OWN = """
resource "aws_iam_role_policy" "logs" {
  role   = aws_iam_role.f.id
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" }
  ] })
}
"""
OF_AWS = """
resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.f.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
"""


@pytest.mark.parametrize(
    ("service", "model", "ideal", "told"),
    [
        ("lambda", OF_AWS, OWN, []),
        ("lambda", OWN, OF_AWS, []),
        ("vpc-flow-logs", OF_AWS, OWN, ["introduced"]),
        ("lambda", "", OWN, ["introduced"]),
        ("lambda", OF_AWS, OWN.replace("logs:CreateLogStream", "sqs:SendMessage"), ["introduced"]),
    ],
)
def test_a_policy_of_aws_gives_the_same_as_one_without_resources(service: str, model: str, ideal: str, told: list[str]) -> None:
    sides = WRITER % "lambda" + model, WRITER % service + ideal
    assert [i.status for i in issues(*sides, prompt="Roles with least privilege.") if i.rule == "RG133"] == told


EVERYTHING = """
resource "aws_iam_role_policy" "all" {
  role   = aws_iam_role.f.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
"""
ADMINISTRATOR = OF_AWS.replace('"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"', "%s")
PARTITION = 'data "aws_partition" "current" {}\n'


@pytest.mark.parametrize(
    ("model", "ideal", "told"),
    [
        (EVERYTHING, ADMINISTRATOR % '"arn:aws:iam::aws:policy/AdministratorAccess"', []),
        (EVERYTHING, PARTITION + ADMINISTRATOR % '"arn:${data.aws_partition.current.partition}:iam::aws:policy/AdministratorAccess"', []),
        (ADMINISTRATOR % '"arn:aws:iam::aws:policy/AdministratorAccess"', EVERYTHING, []),
        (EVERYTHING, ADMINISTRATOR % '"arn:aws:iam::aws:policy/ReadOnlyAccess"', ["fixed"]),
        (EVERYTHING, "", ["fixed"]),
    ],
)
def test_a_policy_of_aws_makes_the_same_administrators(model: str, ideal: str, told: list[str]) -> None:
    assert [i.status for i in issues(WRITER % "ec2" + model, WRITER % "ec2" + ideal) if i.rule == "RG131"] == told


@pytest.mark.parametrize(("model", "told"), [("k", []), ("", ["introduced"])])
def test_one_more_place_of_a_weakness_that_is_not_told_of_model_is_not_new(model: str, told: list[str]) -> None:
    queue, key = 'resource "aws_sqs_queue" "q" {}\n', 'resource "aws_kms_key" "%s" {\n  description = "d"\n}\n'
    before, after = (queue + "".join(key % name for name in names) for names in (model, "ks"))
    assert [i.status for i in issues(before, after) if i.rule == "RG109"] == told


@pytest.mark.parametrize(("name", "verdicts"), [("${var.name}", ("unknown", "met")), ("shop", ("met", "met"))])
def test_a_backend_that_terraform_refuses_meets_nothing(name: str, verdicts: tuple[str, str]) -> None:
    code = 'variable "name" {\n  default = "shop"\n}\nterraform {\n  backend "http" {\n    address = "https://x.test/%s"\n  }\n}\n'
    found = reviewed(BARE + code % name, BARE + code % "shop", prompt="Use a remote backend.")
    assert [(row.model, row.ideal) for row in found.coverage] == [verdicts]


@pytest.mark.parametrize(
    ("prompt", "action", "told"),
    [
        ("Roles with least privilege. For metrics and logs, wildcards are acceptable.", "logs:PutLogEvents", []),
        ("Least privilege. Log actions might need a wildcard resource, but that's fine.", "logs:PutLogEvents", []),
        ("Roles with least privilege. For logs, wildcards are not acceptable.", "logs:PutLogEvents", ["left"]),
        ("Roles with least privilege. Logs are encrypted.", "logs:PutLogEvents", ["left"]),
        ("Least privilege. No policy has Resource '*' except for read-only actions.", "s3:GetObject", []),
        ("Least privilege. No policy has Resource '*' except for read-only actions.", "s3:PutObject", ["left"]),
        ("Least privilege. The function has read-only access.", "s3:GetObject", ["left"]),
    ],
)
def test_resources_that_prompt_does_not_want_named_are_no_defect(prompt: str, action: str, told: list[str]) -> None:
    role = (
        'resource "aws_iam_role" "r" {\n  assume_role_policy = "{}"\n}\nresource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.r.id\n'
    )
    where = "arn:aws:logs:*:*:*" if action.startswith("logs:") else "*"
    policy = f'  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "{action}", Resource = "{where}" }}] }})\n}}\n'
    assert [i.status for i in issues(role + policy, role + policy, prompt=prompt) if i.rule == "RG133"] == told


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("Create a secret and a placeholder secret version, whose value comes from a variable.", []),
        ("Keep the key in Secrets Manager.", ["left"]),
    ],
)
def test_a_first_value_that_prompt_wants_is_no_secret_in_the_code(prompt: str, told: list[str]) -> None:
    version = 'variable "first" {\n  default = "set-me-2024"\n}\nresource "aws_secretsmanager_secret_version" "v" {\n  secret_id = "s"\n'
    version += "  secret_string = var.first\n}\n"
    assert [i.status for i in issues(version, version, prompt=prompt) if i.rule == "RG151"] == told


@pytest.mark.parametrize(
    ("prompt", "category"),
    [("Every bucket is encrypted with customer-managed KMS keys.", "warning"), ("Server access logs of the bucket.", "critical")],
)
def test_a_key_for_the_logs_that_prompt_wants_is_warned_of(prompt: str, category: str) -> None:
    text = """
resource "aws_s3_bucket" "data" {}
resource "aws_s3_bucket" "logs" {}
resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.data.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "data/"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}
"""
    (issue,) = [i for i in issues(text, text, prompt=prompt) if i.rule == "RG257"]
    assert issue.category == category and issue.problem.endswith("PROMPT asks for it.") is (category == "warning")


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("Create an SNS topic. Don't configure SNS actions for the alarms, for who is told differs by environment.", []),
        ("Create an SNS topic, and alarms without any actions.", []),
        ("Alarms notify the SNS topic. Do not delete the alarms.", ["left"]),
        ("Alarms notify the SNS topic; nobody needs to take actions by hand.", ["left"]),
    ],
)
def test_alarms_that_prompt_wants_without_actions_are_no_defect(prompt: str, told: list[str]) -> None:
    code = 'resource "aws_sns_topic" "t" {}\nresource "aws_cloudwatch_metric_alarm" "a" {\n  alarm_name = "a"\n}\n'
    review = reviewed(code, code, prompt=prompt)
    assert [f.status for f in (*review.issues, *review.minor) if f.rule == "RG806"] == told


def test_an_instance_that_no_longer_starts_from_a_template_does_not_leave_the_network_to_it() -> None:
    template = 'resource "aws_launch_template" "t" {\n  network_interfaces {\n    device_index = 0\n  }\n}\n'
    instance = 'resource "aws_instance" "i" {\n  subnet_id = "subnet-1"\n%s}\n'
    found = issues(template + instance % "  launch_template {\n    id = aws_launch_template.t.id\n  }\n", template + instance % "")
    (check,) = [c.check for i in found if i.rule == "RG527" for c in i.verification]
    assert check == "`aws_instance.i` does not both set a network of its own and start from a template with `network_interfaces`"


def test_a_value_of_its_own_in_each_tree_gives_a_message_of_its_own() -> None:
    code = 'resource "aws_db_instance" "d" {\n  engine = "%s"\n  engine_version = "%s"\n  instance_class = "db.m6g.large"\n}\n'
    found = issues(code % ("postgres", "13.4"), code % ("mysql", "8.0.20"))
    (issue,) = [i for i in found if i.rule == "RG203"]
    said = "InvalidParameterCombination: Cannot find version {} for {}"
    assert issue.message == "\n\n".join(said.format(*version) for version in (("13.4", "postgres"), ("8.0.20", "mysql")))
    elsewhere = issues(code % ("postgres", "13.4"), (code % ("mysql", "8.0.20")).replace('"d"', '"main"'))
    assert [i.message for i in elsewhere if i.rule == "RG203"] == [issue.message]
    (same,) = [i for i in issues(code % ("postgres", "13.4"), code % ("postgres", "13.4")) if i.rule == "RG203"]
    assert same.message == said.format("13.4", "postgres")


def test_who_starts_the_instances_in_one_tree_and_in_the_other_refuses_a_key_pair_each_in_its_words() -> None:
    image = '  image_id = "ami-0abcdef1234567890"\n  instance_type = "t3.micro"\n'
    lone = 'variable "key" {\n  default = "ops"\n}\nresource "aws_instance" "i" {\n  instance_type = "t3.micro"\n%s}\n'
    group = 'resource "aws_autoscaling_group" "g" {\n  launch_template {\n    id = aws_launch_template.t.id\n  }\n}\n'
    template = f'resource "aws_launch_template" "t" {{\n{image}%s}}\n{group}'
    named = "  key_name = var.key\n"
    (issue,) = [i for i in issues(lone % named + template % "", lone % "" + template % named) if i.rule == "RG503"]
    first, second = issue.message.split("\n\n")
    assert first.startswith("InvalidKeyPair.NotFound: ") and second.startswith(
        "ValidationError: You must use a valid fully-formed launch template."
    )


def test_a_name_that_is_the_defect_is_no_label_behind_errors_of_model() -> None:
    """What cannot be read elsewhere in MODEL left open whether its log group had the wrong name as well."""
    region = 'provider "aws" {\n  region = var.region\n}\n'
    logs = 'resource "aws_cloudwatch_log_group" "plane" {{\n  name = "/aws/eks/shop/{}"\n}}\n'
    cluster = 'resource "aws_eks_cluster" "c" {\n  name = "shop"\n  role_arn = "arn:aws:iam::111122223333:role/r"\n'
    cluster += '  enabled_cluster_log_types = ["api"]\n  depends_on = [aws_cloudwatch_log_group.plane]\n  vpc_config {\n    subnet_ids = ["a"]\n  }\n}\n'
    found = issues(region + logs.format("cluster") + cluster, 'variable "region" {}\n' + region + logs.format("logs") + cluster)
    assert [i.status for i in found if i.rule == "RG550"] == ["introduced"]
