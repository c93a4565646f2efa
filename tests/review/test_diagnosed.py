"""What Terraform's messages are called."""

from __future__ import annotations

import tomllib

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.diagnostic import Diagnostic, Snippet, Validation
from reviewgen.model.source import Document, SourceFile
from reviewgen.review.diagnostics import findings
from reviewgen.review.diagnostics.diagnosed import kinds
from reviewgen.rules import CATALOGUE
from reviewgen.rules.places import listed
from reviewgen.terraform.schema import shipped
from reviewgen.terraform.validate import validate
from tests.build import graph
from tests.paths import CASES
from tests.review.test_correction import reviewed

ROWS = tomllib.loads((CASES / "diagnosed.toml").read_text())["case"]
DETAIL = 'The argument "type" is required, but no definition was found.'
TREE = 'resource "aws_sns_topic" "a" {\n  name = "x"\n}\n'


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['id']}-{n}" for n, row in enumerate(ROWS)])
def test_a_message_has_a_name(row: dict[str, str]) -> None:
    tree = graph(TREE)
    file = tree.files["main.tf"]
    said = Diagnostic("error", row["summary"], row["detail"], None, file.range(TREE.index("name"), TREE.index("name") + 4))
    (found,) = findings(tree, Validation((said,)))
    assert found.rule == f"tf:{row['id']}"
    assert found.title.replace("{name}", listed(list(found.names))) == row["title"]
    assert found.targets == ((row["target"],) if "target" in row else ())
    assert found.attribute == row.get("at", "name")
    assert row.get("says", "") in found.problem
    assert found.recommendation is None or row.get("advice", "") in found.recommendation.text
    assert ("archive_file" in found.lesson) is row["title"].endswith(".zip`")


def test_what_a_rule_knows_of_a_value_is_said_of_the_message_about_it() -> None:
    tree = graph('resource "aws_cloudtrail" "t" {\n  name = "x"\n}\n')
    rule = next(r for r in CATALOGUE if r.id == "RG708")
    words = 'expected event_selector.0.data_resource.1.type to be one of ["AWS::S3::Object"], got AWS::RDS::DBCluster'
    (found,) = findings(tree, Validation((Diagnostic("error", words, "", None, tree.files["main.tf"].range(0, 12)),)))
    assert found.recommendation is not None
    assert (found.title, found.lesson, found.recommendation.text, found.source) == (rule.title, rule.lesson, rule.advice, rule.source)
    assert found.message == f"Error: {words}"


def test_a_provider_configuration_in_an_expression_is_not_called_undeclared() -> None:
    provider = 'provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n'
    value = "locals {\n  chosen = aws.west\n}\n"
    detail = 'A managed resource "aws" "west" has not been declared in the root module.'
    for text, said in ((provider + value, "Terraform reads it as a resource there"), (value, "which its module does not declare")):
        tree = graph(text)
        place = tree.files["main.tf"].range(text.index("aws.west"), text.index("aws.west") + 8)
        (found,) = findings(tree, Validation((Diagnostic("error", "Reference to undeclared resource", detail, None, place),)))
        assert (found.rule, found.address) == ("tf:undeclared-resource", "local.chosen")
        assert said in found.problem


def test_a_cycle_is_about_its_members() -> None:
    tree = graph('resource "aws_sns_topic" "a" {}\nresource "aws_sns_topic" "b" {}\n')
    (found,) = findings(tree, Validation((Diagnostic("error", "Cycle: aws_sns_topic.a (expand), aws_sns_topic.b, local.c (expand)"),)))
    assert (found.address, found.related) == ("aws_sns_topic.a", ("aws_sns_topic.b",))


def test_every_kind_has_a_case() -> None:
    assert {kind.id for kind in kinds()} == {row["id"] for row in ROWS}


def test_a_registry_module_that_is_not_installed_is_no_defect() -> None:
    tree = graph('module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n')
    said = Diagnostic("error", "Module not installed", "This module is not yet installed.", None, tree.files["main.tf"].range(0, 12))
    assert list(findings(tree, Validation((said,)))) == []


