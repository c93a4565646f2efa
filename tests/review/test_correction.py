"""What of IDEAL repairs a defect, and how many lines that are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Issue, Review
from tests.build import document

STATEMENTS = "\n".join(f'      {{ Sid = "S{n}", Effect = "Allow", Action = "s3:GetObject", Resource = "*" }},' for n in range(20))
POLICY = """
resource "aws_sqs_queue" "q" {{
  name       = "q"
  kms_master_key_id = aws_kms_key.k.id
}}
resource "aws_kms_key" "k" {{
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
{more}{statements}
    ]
  }})
}}
resource "aws_cloudwatch_log_group" "g" {{
  name       = "g"
  kms_key_id = aws_kms_key.k.arn
}}
"""
LOGS = (
    '      { Sid = "Logs", Effect = "Allow", Principal = { Service = "logs.amazonaws.com" }, '
    'Action = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"], Resource = "*" },\n'
)


def reviewed(model: str, ideal: str, prompt: str = "") -> Review:
    asked = sample.read_markdown(prompt, "PROMPT.md") if prompt else None
    return pipeline.review_sample(sample.of_documents(document(model), document(ideal), asked, "x"), Config())


def issues(model: str, ideal: str, prompt: str = "") -> tuple[Issue, ...]:
    return reviewed(model, ideal, prompt).issues


def test_of_a_long_value_only_what_is_new_is_shown_and_counted() -> None:
    found = issues(POLICY.format(more="", statements=STATEMENTS), POLICY.format(more=LOGS, statements=STATEMENTS))
    issue = next(i for i in found if "aws_kms_key.k.policy" in i.where)
    assert [p.code for p in issue.solution] == [LOGS.rstrip("\n")]
    assert (issue.lines_added, issue.lines_removed) == (1, 0)


@pytest.mark.parametrize("side", ["fixed", "introduced"])
def test_what_prompt_asks_and_a_weaker_argument_are_one_issue(side: str, tmp_path: Path) -> None:
    with_, without = (
        f'resource "aws_lambda_function" "f" {{\n  function_name = "f"\n  role = "r"\n{extra}}}\n'
        for extra in ("  reserved_concurrent_executions = 100\n", "")
    )
    pair = (without, with_) if side == "fixed" else (with_, without)
    found = issues(*pair, prompt="# Task\n\n1. Set reserved concurrency of 100 on the Lambda function.\n")
    about = [i for i in found if any(a.startswith("aws_lambda_function.f") for a in i.where) and i.status == side]
    assert [(i.title, i.where[0], i.requirement and i.requirement.number) for i in about] == [
        (
            f"{'Missing' if side == 'fixed' else 'IDEAL drops'} reserved or provisioned concurrency",
            "aws_lambda_function.f.reserved_concurrent_executions",
            "1",
        )
    ]


def test_many_causes_of_one_kind_are_one_issue() -> None:
    types = ("aws_sqs_queue", "aws_sns_topic", "aws_vpc", "aws_kms_key", "aws_iam_role")
    wrong = "".join(f'resource "{t}" "x" {{\n  nothing_of_{n} = 1\n}}\n' for n, t in enumerate(types))
    found = [i for i in issues(wrong, wrong) if i.rule == "tf:unsupported-argument"]
    assert len(found) == 1
    assert found[0].title.startswith("Arguments that their blocks do not have: `nothing_of_0`")
    few = "".join(f'resource "{t}" "x" {{\n  nothing_of_{n} = 1\n}}\n' for n, t in enumerate(types[:2]))
    assert len([i for i in issues(few, few) if i.rule == "tf:unsupported-argument"]) == 2


def test_the_right_name_comes_with_the_wrong_one_that_it_replaces() -> None:
    text = """
