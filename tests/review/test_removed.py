"""A defect that went with its block was not repaired, and the document says so."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.documents.rendered import mismatches
from reviewgen.model import tf
from reviewgen.render import markdown, template_names
from reviewgen.render.issue import issue_view
from tests.review.test_correction import document, reviewed

ROLE = """
resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}
"""
POLICY = """
resource "aws_iam_role_policy" "deploy" {
  role   = aws_iam_role.deploy.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ACTION", Resource = "*" }] })
}
"""


@pytest.mark.parametrize(
    ("ideal", "removed", "words"),
    [
        (ROLE, True, "IDEAL gets rid of #1 with what it no longer declares."),
        (ROLE + POLICY.replace("ACTION", "ec2:DescribeInstances"), False, "IDEAL repairs #1."),
    ],
)
def test_a_defect_that_goes_with_its_block_is_not_called_repaired(ideal: str, removed: bool, words: str) -> None:
    review = reviewed(ROLE + POLICY.replace("ACTION", "*"), ideal)
    assert [(i.status, i.removed) for i in review.issues if i.rule == "RG131"] == [("fixed", removed)]
    assert words in " ".join(review.assessment)


RECORD = 'resource "aws_route53_record" "www" {{\n  zone_id = {}aws_route53_zone.main.zone_id\n  name    = "www"\n  type    = "A"\n}}\n'
LOOKUP = 'data "aws_route53_zone" "main" {\n  name = "example.com"\n}\n'
ZONE = 'resource "aws_route53_zone" "main" {\n  name = "shop.test"\n}\n'


@pytest.mark.parametrize(("ideal", "removed", "new"), [("", True, False), (RECORD.format("") + ZONE, False, True)])
def test_what_is_made_instead_of_looked_up_is_a_repair(ideal: str, removed: bool, new: bool) -> None:
    (issue,) = [i for i in reviewed(LOOKUP + RECORD.format("data."), ideal or ROLE).issues if i.rule == "RG472"]
    assert (issue.status, issue.removed, "aws_route53_zone.main" in issue.corrected) == ("fixed", removed, new)


def test_a_new_block_of_the_type_may_stand_for_the_one_that_had_the_defect() -> None:
    ideal = (
        ROLE
        + """
