"""What only the whole way from a sample to its review shows."""

from __future__ import annotations

from typing import Any

from reviewgen import render
from reviewgen.config import Config
from reviewgen.pipeline import review_sample
from reviewgen.sample import of_documents, read_markdown
from tests.paths import CASES


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