resource "aws_cloudwatch_log_group" "g" {{}}
resource "aws_flow_log" "f" {{
  vpc_id = "vpc-0123456789abcdef0"
  {name} = aws_cloudwatch_log_group.g.arn
}}
"""
    found = issues(text.format(name="log_destination_arn"), text.format(name="log_destination"))
    (issue,) = [i for i in found if i.rule == "tf:unsupported-argument"]
    assert [p.code.strip() for p in issue.solution] == ["log_destination = aws_cloudwatch_log_group.g.arn"]
    assert (issue.lines_added, issue.lines_removed) == (1, 1)


def test_what_a_module_does_not_declare_is_no_place() -> None:
    files = {"main_tf": 'module "a" {\n  source = "./a"\n}\n', "a__main_tf": 'output "x" {\n  value = aws_vpc.none.id\n}\n'}
    review = pipeline.review_sample(sample.of_documents(document(**files), document(**files), None, "x"), Config())
    assert all("aws_vpc.none" not in a for i in review.issues for a in i.where)


def test_dots_for_code_that_is_left_out_are_no_error() -> None:
    whole = 'module "a" {\n  source = "./a"\n}\n' + "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}"\n}}\n' for n in range(6))
    model = sample.read_markdown(f"```hcl\n{whole}```\n", "MODEL.md")
    ideal = sample.read_markdown('```hcl\nmodule "a" { ... }\n\nresource "aws_sqs_queue" "q1" {\n  name = "x"\n}\n```\n', "IDEAL.md")
    found = pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config()).issues
    assert [i.title for i in found if i.rule == "tf:syntax"] == []


def test_snippets_refer_to_what_they_do_not_repeat() -> None:
    whole = 'variable "env" {}\n' + "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}-${{var.env}}"\n}}\n' for n in range(6))
    snippet = 'resource "aws_sqs_queue" "q1" {\n  name = "queue-${var.env}-${var.other}"\n}\n'
    found = issues(whole, snippet)
    assert [i.rule for i in found if i.rule.startswith("tf:undeclared")] == []


def test_a_provider_without_configuration_is_named_at_its_resource() -> None:
    text = 'resource "aws_vpc" "a" {\n  provider   = aws.west\n  cidr_block = "10.0.0.0/16"\n}\n'
    (issue,) = [i for i in issues(text, text) if i.rule == "tf:provider-alias"]
    assert issue.where[0] == "aws_vpc.a.provider"
    assert issue.problem == "`aws_vpc.a` uses the provider configuration `west`, which no `provider` block defines."


def test_a_passage_never_crosses_text_between_two_pieces_of_a_file() -> None:
    ideal = sample.read_markdown(
        '### main.tf\n\n```hcl\nvariable "a" {}\n```\n\nSome words.\n\n### main.tf\n\n```hcl\nvariable "b" {}\n```\n', "IDEAL_RESPONSE.md"
    )
    model = document('resource "aws_sqs_queue" "q" {\n  name = "${var.a}-${var.b}"\n}\n')
    whole = document('resource "aws_sqs_queue" "q" {\n  name = "${var.a}-${var.b}"\n}\n')
    pair = sample.of_documents(model, replace(ideal, files=(*ideal.files, replace(whole.files[0], path="queue.tf"))), None, "x")
    review = pipeline.review_sample(pair, Config())
    (issue,) = [i for i in review.issues if i.rule == "tf:undeclared-variable"]
    assert [p.code for p in issue.solution] == ['variable "a" {}', 'variable "b" {}']


def test_a_correction_ends_at_what_model_has_of_its_own() -> None:
    model = 'resource "aws_vpc" "a" {\n  cidr_block = "10.0.0.0/16"\n}\n'
    ideal = """
