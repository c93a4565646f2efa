"""What the newer framework checks in the elements of a set, of which it says two sentences and we one, at the argument."""

from __future__ import annotations

import pytest

from reviewgen import terraform
from reviewgen.model.source import Document, SourceFile
from reviewgen.terraform import Graph
from reviewgen.terraform.schema import shipped
from reviewgen.terraform.validate import validate

LIFECYCLE = """resource "aws_s3_bucket_lifecycle_configuration" "archive" {{
  bucket = "archive"
  rule {{
    id     = "move"
    status = "Enabled"
    filter {{}}
    transition {{
      days          = 30
      storage_class = "STANDARD_IA"
    }}
    transition {{
      days          = 90
      storage_class = "{}"
    }}
  }}
}}
"""


@pytest.mark.parametrize(("storage_class", "lines"), [("GLACIER_IR", []), ("GLACIER_FLEXIBLE_RETRIEVAL", [13])])
def test_storage_class_of_a_transition(storage_class: str, lines: list[int]) -> None:
    tree = terraform.build(Document("own", files=(SourceFile("main.tf", LIFECYCLE.format(storage_class)),)), "model")
    errors = validate(tree, Graph(tree), shipped()).errors
    assert [error.range.start.line for error in errors if error.range] == lines
    for error in errors:
        assert error.summary == "Invalid String Enum Value"
        assert f"Path: storage_class\nGiven Value: {storage_class}\n" in error.detail
