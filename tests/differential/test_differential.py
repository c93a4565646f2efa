"""A few mutants in each run of the suite; ``make differential`` compares more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bench.measure import Skipped

from .compare import Real, difference
from .mutants import mutant

pytestmark = [pytest.mark.terraform, pytest.mark.slow]
# One of each kind: dropped, renamed, misspelled, written twice, retyped, added.
NUMBERS = (2, 7, 4, 0, 5, 9)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    try:
        yield Real(tmp_path_factory.mktemp("differential"))
    except Skipped as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("number", NUMBERS)
def test_judged_as_terraform_does(real: Real, number: int) -> None:
    one = mutant(number)
    found = real.validate(one)
    assert found is not None, "choose a mutant that asks for nothing that is not on this machine"
    text = difference(one, found, real.lock)
    assert not text, f"{one.edit}\n{text}"


def test_mutants_are_repeatable() -> None:
    assert mutant(3) == mutant(3)
    assert len({mutant(number).edit for number in range(40)}) > 30
