"""What a sample offers for comparison."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewgen import pipeline, render
from reviewgen.config import Config
from reviewgen.model.review import Category
from reviewgen.model.source import Document, Sample, SampleClass
from reviewgen.model.tree import Tree
from reviewgen.requirements import parse, trace
from reviewgen.review import classify
from reviewgen.sample import of_documents, read_markdown
from reviewgen.terraform import Graph
from tests.build import document, tree
from tests.review.test_correction import reviewed

TOPIC = 'resource "aws_sns_topic" "a" {\n  name = "a"\n}\n'
QUEUE = 'resource "aws_sqs_queue" "b" {\n  name = "b"\n}\n'
SAMPLE = Sample("x", Document("MODEL"), Document("IDEAL"))


def test_the_same_code_in_other_files_is_identical() -> None:
    assert classify(SAMPLE, tree(TOPIC + QUEUE), tree(b_tf=QUEUE, a_tf=TOPIC)) is SampleClass.IDENTICAL


def test_one_changed_value_is_a_pair() -> None:
    assert classify(SAMPLE, tree(TOPIC + QUEUE), tree(TOPIC + QUEUE.replace('"b"\n}', '"c"\n}'))) is SampleClass.PAIR


def test_a_side_without_code_decides() -> None:
    assert classify(SAMPLE, tree(), tree(TOPIC)) is SampleClass.NO_MODEL_CODE
    assert classify(SAMPLE, tree(TOPIC), tree()) is SampleClass.NO_IDEAL_CODE


def test_an_answer_that_only_looks_things_up_is_no_stack() -> None:
    assert classify(SAMPLE, tree('data "aws_region" "r" {}\n'), tree(TOPIC + QUEUE)) is SampleClass.NO_MODEL_CODE


def _resources(*types: str) -> str:
    return "".join(f'resource "{t}" "x" {{\n}}\n' for t in types)


NETWORK = ("aws_vpc", "aws_subnet", "aws_internet_gateway", "aws_route_table")
WANTED = (*NETWORK, "aws_db_instance", "aws_lb", "aws_lb_listener", "aws_lb_target_group", "aws_db_subnet_group")
ASKED = """# Web shop

- An RDS PostgreSQL database with encrypted storage, Multi-AZ, and automatic backup, in private subnets
- An Application Load Balancer with an HTTPS listener, a certificate and health checks of the target group
- A VPC with public subnets, private subnets, an internet gateway, and a route table for the public ones
- A security group for the database that only admits the application
"""
SHOP = """
variable "database_password" {}
variable "certificate" {}
locals { health_path = "/health", public_cidr = "10.0.0.0/24", private_cidr = "10.0.1.0/24", backup_days = 7, application = "shop" }
resource "aws_security_group" "database" {}
resource "aws_lb_listener" "https" { protocol = "HTTPS" }
resource "aws_db_instance" "postgresql" { storage_encrypted = true, multi_az = true }
"""


def _sample(model: str, ideal: str, prompt: str = ASKED, prose: str = "") -> tuple[Sample, Tree, Tree]:
    """Return a sample with both trees; ``prose`` stands before MODEL's code."""
    ours, theirs = document(model), document(ideal)
    sample = Sample("x", replace(ours, text=prose + model), replace(theirs, text=ideal), Document("PROMPT.md", prompt))
    return sample, tree(model), tree(ideal)


def _class(model: str, ideal: str, prompt: str = ASKED, prose: str = "") -> SampleClass:
    sample, ours, theirs = _sample(model, ideal, prompt, prose)
    asked = parse(sample.prompt) if sample.prompt else ()
    return classify(sample, ours, theirs, trace(asked, Graph(ours), Graph(theirs)))


LAKE = _resources("aws_kinesis_stream", "aws_glue_job", "aws_athena_workgroup", "aws_s3_bucket").replace('"x"', '"y"')


def test_an_answer_without_the_words_and_parts_that_are_asked_is_another_task() -> None:
    assert _class(LAKE, _resources(*WANTED) + SHOP) is SampleClass.WRONG_TASK


def test_an_answer_in_the_words_of_the_task_is_none() -> None:
    """Other names, and what it has stands in other types: the words tell that it is about the same."""
    assert _class(LAKE + "\n".join(f"# {line}" for line in ASKED.split("\n")), _resources(*WANTED) + SHOP) is SampleClass.PAIR


