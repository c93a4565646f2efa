"""Mutated samples: the static validator and the real Terraform agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.bench.measure import Skipped

from .compare import differences, workplaces
from .mutate import KINDS

pytestmark = [pytest.mark.terraform, pytest.mark.slow]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Path, Mapping[str, str]]]]:
    try:
        yield {name: (root, environment) for name, root, environment in workplaces(tmp_path_factory.mktemp("trees"))}
    except Skipped as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("kind", KINDS)
def test_the_validator_says_what_terraform_says_of_mistakes(kind: str, places: dict[str, tuple[Path, Mapping[str, str]]]) -> None:
    root, environment = places["payment-dr"]
    assert differences(root, environment, kind, seed=0) == []
