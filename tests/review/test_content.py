"""Digests by which samples are known again: what leaves them alone, and what does not."""

from __future__ import annotations

from reviewgen import terraform
from reviewgen.model.review import Content
from reviewgen.model.source import Sample
from reviewgen.review import content
from reviewgen.sample import read_markdown

ONE = 'resource "aws_sqs_queue" "a" {\n  name = "orders" # the queue\n}\n'
TWO = 'variable "name" {\n  type = string\n}\n'


def digests(model: str, ideal: str, prompt: str = "A queue.") -> Content:
    documents = [read_markdown(f"## main.tf\n\n```hcl\n{text}```\n", "X.md") for text in (model, ideal)]
    sample = Sample("x", *documents, prompt=read_markdown(prompt, "PROMPT.md"))
    return content(sample, terraform.build(sample.model, "model"), terraform.build(sample.ideal, "ideal"))


def test_layout_comments_and_order_make_no_other_blocks() -> None:
    other = TWO + '\n# Orders wait here.\nresource  "aws_sqs_queue"  "a" {\n\n  /* its name */ name="orders"\n}\n'
    assert digests(ONE + TWO, ONE).blocks == digests(other, ONE).blocks
    assert digests(ONE + TWO, ONE).model != digests(other, ONE).model


def test_a_word_makes_another_block_and_so_does_the_other_tree() -> None:
    one = set(digests(ONE + TWO, TWO).blocks)
    assert len(one) == 3 and len(one & set(digests(ONE.replace("orders", "invoices") + TWO, TWO).blocks)) == 2
    assert not set(digests(ONE, "").blocks) & set(digests("", ONE).blocks)


def test_texts_are_the_same_whatever_white_space_they_have() -> None:
    one, other = digests(ONE, TWO, "A queue,\nplease."), digests(ONE.replace("\n", "\n\n"), TWO, " A queue, please.\n")
    assert (one.prompt, one.model, one.ideal) == (other.prompt, other.model, other.ideal)
    assert len({one.prompt, one.model, one.ideal}) == 3