def test_what_keeps_a_file_from_being_parsed_is_one_cause() -> None:
    tree = graph('resource "aws_sns_topic" "a" {\n  name = \n}\n\nresource "aws_sqs_queue" "b" {\n  name = = 1\n}\n')
    found = list(findings(tree, Validation(tree.tree.diagnostics)))
    assert found and {(f.rule, f.group, f.title) for f in found} == {("tf:syntax", "main.tf", "`main.tf` does not parse")}


def test_a_module_that_is_not_delivered_ends_init_in_the_words_of_init() -> None:
    tree = graph('module "net" {\n  source = "./net"\n}\n')
    said = Diagnostic("error", "Module not installed", "This module is not yet installed.", None, tree.files["main.tf"].range(0, 12))
    (found,) = findings(tree, Validation((said,)))
    assert (found.stage, found.message) == ("init", "Error: Unreadable module directory")
    assert [i.text for i in found.impact] == ["`terraform init` fails, so nothing can be planned or applied."]


BLOCK = "A block `access_logs` of `aws_lb`"
NOT_EXPECTED = 'An argument named "name" is not expected here.'
NESTED = 'resource "aws_lb" "a" {\n  name = "x"\n  access_logs {\n    bucket = "logs"\n    name   = "x"\n  }\n}\n'


@pytest.mark.parametrize(
    ("summary", "detail", "at", "title"),
    [
        ("Unsupported argument", NOT_EXPECTED, '    name   = "x"', f"{BLOCK} has no argument {{name}}"),
        ("Missing required argument", 'The argument "bucket" is required.', "access_logs", f"{BLOCK} lacks what is required: {{name}}"),
        ("Unsupported argument", 'An argument named "access_logs" is not expected here.', "access_logs", "`aws_lb` has no argument {name}"),
    ],
)  # fmt: skip
def test_a_title_names_the_block_that_is_meant(summary: str, detail: str, at: str, title: str) -> None:
    tree = graph(NESTED)
    start = NESTED.index(at) + len(at) - len(at.lstrip())
    said = Diagnostic("error", summary, detail, None, tree.files["main.tf"].range(start, start + 4))
    (found,) = findings(tree, Validation((said,)))
    assert found.title == title


def test_what_one_block_lacks_is_not_said_of_the_whole_resource() -> None:
    text = 'resource "aws_lb_listener" "web" {\n  default_action {\n    order = 1\n  }\n}\n'
    tree = graph(text)
    for at, said in (("default_action", "required in its block `default_action`."), ("resource", "which is required.")):
        place = tree.files["main.tf"].range(text.index(at), text.index(at) + len(at))
        (found,) = findings(tree, Validation((Diagnostic("error", "Missing required argument", DETAIL, None, place),)))
        assert found.problem.endswith(said)


def test_a_check_says_what_the_message_is_about() -> None:
    tree = graph(TREE)
    detail = 'A managed resource "aws_kms_key" "k" has not been declared in the root module.'
    said = Diagnostic("error", "Reference to undeclared resource", detail, None, tree.files["main.tf"].range(TREE.index("name"), 50))
    (found,) = findings(tree, Validation((said,)))
    assert found.check == '`aws_sns_topic.a` has no "Reference to undeclared resource" about `aws_kms_key.k`'


HELD = """
terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{version}"
    }}
  }}
}}
resource "aws_eip" "nat" {{
  vpc = true
}}
resource "aws_sqs_queue" "q" {{
  name  = "q"
  title = "Q"
}}
"""


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("~> 5.0", {"tf:deprecated": "warning", "tf:unsupported-argument": "blocker"}),
        (">= 4.0", {"tf:deprecated": "warning", "tf:unsupported-argument": "blocker"}),
        ("~> 4.0", {"tf:unsupported-argument": "warning"}),
    ],
)
def test_what_one_version_of_a_provider_has_tells_little_of_an_older_one(version: str, said: dict[str, str]) -> None:
    found = [i for i in reviewed(HELD.format(version=version), HELD.format(version=version)).issues if i.rule.startswith("tf:")]
    assert {i.rule: i.category.value for i in found} == said
    assert [version in i.problem for i in found if i.category == "warning" and i.rule == "tf:unsupported-argument"] in ([], [True])
    # What an older version says of the tree nobody knows, so no message is expected of it.
    assert all(bool(i.message) == (i.category == "blocker") for i in found if i.rule == "tf:unsupported-argument")


