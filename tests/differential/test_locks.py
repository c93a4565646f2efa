"""What ``terraform init`` says of lock files that the constraints of a tree exclude, or do not, is what our rule says."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from reviewgen import rules, terraform
from reviewgen.model.source import Document, SourceFile
from reviewgen.rules import CATALOGUE
from reviewgen.terraform import Graph
from tests.bench.measure import Skipped
from tests.bench.terraform import environment

pytestmark = [pytest.mark.terraform, pytest.mark.slow]
_RULE = [rule for rule in CATALOGUE if rule.id == "RG641"]
_LOCK = 'provider "registry.terraform.io/hashicorp/{}" {{\n  version = "{}"\n}}\n'
_ROOT = 'terraform {{\n  required_providers {{\n    aws = {{\n      source  = "hashicorp/aws"\n      version = "{}"\n    }}\n  }}\n}}\n'
_CALL = 'module "piers" {\n  source = "./piers"\n}\n'
# Constraints of the root, of a module that it calls, and the locked version.
CASES = (
    ("~> 5.0", "", "6.4.0"),
    ("~> 5.0", "", "5.100.0"),
    ("~> 6.0", "", "5.100.0"),
    ("~> 5", "", "6.4.0"),
    ("~> 5.31.0", "", "5.100.0"),
    (">= 5, < 6.0, != 5.50", "~> 5.50.0, = 5.50.1, <= 5.50, > 4.0, 5.50.0", "5.100.0"),
    (">= 5.0", "< 5.100", "5.100.0"),
    (">= 5.0, <= 5.100", ">= 5.100.0", "5.100.0"),
)


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    try:
        return environment(tmp_path_factory.mktemp("locks") / "terraform.rc")
    except Skipped as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize(("root", "called", "locked"), CASES)
def test_init_says_the_same(variables: Mapping[str, str], tmp_path: Path, root: str, called: str, locked: str) -> None:
    files = {"main.tf": _ROOT.format(root) + (_CALL if called else ""), ".terraform.lock.hcl": _LOCK.format("aws", locked)}
    files |= {"piers/main.tf": _ROOT.format(called)} if called else {}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    command = ["terraform", f"-chdir={tmp_path}", "init", "-input=false", "-no-color"]
    said = subprocess.run(command, capture_output=True, text=True, env=variables, timeout=120).stderr
    tree = terraform.build(Document("locks", files=tuple(SourceFile(*one) for one in files.items())), "model")
    found = rules.run(Graph(tree), _RULE).findings
    assert bool(found) is ("locked provider" in said), said
    for finding in found:
        assert " ".join(finding.message.split()) in " ".join(said.split())
