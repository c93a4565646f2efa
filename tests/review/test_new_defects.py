"""What the document shows of a defect that only IDEAL has."""

from __future__ import annotations

from tests.review.test_correction import issues


def test_what_makes_a_block_of_both_trees_defective_is_what_ideal_changed() -> None:
    key, group = 'resource "aws_kms_key" "k" {}\n', 'resource "aws_cloudwatch_log_group" "%s" {\n  kms_key_id = aws_kms_key.k.arn\n}\n'
    (issue,) = [i for i in issues(key, key + group % "a" + group % "b") if i.rule == "RG101"]
    assert (issue.status, issue.corrected, issue.lines_added) == (
        "introduced", ("aws_cloudwatch_log_group.a", "aws_cloudwatch_log_group.b"), 6,
    )  # fmt: skip


def test_of_a_value_that_ideal_made_volatile_its_own_change_is_shown_and_not_who_takes_it() -> None:
    topic = 'resource "aws_sns_topic" "%s" {\n  tags = local.labels\n}\n'
    model = 'locals {\n  labels = {\n    Team = "ops"\n  }\n}\n' + topic % "a"
    ideal = 'locals {\n  labels = {\n    Team = "ops"\n    Made = timestamp()\n  }\n}\n' + topic % "a" + topic % "b"
    (issue,) = [i for i in issues(model, ideal) if i.rule == "RG611"]
    assert (issue.status, issue.corrected) == ("introduced", ("local.labels",))
    assert [c.check for c in issue.verification] == ["`Made` of `local.labels` does not depend on `timestamp()`"]


def test_what_is_new_about_a_defect_is_shown_beside_what_changed_at_its_place() -> None:
    text = 'resource "aws_kms_key" "{key}" {{}}\nresource "aws_s3_bucket" "logs" {{}}\n'
    text += 'resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {{\n  bucket = aws_s3_bucket.logs.id\n  rule {{\n'
    text += '    apply_server_side_encryption_by_default {{\n      sse_algorithm     = "aws:kms"\n'
    text += "      kms_master_key_id = aws_kms_key.{key}.arn\n    }}\n  }}\n}}\n"
    text += 'resource "aws_lb" "web" {{\n  name = "web"\n{logs}}}\n'
    logs = "  access_logs {\n    bucket  = aws_s3_bucket.logs.id\n    enabled = true\n  }\n"
    found = issues(text.format(key="main", logs=""), text.format(key="master", logs=logs))
    (issue,) = [i for i in found if i.rule == "RG722"]
    assert issue.status == "introduced"
    assert any("access_logs {" in passage.code for passage in issue.solution)


def test_the_role_that_only_serves_the_delivery_goes_and_comes_with_it() -> None:
    beside = 'resource "aws_iam_role" "r" {}\nresource "aws_cloudwatch_log_group" "g" {}\n'
    trail = beside + 'resource "aws_cloudtrail" "t" {\n  name = "main"\n%s}\n'
    both = '  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.g.arn}:*"\n  cloud_watch_logs_role_arn  = aws_iam_role.r.arn\n'
    (gone,) = [i for i in issues(trail % both, trail % "") if i.rule == "RG011"]
    assert (gone.status, gone.lines_removed) == ("introduced", 2)
    (new,) = [i for i in issues(trail % "", trail % both) if i.rule == "RG011"]
    assert (new.status, new.lines_added) == ("fixed", 2)


def test_what_never_arrived_is_not_lost() -> None:
    """MODEL's access logs went nowhere; IDEAL, which does without them, was told to have given them up."""
    buckets = 'resource "aws_s3_bucket" "a" {}\nresource "aws_s3_bucket" "logs" {}\n'
    logged = 'resource "aws_s3_bucket_logging" "a" {\n  bucket        = aws_s3_bucket.a.id\n  target_bucket = aws_s3_bucket.logs.id\n'
    logged += '  target_prefix = "a/"\n}\n'
    admitted = 'resource "aws_s3_bucket_policy" "logs" {\n  bucket = aws_s3_bucket.logs.id\n  policy = jsonencode({ Statement = [{\n'
    admitted += '    Effect = "Allow", Principal = { Service = "logging.s3.amazonaws.com" }, Action = "s3:PutObject"\n'
    admitted += '    Resource = "${aws_s3_bucket.logs.arn}/*"\n  }] })\n}\n'
    told = {f"{i.rule} {i.status}" for i in issues(buckets + logged, buckets)}
    assert "RG723 fixed" in told and "RG043 introduced" not in told
    assert "RG043 introduced" in {f"{i.rule} {i.status}" for i in issues(buckets + logged + admitted, buckets + admitted)}