def test_the_block_in_which_a_file_ends_says_nothing_more() -> None:
    tree = graph('resource "aws_iam_role_policy" "a" {\n  role   = aws_iam_role\n  policy = jsonencode({\n    Effect =\n')
    said = Diagnostic("error", "Invalid reference", "A reference ...", None, tree.files["main.tf"].range(49, 61))
    found = list(findings(tree, Validation((*tree.tree.diagnostics, said))))
    assert {(f.rule, f.address) for f in found} == {("tf:syntax", "aws_iam_role_policy.a")}


@pytest.mark.parametrize(
    ("summary", "stage"),
    [
        ("Invalid variable name", "init"),
        ("Duplicate variable declaration", "init"),
        ("Invalid provider configuration reference", "init"),
        ("Invalid function argument", "validate"),
    ],
)
def test_what_terraform_says_while_it_reads_blocks_is_said_by_init(summary: str, stage: str) -> None:
    tree = graph(TREE)
    said = Diagnostic(
        "error", summary, 'A variable named "a".', None, tree.files["main.tf"].range(TREE.index("name"), TREE.index("name") + 4)
    )
    (found,) = findings(tree, Validation((said,)))
    assert found.stage == stage
    assert f"`terraform {stage}`" in f"{found.problem} {found.impact[0].text}"


@pytest.mark.parametrize(("version", "told"), [("= 5.0.0", False), ("~> 5.31.0", False), ("~> 5.0", True), (">= 5.0.0, < 6.0.0", True)])
def test_what_is_deprecated_in_a_later_version_is_not_said_of_a_tree_that_keeps_it_out(version: str, told: bool) -> None:
    code = (
        f'terraform {{\n  required_providers {{\n    aws = {{\n      source  = "hashicorp/aws"\n      version = "{version}"\n    }}\n  }}\n}}\n'
        'resource "aws_iam_role" "r" {\n  assume_role_policy = "x"\n  managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]\n}\n'
    )
    review = reviewed(code, code)
    assert ("tf:deprecated" in {i.rule for i in (*review.issues, *review.minor)}) == told


def test_each_deprecated_block_of_a_resource_is_named() -> None:
    bucket = 'resource "aws_s3_bucket" "a" {\n  bucket = "x"\n}\n'
    tree = graph(bucket)
    head = tree.files["main.tf"].range(0, bucket.index("{"))
    details = [f"{block} is deprecated. Use the resource instead." for block in ("versioning", "logging")]
    said = tuple(Diagnostic("warning", "Argument is deprecated", detail, None, head) for detail in details)
    assert [found.names for found in findings(tree, Validation(said))] == [("versioning",), ("logging",)]


REST = """
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "%s"
    }
  }
}

resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}

resource "aws_api_gateway_deployment" "shop" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
}

output "arn" {
  value = aws_api_gateway_deployment.shop.execution_arn
}
"""


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (
            ">= 5.0",
            "An older provider only warns of `execution_arn`; version 6, which nothing in the code rules out, ends with an error there.",
        ),
        ("~> 5.0", "Terraform warns and goes on: the warning alone stops nothing."),
    ],
)
def test_a_warning_of_one_version_that_another_refuses(version: str, said: str) -> None:
    sides = [Document(side, files=(SourceFile("main.tf", REST.lstrip("\n") % version),)) for side in ("model", "ideal")]
    every = pipeline.review_sample(sample.of_documents(*sides, None, "x"), Config()).issues
    (told,) = (issue for issue in every if issue.rule == "tf:deprecated-attribute")
    assert said in [impact.text for impact in told.impact]
    assert len([impact for impact in told.impact if "warn" in impact.text]) == 1