resource "aws_vpc" "b" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_iam_role" "f" {
  assume_role_policy = "{}"
}
resource "aws_security_group" "f" {
  vpc_id = aws_vpc.b.id
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.f.arn
  vpc_config {
    security_group_ids = [aws_security_group.f.id]
    subnet_ids         = []
  }
}
"""
    found = issues(model, ideal, "# Task\n\n1. A Lambda function that resizes images\n")
    (issue,) = [i for i in found if i.rule == "need:lambda-function"]
    assert set(issue.where) == {"aws_lambda_function.f", "aws_iam_role.f", "aws_security_group.f"}


def test_outputs_bring_nothing_along() -> None:
    outputs = "".join(f'output "o{n}" {{\n  value = aws_sqs_queue.q.arn\n}}\n' for n in range(3))
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    found = issues(
        'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n', 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n' + queue + outputs
    )
    (issue,) = [i for i in found if i.title == "No outputs"]
    assert issue.where == ("output.o0", "output.o1", "output.o2")
    assert issue.lines_added == 9


def test_what_stands_behind_the_end_of_a_cut_answer_is_not_missed() -> None:
    answer = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\nresource "aws_sqs_queue" "q" {\n  tags = {\n    a = "${aws_s'
    whole = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\nresource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    outputs = "".join(f'output "o{n}" {{\n  value = aws_sns_topic.t.arn\n}}\n' for n in range(3))
    cut, ideal = sample.read_markdown(answer, "MODEL.md"), sample.read_markdown(f"```hcl\n{whole}{outputs}```\n", "IDEAL.md")
    (issue,) = pipeline.review_sample(sample.of_documents(cut, ideal, None, "x"), Config()).issues
    assert issue.title == "The answer breaks off"
    assert issue.problem.startswith("The answer ends in the middle of `aws_sqs_queue.q`; what would have followed is missing.")
    assert issue.where[0] == "aws_sqs_queue.q"


def test_a_missing_provider_is_corrected_by_its_block_and_by_nothing_else() -> None:
    model = 'resource "aws_vpc" "a" {\n  provider   = aws.west\n  cidr_block = "10.0.0.0/16"\n}\n'
    block = 'provider "aws" {\n  alias  = "west"\n  region = "eu-west-1"\n}\n'
    (issue,) = [i for i in issues(model, block + model.replace("10.0", "10.9")) if i.rule == "tf:provider-alias"]
    assert [p.code for p in issue.solution] == [block.rstrip("\n")]
    assert issue.corrected == ("provider.aws.west",) and issue.values == ()


GROUPS = """
resource "aws_security_group" "web" {{
  description = "{text}"
  {web}
}}
resource "aws_security_group" "db" {{
  ingress {{
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.web.id]
  }}
}}
{rule}
"""
EGRESS = 'egress {\n    from_port = 5432\n    to_port = 5432\n    protocol = "tcp"\n    security_groups = [aws_security_group.db.id]\n  }'
RULE = """resource "aws_security_group_rule" "web_to_db" {
  type                     = "egress"
  from_port                = 5432
  to_port                  = 5432
  protocol                 = "tcp"
  security_group_id        = aws_security_group.web.id
  source_security_group_id = aws_security_group.db.id
}"""


def test_a_circle_is_corrected_by_what_no_longer_closes_it() -> None:
    found = issues(GROUPS.format(text="a", web=EGRESS, rule=""), GROUPS.format(text="b", web="", rule=RULE))
    (circle,) = [i for i in found if i.rule == "tf:cycle"]
    assert [p.code for p in circle.solution] == [RULE]
    assert circle.corrected == ("aws_security_group.web", "aws_security_group_rule.web_to_db")
    assert (circle.lines_added, circle.lines_removed) == (8, 6)


USE = "".join(f'resource "aws_sns_topic" "t{n}" {{{{\n  name = {{name}}\n}}}}\n' for n in range(6))


def test_of_what_terraform_says_of_many_places_alike_the_first_are_shown() -> None:
    (found,) = [i for i in issues(USE.format(name='"a"'), USE.format(name="var.name")) if i.status == "introduced"]
    assert (found.rule, len(found.solution), found.lines_added) == ("tf:undeclared-variable", 3, 3)
    assert "and 3 more" not in found.title and len(found.where) == 6


def test_what_a_dropped_capability_was_is_shown() -> None:
    key = 'resource "aws_kms_key" "k" {\n  description = "logs"\n}\n'
    group = 'resource "aws_cloudwatch_log_group" "g" {{\n  name = "g"\n  {more}\n}}\n'
    with_, without = (key + group.format(more=more) for more in ("kms_key_id = aws_kms_key.k.arn", ""))
    found = issues(with_, without, "# Task\n\n1. Encrypt the CloudWatch log groups with KMS\n")
    (dropped,) = [i for i in found if i.rule == "need:log-group-encryption"]
    assert [(v.address, v.before, v.after) for v in dropped.values] == [
        ("aws_cloudwatch_log_group.g.kms_key_id", "aws_kms_key.k.arn", None)
    ]


TRUST = """
resource "aws_iam_role" "r" {{
  name               = "r"
  assume_role_policy = jsonencode({{
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "lambda.amazonaws.com" }}
      {more}
    }}]
  }})
}}
"""


def test_a_capability_that_was_nothing_but_a_defect_is_not_dropped() -> None:
    wrong = TRUST.format(more='Condition = { StringEquals = { "sts:ExternalId" = "pay" } }')
    found = issues(wrong, TRUST.format(more=""), "# Task\n\n1. IAM roles with external ID requirements for cross-account access\n")
    assert [(i.rule, i.status) for i in found if "external" in i.title.lower()] == [("RG123", "fixed")]


def test_what_a_tree_without_a_module_lacks_has_no_place_there() -> None:
    call = 'module "jobs" {\n  source = "./jobs"\n}\n'
    queue, topic = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n', 'resource "aws_sns_topic" "t" {\n  kms_key = "a"\n}\n'
    read = [sample.read_markdown("".join(f"### {p}\n\n```hcl\n{t}```\n" for p, t in (("main.tf", call), ("jobs/main.tf", body))), "X.md")
            for body in (queue + topic, queue)]  # fmt: skip
    review = pipeline.review_sample(sample.of_documents(*read, None, "x"), Config())
    assert {place.side for place in review.places["module.jobs.aws_sns_topic.t.kms_key"]} == {"model"}


def test_whom_a_policy_names_is_no_part_of_the_correction() -> None:
    role = 'resource "aws_iam_role" "web" {\n  name               = "web"\n  assume_role_policy = "{}"\n}\n'
    logs = LOGS.replace('Service = "logs.amazonaws.com"', 'Service = "logs.amazonaws.com", AWS = aws_iam_role.web.arn')
    found = issues(POLICY.format(more="", statements=""), POLICY.format(more=logs, statements="") + role)
    issue = next(i for i in found if i.rule == "RG101")
    assert issue.corrected == ("aws_kms_key.k",)


def test_what_others_use_as_well_does_not_come_with_one_of_its_users() -> None:
    trail = 'resource "aws_cloudtrail" "t" {{\n  name           = "t"\n  s3_bucket_name = "b"\n  {more}\n}}\n'
    new = """
