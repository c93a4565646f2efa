"""What IDEAL does about what Terraform rejects: the right name, the missing block, the circle that is open."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from tests.build import document
from tests.review.test_correction import issues


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


@pytest.mark.parametrize(("shown", "both"), [("15.10", True), ("15.4", False)])
def test_what_snippets_show_may_have_the_defect_with_another_value(shown: str, both: bool) -> None:
    database = 'resource "aws_db_instance" "d" {{\n  engine         = "postgres"\n  engine_version = "{}"\n}}\n'
    rest = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}"\n}}\n' for n in range(6))
    (issue,) = [i for i in issues(database.format("15.4") + rest, database.format(shown)) if i.rule == "RG203"]
    (check,) = issue.verification
    assert (issue.status, check.model, check.ideal) == ("left", False, False)
    assert ("In IDEAL: `aws_db_instance.d` asks for `postgres` `15.10`" in issue.problem) is both
    assert ("does not ask for `postgres` `15.10`" in check.check) is both


def test_a_provider_without_configuration_is_named_at_its_resource() -> None:
    text = 'resource "aws_vpc" "a" {\n  provider   = aws.west\n  cidr_block = "10.0.0.0/16"\n}\n'
    (issue,) = [i for i in issues(text, text) if i.rule == "tf:provider-alias"]
    assert issue.where[0] == "aws_vpc.a.provider"
    assert issue.problem == "`aws_vpc.a` uses the provider configuration `west`, which no `provider` block defines."


def test_what_stands_behind_the_end_of_a_cut_answer_is_not_missed() -> None:
    answer = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\nresource "aws_sqs_queue" "q" {\n  tags = {\n    a = "${aws_s'
    whole = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\nresource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    outputs = "".join(f'output "o{n}" {{\n  value = aws_sns_topic.t.arn\n}}\n' for n in range(3))
    cut, ideal = sample.read_markdown(answer, "MODEL.md"), sample.read_markdown(f"```hcl\n{whole}{outputs}```\n", "IDEAL.md")
    (issue,) = pipeline.review_sample(sample.of_documents(cut, ideal, None, "x"), Config()).issues
    assert issue.title == "The answer breaks off"
    assert issue.problem.startswith("The answer ends in the middle of `aws_sqs_queue.q`; what would have followed is missing.")
    assert issue.where[0] == "aws_sqs_queue.q"


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ('  name = "jo', "Error: Unterminated template string\nNo closing marker was found for the string."),
        ('}\nresource "aws_sqs', ""),
    ],
)
def test_of_a_string_in_which_an_answer_ends_terraform_says_what_it_says_with_and_without_a_last_newline(end: str, message: str) -> None:
    cut = sample.read_markdown('```hcl\nresource "aws_sqs_queue" "jobs" {\n' + end, "MODEL.md")
    ideal = document(main_tf='resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n')
    (issue,) = [i for i in pipeline.review_sample(sample.of_documents(cut, ideal, None, "x"), Config()).issues if i.rule == "tf:syntax"]
    assert issue.title == "The answer breaks off"
    assert issue.problem.endswith("is no valid HCL: nothing closes the string that begins there.")
    assert issue.message == message


@pytest.mark.parametrize(
    ("end", "line", "told"),
    [
        ("  tags = {\n", 3, "Expected the start of an expression, but found the end of the file."),
        ("  user_data = <<-EOF\n    echo one\n    cat > /opt/one", 3, "nothing closes the heredoc that begins there."),
        (
            "  user_data = base64encode(<<-EOF\n    echo one\n  EOF\n  )\n  tags = {\n    a = <<EOF\none\n\n",
            8,
            "nothing closes the heredoc that begins there.",
        ),
    ],
)
def test_of_an_answer_that_ends_in_a_value_the_line_named_is_one_that_it_has(end: str, line: int, told: str) -> None:
    cut = sample.read_markdown('```hcl\nresource "aws_instance" "one" {\n  ami = "ami-0"\n' + end, "MODEL.md")
    ideal = document(main_tf='resource "aws_instance" "one" {\n  ami = "ami-0"\n}\n')
    (issue,) = [i for i in pipeline.review_sample(sample.of_documents(cut, ideal, None, "x"), Config()).issues if i.rule == "tf:syntax"]
    assert issue.title == "The answer breaks off" and issue.where[0] == "aws_instance.one"
    assert issue.problem.startswith("The answer ends in the middle of `aws_instance.one`; what would have followed is missing.")
    assert issue.problem.endswith(f"`main.tf:{line}` is no valid HCL: {told}")


@pytest.mark.parametrize("fence", ["```hcl\n", ""])
def test_of_a_header_in_which_an_answer_ends_the_answer_is_said_to_break_off(fence: str) -> None:
    cut = sample.read_markdown(fence + 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n\noutput "queue"', "MODEL.md")
    ideal = document(main_tf='resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n')
    (issue,) = [i for i in pipeline.review_sample(sample.of_documents(cut, ideal, None, "x"), Config()).issues if i.rule == "tf:syntax"]
    assert issue.title == "The answer breaks off"
    assert issue.problem.endswith("is no valid HCL: a block's header stands there, and nothing follows it.")
    assert issue.message == "Error: Invalid block definition"


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
    assert (found.rule, len(found.solution), found.lines_added) == ("tf:undeclared-variable", 3, 0)
    assert "and 3 more" not in found.title and len(found.where) == 6


def test_what_a_tree_without_a_module_lacks_has_no_place_there() -> None:
    call = 'module "jobs" {\n  source = "./jobs"\n}\n'
    queue, topic = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n', 'resource "aws_sns_topic" "t" {\n  kms_key = "a"\n}\n'
    read = [sample.read_markdown("".join(f"### {p}\n\n```hcl\n{t}```\n" for p, t in (("main.tf", call), ("jobs/main.tf", body))), "X.md")
            for body in (queue + topic, queue)]  # fmt: skip
    review = pipeline.review_sample(sample.of_documents(*read, None, "x"), Config())
    assert {place.side for place in review.places["module.jobs.aws_sns_topic.t.kms_key"]} == {"model"}


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


def test_a_module_that_no_snippet_shows_names_its_providers_as_before() -> None:
    calls = 'module "a" {\n  source = "./modules/a"\n  providers = { aws = aws }\n}\nmodule "b" {\n  source = "./modules/b"\n  providers = { aws = aws }\n}\n'
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    topics = "".join(f'resource "aws_sns_topic" "t{i}" {{\n  name = "t{i}"\n}}\n' for i in range(30))
    named = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n'
    calls = f'{named}provider "aws" {{\n  region = "us-east-1"\n}}\n{calls}'
    files = {"main.tf": calls, "modules/a/main.tf": queue, "modules/b/main.tf": queue, "topics.tf": topics}
    model = sample.read_markdown(answer(files), "MODEL_RESPONSE.md")
    said = "IDEAL shows the changed files only; everything else remains unchanged.\n\n"
    ideal = sample.read_markdown(said + answer({"main.tf": calls, "modules/a/main.tf": named + queue}), "IDEAL_RESPONSE.md")
    review = pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config())
    found = {(i.status, w) for i in review.issues if i.rule == "tf:provider-undefined" for w in i.where[:1]}
    assert found == {("fixed", "module.a.providers"), ("left", "module.b.providers")}, review.sample.class_


def answer(files: dict[str, str]) -> str:
    return "".join(f"### {path}\n\n```hcl\n{text}```\n\n" for path, text in files.items())


def test_the_whole_of_a_short_block_stands_for_one_that_cannot_be_parsed() -> None:
    queue = 'resource "aws_sqs_queue" "q" {\n  name = var.name\n}\n'
    short = 'variable "name" {\n  type      = string\n  sensitive = true\n}\n'
    found = issues(f'variable "name" {{ type = string, sensitive = true }}\n{queue}', short + queue)
    (issue,) = [i for i in found if i.rule == "tf:syntax"]
    assert [(p.start_line, p.end_line) for p in issue.solution] == [(1, 4)]
