"""The table of names that are no actions, held against the list of all actions that cfn-lint keeps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewgen.rules import tables

cfnlint = pytest.importorskip("cfnlint")
ACTIONS = json.loads((Path(cfnlint.__file__).parent / "data" / "AdditionalSpecs" / "Policies.json").read_text())


def exists(action: str) -> bool:
    service, _, name = action.lower().partition(":")
    return name in ACTIONS[service]["Actions"]


@pytest.mark.parametrize("row", tables.rows("unknown_actions"), ids=lambda row: row["action"])
def test_names_are_none_and_what_stands_for_them_is(row: dict[str, object]) -> None:
    assert not exists(str(row["action"]))
    assert isinstance(row["instead"], list) and row["instead"] and all(map(exists, row["instead"]))