resource "aws_cloudwatch_log_group" "trail" {
  name       = "trail"
  kms_key_id = aws_kms_key.logs.arn
}
resource "aws_kms_key" "logs" {}
resource "aws_kms_alias" "logs" {
  name          = "alias/logs"
  target_key_id = aws_kms_key.logs.id
}
resource "aws_sqs_queue" "jobs" {
  kms_master_key_id = aws_kms_key.logs.id
}
"""
    sends = 'cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"'
    (issue,) = [i for i in issues(trail.format(more=""), trail.format(more=sends) + new) if i.rule == "RG011"]
    assert set(issue.corrected) == {"aws_cloudtrail.t", "aws_cloudwatch_log_group.trail"}


METHOD = (
    'resource "aws_api_gateway_method" "m" {{\n  rest_api_id = "a"\n  resource_id = "r"\n  http_method = "GET"\n  {name} = "NONE"\n}}\n'
)


def test_the_argument_that_a_wrong_one_stood_for_belongs_to_the_correction() -> None:
    found = issues(METHOD.format(name="authorization_type"), METHOD.format(name="authorization"))
    (issue,) = [i for i in found if i.rule.startswith("tf:")]
    assert sorted((v.address.split(".")[-1], v.before, v.after) for v in issue.values) == [
        ("authorization", None, '"NONE"'),
        ("authorization_type", '"NONE"', None),
    ]
    assert issue.message.startswith("Error: Unsupported argument")


def test_an_assertion_about_a_value_is_not_made_twice() -> None:
    old, new = (f'resource "aws_lambda_function" "f" {{\n  runtime = "{runtime}"\n}}\n' for runtime in ("nodejs14.x", "nodejs22.x"))
    issue = next(i for i in issues(old, new) if "runtime" in i.title.lower())
    assert [c.check for c in issue.verification] == ["`aws_lambda_function.f` does not use `nodejs14.x`"]


LOGGED = """
resource "aws_lb" "web" {
  subnets = ["subnet-1", "subnet-2"]
  access_logs {
    bucket  = aws_s3_bucket.logs.id
    prefix  = "%s"
    enabled = true
  }
}
resource "aws_s3_bucket" "logs" {
  bucket = "shop-logs-1"
}
"""
DELIVERY = """
data "aws_elb_service_account" "main" {}
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = data.aws_elb_service_account.main.arn }
      Action    = "s3:PutObject"
      Resource  = "${aws_s3_bucket.logs.arn}/*"
    }]
  })
}
"""


def test_what_is_missing_beside_a_block_is_repaired_by_what_refers_to_the_other_part() -> None:
    found = issues(LOGGED % "logs", LOGGED % "alb" + DELIVERY)
    issue = next(i for i in found if i.rule == "RG721")
    assert not issue.values
    assert 'resource "aws_s3_bucket_policy" "logs" {' in "\n".join(p.code for p in issue.solution)
    assert not any("prefix" in c.check for c in issue.verification)


FORWARDED = """
resource "aws_lb_target_group" "web" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-1"
%s}
resource "aws_lb_listener" "web" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1"
  port              = 80
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_autoscaling_group" "web" {
  min_size = 2
  max_size = 4
