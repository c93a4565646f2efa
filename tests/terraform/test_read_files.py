"""Files that functions read beside the directory that an answer's names make the top."""

from __future__ import annotations

import pytest

from reviewgen import terraform
from reviewgen.model.source import Document, SourceFile
from reviewgen.terraform import Graph
from reviewgen.terraform.schema import shipped
from reviewgen.terraform.validate import validate


@pytest.mark.parametrize(
    ("top", "delivered", "errors"),
    [
        ("", "notes/a.txt", []),  # the tree may stand in a directory beside `notes`
        ("", "other/a.txt", ["Invalid function argument"]),
        ("stack/", "stack/notes/a.txt", ["Invalid function argument"]),
    ],
)
def test_a_file_above_the_top_may_be_the_one_of_that_path_within(top: str, delivered: str, errors: list[str]) -> None:
    code = 'locals {\n  text = file("${path.module}/../notes/a.txt")\n}\n'
    tree = terraform.build(Document("answer", files=(SourceFile(f"{top}main.tf", code), SourceFile(delivered, "x"))), "model")
    assert [d.summary for d in validate(tree, Graph(tree), shipped()).diagnostics] == errors
