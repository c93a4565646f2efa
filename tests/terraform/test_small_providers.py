"""The bundles of the small providers: what is right passes, each wrong line is told, and every bundle says where it comes from."""

from __future__ import annotations

import pytest

from reviewgen import terraform
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.source import Document, SourceFile
from reviewgen.terraform import Graph
from reviewgen.terraform.schema import shipped
from reviewgen.terraform.schema.catalogue import FOLDER
from reviewgen.terraform.validate import validate
from tests.oracle.schemas import recipes
from tests.paths import CASES

RIGHT = (CASES / "small-providers" / "main.tf").read_text("utf-8")

WRONG = {
    "missing argument": ("  byte_length = 4\n", "", "Missing required argument"),
    "misspelt argument": ("rsa_bits  = 4096", "rsa_bit   = 4096", "Unsupported argument"),
    "misspelt block": ("  retry {", "  retries {", "Unsupported block type"),
    "read-only argument": ("  byte_length = 4\n", '  byte_length = 4\n  hex = "ab"\n', "Invalid Configuration for Read-Only Attribute"),
    "wrong type": ("  rotation_days = 30", '  rotation_days = "often"', "Incorrect attribute value type"),
    "too few blocks": (
        '  part {\n    content_type = "text/x-shellscript"\n    content      = data.template_file.t.rendered\n  }\n',
        "",
        "Insufficient part blocks",
    ),
    "unknown type": ('resource "random_uuid" "u"', 'resource "random_guid" "u"', "Invalid resource type"),
    "unknown attribute": ("data.http.ip.status_code", "data.http.ip.code", "Unsupported attribute"),
    "deprecated argument": ("min_special      = 1", "number           = true", "Attribute Deprecated"),
    "deprecated type": (
        'resource "time_static" "s" {}',
        'resource "time_static" "s" {}\ndata "null_data_source" "d" {}',
        "Deprecated Resource",
    ),
}


def said(text: str) -> tuple[Diagnostic, ...]:
    tree = terraform.build(Document("small", files=(SourceFile("main.tf", text),)), "model")
    return validate(tree, Graph(tree), shipped()).diagnostics


def test_right_configuration_is_right() -> None:
    """Ephemeral resources among it: the packages that the bundles are made of do not tell which there are."""
    assert said(RIGHT) == ()


@pytest.mark.parametrize("what", WRONG)
def test_each_wrong_line_is_told(what: str) -> None:
    right, wrong, summary = WRONG[what]
    assert RIGHT.count(right) == 1
    assert summary in [d.summary for d in said(RIGHT.replace(right, wrong))]


def test_every_bundle_has_a_recipe_and_says_where_it_comes_from() -> None:
    made = {(recipe["source"], recipe["version"]): recipe for recipe in recipes()}
    schemas = shipped()
    assert set(made) == {(source, version) for source in schemas.files for version in schemas.versions(source)}
    assert len(made) == len(list(FOLDER.iterdir()))
    for (source, version), recipe in made.items():
        bundle = schemas.bundle(source, version)
        assert bundle is not None and bundle.licence == ("BUSL-1.1" if source == "builtin/terraform" else "MPL-2.0")
        package = recipe.get("package", "").replace("==", "-").replace("-", "_")
        assert bundle.origin.replace("-", "_").startswith(package or "terraform providers schema _json")
        assert bundle.partial == (("ephemeral",) if package else ())