%s}
"""


def test_a_resource_that_only_now_refers_to_the_other_one_is_the_repair() -> None:
    health = "  health_check {\n    interval = 30\n  }\n"
    found = issues(FORWARDED % (health, ""), FORWARDED % ("", "  target_group_arns = [aws_lb_target_group.web.arn]\n"))
    issue = next(i for i in found if i.rule == "RG524")
    assert [p.code.strip() for p in issue.solution] == ["target_group_arns = [aws_lb_target_group.web.arn]"]


def test_another_password_repairs_no_password() -> None:
    variable = 'variable "db_password" {\n  type    = string\n  default = "%s"\n}\n'
    database = 'resource "aws_db_instance" "main" {\n  username = "admin"\n  password = var.db_password\n}\n'
    rest = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}"\n}}\n' for n in range(6))
    found = issues(variable % "Summer2024!" + database + rest, variable % "Winter2025!" + rest)
    issue = next(i for i in found if i.rule == "RG151")
    assert (issue.status, issue.values) == ("left", ())
    assert not any("Winter" in c.check for c in issue.verification)


SENDER = """
resource "aws_sqs_queue" "lost" {{
  name = "lost"
}}
resource "aws_iam_role" "run" {{
  assume_role_policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}
resource "aws_iam_policy" "run" {{
  policy = jsonencode({{
    Statement = [
      {{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }},{more}
    ]
  }})
}}
resource "aws_iam_role_policy_attachment" "run" {{
  role       = aws_iam_role.run.name
  policy_arn = aws_iam_policy.run.arn
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  filename      = "f.zip"
  handler       = "f.main"
  runtime       = "python3.12"
  role          = aws_iam_role.run.arn
  dead_letter_config {{
    target_arn = aws_sqs_queue.lost.arn
  }}
}}
"""


def test_the_policy_that_an_attachment_names_is_the_correction_of_a_right() -> None:
    statement = '\n      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.lost.arn },'
    (issue,) = [i for i in issues(SENDER.format(more=""), SENDER.format(more=statement)) if i.rule == "RG333"]
    assert [statement in p.code for p in issue.solution] == [True]


def test_how_a_variable_is_described_repairs_nothing() -> None:
    stage = (
        'resource "aws_api_gateway_stage" "s" {\n  deployment_id = aws_api_gateway_deployment.d.id\n  stage_name    = var.environment\n}\n'
    )
    variable = 'variable "environment" {{\n  description = "{}"\n}}\n'
    deployment = 'resource "aws_api_gateway_deployment" "d" {{\n  rest_api_id = "x"\n{}}}\n'
    (issue,) = [
        i
        for i in issues(
            stage + variable.format("Name") + deployment.format("  stage_name  = var.environment\n"),
            stage + variable.format("The name") + deployment.format(""),
        )
        if i.rule == "RG306"
    ]
    assert not any(place.startswith("var.") for place in issue.where)


def test_what_stands_for_a_removed_block_is_its_repair() -> None:
    group = 'resource "aws_cloudwatch_log_group" "{}" {{\n  name = "/aws/lambda/{}"\n}}\n'
    function = 'resource "aws_lambda_function" "f" {{\n  function_name = "{}"\n  role = "r"\n{}}}\n'
    ideal = function.format("orders-dev", "  depends_on = [aws_cloudwatch_log_group.orders]\n") + group.format("orders", "orders-dev")
    found = issues(group.format("logs", "shop") + function.format("orders", ""), ideal + group.format("other", "third"))
    (issue,) = [i for i in found if i.rule == "RG815"]
    assert issue.status == "fixed" and "aws_cloudwatch_log_group.orders" in issue.corrected
    assert "aws_cloudwatch_log_group.other" not in issue.corrected


INSIGHTS = """
variable "insights" {{
  default = true
}}
resource "aws_kms_key" "db" {{}}
resource "aws_db_instance" "main" {{
  engine                                = "mysql"
  instance_class                        = "db.t3.micro"
  performance_insights_enabled          = {switch}
  performance_insights_kms_key_id       = {condition} ? aws_kms_key.db.arn : null
  performance_insights_retention_period = var.insights ? {days} : null
}}
"""


def test_arguments_that_change_in_step_with_the_one_that_is_meant_belong_to_it() -> None:
    model = INSIGHTS.format(switch="var.insights", condition="var.insights", days=7)
    ideal = INSIGHTS.format(switch="var.insights && false", condition="(var.insights && false)", days=31)
    issue = next(i for i in issues(model, ideal) if i.rule == "RG205")
    assert (issue.status, issue.lines_added, issue.lines_removed) == ("fixed", 2, 2)


def test_what_admits_a_service_to_another_bucket_is_shown() -> None:
    model = (
        'resource "aws_s3_bucket" "data" {\n  bucket = "d"\n}\nresource "aws_s3_bucket" "old" {\n  bucket = "o"\n}\n'
        'resource "aws_s3_bucket_logging" "l" {\n  bucket        = aws_s3_bucket.data.id\n'
        '  target_bucket = aws_s3_bucket.old.id\n  target_prefix = "l/"\n}\n'
    )
    ideal = model.replace('"old" {\n  bucket = "o"', '"records" {\n  bucket = "archive-of-records"\n  tags = { a = "b" }').replace(
        "aws_s3_bucket.old.id", "aws_s3_bucket.records.id"
    )
    ideal += (
        'resource "aws_s3_bucket_policy" "records" {\n  bucket = aws_s3_bucket.records.id\n  policy = jsonencode({ Statement = [{\n'
        '    Effect = "Allow", Principal = { Service = "logging.s3.amazonaws.com" }, Action = "s3:PutObject", '
        'Resource = "${aws_s3_bucket.records.arn}/*"\n'
        '    Condition = { ArnEquals = { "aws:SourceArn" = aws_s3_bucket.data.arn } }\n  }] })\n}\n'
    )
    (issue,) = [i for i in issues(model, ideal) if i.rule == "RG723"]
    assert any('Service = "logging.s3.amazonaws.com"' in p.code for p in issue.solution)


@pytest.mark.parametrize("kept", [True, False])
def test_what_else_became_of_a_name_that_was_declared_twice_does_not_repair_it(kept: bool) -> None:
    topic = 'resource "aws_sns_topic" "news" {\n  name = "NAME"\n}\n'
    other = 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'
    ideal = other + (topic.replace("NAME", "fresh") if kept else "")
    (issue,) = [i for i in issues(topic.replace("NAME", "old") * 2 + other, ideal) if i.rule == "tf:declared-twice"]
    assert (issue.status, issue.corrected, issue.values) == ("fixed", () if kept else ("aws_sns_topic.news",), ())
    assert issue.lines_removed == (0 if kept else 6)
    assert not any("fresh" in told.check for told in issue.verification)


def test_a_default_provider_is_what_resources_without_one_lacked() -> None:
    west = 'provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n'
    role = 'resource "aws_iam_role" "NAME" {\n  name               = "r"\n  assume_role_policy = "{}"\n}\n'
    topic = 'resource "aws_sns_topic" "news" {\n  name = "n"\n}\n'
    ideal = 'provider "aws" {\n  region = "us-east-1"\n}\n' + west + role.replace("NAME", "reader") + topic
    (issue,) = [i for i in issues(west + role.replace("NAME", "writer") + topic, ideal) if i.rule == "RG630"]
    assert (issue.status, issue.removed, issue.corrected) == ("fixed", False, ("provider.aws",))


LISTENER = """
resource "aws_lb" "web" {{
  subnets = ["subnet-1", "subnet-2"]
}}
resource "aws_lb_target_group" "web" {{
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-1"
}}
resource "aws_lb_listener" "http" {{
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {{
{action}
  }}
}}
"""
FORWARD = '    type             = "forward"\n    target_group_arn = aws_lb_target_group.web.arn'
REDIRECT = '    type = "redirect"\n    redirect {\n      port = "443"\n      protocol = "HTTPS"\n      status_code = "HTTP_301"\n    }'


def test_a_redirect_alone_does_not_encrypt_what_a_new_listener_encrypts() -> None:
    secure = (
        'resource "aws_lb_listener" "https" {\n  load_balancer_arn = aws_lb.web.arn\n  port = 443\n  protocol = "HTTPS"\n'
        f'  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/a"\n  default_action {{\n{FORWARD}\n  }}\n}}\n'
    )
    found = issues(LISTENER.format(action=FORWARD), LISTENER.format(action=REDIRECT) + secure, "Serve the site over HTTPS.")
    assert [(i.rule, i.status, i.corrected) for i in found if i.rule in ("RG003", "RG521")] == [
        ("RG521", "fixed", ("aws_lb_listener.https",))
    ]


def test_how_often_a_health_check_asks_brings_no_server() -> None:
    stack = """
data "aws_ami" "linux" {{
  most_recent = true
  owners      = ["amazon"]
  filter {{
    name   = "name"
    values = ["al2023-ami-2023*-x86_64"]
  }}
}}
resource "aws_launch_template" "web" {{
  image_id = data.aws_ami.linux.id
{script}
}}
resource "aws_autoscaling_group" "web" {{
  min_size          = 1
  max_size          = 2
  target_group_arns = [aws_lb_target_group.web.arn]
  launch_template {{
    id = aws_launch_template.web.id
  }}
}}
"""
    checked = LISTENER.format(action=FORWARD).replace('"vpc-1"', '"vpc-1"\n  health_check {\n    unhealthy_threshold = NUMBER\n  }')
    model = stack.format(script="") + checked.replace("NUMBER", "2")
    ideal = stack.format(script='  user_data = base64encode("#!/bin/sh\\nyum install -y httpd\\n")') + checked.replace("NUMBER", "5")
    (issue,) = [i for i in issues(model, ideal) if i.rule == "RG526"]
    assert (issue.status, issue.corrected) == ("fixed", ("aws_launch_template.web",))
