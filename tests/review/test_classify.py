"""What a sample offers for comparison."""

from __future__ import annotations

from dataclasses import replace

from reviewgen.model.source import Document, Sample, SampleClass
from reviewgen.review import classify
from tests.build import tree

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
ASKED = Document("PROMPT.md", "# Task\n\n- An RDS PostgreSQL database\n- An Application Load Balancer\n")


def test_an_answer_without_any_part_that_is_asked_is_another_task() -> None:
    other = _resources(*NETWORK, "aws_kinesis_stream", "aws_glue_job", "aws_athena_workgroup")
    assert classify(replace(SAMPLE, prompt=ASKED), tree(other.replace('"x"', '"y"')), tree(_resources(*WANTED))) is SampleClass.WRONG_TASK


def test_the_beginning_of_the_right_answer_is_none() -> None:
    begin = _resources(*NETWORK).replace('"x"', '"y"')
    assert classify(replace(SAMPLE, prompt=ASKED), tree(begin), tree(_resources(*WANTED))) is SampleClass.PAIR
