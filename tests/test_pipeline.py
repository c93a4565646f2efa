"""What only the whole way from a sample to its review shows."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reviewgen import render
from reviewgen.config import Config
from reviewgen.pipeline import review_sample
from reviewgen.sample import load, of_documents, read_markdown
from reviewgen.terraform import Graph, instances
from reviewgen.terraform.validate.configuration import Configuration
from tests.build import graph
from tests.paths import CASES, SAMPLES


def test_the_verdict_is_of_the_files_as_delivered_and_the_issues_of_one_directory() -> None:
    text = (CASES / "loading/with-folder-and-without/input.md").read_text("utf-8")
    sample = of_documents(read_markdown(text, "MODEL.md"), read_markdown(text.replace("nmae", "name"), "IDEAL.md"))
    review = review_sample(sample, Config())
    verdict: Any = render.document(review)["validation"]
    assert verdict["model"]["valid"] and not verdict["model"]["diagnostics"]  # Terraform, run beside provider.tf, sees no more than that
    assert [d["summary"] for d in verdict["model"]["as_read"]["diagnostics"]] == ["Unsupported argument"]
    assert verdict["ideal"]["as_read"]["valid"]
    assert any("nmae" in issue.problem for issue in review.issues)


def test_of_two_answers_without_code_only_the_task_is_reviewed() -> None:
    code = '# main.tf\n\n```hcl\nmodule "queues" {\n  source = "./queues"\n}\n```\n'
    neither = of_documents(read_markdown("A queue.", "MODEL.md"), read_markdown("Two queues.", "IDEAL.md"))
    one = of_documents(read_markdown("A queue.", "MODEL.md"), read_markdown(code, "IDEAL.md"))
    words = "Neither MODEL nor IDEAL declares a resource or module"
    assert words in render.markdown(review_sample(neither, Config())) and words not in render.markdown(review_sample(one, Config()))


def test_a_file_of_each_of_several_directories_is_delivered_and_read_as_a_passage() -> None:
    module = '## stacks/setup/main.tf\n\n```hcl\nresource "aws_sqs_queue" "q" {\n  nmae = "q"\n}\n```\n'
    backend = '\nUpdate `stacks/*/backend.tf`:\n\n```hcl\nterraform {\n  backend "s3" {\n    bucket = "<bucket>"\n  }\n}\n```\n'
    document = read_markdown(module + backend, "IDEAL.md")
    assert [f.path for f in document.files] == ["stacks/setup/main.tf"]
    assert [f.path for f in document.delivered] == ["stacks/setup/main.tf", "backend.tf"]
    assert len(document.snippets) == 1


def test_modules_that_no_call_of_the_root_leads_to_are_counted() -> None:
    called = '### main.tf\n\n```hcl\nmodule "net" {\n  source = "./modules/net"\n}\n```\n\n### modules/net/main.tf\n\n```hcl\nresource "aws_vpc" "v" {}\n```\n'
    aside = '### environments/dev/main.tf\n\n```hcl\nmodule "net" {\n  source = "../../modules/net"\n}\n```\n'
    model, ideal = (read_markdown(text, "X.md") for text in (called, called + aside))
    review = review_sample(of_documents(model, ideal, None, "x"), Config())
    assert [(facts.modules, facts.unreached) for facts in (review.model_facts, review.ideal_facts)] == [(2, 0), (3, 1)]


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_no_tree_stays_until_python_looks_for_garbage(folder: Path) -> None:
    with _nothing_left():
        review_sample(load(folder), Config())


def test_no_tree_stays_for_a_value_that_leads_to_others() -> None:
    code = """
        variable "copies" {
          default = [0]
        }

        locals {
          copies = var.copies[local.first]
          first  = 0
        }

        resource "aws_sqs_queue" "q" {
          count = local.copies
        }
    """
    with _nothing_left():
        assert not _is_absent(graph(code, prod_tfvars="copies = [1]"))


def _is_absent(tree: Graph) -> bool:
    return instances.absent_by_default(tree, tree.tree.declarations["aws_sqs_queue.q"])


@contextmanager
def _nothing_left() -> Iterator[None]:
    """Fail where what is done leaves a tree behind that only the collector would find."""
    gc.collect()
    before = _trees()
    gc.disable()
    try:
        yield
        assert _trees() == before
    finally:
        gc.enable()


def _trees() -> int:
    """How many there are; by their type itself, for a weak reference calls itself what it leads to."""
    return sum(type(thing) in (Graph, Configuration) for thing in gc.get_objects())