@pytest.mark.parametrize(
    ("header", "summary", "detail", "told"),
    [
        ('resource "aws_sns_topic" "a"', "Unsupported argument", 'An argument named "label" is not expected here.', True),
        ('data "aws_sns_topic" "a"', "Unsupported argument", 'An argument named "label" is not expected here.', True),
        ('module "a"', "Unsupported argument", 'An argument named "label" is not expected here.', False),
        (None, "Unsupported argument", 'An argument named "label" is not expected here.', False),
        ('output "a"', "Unsupported attribute", 'This object has no argument, nested block, or exported attribute named "label".', True),
        ('output "a"', "Unsupported attribute", 'This object does not have an attribute named "label".', False),
        (
            'resource "aws_sns_topic" "a"',
            "Missing required argument",
            'The argument "label" is required, but no definition was found.',
            False,
        ),
    ],
)
def test_what_a_type_of_resources_lacks_no_rest_of_the_tree_adds(header: str | None, summary: str, detail: str, told: bool) -> None:
    """An argument of a module may be declared in what an answer does not show; the provider's schema is all there."""
    tree = graph(TREE)
    place = tree.files["main.tf"].range(TREE.index("name"), TREE.index("name") + 4)
    said = Diagnostic("error", summary, detail, None, place, Snippet(header, "  label = 1", 2))
    assert said.needs_whole_tree is not told
    assert len(list(findings(tree, Validation((said,), incomplete=True)))) == told
    assert len(list(findings(tree, Validation((said,))))) == 1


@pytest.mark.parametrize(
    ("head", "title", "lesson", "advice"),
    [
        ('resource "aws_ami" "x"', "`aws_ami` has", "Arguments differ between resource types", "Write `owners`"),
        ('data "aws_ami" "x"', "The data source `aws_ami` has", "Arguments differ between resource types", "Write `owners`"),
        ('module "x"', "`module.x` has", "one for each of the variables that it declares", "Write `owners`"),
        ('output "x"', "`output.x` has", "Terraform's own blocks", "Write `owners`"),
    ],
)  # fmt: skip
def test_an_argument_is_told_of_the_block_in_which_it_stands(head: str, title: str, lesson: str, advice: str) -> None:
    text = f'{head} {{\n  owner = "self"\n}}\n'
    tree = graph(text)
    detail = 'An argument named "owner" is not expected here. Did you mean "owners"?'
    place = tree.files["main.tf"].range(text.index("owner"), text.index("owner") + 5)
    (found,) = findings(tree, Validation((Diagnostic("error", "Unsupported argument", detail, None, place),)))
    assert found.title.startswith(title) and lesson in found.lesson
    assert found.recommendation is not None and advice in found.recommendation.text


@pytest.mark.parametrize(
    ("summary", "text", "at", "stage"),
    [
        ("Extraneous label for resource", 'resource "aws_sqs_queue" "q" {\n}\n', "resource", "init"),
        ("Invalid data resource name", 'resource "aws_sqs_queue" "q" {\n}\n', "resource", "init"),
        ("Invalid default value for variable", 'variable "x" {\n  default = 1\n}\n', "default", "init"),
        ("Unsupported argument", 'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    prevent = true\n  }\n}\n', "prevent", "init"),
        ("Unsupported argument", 'resource "aws_sqs_queue" "q" {\n  prevent = true\n}\n', "prevent", "validate"),
        ("Incorrect attribute value type", 'resource "aws_sqs_queue" "q" {\n  name = []\n}\n', "name", "validate"),
    ],
)  # fmt: skip
def test_what_terraform_says_when_it_reads_shows_at_init(summary: str, text: str, at: str, stage: str) -> None:
    tree = graph(text)
    place = tree.files["main.tf"].range(text.index(at), text.index(at) + len(at))
    (found,) = findings(tree, Validation((Diagnostic("error", summary, f'An argument named "{at}" is not expected here.', None, place),)))
    assert found.stage == stage


