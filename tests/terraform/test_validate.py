"""The static validator against what the real Terraform says of the same trees."""

from __future__ import annotations

import json

import pytest

from tests.terraform.validate_cases import EXPECTED, FOLDER, FURTHER, SNIPPETS, cases, load, ordered, our_snippets, ours


@pytest.mark.parametrize("name", cases())
def test_says_what_terraform_says(name: str) -> None:
    """Word for word and place for place; further.json lists what Terraform would only say after its first errors are repaired."""
    assert ours(name) == ordered([*load(name), *load(name, FURTHER)])


@pytest.mark.parametrize("name", cases())
def test_cases_are_whole(name: str) -> None:
    assert (FOLDER / name / EXPECTED).is_file(), "run make terraform-cases"
    errors = [row for row in load(name) if row[0] == "error"]
    assert errors or not load(name, FURTHER), "what Terraform would say next needs an error that stops it"


@pytest.mark.parametrize("name", cases(SNIPPETS))
def test_shows_what_terraform_shows(name: str) -> None:
    """The lines, the place in them, the values of references and the signature of the function that was called."""
    expected = json.loads((SNIPPETS / name / EXPECTED).read_text("utf-8"))
    assert our_snippets(name) == expected
