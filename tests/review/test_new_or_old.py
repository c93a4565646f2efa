"""What IDEAL has and MODEL has as well, under another name, in another form, or where nobody can tell: none of it is new."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.source import Document
from tests.build import document
from tests.review.test_correction import issues


def told(model: str | Document, ideal: str | Document, rule: str, prompt: str = "") -> list[str]:
    """Return what became of the defects of a rule."""
    if isinstance(model, str) and isinstance(ideal, str):
        found = issues(model, ideal, prompt)
    else:
        pair = [document(side) if isinstance(side, str) else side for side in (model, ideal)]
        found = pipeline.review_sample(sample.of_documents(pair[0], pair[1], None, "x"), Config()).issues
    return [i.status for i in found if i.rule == rule]


SERVICE = 'resource "aws_ecs_service" "%s" {\n  name = "%s"\n  %s {\n    maximum_percent = 200\n  }\n}\n'
TEMPLATE = 'resource "aws_launch_template" "%s" {\n  user_data = filebase64("%sstart.sh")\n}\n'
CALL = 'module "%s" {\n  source = "./modules/%s"\n}\n'


@pytest.mark.parametrize(
    ("rule", "model", "ideal", "found"),
    [
        (
            "tf:unsupported-block",
            SERVICE % ("web", "w", "canary"),
            SERVICE % ("app", "other", "canary"),
            ["left"],
        ),
        (
            "tf:unsupported-block",
            SERVICE % ("web", "w", "canary"),
            SERVICE % ("app", "other", "rollout"),
            ["fixed", "introduced"],
        ),
        ("tf:missing-file", TEMPLATE % ("web", ""), TEMPLATE % ("app", "${path.module}/"), ["left"]),
        ("tf:missing-module", CALL % ("net", "net"), CALL % ("data", "data"), ["introduced", "left"]),
    ],
)
def test_what_terraform_says_of_a_block_it_says_of_the_one_in_its_place(rule: str, model: str, ideal: str, found: list[str]) -> None:
    assert sorted(told(model, ideal, rule)) == found


FUNCTION = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = "r"\n  handler = "main.run"\n  runtime = "%s"\n  %s\n}\n'
PACKED = 'data "archive_file" "f" {\n  type        = "zip"\n  output_path = "f.zip"\n  source_dir  = "${path.module}/src"\n}\n'
UPLOADED, BUILT = 'filename = "f.zip"', "filename = data.archive_file.f.output_path"


def test_code_that_is_not_there_is_missing_packed_or_not() -> None:
    model, ideal = FUNCTION % ("python3.13", UPLOADED.replace("f.zip", "code.zip")), FUNCTION % ("python3.13", BUILT) + PACKED
    assert (told(model, ideal, "RG325"), told(model, ideal, "RG324")) == (["left"], [])
    assert (told(ideal, model, "RG324"), told(ideal, model, "RG325")) == (["left"], [])


BUCKET = 'resource "aws_s3_bucket" "%s" {}\n'
LAYER = 'resource "aws_lambda_layer_version" "l" {\n  layer_name = "l"\n  filename   = %s\n}\n'


def test_a_layer_that_is_not_there_is_not_new_as_an_archive() -> None:
    assert told(LAYER % '"l.zip"', LAYER % "data.archive_file.f.output_path" + PACKED, "RG325") == ["left"]
    assert told(BUCKET % "b", BUCKET % "b" + LAYER % "data.archive_file.f.output_path" + PACKED, "RG325") == ["introduced"]


def test_a_layer_that_is_read_and_not_there_is_not_repaired_by_an_archive_of_nothing() -> None:
    read = LAYER.replace("}\n", '  source_code_hash = filebase64sha256("l.zip")\n}\n') % '"l.zip"'
    packed = LAYER % "data.archive_file.f.output_path" + PACKED
    assert (told(read, packed, "tf:missing-file"), told(read, packed, "RG325")) == ([], ["left"])
    assert told(read, document(packed, **{"src__main.py": "x = 1"}), "RG324") == ["fixed"]
    (issue,) = (i for i in issues(read, packed) if i.rule == "RG325")
    assert issue.problem.endswith(" In MODEL it shows at `terraform validate`.")
    assert "aws_lambda_layer_version.l.filename" in issue.where
    assert issue.impact[0].text.startswith("In MODEL: The layer cannot be created ")


INLINE = (
    'data "archive_file" "f" {\n  type = "zip"\n  output_path = "f.zip"\n  source {\n    filename = "main.py"\n'
    '    content  = "import requests"\n  }\n}\n'
)


@pytest.mark.parametrize(
    ("runtime", "more", "code", "found"),
    [
        ("python3.13", "", "import requests\n", []),
        ("python3.13", "", "import json\n", ["introduced"]),
        ("python3.13", "layers = [var.layer]", "import requests\n", ["introduced"]),
        ("python3.12", "", "import requests\n", ["introduced"]),
    ],
)
def test_a_library_that_model_imports_too_is_not_new(runtime: str, more: str, code: str, found: list[str]) -> None:
    text = 'variable "layer" {}\n' + FUNCTION % (runtime, f"{more}\n  s3_bucket = var.layer")
    model = document(text, **{"notes__main.py": code})
    assert told(model, 'variable "layer" {}\n' + FUNCTION % ("python3.13", BUILT) + INLINE, "RG327") == found


LOGGED = (
    BUCKET % "data"
    + 'resource "aws_s3_bucket_logging" "data" {\n  bucket = aws_s3_bucket.data.id\n  target_bucket = %s\n  target_prefix = "l/"\n}\n'
)


@pytest.mark.parametrize(("target", "found"), [("aws_s3_bucket.logs.id", []), ("var.logs", ["introduced"])])
def test_what_hangs_on_a_part_that_model_does_not_declare_is_not_new(target: str, found: list[str]) -> None:
    model = 'variable "logs" {}\n' + LOGGED % target
    ideal = LOGGED.replace("l/", "logs/") % "aws_s3_bucket.logs.id" + BUCKET % "logs"
    assert told(model, ideal, "RG723") == found


BROKEN = 'resource "aws_iam_instance_profile" "p" {\n  role = aws_iam_'


@pytest.mark.parametrize(("more", "found"), [({}, ["left"]), ({"iam.tf": BROKEN}, [])])
def test_what_is_missed_where_not_all_of_model_can_be_seen_is_not_new(more: dict[str, str], found: list[str]) -> None:
    stack = LOGGED % "aws_s3_bucket.logs.id" + BUCKET % "logs"
    assert told(document(stack, **more), stack, "RG723") == found


ACL = 'resource "aws_wafv2_web_acl" "a" {\n  provider = aws.west\n  scope    = "CLOUDFRONT"\n  description = "%s"\n}\n'
WEST = 'provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n'


def test_a_region_that_nobody_knows_of_model_is_not_new() -> None:
    assert told(ACL % "a", ACL % "b" + WEST, "RG484") == []
    assert told((ACL % "a").replace("CLOUDFRONT", "REGIONAL") + WEST, ACL % "b" + WEST, "RG484") == ["introduced"]


ZONES = 'locals {\n  zones = ["${var.region}a"]\n}\nresource "aws_subnet" "s" {\n  vpc_id = "v"\n  availability_zone = local.zones[0]\n}\n'
REGION = 'variable "region" {\n  default = "eu-west-1"\n}\n'
CHOSEN, FIXED = (f'provider "aws" {{\n  region = {region}\n}}\n' for region in ("var.region", '"eu-west-1"'))


@pytest.mark.parametrize(
    ("model", "found"),
    [
        (REGION + FIXED + ZONES, []),
        ((CHOSEN + ZONES).replace('"${var.region}a"', '"eu-west-1a"'), []),
        (REGION + CHOSEN + ZONES.replace('"${var.region}a"', "data.aws_availability_zones.all.names[0]"), ["introduced"]),
    ],
)
def test_zones_of_a_region_that_model_fixes_or_does_not_declare_are_not_new(model: str, found: list[str]) -> None:
    assert told(model, REGION + CHOSEN + ZONES, "RG628") == found


METHOD = 'resource "aws_api_gateway_method" "m" {\n  authorization_type = "NONE"\n}\n'


def test_a_mistake_in_front_of_the_cut_is_in_both() -> None:
    cut = sample.read_markdown(f'```hcl\n{METHOD}\nresource "aws_sqs_queue" "q" {{\n  name = "q', "MODEL.md")
    assert told(cut, METHOD, "tf:unsupported-argument") == ["left"]


def test_remarks_with_one_excuse_are_one() -> None:
    queue = '# %s\nresource "aws_sqs_queue" "%s" {\n  name = "q"\n}\n'
    model = queue % ("Note: in a real scenario you would create the archive with the actual code", "a")
    ideal = queue % ("In a real scenario, use a proper deployment package", "b")
    assert told(model, ideal, "RG901") == ["left"]


NETWORK = """
variable "zones" {
  type = set(string)
}
resource "aws_subnet" "s" {
  count  = 2
  vpc_id = "v"
}
resource "aws_nat_gateway" "n" {
  %s
}
resource "aws_route_table" "r" {
  vpc_id = "v"
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = %s.id
  }
}
resource "aws_route_table_association" "a" {
  count          = 2
  subnet_id      = aws_subnet.s[count.index].id
  route_table_id = aws_route_table.r.id
}
"""


@pytest.mark.parametrize(
    ("copies", "gateway", "found"),
    [
        ("for_each = var.zones", 'aws_nat_gateway.n["a"]', []),
        ("count = 2", "aws_nat_gateway.n[0]", ["introduced"]),
    ],
)
def test_one_gateway_is_not_new_where_nobody_knows_how_many_there_were(copies: str, gateway: str, found: list[str]) -> None:
    assert told(NETWORK % (copies, gateway), NETWORK % ("", "aws_nat_gateway.n"), "RG430", "A highly available network.") == found


CLOSED = (
    BUCKET % "logs"
    + (LOGGED % "aws_s3_bucket.logs.id").replace("l/", "%s/")
    + """
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "*", Principal = { Service = "a.amazonaws.com" } }] })
}
"""
)


def test_policies_in_front_of_the_cut_can_be_read() -> None:
    cut = sample.read_markdown(f'```hcl\n{CLOSED % "a"}\nresource "aws_s3_bucket_policy" "data" {{\n  policy = "q', "MODEL.md")
    assert told(cut, CLOSED % "b", "RG723") == ["left"]


EXPIRES = 'resource "aws_s3_bucket_lifecycle_configuration" "%s" {\n  bucket = "b"\n  %s\n}\n'
LOOP = 'dynamic "rule" {\n    for_each = var.rules\n    content {\n      id     = rule.key\n      status = "Enabled"\n      %s\n    }\n  }'
RULES = 'variable "rules" {\n  type = map(string)\n}\n'
RULE = 'rule {\n    id     = "r"\n    status = "Enabled"\n    expiration {\n      days = 9\n    }\n  }'


@pytest.mark.parametrize(("filtered", "found"), [("", []), ("filter {}", ["introduced"])])
def test_what_the_blocks_of_a_loop_lack_is_not_new_where_they_are_written_out(filtered: str, found: list[str]) -> None:
    model, ideal = RULES + EXPIRES % ("all", LOOP % filtered), EXPIRES % ("logs", RULE)
    assert told(model, ideal, "tf:lifecycle-filter") == found


ADDRESS = 'variable "inside" {\n  default = true\n}\nresource "aws_eip" "a" {\n%s}\n'


def test_a_deprecated_argument_is_the_same_where_its_value_is_not_known() -> None:
    model, ideal = ADDRESS % "  vpc = var.inside\n", ADDRESS % "  vpc = true\n"
    assert (told(model, ideal, "tf:deprecated"), told(ideal, model, "tf:deprecated")) == ([], [])
    assert told(ADDRESS % "", ideal, "tf:deprecated") == ["introduced"]


SENT = (
    'resource "aws_sns_topic" "t" {\n  kms_master_key_id = aws_kms_key.%s.arn\n}\n'
    'resource "aws_cloudwatch_metric_alarm" "a" {\n  alarm_name    = "a"\n  alarm_actions = [aws_sns_topic.t.arn]\n}\n'
)
OWN_KEY = (
    'resource "aws_kms_key" "own" {\n  policy = jsonencode({ Statement = [{\n    Effect = "Allow"\n    Action = "kms:*"\n'
    '    Resource = "*"\n    Principal = { AWS = "arn:aws:iam::123456789012:root" }\n  }] })\n}\n'
)
BROKEN = 'resource "%s" "broken" {\n  name = {\n    a:b = "c"\n  }\n}\n'


@pytest.mark.parametrize(
    ("model", "found"),
    [
        (SENT % "k" + 'resource "aws_kms_key" "k" {}\n' + BROKEN % "aws_iam_policy", []),
        (SENT.replace("aws_kms_key.%s.arn", "null") + BROKEN % "aws_iam_policy", ["introduced"]),
        # Without a topic nobody can lack the right to use its key.
        ('resource "aws_kms_key" "k" {}\n' + BROKEN % "aws_iam_policy", ["introduced"]),
        ('resource "aws_kms_key" "own" {}\n' + BROKEN % "aws_iam_policy", ["introduced"]),
    ],
)
def test_a_key_whose_policy_may_stand_in_what_is_broken_is_not_better(model: str, found: list[str]) -> None:
    assert told(model, SENT % "own" + OWN_KEY, "RG102") == found


MALFORMED = (
    'resource "aws_iam_policy" "p" {\n  policy = jsonencode({ Statement = [{\n    Effect = "Allow"\n    Action = "*:Get*"\n'
    '    Resource = "*"\n  }] })\n}\n'
)


@pytest.mark.parametrize(("kind", "found"), [("aws_iam_policy", []), ("aws_sqs_queue", ["introduced"])])
def test_what_a_broken_block_of_the_type_may_have_is_not_new(kind: str, found: list[str]) -> None:
    assert told(BROKEN % kind, MALFORMED, "RG141") == found


@pytest.mark.parametrize(("target", "found"), [("var.nowhere", []), ('"somewhere"', ["introduced"])])
def test_what_hangs_on_a_reference_that_leads_nowhere_is_not_new(target: str, found: list[str]) -> None:
    model = LOGGED.replace('"data"', '"old"') % target
    assert told(model, LOGGED % "aws_s3_bucket.logs.id" + BUCKET % "logs", "RG723") == found


READS = 'resource "aws_cloudwatch_metric_alarm" "a" {\n  alarm_name  = "a"\n  namespace   = "Shop"\n  metric_name = "Orders"\n}\n'
SOURCED = PACKED.replace('source_dir  = "${path.module}/src"', 'source_file = "${path.module}/f.py"')


@pytest.mark.parametrize(("more", "found"), [({}, []), ({"f.py": "import json\n"}, ["introduced"])])
def test_a_metric_that_code_may_publish_which_nobody_shows_is_not_new(more: dict[str, str], found: list[str]) -> None:
    text = READS + FUNCTION % ("python3.13", BUILT) + SOURCED
    model = document(text, **{"f.py": 'METRIC = "Orders"\n'})
    assert told(model, document(text, **more), "RG802") == found


SHUT = (
    'resource "aws_kms_key" "k" {\n  policy = jsonencode({ Statement = [\n'
    '    { Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "%s", Resource = "*" },\n'
    '    { Effect = "Allow", Principal = { Service = "s3.amazonaws.com" }, Action = "kms:*", Resource = "*" },\n  ] })\n}\n'
)
GROUP = 'resource "aws_cloudwatch_log_group" "g" {\n  name = "g"\n  kms_key_id = aws_kms_key.k.arn\n}\n'


@pytest.mark.parametrize(("model", "said"), [("kms:*", True), ("kms:Put*", False)])
def test_what_model_writes_as_well_is_new_only_by_what_meets_it(model: str, said: bool) -> None:
    (issue,) = [i for i in issues(SHUT % model, SHUT % "kms:*" + GROUP) if i.rule == "RG101"]
    words = "`aws_kms_key.k.policy` is written so in MODEL as well; what meets it, `aws_cloudwatch_log_group.g`, is new."
    assert (issue.status, words in issue.problem) == ("introduced", said)


UNREAD = SHUT.replace('"*"', '"\\_"') % "kms:*"


@pytest.mark.parametrize(("more", "found"), [("", ["introduced"]), (GROUP.replace('"g"', '"h"'), [])])
def test_a_key_that_cannot_be_read_leaves_nobody_out_who_does_not_ask(more: str, found: list[str]) -> None:
    plain = 'resource "aws_cloudwatch_log_group" "old" {\n  name = "old"\n}\n'
    ideal = SHUT % "kms:*" + plain + GROUP
    assert told(UNREAD + plain + more, ideal, "RG101") == found
    assert not any("is written so in MODEL" in i.problem for i in issues(UNREAD + plain + more, ideal))
    assert told(replace(document(UNREAD + plain), truncated=True), ideal, "RG101") == []


QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
TOPIC = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
WARNED = READS.replace("}\n", "  alarm_actions = [aws_sns_topic.t.arn]\n}\n")
SUBSCRIBED = 'resource "aws_sns_topic_subscription" "s" {\n  topic_arn = aws_sns_topic.t.arn\n  protocol = "sqs"\n  endpoint = "q"\n}\n'
TARGETS = 'resource "aws_lb_target_group" "g" {\n  port = 80\n  protocol = "HTTP"\n}\n'
LISTENER = """
resource "aws_lb_listener" "l" {
  load_balancer_arn = "lb"
  port              = 80
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.g.arn
  }
}
"""
REGISTERED = 'resource "aws_lb_target_group_attachment" "a" {\n  target_group_arn = aws_lb_target_group.g.arn\n  target_id = "i-1"\n}\n'


@pytest.mark.parametrize(
    ("rule", "model", "ideal", "found"),
    [
        ("RG357", TOPIC, TOPIC + WARNED, []),
        ("RG357", TOPIC + SUBSCRIBED, TOPIC + WARNED, ["introduced"]),
        ("RG357", QUEUE, TOPIC + WARNED, ["introduced"]),
        ("RG524", TARGETS, TARGETS + LISTENER, []),
        ("RG524", TARGETS + REGISTERED, TARGETS + LISTENER, ["introduced"]),
    ],
)
def test_what_nobody_was_connected_to_before_anything_was_sent_there_is_not_new(
    rule: str, model: str, ideal: str, found: list[str]
) -> None:
    assert told(model, ideal, rule) == found


FIXED_ZONES = 'variable "zones" {\n  type = list(string)\n%s}\n'
PLACED = REGION + CHOSEN + 'resource "aws_subnet" "s" {\n  vpc_id            = "v"\n  availability_zone = var.zones[0]\n}\n'
DEFAULT = '  default = ["eu-west-1a"]\n'
VALUES = 'zones = ["eu-west-1a"]\n'


@pytest.mark.parametrize(
    ("before", "files", "after", "others", "found"),
    [
        ("", {"test.tfvars": VALUES}, DEFAULT, {"test.tfvars": VALUES}, []),
        ("", {}, DEFAULT, {}, ["introduced"]),
        ("", {"test.tfvars": VALUES.replace("1a", "1b")}, DEFAULT, {"test.tfvars": VALUES}, ["introduced"]),
        (DEFAULT, {}, DEFAULT, {"test.tfvars": VALUES}, []),
    ],
)
def test_a_default_that_a_file_of_values_of_model_gives_is_not_new(
    before: str, files: dict[str, str], after: str, others: dict[str, str], found: list[str]
) -> None:
    model, ideal = (document(PLACED + FIXED_ZONES % d, **f) for d, f in ((before, files), (after, others)))
    assert told(model, ideal, "RG628") == found


RULES = """resource "aws_wafv2_web_acl" "web" {
  name  = "web"
  scope = "REGIONAL"

  default_action {
    allow {}
  }

  rule {
    name     = "fixed"
    priority = 1

    action {
      block {}
    }

    statement {
      geo_match_statement {
        country_codes = ["AQ"]
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "fixed"
      sampled_requests_enabled   = true
    }
  }

  dynamic "rule" {
    for_each = var.limits

    content {
      name     = rule.key
      priority = rule.value

      action {
        block {}
      }

      statement {
        geo_match_statement {
          country_codes = ["AQ"]
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "web"
    sampled_requests_enabled   = true
  }
}
"""


@pytest.mark.parametrize(("given", "found"), [("limits = { a = 1 }", []), ("", ["introduced"])])
def test_a_value_that_a_module_is_passed_is_not_new_where_it_gets_its_variable(given: str, found: list[str]) -> None:
    call = f'module "waf" {{\n  source = "./modules/waf"\n  {given}\n}}\n'
    variable = 'variable "limits" {\n  type    = map(number)\n  default = { a = 1 }\n}\n'
    model = document(call, modules__waf__main_tf=RULES)
    assert told(model, document(call, modules__waf__main_tf=RULES, modules__waf__variables_tf=variable), "RG483") == found


def test_nor_where_the_call_has_another_name() -> None:
    call = 'module "%s" {\n  source = "./modules/waf"\n  limits = { a = 1 }\n}\n'
    variable = 'variable "limits" {\n  type    = map(number)\n  default = { a = 1 }\n}\n'
    model = document(call % "waf", modules__waf__main_tf=RULES)
    assert told(model, document(call % "waf_eu", modules__waf__main_tf=RULES, modules__waf__variables_tf=variable), "RG483") == []


@pytest.mark.parametrize(("model", "found"), [("", []), ('variable "subnets" {\n  default = ["subnet-0a1b2c3d"]\n}\n', ["introduced"])])
def test_nobody_knows_which_subnets_a_variable_names_that_is_not_declared(model: str, found: list[str]) -> None:
    acl = 'resource "aws_network_acl" "main" {\n  vpc_id     = "vpc-0a1b2c3d"\n  subnet_ids = var.subnets\n}\n'
    assert told(model + acl, 'variable "subnets" {\n  default = []\n}\n' + acl, "RG452") == found


OPEN = """resource "aws_network_acl" "%s" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.main.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "%s"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
"""
ONE_SUBNET = """resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
"""


@pytest.mark.parametrize(("own", "found"), [("", []), (OPEN % ("main", "6"), ["introduced"])], ids=["the default one", "one of its own"])
def test_a_list_that_admits_everything_is_not_new_beside_the_default_one(own: str, found: list[str]) -> None:
    assert told(ONE_SUBNET + own, ONE_SUBNET + OPEN % ("main", "-1"), "RG455") == found


TRAIL = """resource "aws_cloudtrail" "t" {
  name           = "t"
  s3_bucket_name = "logs"

  event_selector {
    data_resource {
      type   = "AWS::S3::Object"
      values = ["%s"]
    }
%s  }
}
"""
CLUSTERS = '    data_resource {\n      type   = "AWS::RDS::DBCluster"\n      values = ["%s"]\n    }\n'
LOOSE = TRAIL % ("arn:aws:s3:::app-*/", "")


FUNCTIONS = CLUSTERS.replace("RDS::DBCluster", "Lambda::Function") % "arn:aws:lambda:*:*:function:*"


@pytest.mark.parametrize("ideal", [LOOSE, TRAIL % ("arn:aws:s3", FUNCTIONS)])
@pytest.mark.parametrize("clusters", ["arn:aws:rds:*", "arn:aws:rds"])
def test_a_wildcard_of_one_type_is_no_wildcard_of_another(clusters: str, ideal: str) -> None:
    assert told(TRAIL % ("arn:aws:s3", CLUSTERS % clusters), ideal, "RG704") == ["introduced"]


def test_a_wildcard_stays_where_the_correction_mends_the_type_beside_it() -> None:
    assert told(TRAIL % ("arn:aws:s3:::*/*", CLUSTERS % "arn:aws:rds:*"), LOOSE, "RG704") == ["left"]


SERVERS = """
data "aws_ami" "stock" {{
  owners = ["amazon"]
  filter {{
    name   = "name"
    values = ["al2023-ami-2023*"]
  }}
}}
resource "aws_lb_listener" "http" {{
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1"
  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.{name}.arn
  }}
}}
resource "aws_lb_target_group" "{name}" {{
  vpc_id   = "vpc-1"
  port     = 80
  protocol = "HTTP"
}}
resource "aws_lb_target_group_attachment" "{name}" {{
  target_group_arn = aws_lb_target_group.{name}.arn
  target_id        = aws_instance.{name}.id
}}
resource "aws_instance" "{name}" {{
  ami           = {image}
  instance_type = "t3.micro"
  {script}
}}
"""
PLAIN = SERVERS.format(name="new", image="data.aws_ami.stock.id", script="")


@pytest.mark.parametrize(
    ("image", "script", "found"),
    [
        ('"ami-0c02fb55956c7d316"', 'user_data = "yum install -y docker && service docker start"', []),
        ('"ami-0c02fb55956c7d316"', "", []),  # what the image brings nobody sees
        ('"ami-0c02fb55956c7d316"', 'user_data = "yum install -y nginx && service nginx start"', ["introduced"]),
    ],
)
def test_instances_answer_nothing_anew_only_where_those_of_the_answer_show_a_server(image: str, script: str, found: list[str]) -> None:
    assert told(SERVERS.format(name="old", image=image, script=script), PLAIN, "RG526") == found
