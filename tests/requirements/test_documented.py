"""What the tables of requirements say where their facts are from can be opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from reviewgen.render.hygiene import is_source
from reviewgen.requirements.tables.capability import capabilities
from reviewgen.requirements.tables.prohibition import prohibitions
from reviewgen.requirements.tables.value import values


@pytest.mark.parametrize("table", [capabilities, prohibitions, values], ids=["capabilities", "prohibitions", "values"])
def test_each_source_is_an_address(table: Callable[[], Mapping[str, Any]]) -> None:
    assert [(id_, row.source) for id_, row in table().items() if row.source and not is_source(row.source)] == []
    assert any(row.source for row in table().values())
