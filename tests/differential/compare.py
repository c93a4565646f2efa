"""What the real Terraform and the static validator say of the same files."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reviewgen import pipeline, sample
from reviewgen.cli.validate import as_terraform
from reviewgen.config import Config
from reviewgen.terraform import build
from tests.bench import terraform
from tests.paths import SAMPLES

from .mutate import mutated

Said = tuple[str, str, int]
"""Summary, file and line; two of them are the same message when the lines are at most one apart."""

# Found while the configuration is read: Terraform then looks at nothing else.
_LOADING = ("Duplicate ", "Invalid ", "Argument or block definition", "Unclosed", "Missing name for")


def workplaces(folder: Path) -> Iterator[tuple[str, Path, Mapping[str, str]]]:
    """Yield name, folder and environment of each own sample's IDEAL tree that the real Terraform can initialise here."""
    for place in SAMPLES:
        tree = build(sample.load(place).ideal, "ideal")
        root = folder / place.name
        if tree.incomplete or not tree.declarations:
            continue
        _write(root, {path: file.data for path, file in tree.files.items()})
        try:
            yield place.name, root / tree.root, terraform.prepare(root / tree.root, folder / "terraform.rc")
        except terraform.Skipped as reason:
            if "no terraform" in str(reason) or "no AWS provider" in str(reason):
                raise


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def differences(root: Path, environment: Mapping[str, str], kind: str, seed: int) -> list[str]:
    """Return how the two differ on one mutation of a prepared tree; the files are as before afterwards."""
    tree = build(sample.load_document(root, "tree"), "ideal")
    before = {path: file.data for path, file in tree.files.items()}
    _write(root, mutated(tree, kind, seed))
    try:
        theirs = _real(root, environment)
        _, found = pipeline.validate_document(sample.load_document(root, "tree"), Config())
        return list(_compared(as_terraform(found), theirs))
    finally:
        _write(root, before)


def _real(root: Path, environment: Mapping[str, str]) -> Mapping[str, Any]:
    done = subprocess.run(["terraform", f"-chdir={root}", "validate", "-json"], capture_output=True, text=True, env=dict(environment))
    answer: Mapping[str, Any] = json.loads(done.stdout)
    return answer


def _compared(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    if ours["valid"] is not theirs["valid"]:
        yield f"verdict: {ours['valid']} here, {theirs['valid']} there"
    mine, real = list(_errors(ours)), list(_errors(theirs))
    for said in _without(real, mine):
        yield f"not found: {said[0]} at {said[1]}:{said[2]}"
    # Terraform stops where we go on: at a configuration that cannot be loaded, and at a resource that does not fit its schema.
    if not any(summary.startswith(_LOADING) for summary, _, _ in real):
        places = {(file, line) for _, file, line in real}
        for said in _without(mine, real):
            if not any(file == said[1] and abs(line - said[2]) <= _NEAR for file, line in places):
                yield f"not there: {said[0]} at {said[1]}:{said[2]}"


_NEAR = 40  # lines: about one resource


def _errors(answer: Mapping[str, Any]) -> Iterator[Said]:
    for found in answer["diagnostics"]:
        if found["severity"] == "error":
            place = found.get("range") or {"filename": "", "start": {"line": 0}}
            yield found["summary"], place["filename"], place["start"]["line"]


def _without(some: Iterable[Said], others: Iterable[Said]) -> list[Said]:
    left = Counter(others)
    missing = []
    for summary, file, line in some:
        near = next((key for key in ((summary, file, line + step) for step in (0, -1, 1)) if left[key]), None)
        if near is None:
            missing.append((summary, file, line))
        else:
            left[near] -= 1
    return missing