def test_an_alias_that_a_call_does_not_pass_is_told_once() -> None:
    module = 'resource "aws_sqs_queue" "q" {\n  provider = aws.dr\n}\n'
    asks = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n      configuration_aliases = [aws.dr]\n    }\n  }\n}\n'
    for text, rules in ((module, {"tf:module-alias"}), (asks + module, {"tf:provider-not-passed"})):
        tree = graph('module "m" {\n  source = "./m"\n}\n', m__main_tf=text)
        assert {found.rule for found in findings(tree, validate(tree.tree, tree, shipped()))} == rules


OLD = """
terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{aws}"
    }}
    tls = {{
      source  = "hashicorp/tls"
      version = "~> 3.1"
    }}
  }}
}}
provider "aws" {{
  region              = "us-east-1"
  s3_force_path_style = true
}}
resource "aws_elasticache_replication_group" "r" {{
  replication_group_id          = "r"
  replication_group_description = "Sessions"
}}
resource "aws_rds_cluster" "a" {{
  cluster_identifier = "a"
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  s3_bucket     = "artifacts"
  s3_key        = "f.zip"
  title         = "F"
}}
data "aws_subnet_ids" "s" {{
  vpc_id = "vpc-1"
}}
resource "tls_self_signed_cert" "c" {{
  key_algorithm         = "RSA"
  private_key_pem       = "x"
  validity_period_hours = 12
  allowed_uses          = ["server_auth"]
}}
output "a" {{
  value = aws_rds_cluster.a.title
}}
"""


@pytest.mark.parametrize("constraint", ["~> 4.0", ">= 4.9, < 5.0", "= 4.67.0"])
def test_the_version_that_says_so_stands_in_every_sentence(constraint: str) -> None:
    code = OLD.format(aws=constraint)
    issues = reviewed(code, code).issues
    every = {i.title: i for i in issues if i.rule.startswith("tf:") and i.stage is None}
    assert set(every) == {
        "Invalid Configuration for Read-Only Attribute in version 4 of the provider",
        "The provider `aws` has no argument `s3_force_path_style` in version 5 of the provider",
        "Version 5 of the provider has no data source `aws_subnet_ids`",
        "`aws_elasticache_replication_group` has no argument `replication_group_description` in version 5 of the provider",
        "`aws_lambda_function` has no argument `title` in version 5 of the provider",
        "`aws_rds_cluster` lacks what is required in version 5 of the provider: `engine`",
        "References read attributes that do not exist in version 5 of the provider: `title`",
    }
    for issue in every.values():
        version = "version 4 of the provider" if "Read-Only" in issue.title else "version 5 of the provider"
        assert issue.category == "warning" and not issue.message
        assert version in issue.problem and all(version in check.check for check in issue.verification)
        assert issue.recommendation is None or issue.recommendation.text.startswith(f"For {version}: ")
        assert issue.problem.count("the tree holds it") + issue.problem.count("The tree holds it") == 1
    # What every version requires is told as it is.
    (role,) = (i for i in issues if i.rule == "tf:missing-argument" and i.stage is not None)
    assert role.category == "blocker" and role.message and role.title == "`aws_lambda_function` lacks what is required: `role`"


def test_what_one_tree_holds_at_an_older_version_is_told_of_each() -> None:
    old, new = (HELD.format(version=version) for version in ("~> 4.0", "~> 5.0"))
    for model, ideal, side in ((old, new, "MODEL"), (new, old, "IDEAL")):
        (told,) = (i for i in reviewed(model, ideal).issues if i.rule == "tf:unsupported-argument")
        assert told.status == "left" and told.message
        assert f"In {side}: So says version 5 of the provider; the tree holds it at `~> 4.0`." in told.problem
        assert told.title == "`aws_sqs_queue` has no argument `title` in version 5 of the provider"


def test_what_terraform_itself_reads_is_no_matter_of_versions() -> None:
    code = HELD.format(version="~> 4.0").replace('  title = "Q"\n', "  lifecycle {\n    prevent = true\n  }\n")
    (told,) = (i for i in reviewed(code, code).issues if i.rule == "tf:unsupported-argument")
    assert told.category == "blocker" and told.message
