"""What a part of an answer does not show, or a script of the answer makes, is not missing."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from tests.build import document
from tests.review.test_correction import reviewed
from tests.review.test_new_or_old import FUNCTION, UPLOADED, told


def test_a_package_that_a_script_of_the_answer_makes_is_not_missing() -> None:
    code = FUNCTION % ("python3.13", UPLOADED + '\n  source_code_hash = filebase64sha256("f.zip")')
    packed = document(code, **{"build.sh": "cd src && zip -r ../f.zip .\n"})
    assert (told(packed, packed, "RG324"), told(packed, packed, "tf:missing-file")) == ([], [])
    assert (told(packed, code, "RG324"), told(packed, code, "tf:missing-file")) == (["introduced"], [])


def test_errors_about_a_package_that_a_script_makes_are_explained() -> None:
    code = FUNCTION % ("python3.13", UPLOADED + '\n  source_code_hash = filebase64sha256("f.zip")')
    script, plain = document(code, **{"build.sh": "cd src && zip -r ../f.zip .\n"}), document(code)
    for model, ideal, side in ((script, plain, "MODEL"), (script, script, "MODEL and IDEAL"), (plain, plain, "")):
        notes = pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config()).sample.notes
        said = [note for note in notes if "packages" in note]
        assert said == ([f"Errors of the static check about packages that a script of {side} makes are no issues."] if side else [])


def notes(code: str, prompt: str = "") -> list[str]:
    found = reviewed(code, code, f"# Task\n\n{prompt}\n" if prompt else "").sample.notes
    return [note for note in found if "static check" in note]


def test_errors_about_modules_that_init_downloads_are_explained() -> None:
    call = 'module "network" {\n  source  = "%s"\n}\n'
    (note,) = notes(call % "terraform-aws-modules/vpc/aws")
    assert note == "Errors of the static check about modules that `terraform init` downloads are no issues."
    assert not any("downloads" in note for note in notes(call % "./network"))


def test_errors_about_the_region_of_providers_that_prompt_has_elsewhere_are_explained() -> None:
    code = 'resource "aws_subnet" "s" {\n  vpc_id            = "vpc-1"\n  availability_zone = "${var.aws_region}a"\n}\n'
    elsewhere = "I already have a provider.tf file."
    (note,) = notes(code, elsewhere)
    assert note.endswith("Errors of the static check about the variable of their region are no issues.")
    assert notes(code, "Use two zones.") == notes(code.replace("aws_region", "zone"), elsewhere) == []


RECORDED = """resource "aws_config_configuration_recorder" "c" {
  role_arn = "arn:aws:iam::111122223333:role/config"
}

resource "aws_config_delivery_channel" "c" {
  s3_bucket_name = "records"
}
"""
SHORTENED = """resource "aws_s3_bucket_versioning" "records" {
  versioning_configuration {
    status = "Enabled"
  }
}
# ... the rest is unchanged
"""


def test_what_a_correction_shows_without_what_its_blocks_must_have_may_be_there() -> None:
    topic = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
    assert told(topic, topic + RECORDED, "RG713") == ["introduced"]
    part = sample.read_markdown(f"```hcl\n{topic}{RECORDED}{SHORTENED}```\n", "IDEAL.md")
    assert told(document(topic), part, "RG713") == []


GENERATED = """resource "random_password" "p" {
  length  = 32
  special = true
%s}

resource "aws_db_instance" "d" {
  engine   = "mysql"
  password = random_password.p.result
}
"""


@pytest.mark.parametrize(("more", "of_a_part"), [("", []), ('  override_special = "@!"\n', ["introduced"])])
def test_what_an_argument_of_a_shortened_block_is_wrong_without_may_be_there(more: str, of_a_part: list[str]) -> None:
    topic = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
    assert told(topic, topic + GENERATED % more, "RG208") == ["introduced"]
    part = sample.read_markdown(f"```hcl\n{topic}{GENERATED % more}{SHORTENED}```\n", "IDEAL.md")
    assert told(document(topic), part, "RG208") == of_a_part


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Pack the code with `./build.sh`.", []),
        ("### build.sh\n\nPacks the code.", []),
        ("```\nlib/\n├── main.tf\n└── build.sh\n```", []),
        ("Pack the code.", ["introduced"]),
        ("Never run rebuild.sh here.", ["introduced"]),
    ],
)
def test_a_file_of_model_that_ideal_names_without_showing_it_is_not_missing(said: str, found: list[str]) -> None:
    code = FUNCTION % ("python3.13", UPLOADED)
    model = document(code, **{"build.sh": "cd src && zip -r ../f.zip .\n"})
    ideal = sample.read_markdown(f"## main.tf\n\n```hcl\n{code}```\n\n{said}\n", "IDEAL.md")
    assert told(model, ideal, "RG324") == found


@pytest.mark.parametrize(("looked_for", "found"), [("src/main.py", []), ("src/other.py", ["introduced"])])
def test_what_lies_beside_a_file_that_a_test_of_ideal_looks_for_is_not_missing(looked_for: str, found: list[str]) -> None:
    code = 'resource "terraform_data" "image" {\n  input = filemd5("${path.module}/src/requirements.txt")\n}\n'
    model = document(
        "",
        **{
            "network.tf": 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n',
            "lib/src/main.py": "x",
            "lib/src/requirements.txt": "y",
        },
    )
    test = f"import pathlib\n\nassert pathlib.Path('{looked_for}').exists()\n"
    ideal = sample.read_markdown(f"## main.tf\n\n```hcl\n{code}```\n\n## test_stack.py\n\n```python\n{test}```\n", "IDEAL.md")
    assert told(model, ideal, "tf:missing-file") == found


MAPPED = """resource "aws_sqs_queue" "q" {}

data "archive_file" "f" {
  type        = "zip"
  source_file = "${path.module}/f.py"
  output_path = "f.zip"
}

resource "aws_lambda_function" "f" {
  function_name = "f"
  handler       = "f.handler"
  runtime       = "python3.13"
%s  environment {
    variables = { QUEUE = aws_sqs_queue.q.url }
  }
}
"""
OF_MODEL = '  role     = "arn:aws:iam::111122223333:role/f"\n  filename = data.archive_file.f.output_path\n'
MAPPING = """resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}
"""
ANSWERS = {"f.py": 'def handler(event, context):\n    return {"batchItemFailures": failed(event)}\n'}


def test_what_belongs_to_a_block_that_lacks_what_it_must_have_was_not_repaired_by_going() -> None:
    model = document(MAPPED % OF_MODEL + MAPPING, **ANSWERS)
    whole, shortened = document(MAPPED % OF_MODEL, **ANSWERS), document(MAPPED % "", **ANSWERS)
    assert (told(model, whole, "RG345"), told(model, shortened, "RG345")) == (["fixed"], ["left"])