def test_the_beginning_of_the_right_answer_is_none() -> None:
    assert _class(_resources(*NETWORK).replace('"x"', '"y"'), _resources(*WANTED) + SHOP) is SampleClass.PAIR


def test_calls_of_modules_that_the_answer_does_not_hold_may_be_anything() -> None:
    assert _class(LAKE + 'module "m" {\n  source = "./m"\n}\n', _resources(*WANTED) + SHOP) is SampleClass.PAIR


MOVING = "# Migration\n\nWe migrate the shop and run `terraform import` for each resource of the migration.\n"


def test_moving_a_stack_is_another_task_when_nobody_asks_for_it() -> None:
    stack = _resources(*NETWORK, "aws_db_instance").replace('"x"', '"moved"')
    ideal = _resources(*WANTED) + SHOP
    assert _class(stack, ideal, prose=MOVING) is SampleClass.WRONG_TASK
    assert _class(stack, ideal) is SampleClass.PAIR
    assert _class(stack, ideal, ASKED + "- Migrate the present database\n", MOVING) is SampleClass.PAIR


def test_a_stub_is_no_answer_and_an_answer_that_was_cut_is_one() -> None:
    stub = 'resource "aws_vpc" "first" {\n}\n'
    ideal = _resources(*WANTED) + SHOP
    sample, ours, theirs = _sample(stub, ideal)
    assert classify(sample, ours, theirs) is SampleClass.WRONG_TASK
    assert classify(replace(sample, model=replace(sample.model, truncated=True)), ours, theirs) is SampleClass.PAIR


def test_an_ideal_that_provides_far_less_than_model_shows_a_part_of_itself() -> None:
    part = _resources("aws_cloudwatch_log_group", "aws_sns_topic").replace('"x"', '"part"')
    assert _class(_resources(*WANTED), part) is SampleClass.SNIPPET_IDEAL


def test_comments_alignment_and_the_folder_are_no_difference() -> None:
    other = TOPIC.replace("name = ", "# the name\n  name   = ").replace('"a"\n}', '"a" # as agreed\n}')
    assert classify(SAMPLE, tree(TOPIC), tree(lib__main_tf=other)) is SampleClass.IDENTICAL
    assert classify(SAMPLE, tree(TOPIC), tree(lib__main_tf=other.replace('"a" #', '"b" #'))) is SampleClass.PAIR


def test_what_another_task_lacks_and_the_correction_as_well_is_told() -> None:
    prompt = ASKED + "- A CloudTrail trail for the account\n"
    review = reviewed(LAKE, _resources(*WANTED) + SHOP, prompt)
    assert review.issues[0].rule == "wrong-task"
    assert review.issues[0].problem.endswith("IDEAL lacks as well: CloudTrail trail.")
    part = read_markdown(f"```hcl\n{_resources(*WANTED)}{SHOP}# ... the rest is unchanged\n```\n", "IDEAL.md")
    found = pipeline.review_sample(of_documents(document(LAKE), part, read_markdown(prompt, "PROMPT.md"), "x"), Config()).issues
    assert found[0].rule == "wrong-task"
    assert "lacks as well" not in found[0].problem


def test_of_another_task_as_many_capabilities_are_counted_as_missing_as_are_listed() -> None:
    prompt = ASKED + "- Use AWS Secrets Manager to store and retrieve database credentials securely.\n"
    issue = reviewed(LAKE, _resources(*WANTED) + SHOP, prompt).issues[0]
    assert (issue.rule, len(issue.absent)) == ("wrong-task", 6)
    assert issue.problem.endswith(
        "Of what PROMPT asks for 6 capabilities were judged: nothing was found in MODEL for any. Nothing is said of the rest."
    )


@pytest.mark.parametrize(
    ("region", "found"),
    [
        ("eu-west-1", "something was found in MODEL for 1 (provider configuration for the region)"),
        ("us-west-2", "nothing was found in MODEL for any"),
    ],
)
def test_a_provider_of_another_region_is_nothing_of_what_is_asked(region: str, found: str) -> None:
    provider = 'provider "aws" {{\n  region = "{}"\n}}\n'
    ideal = provider.format("eu-west-1") + _resources(*WANTED) + SHOP
    issue = reviewed(provider.format(region) + LAKE, ideal, ASKED + "- Deploy to eu-west-1\n").issues[0]
    assert issue.rule == "wrong-task"
    assert found in issue.problem


