"""Values of variables that Terraform reads by itself."""

from __future__ import annotations

from reviewgen.model.source import Document, SourceFile
from reviewgen.terraform import Graph, build

VARIABLES = 'variable "a" {\n  default = 1\n}\nvariable "b" {\n  default = 1\n}\nlocals {\n  sum = var.a + var.b\n}\n'


def worth(**files: str) -> object:
    named = (("main.tf", VARIABLES), *files.items())
    graph = Graph(
        build(Document("x", files=tuple(SourceFile(n.replace("__", ".").replace("_dir_", "dir/"), t) for n, t in named)), "model")
    )
    declaration = graph.get("local.sum")
    assert declaration is not None and declaration.attribute is not None
    return graph.constant(declaration.attribute.expr, declaration.module)


def test_files_that_are_read_by_themselves_stand_before_defaults() -> None:
    assert worth() == 2
    assert worth(terraform__tfvars="a = 10\n") == 11
    assert worth(terraform__tfvars="a = 10\n", z__auto__tfvars="a = 20\n") == 21


def test_other_files_are_only_read_on_request() -> None:
    assert worth(prod__tfvars="a = 10\n", terraform__tfvars__example="a = 10\n", _dir_terraform__tfvars="a = 10\n") == 2