resource "aws_iam_role_policy" "machines" {
  name   = "machines"
  role   = "other"
  policy = jsonencode({ Statement = [{ Effect = "Deny", Action = "ec2:RunInstances", Resource = "*" }] })
}
"""
    )
    review = reviewed(ROLE + POLICY.replace("ACTION", "*"), ideal)
    issue = next(i for i in review.issues if i.rule == "RG131")
    said = "IDEAL no longer declares `aws_iam_role_policy.deploy`, and declares another of its type"
    assert issue_view(issue, review, "").status == f"Fixed by IDEAL (category A fix): {said}"
    assert all(mismatches(review, markdown(review, template=t), t) == () for t in template_names())


def test_a_block_of_a_module_that_nothing_calls_stands_for_none() -> None:
    files = {
        "modules__spare__main_tf": POLICY.replace("ACTION", "ec2:RunInstances"),
        "modules__used__main_tf": 'resource "aws_sns_topic" "t" {}\n',
    }
    ideal = document(ROLE + 'module "used" {\n  source = "./modules/used"\n}\n', **files)
    review = pipeline.review_sample(sample.of_documents(document(ROLE + POLICY.replace("ACTION", "*")), ideal, None, "x"), Config())
    issue = next(i for i in review.issues if i.rule == "RG131")
    assert issue_view(issue, review, "").status == "Fixed by IDEAL (category A fix): it went with what IDEAL no longer declares"


PLAIN = """
resource "aws_launch_template" "web" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}
"""


def test_another_type_of_the_same_kind_carries_on_the_defect() -> None:
    ideal = PLAIN.replace("aws_launch_template", "aws_launch_configuration").replace('"web"', '"app"')
    assert {i.status for i in reviewed(PLAIN, ideal).issues if i.rule == "RG501"} == {"left"}


def test_what_is_introduced_at_one_place_is_not_denied_of_model() -> None:
    more = POLICY.replace("ACTION", "*")
    review = reviewed(ROLE + more, ROLE + more + more.replace('"deploy" {', '"audit" {'))
    new = next(i for i in review.issues if i.rule == "RG131" and i.status == "introduced")
    old = next(i for i in review.issues if i.rule == "RG131" and i.status == "left")
    assert issue_view(new, review, "").status == f"Introduced by IDEAL: MODEL has it at other places only (issue #{old.id})"


def test_of_names_that_ideal_does_not_declare_either_model_has_some_at_other_places() -> None:
    topic = 'resource "aws_sns_topic" "%s" {\n  name = "${var.stage}-%s"\n}\n'
    code = topic % ("orders", "orders")
    more = topic % ("stock", "stock") + 'resource "aws_sqs_queue" "stock" {\n  name = var.queue\n}\n'
    review = reviewed(code, code + more)
    new = next(i for i in review.issues if i.rule == tf.UNDECLARED_VARIABLE and i.status == "introduced")
    old = next(i for i in review.issues if i.rule == tf.UNDECLARED_VARIABLE and i.status == "left")
    assert issue_view(new, review, "").status == f"Introduced by IDEAL: MODEL has some of it, at other places (issue #{old.id})"


def test_of_an_answer_that_breaks_off_only_its_beginning_is_known() -> None:
    answer = sample.read_markdown(f'```hcl\n{ROLE}resource "aws_iam_role" "next" {{\n  name = "n"\n', "MODEL_RESPONSE.md")
    ideal = document(main_tf=ROLE + POLICY.replace("ACTION", "*"))
    review = pipeline.review_sample(sample.of_documents(answer, ideal, None, "x"), Config())
    new = next(i for i in review.issues if i.rule == "RG131")
    assert issue_view(new, review, "").status == "Introduced by IDEAL: what there is of MODEL does not have it"


def test_of_an_answer_that_breaks_off_only_its_beginning_has_a_defect_at_other_places() -> None:
    more = POLICY.replace("ACTION", "*")
    answer = sample.read_markdown(f'```hcl\n{ROLE}{more}resource "aws_iam_role" "next" {{\n  name = "n"\n', "MODEL_RESPONSE.md")
    ideal = document(main_tf=ROLE + more + more.replace('"deploy" {', '"audit" {'))
    review = pipeline.review_sample(sample.of_documents(answer, ideal, None, "x"), Config())
    new = next(i for i in review.issues if i.rule == "RG131" and i.status == "introduced")
    old = next(i for i in review.issues if i.rule == "RG131" and i.status == "left")
    status = issue_view(new, review, "").status
    assert status == f"Introduced by IDEAL: what there is of MODEL has it at other places only (issue #{old.id})"


STORE = """
variable "db_password" {
  type = string
}
resource "aws_db_instance" "main" {
  password = var.db_password
}
"""


SECRET = 'db_password = "correct-horse-battery"'


def fenced(path: str, code: str) -> str:
    return f"## {path}\n\n```hcl\n{code}\n```\n\n"


def test_a_file_of_values_does_not_go_with_what_reads_it() -> None:
    ideal = STORE.replace('"main" {', '"orders" {\n  identifier = "orders-east"')
    model = sample.read_markdown(f"{fenced('main.tf', STORE)}{fenced('dev.tfvars', SECRET)}", "MODEL_RESPONSE.md")
    answer = sample.read_markdown(fenced("main.tf", ideal), "IDEAL_RESPONSE.md")
    review = pipeline.review_sample(sample.of_documents(model, answer, None, "x"), Config())
    issue = next(i for i in review.issues if i.rule == "RG152")
    assert (issue.status, issue.removed, issue.corrected, issue.lines_removed) == ("fixed", False, (), 0)
    assert [c.check for c in issue.verification] == ["No file contains the value of `var.db_password`"]


CALL = 'module "net" {\n  source = "./net"\n}\n'
NET = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'


def test_a_module_that_is_not_delivered_any_more_is_what_went_and_not_what_its_call_says() -> None:
    model = document(main_tf=CALL, net__main_tf=NET)
    ideal = document(main_tf=CALL.replace("}", '  name   = "net"\n}'), other__main_tf=NET)
    review = pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config())
    issue = next(i for i in review.issues if i.rule == "tf:missing-module")
    assert (issue.status, issue.values, issue.lines_added) == ("introduced", (), 0)


@pytest.mark.parametrize("template", template_names())
def test_the_status_reads_back_from_every_template(template: str) -> None:
    review = reviewed(ROLE + POLICY.replace("ACTION", "*"), ROLE)
    assert any(i.removed for i in review.issues)
    assert mismatches(review, markdown(review, template=template), template) == ()


GROUP = 'resource "aws_security_group" "%s" {\n  vpc_id = "vpc-0123456789abcdef0"\n%s}\n'
ENDPOINT = """
resource "aws_vpc_endpoint" "%s" {
  vpc_id              = "vpc-0123456789abcdef0"
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.eu-west-1.%s"
  private_dns_enabled = true
  %s
  security_group_ids  = [aws_security_group.%s.id]
}
"""
HTTPS = '  ingress {\n    from_port   = 443\n    to_port     = 443\n    protocol    = "tcp"\n    cidr_blocks = ["10.0.0.0/8"]\n  }\n'


def test_what_takes_part_may_have_gone_and_another_of_its_type_have_come() -> None:
    functions = GROUP % ("functions", "")
    model = functions + ENDPOINT % ("logs", "logs", 'subnet_ids = ["subnet-1"]', "functions")
    ideal = functions + GROUP % ("endpoints", HTTPS) + ENDPOINT % ("queues", "sqs", 'auto_accept = true\n  policy = "{}"', "endpoints")
    review = reviewed(model, ideal)
    issue = next(i for i in review.issues if i.rule == "RG446")
    said = "IDEAL no longer declares `aws_vpc_endpoint.logs`, and declares another of its type"
    assert issue.where[0].startswith("aws_security_group.functions")
    assert issue_view(issue, review, "").status == f"Fixed by IDEAL (category B fix): {said}"


SCALED = """
resource "aws_autoscaling_group" "web" {
  name     = "web"
  min_size = 1
  max_size = 2
  launch_template {
    id = aws_launch_template.web.id
  }
}
"""
TEMPLATE = """
resource "aws_launch_template" "web" {
  image_id = var.image
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      encrypted  = true
      kms_key_id = aws_kms_key.disk.arn
    }
  }
}
variable "image" {}
"""
KEY = 'resource "aws_kms_key" "disk" {\n  deletion_window_in_days = 30\n  policy = jsonencode({ Statement = [%s] })\n}\n'
ACCOUNT = '{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" }'
LOGS = '{ Effect = "Allow", Principal = { Service = "logs.amazonaws.com" }, Action = "kms:*", Resource = "*" }'
ROLE_OF_SERVICE = (
    '{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/'
    'AWSServiceRoleForAutoScaling" }, Action = "kms:*", Resource = "*" }'
)


@pytest.mark.parametrize(
    ("ideal", "removed", "check"),
    [
        (TEMPLATE + KEY % f"{ACCOUNT}, {LOGS}", True, "`aws_autoscaling_group.web` is no longer declared, or no volume"),
        (SCALED + TEMPLATE + KEY % f"{ACCOUNT}, {ROLE_OF_SERVICE}", False, "No volume of an Auto Scaling group"),
    ],
)
def test_a_policy_that_changes_while_nobody_meets_the_defect_any_more_repairs_nothing(ideal: str, removed: bool, check: str) -> None:
    (issue,) = [i for i in reviewed(SCALED + TEMPLATE + KEY % ACCOUNT, ideal).issues if i.rule == "RG104"]
    assert (issue.status, issue.removed) == ("fixed", removed)
    assert issue.verification[0].check.startswith(check)
    assert bool(issue.solution) is not removed


SERVED = """
resource "aws_s3_bucket" "media" {
  bucket = "media-of-the-shop"
}
resource "aws_cloudfront_origin_access_identity" "media" {
}
resource "aws_cloudfront_distribution" "NAME" {
  origin {
    domain_name = aws_s3_bucket.media.bucket_regional_domain_name
    origin_id   = "media"
    s3_origin_config {
      origin_access_identity = aws_cloudfront_origin_access_identity.media.cloudfront_access_identity_path
    }
  }
}
"""
ENCRYPTED = """
resource "aws_kms_key" "KEY" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { Service = "logs.amazonaws.com" } }]
  })
}
resource "aws_s3_bucket_server_side_encryption_configuration" "NAME" {
  bucket = aws_s3_bucket.media.id
  rule {
    apply_server_side_encryption_by_default {
      SETTINGS
    }
  }
}
"""


def test_what_encrypts_a_bucket_is_told_before_the_key() -> None:
    with_key = 'sse_algorithm     = "aws:kms"\n      kms_master_key_id = aws_kms_key.content.arn'
    model = SERVED.replace("NAME", "cdn") + ENCRYPTED.replace("KEY", "content").replace("NAME", "content").replace("SETTINGS", with_key)
    ideal = SERVED.replace("NAME", "site") + ENCRYPTED.replace("KEY", "logs").replace("NAME", "pages").replace(
        "SETTINGS", 'sse_algorithm = "AES256"'
    )
    (issue,) = [i for i in reviewed(model, ideal).issues if i.rule == "RG497"]
    first = "aws_s3_bucket_server_side_encryption_configuration.pages.rule.apply_server_side_encryption_by_default."
    assert issue.status == "fixed" and issue.where[1].startswith(first)


ROLE_OF_FUNCTION = ROLE.replace("ec2.", "lambda.")
DEAD = 'resource "aws_sqs_queue" "dead" {\n  name = "dead"\n}\n'
FUNCTION = """
resource "aws_lambda_function" "work" {
  function_name = "work"
  role          = aws_iam_role.deploy.arn
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/work:1"
  dead_letter_config {
    target_arn = aws_sqs_queue.dead.arn
  }
}
"""
TOPIC = 'resource "aws_sns_topic" "done" {\n  name = "done"\n}\n'
WITHOUT_DEAD = FUNCTION.replace("  dead_letter_config {\n    target_arn = aws_sqs_queue.dead.arn\n  }\n", "")


@pytest.mark.parametrize("role", [ROLE_OF_FUNCTION, ""])
def test_what_is_still_referred_to_repairs_nothing_by_its_absence(role: str) -> None:
    policy = POLICY.replace("ACTION", "sns:Publish")
    issues = reviewed(ROLE_OF_FUNCTION + policy + DEAD + FUNCTION, role + WITHOUT_DEAD + TOPIC).issues
    (issue,) = [i for i in issues if i.rule == "RG333"]
    assert (issue.status, issue.removed) == ("fixed", not role)
    assert "aws_iam_role.deploy" not in issue.corrected
    assert not any("`aws_iam_role.deploy` is no longer declared" in c.check for c in issue.verification)


TRAIL = """
resource "aws_s3_bucket" "orders" {
  bucket = "orders"
}
resource "aws_cloudtrail" "%s" {
  name           = "audit"
  s3_bucket_name = aws_s3_bucket.orders.id
  event_selector {
    read_write_type = "All"%s
  }
}
"""
SELECTED = """
    data_resource {
      type   = "AWS::S3::Object"
      values = ["${aws_s3_bucket.orders.arn}/%s"]
    }"""


@pytest.mark.parametrize("name", ["audit", "calls"])
@pytest.mark.parametrize(("selected", "removed"), [("", True), (SELECTED % "", False)])
def test_a_selector_that_is_gone_with_all_that_the_trail_selects_was_not_put_right(name: str, selected: str, removed: bool) -> None:
    review = reviewed(TRAIL % ("audit", SELECTED % "*"), TRAIL % (name, selected))
    assert [(i.status, i.removed) for i in review.issues if i.rule == "RG705"] == [("fixed", removed)]
