"""Single JSON documents of Terraform: ``validate -json``, and ``show -json`` of a saved plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reviewgen.errors import InputError
from reviewgen.evidence import diagnostics
from reviewgen.model.evidence import MOST_DIAGNOSTICS, Outcome, Step, StepRecord, Tool

from .log import Log

_VERSION = "1"


def validation(data: Mapping[str, Any], path: str) -> Log:
    """Return what ``validate -json`` says.

    Raises:
        InputError: It is of another version.
    """
    _known(data, path, "terraform validate -json")
    rows = data.get("diagnostics")
    said = tuple(diagnostics.from_json(row) for row in rows if isinstance(row, Mapping)) if isinstance(rows, list) else ()
    outcome = Outcome.PASSED if data.get("valid") is True else Outcome.FAILED
    return Log((StepRecord(Step.VALIDATE, outcome, diagnostics=said[:MOST_DIAGNOSTICS]),))


def plan(data: Mapping[str, Any], path: str) -> Log:
    """Return what ``show -json`` says of a plan: how many resources it creates, changes and destroys.

    Raises:
        InputError: It is of another version, or the plan of a destruction.
    """
    _known(data, path, "terraform show -json")
    counts = {"create": 0, "update": 0, "delete": 0}
    for row in data.get("resource_changes") or ():
        change = row.get("change") if isinstance(row, Mapping) and row.get("mode") != "data" else None
        for action in change.get("actions") or () if isinstance(change, Mapping) else ():
            if action in counts:
                counts[action] += 1
    outcome = Outcome.FAILED if data.get("errored") is True else Outcome.PASSED
    version = data.get("terraform_version")
    tool = Tool("Terraform", version) if isinstance(version, str) else None
    return Log((StepRecord(Step.PLAN, outcome, "", counts["create"], counts["update"], counts["delete"]),), tool)


def _known(data: Mapping[str, Any], path: str, what: str) -> None:
    version = str(data.get("format_version", ""))
    if version.split(".")[0] not in (_VERSION, ""):
        raise InputError(f"{what} of another version: {version}", path=path, hint=f"format version {_VERSION} can be read")
