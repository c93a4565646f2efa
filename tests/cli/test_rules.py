"""``reviewgen rules``: what it shows, and what it says to arguments that it does not know."""

from __future__ import annotations

import json

import pytest

from tests.command_line import Cli


def test_a_rule_is_shown_by_id_and_by_name(cli: Cli) -> None:
    by_id, by_name = cli("rules", "show", "rg101"), cli("rules", "show", "kms-logs-principal-missing")
    assert (by_id.code, by_id.out) == (0, by_name.out)
    assert by_id.out.startswith("# RG101: ")
    assert json.loads(cli("rules", "show", "RG101", "--format", "json").out)["slug"] == "kms-logs-principal-missing"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show",), "Missing argument"),
        (("show", "RG999"), "there is no rule 'RG999'"),
        (("show", "kms-logs-principal-mising"), "did you mean 'kms-logs-principal-missing'?"),
        (("show", ""), "an argument is empty"),
        (("show", "RG101", "RG102"), "RG102"),
        (("show", "RG101", "--format", "xml"), "xml"),
        (("list", "RG101"), "RG101"),
        (("list", "--format", "xml"), "xml"),
        (("forget",), "forget"),
    ],
)
def test_wrong_arguments_are_named(cli: Cli, arguments: tuple[str, ...], words: str) -> None:
    run = cli("rules", *arguments)
    assert (run.code, run.out) == (2, "")
    assert words in " ".join(run.err.split())
