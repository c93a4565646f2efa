"""One mistake is one issue, whoever noticed it and however often it shows."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Issue
from tests.build import document
from tests.review.test_correction import issues, reviewed


def rules(model: str, ideal: str) -> list[tuple[str, str]]:
    return [(i.rule, i.status.value) for i in issues(model, ideal)]


FUNCTION = """
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  handler       = "index.handler"
  runtime       = "python3.13"
  {more}
}}
"""


def test_a_wrong_argument_and_the_one_that_it_stands_for_are_one_issue() -> None:
    network = "vpc_config {\n    subnet_ids = []\n    %s = []\n  }\n  filename = data.archive_file.f.output_path"
    source = 'data "archive_file" "f" {\n  type = "zip"\n  output_path = "f.zip"\n  source_content = "1"\n  source_content_filename = "index.py"\n}'
    wrong, right = (FUNCTION.format(more=network % name) + source for name in ("security_groups", "security_group_ids"))
    found = [i for i in issues(wrong, right) if i.rule.startswith("tf:")]
    assert [(i.rule, i.status) for i in found] == [("tf:unsupported-argument", "fixed")]
    assert "sets `security_groups` where" in found[0].problem and "does not set `security_group_ids`, which is required" in found[0].problem


def test_a_package_that_ideal_reads_while_validating_is_missing_once() -> None:
    plain = FUNCTION.format(more='filename = "f.zip"')
    hashed = FUNCTION.format(more='filename = "f.zip"\n  source_code_hash = filebase64sha256("f.zip")')
    assert rules(plain, hashed) == [("RG324", "left")]
    # The other way round the error of `terraform validate` is gone, and the package is missing still.
    assert sorted(rules(hashed, plain)) == [("RG324", "left"), ("tf:missing-file", "fixed")]


@pytest.mark.parametrize(("path", "stage"), [('"${path.module}/f.zip"', "validate"), ('"${var.folder}/f.zip"', "plan")])
def test_a_package_of_a_new_function_beside_one_that_was_missing_before_is_told_once(path: str, stage: str) -> None:
    folder = 'variable "folder" {\n  default = "."\n}\n'
    old = folder + FUNCTION.format(more='filename = "old.zip"')
    hashed = FUNCTION.format(more=f"filename = {path}\n  source_code_hash = filebase64sha256({path})")
    found = issues(old, folder + hashed + hashed.replace('"f"', '"new"').replace("f.zip", "new.zip"))
    assert sorted((i.rule, i.status.value, i.where[0].split(".")[1]) for i in found if "file" in i.rule or i.rule == "RG324") == [
        ("RG324", "introduced", "new"), ("RG324", "left", "f")
    ]  # fmt: skip
    assert [i.stage.value for i in found if i.status == "introduced" and i.stage] == [stage]


WRONG_ALARM = 'resource "aws_cloudwatch_alarm" "errors" {\n  alarm_name = "errors"\n}\n'
ALARM = """
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  period              = 300
  statistic           = "Sum"
  threshold           = 0
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:alerts"]
}
"""


@pytest.mark.parametrize(("model", "found"), [(WRONG_ALARM, "tf:unknown-type"), ("", "RG021")])
def test_what_has_a_type_that_does_not_exist_is_not_called_absent_as_well(model: str, found: str) -> None:
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    told = issues(model + queue, ALARM + queue, prompt="Set up CloudWatch alarms for errors.\n")
    assert [(i.rule, bool(i.requirement)) for i in told] == [(found, True)]


def test_what_never_does_anything_is_no_repair_and_its_loss_none() -> None:
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    idle = ALARM.replace('"Errors"', '"Failures"').replace('"errors"', '"failures"')  # AWS/Lambda has no such metric
    assert rules(queue, queue + idle) == [("RG801", "introduced")]
    assert rules(queue + idle, queue) == [("RG801", "fixed")]
    assert sorted(rules(queue, queue + idle + ALARM)) == [("RG021", "fixed"), ("RG801", "introduced")]
    acl = 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n'
    idle_acl = 'resource "aws_network_acl" "a" {\n  vpc_id = aws_vpc.v.id\n}\n'  # an ACL without subnets
    assert rules(acl + idle_acl, acl) == [("RG452", "fixed")]
    asked = issues(acl + idle_acl, acl, prompt="Use a network ACL to admit ports 80 and 443 only.\n")
    assert sorted((i.rule, i.status) for i in asked) == [("RG037", "introduced"), ("RG452", "fixed")]
    (lost,) = [i for i in asked if i.rule == "RG037"]
    assert lost.problem.endswith("In MODEL that did nothing: `aws_network_acl.a` is associated with no subnet.")
    used = 'resource "aws_subnet" "s" {\n  vpc_id     = aws_vpc.v.id\n  cidr_block = "10.0.1.0/24"\n}\n'
    used_acl = idle_acl.replace("}", "  subnet_ids = [aws_subnet.s.id]\n}")
    both = acl + used + idle_acl.replace('"a"', '"b"') + used_acl
    (lost,) = [i for i in issues(both, acl + used, prompt="Use a network ACL.\n") if i.rule == "RG037"]
    assert "did nothing" not in lost.problem  # one of them does something


PACKED = """
data "archive_file" "f" {
  type                    = "zip"
  output_path             = "other.zip"
  source_content          = "1"
  source_content_filename = "index.py"
}
"""


def test_another_package_that_is_built_does_not_make_the_missing_one_delivered() -> None:
    packed = FUNCTION.format(more="filename = data.archive_file.f.output_path") + PACKED
    found = [i for i in issues(FUNCTION.format(more='filename = "f.zip"'), packed) if i.rule == "RG324"]
    assert [(i.status, i.verification[0].check) for i in found] == [
        ("fixed", "`aws_lambda_function.f` uploads no file that is neither delivered nor built")
    ]


IMAGE = 'resource "aws_instance" "web" {{\n  ami = "{}"\n  instance_type = "t3.micro"\n}}\n'


def test_a_placeholder_is_a_fixed_image_id_too() -> None:
    invented, fixed = IMAGE.format("ami-12345678"), IMAGE.format("ami-07d9b9ddc6cd8dd30")
    assert sorted(r for r in rules(invented, fixed) if r[0] in ("RG501", "RG502")) == [("RG501", "fixed"), ("RG502", "left")]
    assert [r for r in rules(invented, invented) if r[0] in ("RG501", "RG502")] == [("RG501", "left")]
    assert [r for r in rules(fixed, invented) if r[0] in ("RG501", "RG502")] == [("RG501", "introduced")]


BUCKET = 'resource "aws_s3_bucket" "logs" {\n  bucket = "shop-logs"\n}\n'
SETTINGS = """
resource "{type}" "logs" {{
  bucket = aws_s3_bucket.logs.id
  rule {{
    apply_server_side_encryption_by_default {{
      sse_algorithm = "AES256"
    }}
  }}
}}
"""


def test_a_type_that_does_not_exist_and_what_it_was_meant_for_are_one_issue() -> None:
    model = BUCKET + SETTINGS.format(type="aws_s3_bucket_encryption")
    ideal = BUCKET + SETTINGS.format(type="aws_s3_bucket_server_side_encryption_configuration")
    found = issues(model, ideal)
    assert [i.rule for i in found] == ["tf:unknown-type"]
    assert [p.code.split("\n")[0] for p in found[0].solution] == ['resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {']


def test_a_lookup_that_a_rule_and_terraform_reject_is_one_blocker() -> None:
    table = "locals {\n  sizes = { dev = 1, prod = 2 }\n  size  = local.sizes[terraform.workspace]\n}\n"
    found = issues(table + BUCKET, table + BUCKET)
    assert [(i.rule, i.category, i.severity) for i in found] == [("RG627", "blocker", "CRITICAL")]


def delivered(files: dict[str, str], other: dict[str, str]) -> tuple[Issue, ...]:
    read = [sample.read_markdown("".join(f"### {p}\n\n```hcl\n{t}```\n" for p, t in f.items()), "X.md") for f in (files, other)]
    return pipeline.review_sample(sample.of_documents(*read, None, "x"), Config()).issues


def test_a_module_without_its_variables_is_one_issue() -> None:
    call = 'module "queue" {\n  source = "./modules/queue"\n  title  = "a"\n}\n'
    body = 'resource "aws_sqs_queue" "q" {\n  name = var.title\n}\n'
    whole = {"main.tf": call, "modules/queue/main.tf": body, "modules/queue/variables.tf": 'variable "title" {\n  type = string\n}\n'}
    part = {name: text for name, text in whole.items() if "variables" not in name}
    found = [i for i in delivered(whole, part) if i.rule.startswith("tf:")]
    assert [(i.rule, i.status) for i in found] == [("tf:undeclared-variable", "introduced")]
    assert "`module.queue` sets `title` where there is no argument of that name." in found[0].problem


TEMPLATE = """
resource "aws_launch_template" "t" {{
  block_device_mappings {{
    device_name = "/dev/xvda"
    ebs {{
      volume_size = 20
      {more}
    }}
  }}
}}
"""


@pytest.mark.parametrize(("more", "found"), [("encrypted = true", [("RG511", "critical")]), ("iops = 3000", [])])
def test_a_difference_that_repairs_a_defect_is_no_second_issue(more: str, found: list[tuple[str, str]]) -> None:
    told = issues(TEMPLATE.format(more=""), TEMPLATE.format(more=more), "# Task\n\nEncrypt all volumes at rest.\n")
    assert [(i.rule, i.category) for i in told if i.status == "fixed"] == found


HEALTH = 'resource "aws_route53_health_check" "main" {\n  fqdn = "a.shop.io"\n  type = "HTTPS"\n}\n'
RECORD = """
resource "aws_route53_record" "main" {
  zone_id         = "Z1"
  name            = "a.shop.io"
  type            = "A"
  ttl             = 60
  records         = ["192.0.2.1"]
  set_identifier  = "main"
  health_check_id = aws_route53_health_check.main.id
  failover_routing_policy {
    type = "PRIMARY"
  }
}
"""


def test_a_warning_about_what_a_missing_capability_brings_is_no_second_issue() -> None:
    found = issues(HEALTH, HEALTH + RECORD, "# Task\n\n1. Route 53 failover routing to the second region\n")
    assert [(i.title, i.category) for i in found if i.status == "fixed"] == [("Missing Route 53 failover routing", "blocker")]


SERVER = 'resource "aws_instance" "web" {{\n  ami = "ami-1"\n  {more}\n}}\n'


def test_a_file_that_is_missing_is_no_evidence_of_another_mistake_at_its_argument() -> None:
    both = SERVER.format(more='user_data = base64encode(file("${path.module}/boot.sh"))')
    found = {i.rule: i for i in issues(both, SERVER.format(more=""))}
    assert found["tf:missing-file"].category == "blocker"
    assert [i.category for rule, i in found.items() if "user_data" in i.problem and rule != "tf:missing-file"] == ["warning"]


HTTP_ONLY = """
resource "aws_lb" "web" {
  name = "web"
}
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
}
"""


def test_what_prompt_asks_and_a_rule_misses_is_one_issue() -> None:
    found = issues(HTTP_ONLY, HTTP_ONLY, "# Task\n\n1. Application load balancer with an HTTPS listener\n")
    (left,) = [i for i in found if "HTTP" in i.title]
    assert (left.title, left.status, left.requirement.number if left.requirement else "") == ("Missing HTTPS listener", "left", "1")


OPEN_DATABASE = """
resource "aws_db_instance" "d" {{
  engine            = "mysql"
  instance_class    = "db.t3.micro"
  allocated_storage = 20
  username          = "root"
  password          = random_password.p.result
  {more}
}}
resource "random_password" "p" {{
  length  = 16
  special = false
}}
"""
OUTPUT = 'output "password" {\n  value = aws_db_instance.d.password\n}\n'
GROUP = 'resource "aws_db_parameter_group" "g" {\n  family = "mysql8.0"\n}\n'


def test_that_a_resource_takes_part_in_a_defect_does_not_make_what_it_lacks_that_defect() -> None:
    model = OPEN_DATABASE.format(more="") + OUTPUT
    ideal = OPEN_DATABASE.format(more="parameter_group_name = aws_db_parameter_group.g.name") + GROUP
    found = {i.title: i.requirement.number if i.requirement else "" for i in issues(model, ideal, "1. Use a database parameter group\n")}
    assert found["Output of a sensitive value that is not marked as sensitive"] == ""
    assert found["Missing database parameter group"] == "1"


READING = 'resource "aws_launch_template" "t" {{\n  image_id = "ami-07d9b9ddc6cd8dd30"\n  user_data = {}\n}}\n'
FILES = 'resource "aws_efs_file_system" "f" {\n  encrypted = true\n}\nlocals {\n  name = "x"\n}\n'


def test_what_the_correction_of_a_missing_file_refers_to_is_an_issue_of_its_own() -> None:
    model = READING.format('base64encode(file("${path.module}/start.sh"))')
    ideal = READING.format('base64encode("mount ${aws_efs_file_system.f.id} ${local.name}")') + FILES
    found = {i.rule: i.requirement is not None for i in issues(model, ideal, "1. Create an EFS file system for the instances\n")}
    assert found["tf:missing-file"] is False and found["need:efs"] is True


KEY_PAIR = 'resource "aws_key_pair" "web" {{\n  key_name = "web"\n  {note}\n  public_key = "{key}"\n}}\n'


def test_a_remark_at_the_argument_that_a_rule_finds_wrong_is_its_evidence() -> None:
    bad = KEY_PAIR.format(note="# Replace with your actual public key", key="ssh-rsa PLACEHOLDER")
    found = issues(bad, "")
    assert [i.quotes[0].text for i in found if i.rule != "RG901"] == ["# Replace with your actual public key"]
    assert not any(i.rule == "RG901" for i in found)


def test_without_a_correction_what_prompt_asks_stays_open() -> None:
    found = issues(HTTP_ONLY, "", "# Task\n\n1. DynamoDB table for sessions\n2. Application load balancer\n")
    assert [(i.rule, i.status) for i in found if i.requirement] == [("need:dynamodb-table", "unmet")]
    assert all("IDEAL" not in i.problem and "neither tree" not in i.problem for i in found)


def test_a_variable_where_only_a_constant_may_stand_is_one_issue() -> None:
    provider = 'variable "name" {\n  default = "a"\n}\nprovider "aws" {\n  alias = %s\n}\n'
    assert [rule for rule, _ in rules(provider % "var.name", provider % '"a"')].count("tf:unsuitable-value-type") == 0


def test_a_deprecated_block_has_its_name_in_the_title() -> None:
    bucket = 'resource "aws_s3_bucket" "b" {\n  bucket = "shop-1"\n  versioning {\n    enabled = true\n  }\n}\n'
    assert "`aws_s3_bucket` uses the deprecated `versioning`" in [i.title for i in issues(bucket, bucket)]


def test_what_ideal_takes_away_because_it_was_wrong_is_no_loss() -> None:
    function = (
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = "r"\n  package_type = "Image"\n  image_uri = "i"\n  {}}\n'
    )
    found = issues(
        function.replace("{}", "reserved_concurrent_executions = 2000\n"), function.replace("{}", ""), prompt="Limit concurrency."
    )
    assert {i.rule: i.status for i in found if i.rule in ("RG328", "RG009")} == {"RG328": "fixed"}


DATABASE = """
resource "aws_rds_cluster" "%s" {
  engine = "aurora-postgresql"
  %s
}
"""
DASHBOARD = """
resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = "main"
  dashboard_body = jsonencode({
    widgets = [{ type = "metric", properties = { metrics = [["AWS/ECS", "CPUUtilization"%s]] } }]
  })
}
"""


def test_a_dashboard_is_not_about_what_it_shows() -> None:
    secret = 'resource "aws_secretsmanager_secret" "db" {\n  name = "db"\n}\n'
    model = secret + DATABASE % ("db", "master_password = aws_secretsmanager_secret.db.id") + DASHBOARD % ""
    ideal = DATABASE % ("main", "manage_master_user_password = true") + DASHBOARD % ', "ClusterName", aws_rds_cluster.main.id'
    found = issues(model, ideal, "# Task\n\n1. Secrets Manager for credentials\n2. Automatic rotation of secrets every 30 days\n")
    assert [i.title for i in found if "rotation" in i.title] == ["Missing rotation of secrets"]
    (rotation,) = [i for i in found if "rotation" in i.title]
    assert not any("dashboard" in place for place in rotation.where)
    assert (rotation.status, rotation.verification[0].check) == ("fixed", "What is declared provides rotation of secrets")


def test_what_cannot_be_parsed_is_no_evidence_of_what_a_rule_finds_beside_it() -> None:
    locals_ = 'locals {\n  items = {\n    at  = timestamp()\n    who = true ?\n      "a" : "b"\n  }\n}\n'
    topic = 'resource "aws_sns_topic" "t" {\n  name = "t-${local.items.at}"\n}\n'
    found = issues(locals_ + topic, 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n')
    assert [i.title for i in found if "no valid HCL" in i.problem] == ["`main.tf` does not parse"]


def test_providers_that_are_made_in_a_loop_are_one_mistake() -> None:
    loop = 'provider "aws" {\n  for_each = toset(["us-east-1"])\n  alias    = each.key\n  region   = each.key\n}\n'
    topic = 'resource "aws_sns_topic" "t" {\n  name     = "t"\n  provider = aws[var.region]\n}\nvariable "region" {\n  default = "us-east-1"\n}\n'
    single = 'provider "aws" {\n  region = "us-east-1"\n}\nresource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
    review = reviewed(loop + topic, single)
    found = [i for i in review.issues if i.rule.startswith("tf:")]
    assert [(i.title, i.status) for i in found] == [("Provider configurations take no `for_each`", "fixed")]
    # IDEAL's provider without alias is another one.
    assert {p.side for address in found[0].where for p in review.places[address] if address.startswith("provider.")} == {"model"}


@pytest.mark.parametrize(
    ("number", "title"),
    [
        (1, "`aws_sqs_queue` has no argument `first`"),
        (2, "`aws_sqs_queue` has no argument `first` or `second`"),
        (3, "`aws_sqs_queue` has no argument `first`, `second` or `third`"),
        (4, "`aws_sqs_queue` has no argument `first`, `second`, `third` and 1 more"),
    ],
)
def test_a_title_denies_each_of_its_names(number: int, title: str) -> None:
    lines = "".join(f"  {name} = 1\n" for name in ("first", "second", "third", "fourth")[:number])
    found = issues('resource "aws_sqs_queue" "q" {\n' + lines + "}\n", 'resource "aws_sqs_queue" "q" {\n}\n')
    assert [i.title for i in found if i.rule == "tf:unsupported-argument"] == [title]


ORDERS = 'resource "aws_s3_bucket" "b" {\n  bucket = "orders"\n}\n'
BY_NAME = 'resource "%s" "b" {\n  bucket = aws_s3_bucket.b.id\n}\n'


@pytest.mark.parametrize(
    ("type_", "found"),
    [
        ("aws_s3_bucket_encryption", ["tf:unknown-type"]),
        ("aws_s3_bucket_encryption_configuration", ["tf:unknown-type"]),
        ("aws_s3_bucket_retention", ["need:s3-encryption", "tf:unknown-type"]),  # something else
    ],
)
def test_a_type_that_does_not_exist_and_what_it_was_to_give_are_one_issue(type_: str, found: list[str]) -> None:
    text = ORDERS + BY_NAME % type_
    told = issues(text, text.replace("orders", "all-orders"), prompt="# Task\n\n- S3 buckets with server-side encryption\n")
    assert sorted(i.rule for i in told if i.rule.startswith(("tf:", "need:"))) == found
    assert next(i for i in told if i.rule == "tf:unknown-type").requirement is not None or len(found) > 1


def test_what_gives_it_in_place_of_a_type_that_does_not_exist_is_the_correction() -> None:
    wrong, right = (BY_NAME % f"aws_s3_bucket_{name}" for name in ("encryption_configuration", "server_side_encryption_configuration"))
    rule = '  rule {\n    apply_server_side_encryption_by_default {\n      sse_algorithm = "AES256"\n    }\n  }\n}\n'
    module = 'module "stores" {\n  source = "./stores"\n}\n'
    model, ideal = document(ORDERS + wrong), document(module, stores__main_tf=ORDERS + right.replace('"b" {', '"kept" {')[:-2] + rule)
    asked = sample.read_markdown("# Task\n\n- S3 buckets with server-side encryption\n", "PROMPT.md")
    review = pipeline.review_sample(sample.of_documents(model, ideal, asked, "x"), Config())
    (issue,) = [i for i in review.issues if i.rule == "tf:unknown-type"]
    assert (issue.status, issue.removed, issue.requirement is not None) == ("fixed", False, True)
    assert "server_side_encryption_configuration" in "".join(p.code for p in issue.solution)


SHOP = """
resource "aws_wafv2_web_acl" "shop" {{
  name  = "shop"
  scope = "CLOUDFRONT"
}}
resource "aws_cloudfront_distribution" "shop" {{
  enabled = true
{more}}}
"""


def test_a_web_acl_that_protects_nothing_is_the_association_that_prompt_misses() -> None:
    prompt = "# Task\n\n- AWS WAF WebACL associated with CloudFront\n"
    found = issues(SHOP.format(more=""), SHOP.format(more="  web_acl_id = aws_wafv2_web_acl.shop.arn\n"), prompt)
    about = [i for i in found if i.rule == "RG487" or "association" in i.title]
    assert [(i.rule, i.status.value) for i in about] == [("RG487", "fixed")]
    assert about[0].requirements


TOPIC = ALARM.replace('"arn:aws:sns:eu-west-1:111122223333:alerts"', "aws_sns_topic.alerts.arn") + 'resource "aws_sns_topic" "alerts" {}\n'
SUBSCRIBED = (
    'resource "aws_sns_topic_subscription" "s" {\n  topic_arn = aws_sns_topic.alerts.arn\n  protocol = "email"\n  endpoint = "a@b.eu"\n}\n'
)


@pytest.mark.parametrize(("more", "found"), [("", [("RG357", "left", "critical")]), (SUBSCRIBED, [("RG357", "fixed", "critical")])])
def test_an_alarm_topic_that_nobody_reads_is_the_subscription_that_prompt_misses(more: str, found: list[tuple[str, str, str]]) -> None:
    told = issues(TOPIC, TOPIC + more, "# Task\n\n- SNS topic with an email subscription\n")
    about = [i for i in told if i.rule == "RG357" or i.rule.startswith("need:sns")]
    assert [(i.rule, i.status.value, i.category.value) for i in about] == found
    assert about[0].requirements
