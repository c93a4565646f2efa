"""The readers of HCL have one meaning on our own samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewgen import sample
from reviewgen.hcl import meaning, parse_expression
from reviewgen.terraform import arguments, build
from tests.paths import SAMPLES


@pytest.mark.parametrize("folder", SAMPLES, ids=[p.name for p in SAMPLES])
def test_both_readers_agree_on_every_argument(folder: Path) -> None:
    """Arguments that occur in both trees are asked once; python-hcl2 is slow."""
    read = sample.load(folder)
    texts = set()
    for document in (read.model, read.ideal):
        tree = build(document, "model")
        for declaration in tree.declarations.values():
            for _, block, attribute in arguments(declaration.block):
                source = tree.files[attribute.file or block.file].slice(attribute.start, attribute.end)
                texts.add(source.split("=", 1)[-1].strip())
    texts = {t for t in texts if len(t) < 400}
    assert texts
    disagreed = [t for t in sorted(texts) if meaning.agrees(parse_expression(t), t) is False]
    assert disagreed == []


def test_disagreement_is_seen() -> None:
    assert meaning.agrees(parse_expression('"a"'), '"b"') is False
    assert meaning.agrees(parse_expression("var.a"), "var.b") is False


# text, whether the other reader need not be asked
ASKED = [
    ("var.a ? aws_x.y[0].id : null", True),
    ('[for k, v in var.m : "${k}-${v}" if k != "a"]', True),
    ("{ for k, v in var.m : k => upper(v) }", True),
    ("!var.a && (var.b || length(var.c) > 2)", True),
    ('aws_x.y[*].id[var.i + 1]["k"]', True),
    ('split(",", var.a)[0]', True),
    ("var.a - 1", False),
    ("-var.a", False),
    ("<<EOT\n  a ${var.b}\nEOT", False),
    ('"%{ if var.a }b%{ endif }"', False),
]


@pytest.mark.parametrize(("text", "certain"), ASKED)
def test_what_is_certain_would_be_confirmed(text: str, certain: bool) -> None:
    expr = parse_expression(text)
    assert meaning.certain(expr) is certain
    assert meaning.agrees(expr, text) is not False
