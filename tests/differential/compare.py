"""A mutant as the real Terraform and the static validator see it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reviewgen import terraform
from reviewgen.model.source import Document, SourceFile
from reviewgen.terraform import Graph
from reviewgen.terraform.schema import shipped
from reviewgen.terraform.validate import validate
from tests.bench.measure import Skipped
from tests.bench.terraform import environment, init

from .mutants import Mutant

LOCK = ".terraform.lock.hcl"
_REQUIREMENTS = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n'
# What is said of the machine: a mutant asks for a provider or a version that is not here, or for a module that init would fetch.
_OF_THE_MACHINE = ("Missing required provider", "Inconsistent dependency lock file", "Failed to load plugin schemas")
# The errors of single nodes: after them, Terraform goes on with the nodes that do not depend on the node.
_OF_THE_WALK = (
    "Unsupported argument",
    "Missing required argument",
    "Unsupported block type",
    "Unsupported attribute",
    "Incorrect attribute",
    "expected ",
    "invalid value",
)
_OWN_BLOCKS = ("lifecycle", "provisioner", "connection")  # read with the configuration
# Severity, summary and file:line.
Said = tuple[str, str, str]


class Real:
    """A real Terraform whose AWS provider is installed once, for all mutants."""

    def __init__(self, work: Path) -> None:
        """Install the provider below a folder.

        Raises:
            Skipped: There is no Terraform, no AWS provider, or one of which we have no schema.
        """
        self._variables = environment(work / "terraform.rc")
        self._installed = work / "installed"
        self._work = work
        self._installed.mkdir()
        (self._installed / "main.tf").write_text(_REQUIREMENTS, "utf-8")
        message = init(self._installed, self._variables)
        if message:
            raise Skipped(f"terraform cannot install the AWS provider: {message}")
        self.lock = (self._installed / LOCK).read_text("utf-8")
        version = re.search(r'^\s*version\s*=\s*"([^"]+)"', self.lock, re.MULTILINE)
        if version is None or version[1] not in shipped().versions("hashicorp/aws"):
            raise Skipped(f"the AWS provider on this machine is {version[1] if version else 'of no version'}, of which there is no bundle")

    def validate(self, mutant: Mutant) -> Mapping[str, Any] | None:
        """Return what ``terraform validate -json`` says; None when that depends on what is installed here."""
        tree = self._work / str(mutant.number)
        for path, text in {**mutant.files, LOCK: self.lock}.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text, "utf-8")
        (tree / ".terraform").mkdir()
        (tree / ".terraform" / "providers").symlink_to(self._installed / ".terraform" / "providers")
        self._run(tree, "get")
        found: Mapping[str, Any] = json.loads(self._run(tree, "validate", "-json"))
        return None if any(d["summary"] in _OF_THE_MACHINE for d in found["diagnostics"]) else found

    def _run(self, tree: Path, *arguments: str) -> str:
        command = ["terraform", f"-chdir={tree}", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=self._variables, timeout=120).stdout


def difference(mutant: Mutant, real: Mapping[str, Any], lock: str) -> str:
    """Return in what we differ from Terraform; empty when the verdicts agree, we say all that it says, and nothing that it should have said."""
    files = tuple(SourceFile(path, text) for path, text in {**mutant.files, LOCK: lock}.items())
    tree = terraform.build(Document("mutant", files=files), "model")
    graph = Graph(tree)
    ours = validate(tree, graph, shipped())
    said = {(d.severity, d.summary, f"{d.range.filename}:{d.range.start.line}" if d.range else "") for d in ours.diagnostics}
    theirs = set(map(_said, real["diagnostics"]))
    lines = [] if ours.valid == real["valid"] else [f"  valid: Terraform says {real['valid']}, we {ours.valid}"]
    lines += _lines("only Terraform says", theirs - said)
    lines += _lines("only we say", (one for one in said - theirs if one[0] == "error" and _looked_at(one[2], theirs, graph)))
    return "\n".join(lines)


def _looked_at(place: str, theirs: set[Said], graph: Graph) -> bool:
    """Whether Terraform came to a place: it read the whole configuration, and what the place belongs to depends on nothing that failed.

    It walks the graph of what depends on what, and leaves out what depends on a node with an error; a node's own first error ends it, too.
    """
    failed: set[str] = set()
    for severity, summary, where in theirs:
        if severity == "error":
            here = _around(where, graph) if summary.startswith(_OF_THE_WALK) else set()
            if not here:
                return False
            failed |= here
    waiting = list(failed)
    while waiting:
        for reference in graph.incoming.get(waiting.pop(), ()):
            if reference.source not in failed:
                failed.add(reference.source)
                waiting.append(reference.source)
    here = _around(place, graph)
    return bool(here) and not here & failed


def _around(place: str, graph: Graph) -> set[str]:
    """Return the address of the resource that a provider's schema describes at a place: none inside of blocks that are Terraform's own."""
    file, _, line = place.rpartition(":")
    found = set()
    for address, declaration in graph.tree.declarations.items():
        if declaration.kind in ("resource", "data") and declaration.block.file == file:
            around = [b for b in declaration.block.walk() if b.line <= int(line) <= b.end_line]
            if around and not any(b.type in _OWN_BLOCKS for b in around):
                found.add(address)
    return found


def _said(diagnostic: Mapping[str, Any]) -> Said:
    where = diagnostic.get("range")
    head, mark, members = diagnostic["summary"].partition("Cycle: ")
    # Terraform names the members of a cycle in an order that changes from run to run.
    summary = f"{head}{mark}{', '.join(sorted(members.split(', ')))}" if mark else head
    return diagnostic["severity"], summary, f"{where['filename']}:{where['start']['line']}" if where else ""


def _lines(title: str, said: Iterable[Said]) -> list[str]:
    return [f"  {title}: {severity}: {summary} {place}".rstrip() for severity, summary, place in sorted(said)]
