"""review.json is written as the standard library would write it."""

import json

import pytest

from reviewgen.render import indented

VALUES = [
    {},
    [],
    {"a": {}, "b": [], "c": [{}], "d": [[]]},
    {"text": 'quote " backslash \\ tab \t line \n bell \x07 delete \x7f', "wide": "é 漢 \U0001f600 \u2028"},
    [0, -7, 2**70, 1.0, 0.1, 1e300, -0.0, True, False, None],
    {"deep": [{"deeper": [{"deepest": ["one", {"two": 2}]}]}], "pair": ("x", 1)},
    "text alone",
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_as_the_standard_library(value: object) -> None:
    """The bytes are those of ``json.dumps``."""
    assert indented.dumps(value) == json.dumps(value, ensure_ascii=False, indent=1)


def test_half_a_surrogate_is_named() -> None:
    """What UTF-8 cannot encode is written by its number, and read back as it was."""
    text = indented.dumps(["\ud800 é"])
    assert text.encode() == '[\n "\\ud800 é"\n]'.encode()
    assert json.loads(text) == ["\ud800 é"]
