"""Which changes of a block's arguments belong to what was done at one of them."""

from __future__ import annotations

from tests.review.test_correction import issues


def test_an_argument_of_nearly_the_same_name_takes_over_the_reference_of_one_that_does_not_exist() -> None:
    flow = 'resource "aws_s3_bucket" "logs" {{}}\nresource "aws_flow_log" "all" {{\n  vpc_id = "vpc-1"\n  traffic_type = "ALL"\n  {}\n}}\n'
    model = flow.format("log_destination_arn = aws_s3_bucket.logs.arn")
    for written, lines in (
        ('log_destination = "${aws_s3_bucket.logs.arn}/flows/"', 1),
        ('iam_role_arn = "${aws_s3_bucket.logs.arn}/flows/"', 0),
    ):
        issue = next(i for i in issues(model, flow.format(written)) if "log_destination_arn" in i.title)
        assert (issue.status, issue.lines_added, issue.lines_removed) == ("fixed", lines, 1)


def test_a_block_of_nearly_the_same_name_takes_over_what_stood_in_one_that_does_not_exist() -> None:
    group = (
        'resource "aws_eks_node_group" "n" {{\n  cluster_name = "a"\n  {} {{\n    key    = "app"\n    effect = "NO_SCHEDULE"\n  }}\n}}\n'
    )
    issue = next(i for i in issues(group.format("taints"), group.format("taint")) if "taints" in i.title)
    assert (issue.status, issue.lines_added, issue.lines_removed) == ("fixed", 4, 4)
    assert [p.code.split()[0] for p in issue.solution] == ["taint"]


def test_an_argument_takes_over_a_switch_only_under_a_name_that_says_the_same() -> None:
    group = 'resource "aws_rds_global_cluster" "g" {{\n  global_cluster_identifier = "a"\n  engine = "aurora-mysql"\n  {} = true\n}}\n'
    model = group.format("enable_deletion_guard")
    for written, lines in (("force_destroy", 0), ("deletion_protection", 1)):
        issue = next(i for i in issues(model, group.format(written)) if "enable_deletion_guard" in i.title)
        assert (issue.status, issue.lines_added, issue.lines_removed) == ("fixed", lines, 1)


def test_a_block_that_went_is_corrected_by_the_one_that_came_in_its_stead() -> None:
    trail = (
        'resource "aws_cloudtrail" "t" {{\n  name = "t"\n  s3_bucket_name = "logs"\n  event_selector {{\n'
        '    data_resource {{\n      type = "AWS::S3::Object"\n      values = {}\n    }}\n'
        '    data_resource {{\n      type = "{}"\n      values = ["{}"]\n    }}\n  }}\n}}\n'
    )
    model = trail.format('["arn:aws:s3:::a/"]', "AWS::RDS::DBCluster", "arn:aws:rds:*:*:cluster:*")
    ideal = trail.format(
        '["arn:aws:s3:::a/", "arn:aws:s3:::b/"]', "AWS::DynamoDB::Table", "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
    )
    issue = next(i for i in issues(model, ideal) if i.rule == "tf:value-not-allowed")
    assert (issue.status, issue.lines_added, issue.lines_removed) == ("fixed", 2, 2)
    assert ["AWS::DynamoDB::Table" in p.code for p in issue.solution] == [True]


CLUSTER = """
variable "small" {{
  type    = string
  default = "{type}"
}}
resource "aws_emr_cluster" "e" {{
  name          = "e"
  release_label = "emr-7.0.0"
  service_role  = "arn"
  core_instance_fleet {{
    target_on_demand_capacity = 2
    instance_type_configs {{
      instance_type = var.small
    }}
{more}  }}
}}
"""
SPOT = """    instance_type_configs {
      instance_type     = "m5.2xlarge"
      weighted_capacity = 2
    }
"""


def test_a_further_block_repairs_nothing_where_the_value_that_was_wrong_is_another_one() -> None:
    model, ideal = CLUSTER.format(type="m5.large", more=""), CLUSTER.format(type="m5.xlarge", more=SPOT)
    issue = next(i for i in issues(model, ideal) if i.rule == "RG548")
    assert (issue.status, issue.lines_added, issue.lines_removed) == ("fixed", 1, 1)
    assert [p.code.split() for p in issue.solution] == [["default", "=", '"m5.xlarge"']]
    assert not any("instance_type_configs" in check.check for check in issue.verification[1:])