def test_of_many_places_alike_whose_first_are_shown_no_lines_are_counted() -> None:
    """Nine names used a local value that nobody declares: the lines of the first three were said to be those of the issue."""
    queue = 'resource "aws_sqs_queue" "%s" {\n  name = "%s"\n  delay_seconds = %d\n}\n'
    few, many = (("a", "b", "c"), ("a", "b", "c", "d"))
    counted = {}
    for names in (few, many):
        model, ideal = "".join(queue % (n, n, 1) for n in names), "".join(queue % (n, n + "${local.end}", 2) for n in names)
        (issue,) = [i for i in issues(model, ideal) if i.rule == "tf:undeclared-local"]
        assert issue.corrected == ("aws_sqs_queue.a", "aws_sqs_queue.b", "aws_sqs_queue.c")
        counted[names] = (len(issue.solution), issue.lines_added, issue.lines_removed)
    assert counted == {few: (3, 3, 3), many: (3, 0, 0)}


def test_what_is_gone_of_many_places_alike_is_counted_where_nothing_else_changed() -> None:
    queue, topic = 'resource "aws_sqs_queue" "q" {}\n', 'resource "aws_sns_topic" "%s" {\n  name = aws_sqs_queue.q.name\n}\n'
    used = "".join(topic % n for n in "abcd")
    (issue,) = [i for i in issues(queue + used, used) if i.rule == "tf:undeclared-resource"]
    assert (issue.corrected, issue.lines_removed) == (("aws_sqs_queue.q",), 1)


def test_an_argument_that_went_is_what_a_block_lacks_and_not_what_else_changed_of_it() -> None:
    """All other changes of the block were told as those of the issue, from its name to its size."""
    function = 'resource "aws_lambda_function" "f" {\n  function_name = "%s"\n  handler = "a.b"\n  memory_size = %d\n%s}\n'
    for lines, gone in (("  filename = var.file\n", 1), ("", 0)):
        model = function % ("f", 128, f'  runtime = "python3.12"\n  role = "arn:aws:iam::123456789012:role/r"\n{lines}')
        ideal = function % ("g", 256, '  runtime = "python3.12"\n')
        (issue,) = [i for i in issues(model, ideal) if i.rule in ("tf:missing-argument", "tf:one-of") and i.status == "introduced"]
        assert {v.address.split(".")[-1] for v in issue.values} == {"role", *(["filename"] if lines else [])}
        assert (issue.lines_added, issue.lines_removed) == (0, 1 + gone)


def test_that_the_versions_went_as_well_is_no_part_of_the_missing_region() -> None:
    stack = 'resource "aws_sns_topic" "t" {}\n'
    model = 'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "~> 5.0"\n    }\n  }\n}\n'
    model += 'provider "aws" {\n  region = var.region\n}\nvariable "region" {\n  default = "eu-west-1"\n}\n'
    (issue,) = [i for i in issues(model + stack, stack) if i.rule == "RG055"]
    assert (issue.status, issue.corrected, issue.lines_removed) == ("introduced", ("provider.aws", "var.region"), 6)


POLICY = """resource "aws_s3_bucket" "b" {
}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
%s      {
        Sid       = "Tls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]
        Condition = {
          Bool = {
            "aws:SecureTransport" = "false"
          }
        }
      }
    ]
  })
}
"""
STATEMENT = """      {
        Sid       = "%s"
        Effect    = "Allow"
        Principal = { Service = "%s.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.b.arn}/*"
        Condition = {
          StringEquals = {
            "aws:SourceArn" = "%s"
          }
        }
      },
"""


def test_of_the_new_statements_of_a_policy_the_one_with_the_pattern_is_shown() -> None:
    trail = STATEMENT % ("Trail", "cloudtrail", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main")
    pattern = STATEMENT % ("Cdn", "cloudfront", "arn:aws:cloudfront::111122223333:distribution/*")
    (issue,) = [i for i in issues(POLICY % "", POLICY % (trail + pattern)) if i.rule == "RG134"]
    assert issue.status == "introduced"
    shown = "\n".join(passage.code for passage in issue.solution)
    assert "Cdn" in shown and "Trail" not in shown


def test_a_policy_that_was_rewritten_is_no_part_of_what_comes_to_its_key_only_now() -> None:
    text = """resource "aws_kms_key" "k" {
%s}
resource "aws_s3_bucket" "logs" {
}
resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
  }
}
resource "aws_flow_log" "f" {
  traffic_type         = "ALL"
  vpc_id               = "vpc-1"
  log_destination_type = "s3"
%s}
"""
    policy = (
        '  policy = jsonencode({ Statement = [{\n    Effect = "Allow", Principal = { Service = "s3.amazonaws.com" }, Action = "kms:*"\n'
    )
    policy += '    Resource = "*"\n  }] })\n'
    found = issues(text % ("", ""), text % (policy, "  log_destination      = aws_s3_bucket.logs.arn\n"))
    (issue,) = [i for i in found if i.rule == "RG465"]
    assert (issue.status, issue.corrected, issue.lines_added) == ("introduced", ("aws_flow_log.f",), 1)
