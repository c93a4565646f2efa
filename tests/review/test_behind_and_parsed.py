"""Corrections that stand elsewhere: in values behind an argument, in modules, and in the place of code that cannot be parsed."""

from __future__ import annotations

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Issue
from tests.review.test_correction import issues
from tests.review.test_smallest_correction import of, shown


def _of_files(model: dict[str, str], ideal: dict[str, str]) -> tuple[Issue, ...]:
    read = [
        sample.read_markdown("".join(f"### {path}\n\n```hcl\n{text}```\n" for path, text in files.items()), f"{name}.md")
        for name, files in (("MODEL", model), ("IDEAL", ideal))
    ]
    return pipeline.review_sample(sample.of_documents(*read, None, "x"), Config()).issues


DATABASE = """
variable "release" {
  type = string
}
resource "aws_rds_cluster" "main" {
  engine            = "aurora-postgresql"
  engine_version    = var.release
  storage_encrypted = true
}
"""
CALL = 'module "db" {{\n  source  = "./db"\n  release = "{}"\n}}\n'


def test_what_a_call_passes_to_a_module_is_the_correction_of_what_the_module_has_from_it() -> None:
    found = _of_files({"main.tf": CALL.format("13.7"), "db/main.tf": DATABASE}, {"main.tf": CALL.format("16.6"), "db/main.tf": DATABASE})
    assert [v.address for v in of(found, "RG203").values] == ["module.db.release"]


def test_what_a_local_value_is_made_of_is_its_correction() -> None:
    text = """
locals {{
  environment = {}
  sizes = {{
    dev  = "small"
    prod = "large"
  }}
  size = local.sizes[local.environment]
}}
resource "aws_sqs_queue" "q" {{
  name = local.size
}}
"""
    found = issues(text.format("terraform.workspace"), text.format('terraform.workspace == "default" ? "dev" : terraform.workspace'))
    assert [v.address for v in of(found, "RG627").values] == ["local.environment"]


def test_what_keeps_a_block_from_being_created_is_its_correction() -> None:
    zone = 'variable "own_domain" {{\n  default = false\n}}\nresource "aws_route53_zone" "z" {{\n  name = "example.com"\n{}}}\n'
    found = issues(zone.format(""), zone.format("  count = var.own_domain ? 1 : 0\n"))
    assert [v.address for v in of(found, "RG471").values] == ["aws_route53_zone.z.count"]


STATEMENTS = "".join(f'      {{\n        Sid = "S{n}"\n        Action = "s3:{{}}{n}"\n      }},\n' for n in range(4))
POLICY = 'resource "aws_iam_policy" "p" {{\n  policy = jsonencode({{\n    Statement = [\n{}    ]\n  }})\n}}\n'


def test_of_a_long_value_that_cannot_be_parsed_the_line_is_shown_that_stands_for_the_broken_one() -> None:
    ideal = POLICY.format(STATEMENTS.replace("{}", "Get"))
    found = issues(ideal.replace('"s3:Get2"', '"s3:\\*Get2"'), ideal)
    assert [p.code.strip() for p in of(found, "tf:syntax").solution] == ['Action = "s3:Get2"']


def test_what_a_broken_answer_has_as_well_is_no_correction_of_it() -> None:
    alarm = 'resource "aws_cloudwatch_metric_alarm" "a" {\n  alarm_name = "a"\n  period     = 60\n'
    model = sample.read_markdown(f"```hcl\n{alarm}", "MODEL.md")
    ideal = sample.read_markdown(f"```hcl\n{alarm}  threshold  = 1\n}}\n```\n", "IDEAL.md")
    issue = of(pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config()).issues, "tf:syntax")
    assert (issue.title, issue.solution) == ("The answer breaks off", ())