OLD = 'resource "aws_db_instance" "d" {\n  engine = "postgres"\n  engine_version = "14.7"\n  instance_class = "db.t3.micro"\n}\n'


def test_what_is_seriously_wrong_with_ideal_is_told_where_model_is_no_answer() -> None:
    review = reviewed("", OLD + TOPIC, "A database.")
    assert [(i.rule, i.status.value, i.signals[:1]) for i in review.issues[:2]] == [
        ("no-terraform", "fixed", ("diff",)),
        ("RG203", "introduced", ("deploy",)),
    ]
    assert all(i.category is not Category.WARNING for i in review.issues)
    assert "IDEAL is not ready to deploy while #2 stands." in review.assessment


@pytest.mark.parametrize("prompt", ["", "Insert here the prompt that made the model fail."])
def test_without_a_prompt_nothing_is_said_of_what_it_asks(prompt: str) -> None:
    asked = of_documents(document(""), document(TOPIC), read_markdown(prompt, "PROMPT.md") if prompt else None, "x")
    page = render.markdown(pipeline.review_sample(asked, Config()))
    said = [line for line in page.splitlines() if "PROMPT" in line and "requirements are not reviewed" not in line]
    assert [line for line in said if "has no PROMPT" not in line] == []
    assert "The stack that IDEAL declares does not come into being." in page


@pytest.mark.parametrize(("prompt", "found"), [("", "a reading of MODEL"), ("A topic for the alarms.", "a reading of MODEL and PROMPT")])
def test_trees_that_are_not_compared_differ_in_nothing(prompt: str, found: str) -> None:
    asked = of_documents(document(""), document(TOPIC), read_markdown(prompt, "PROMPT.md") if prompt else None, "x")
    page = render.markdown(pipeline.review_sample(asked, Config()))
    assert "the trees cannot be compared" in page and "difference between" not in page
    assert f"**Context**: Found through {found}." in page


def test_what_another_task_has_as_well_is_left_and_what_it_has_alone_is_passed_over() -> None:
    review = reviewed(LAKE + OLD + OLD.replace('"d"', '"other"'), _resources(*WANTED) + SHOP + OLD, ASKED)
    assert [i.rule for i in review.issues[:1]] == ["wrong-task"]
    assert [(i.status.value, i.where[0]) for i in review.issues if i.rule == "RG203"] == [("left", "aws_db_instance.d.engine_version")]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The queue is made by hand.\n", "MODEL contains no Terraform"),
        ('# Answer\n\n```hcl\nname = "b"\n```\n', "MODEL declares no resource or module"),
        ('```md\n# Answer\n\n```hcl\nname = "b"\n', "MODEL declares no resource or module"),
    ],
)
def test_an_answer_with_a_passage_of_terraform_is_not_said_to_contain_none(text: str, title: str) -> None:
    model = read_markdown(text, "MODEL")
    found = pipeline.review_sample(of_documents(model, document(TOPIC + QUEUE), None, "x"), Config())
    assert found.issues[0].title == title


def test_what_model_names_and_declares_nowhere_hides_nothing_of_ideal_where_it_is_no_answer() -> None:
    named = 'data "aws_region" "here" {}\noutput "key" {\n  value = aws_kms_key.logs.arn\n}\n'
    keyed = 'resource "aws_kms_key" "logs" {}\nresource "aws_cloudwatch_log_group" "app" {\n  kms_key_id = aws_kms_key.logs.arn\n}\n'
    found = reviewed(named, keyed + TOPIC, "An encrypted log group.").issues
    assert [(i.rule, i.status.value) for i in found[:2]] == [("no-terraform", "fixed"), ("RG101", "introduced")]


def test_an_answer_that_only_looks_up_is_none_where_the_correction_has_no_code_either() -> None:
    looking = 'data "aws_caller_identity" "me" {}\n'
    assert _class(looking, "") is SampleClass.NO_MODEL_CODE
    assert _class(TOPIC, "") is SampleClass.NO_IDEAL_CODE
    assert [(i.rule, i.status) for i in reviewed(looking, "", ASKED).issues[:1]] == [("no-terraform", "unmet")]
