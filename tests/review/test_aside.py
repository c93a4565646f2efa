"""What an answer has in comments and example files only is told, and counts for nothing."""

from __future__ import annotations

import pytest

from reviewgen.review.answers.aside import said
from tests.build import graph

TOPIC = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
COMMENT = 'terraform {\n  # backend "s3" {\n  #   key = "state"\n  # }\n}\n'
BACKEND = 'terraform {\n  backend "s3" {\n    key = "state"\n  }\n}\n'


@pytest.mark.parametrize(
    ("files", "types", "words"),
    [
        ({"main.tf": TOPIC + COMMENT}, ("terraform.backend",), "in a comment (`main.tf:5`) only"),
        ({"main.tf": TOPIC, "backend.tf.example": BACKEND}, ("terraform.backend",), "in `backend.tf.example` only"),
        ({"main.tf": TOPIC, "backend.tf.example": COMMENT}, ("terraform.backend",), "in comments of `backend.tf.example` only"),
        ({"main.tf": BACKEND + COMMENT}, ("terraform.backend",), ""),
        ({"main.tf": TOPIC}, ("terraform.backend",), ""),
        ({"main.tf": "# " + TOPIC.replace("\n", "\n# ")}, ("aws_sns_topic", "aws_sqs_queue"), "in a comment (`main.tf:1`) only"),
        ({"main.tf": TOPIC + '# resource "aws_sqs_queue" "q" {}\n'}, ("aws_sns_topic", "aws_sqs_queue"), ""),
    ],
)
def test_what_stands_in_comments_and_examples_only(files: dict[str, str], types: tuple[str, ...], words: str) -> None:
    found = said({"MODEL": graph(**files)}, types)
    assert (found == "") is (words == "") and words in found


def test_what_both_trees_have_there_is_told_once() -> None:
    tree = graph(**{"main.tf": TOPIC + COMMENT})
    assert said({"MODEL": tree, "IDEAL": tree}, ["terraform.backend"]).startswith(
        "MODEL and IDEAL have such a block in a comment (`main.tf:5`) only"
    )
