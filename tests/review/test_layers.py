"""A library that IDEAL's function lacks, which MODEL takes from a layer: whether that has a package."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from tests.build import document

CODE = "import pymysql\n\n\ndef run(event, context):\n    return pymysql.connect()\n"
PACKED = 'data "archive_file" "f" {\n  type        = "zip"\n  source_file = "job.py"\n  output_path = "job.zip"\n}\n'
FUNCTION = 'resource "aws_lambda_function" "f" {{\n  filename = "job.zip"\n  runtime  = "python3.12"\n  handler  = "job.run"\n{}}}\n'
LAYERS = "  layers   = [aws_lambda_layer_version.drivers.arn]\n"
LAYER = 'resource "aws_lambda_layer_version" "drivers" {\n  layer_name = "drivers"\n  filename   = "drivers.zip"\n}\n'
PUT = 'resource "null_resource" "b" {\n  provisioner "local-exec" {\n    command = "make drivers.zip"\n  }\n}\n'


@pytest.mark.parametrize(("more", "told"), [("", True), (PUT, False)], ids=["not-delivered", "may-be-built"])
def test_a_layer_without_package_has_not_the_library_either(more: str, told: bool) -> None:
    model = document(**{"main.tf": PACKED + FUNCTION.format(LAYERS) + LAYER + more, "job.py": CODE})
    ideal = document(**{"main.tf": PACKED + FUNCTION.format(""), "job.py": CODE})
    found = {i.rule: i for i in pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config()).issues}
    assert found["RG327"].status == "introduced"
    said = "MODEL takes it from the layer `aws_lambda_layer_version.drivers`, whose package `drivers.zip` is not delivered either."
    assert found["RG327"].problem.endswith(said) is told
    assert [i.status for i in found.values() if i.rule == "RG324"] == (["fixed"] if told else [])