def test_the_providers_that_a_module_names_are_the_correction_where_it_is_given_them() -> None:
    call = 'provider "aws" {\n  alias  = "dr"\n  region = "us-west-2"\n}\nmodule "m" {\n  source = "./m"\n  providers = {\n    aws = aws.dr\n  }\n}\n'
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    settings = (
        'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "~> 5.0"\n    }\n  }\n}\n'
    )
    found = _of_files({"main.tf": call, "m/main.tf": queue}, {"main.tf": call, "m/main.tf": settings + queue})
    assert of(found, "tf:provider-undefined").corrected == ("module.m.terraform.required_providers",)


def test_a_provider_comes_with_the_variable_of_its_region_and_with_no_other_setting() -> None:
    queue = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}"\n}}\n' for n in range(3))
    settings = (
        'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "~> 5.0"\n    }\n  }\n}\n'
    )
    provider = 'variable "aws_region" {\n  default = "us-west-2"\n}\nprovider "aws" {\n  region = var.aws_region\n}\n'
    found = issues(queue, settings + provider + queue, "# Task\n\n1. Deploy to the region us-west-2\n")
    issue = of(found, "RG055")
    assert issue.corrected == ("provider.aws", "var.aws_region")
    assert "required_providers" not in shown(issue)


NETWORK = """
resource "aws_vpc" "v" {{
  cidr_block = "10.0.0.0/16"
}}
resource "aws_subnet" "public" {{
  count             = 2
  vpc_id            = aws_vpc.v.id
  cidr_block        = "10.0.${{count.index}}.0/24"
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}}
resource "aws_subnet" "private_1" {{
  vpc_id            = aws_vpc.v.id
  cidr_block        = "10.0.11.0/24"
  availability_zone = "us-east-1a"
}}
resource "aws_subnet" "private_2" {{
  vpc_id            = aws_vpc.v.id
  cidr_block        = "10.0.12.0/24"
  availability_zone = "us-east-1b"
}}
{rest}
"""


def _way(table: str, gateway: str, subnets: list[str]) -> str:
    used = "".join(
        f'resource "aws_route_table_association" "{s}" {{\n  subnet_id      = aws_subnet.{s}.id\n  route_table_id = aws_route_table.{table}.id\n}}\n'
        for s in subnets
    )
    return (
        f'resource "aws_nat_gateway" "{gateway}" {{\n  allocation_id = "eipalloc-{gateway}"\n  subnet_id     = aws_subnet.public[0].id\n}}\n'
        f'resource "aws_route_table" "{table}" {{\n  vpc_id = aws_vpc.v.id\n  route {{\n    cidr_block     = "0.0.0.0/0"\n'
        f"    nat_gateway_id = aws_nat_gateway.{gateway}.id\n  }}\n}}\n{used}"
    )


def test_all_gateways_that_stand_for_one_are_its_correction() -> None:
    model = NETWORK.format(rest=_way("private", "main", ["private_1", "private_2"]))
    ideal = NETWORK.format(rest=_way("private", "nat_1", ["private_1"]) + _way("other", "nat_2", ["private_2"]))
    found = issues(model, ideal, "# Task\n\n1. A highly available network with NAT gateways\n")
    assert {"aws_nat_gateway.nat_1", "aws_nat_gateway.nat_2"} <= set(of(found, "RG430").corrected)


NAMED = """
variable "project" {{
  default = "{project}"
}}
variable "stage" {{
  {stage}
}}
locals {{
  prefix = "${{var.project}}-${{var.stage}}"
}}
resource "aws_db_subnet_group" "g" {{
  name       = "${{local.prefix}}-group"
  subnet_ids = ["subnet-1", "subnet-2"]
}}
"""


def test_a_default_that_only_ideal_has_repairs_no_value_of_model() -> None:
    """The upper-case letter came from the other part of the name."""
    found = issues(NAMED.format(project="Shop", stage=""), NAMED.format(project="shop", stage='default = "test"'))
    issue = next(i for i in found if i.rule == "RG603")
    assert [p.code.strip() for p in issue.solution] == ['default = "shop"']
    assert (issue.lines_added, issue.lines_removed) == (1, 1)
