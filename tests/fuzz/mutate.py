"""Spoiling documents: each mutator takes bytes and gives bytes; the number of a case decides everything."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tests.paths import SAMPLES

Mutator = Callable[[random.Random, bytes, Sequence[bytes]], bytes]

SIDES = ("PROMPT.md", "MODEL_RESPONSE.md", "IDEAL_RESPONSE.md")
_SMALL = b'# main.tf\n\n```hcl\nresource "aws_sns_topic" "a" {\n  name = "a-${var.env}"\n}\n\nvariable "env" {\n  default = "x"\n}\n```\n'
_TOKENS = (
    *(
        b"```",
        b"```hcl\n",
        b"````",
        b"~~~",
        b"    ",
        b"\n# main.tf\n",
        b"### modules/a/main.tf\n",
        b"../../etc/x.tf",
        b"| a | b |\n|---|---|\n",
    ),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b"(",
        b")",
        b'"',
        b"${",
        b"%{ if ",
        b"<<EOF\n",
        b"<<-X\n",
        b"EOF\n",
        b"/*",
        b"*/",
        b"\\",
        b"=",
        b"==",
        b"...",
    ),
    *(b"count = 2\n", b"for_each = toset([])\n", b"dynamic", b"each.value", b"self.x", b"null", b"1e999", b"-0", b"9" * 400, b"0x1g"),
    *(
        b'resource "aws_sns_topic" "a" {\n',
        b"module.x.y[0].z",
        b"locals {\n",
        b'terraform {\n  backend "s3" {}\n',
        b"jsonencode(",
        b"${jsonencode({",
    ),
    *("\u202e", "\u200b", "é", "\U0001f600", "\ufeff"),
    *(b"\r", b"\r\n", b"\x0b", b"\x85", b"\xff", b"\xc3", b"\x1b[31m", b"<script>", b"![x](http://x)", b"&lt;", b"]]>"),
)
TOKENS = tuple(token.encode() if isinstance(token, str) else token for token in _TOKENS)
_PAIRS = (
    (b"{", b"}"),
    (b"[", b"]"),
    (b"(", b")"),
    (b'"${', b'}"'),
    (b"a {\n", b"}\n"),
    (b"upper(", b")"),
    (b"!", b""),
    (b"> ", b""),
    (b"- ", b""),
)


def documents() -> list[dict[str, bytes]]:
    """Return the Markdown documents of each own sample, by name; a small one of our own when there are none."""
    found = [{side: (path / side).read_bytes() for side in SIDES if (path / side).is_file()} for path in SAMPLES]
    return [sample for sample in found if len(sample) > 1] or [dict.fromkeys(SIDES, _SMALL)]


def case(number: int) -> dict[str, bytes]:
    """Return the documents of a case: those of a sample, one to three of them spoiled."""
    chance = random.Random(number)
    samples = documents()
    chosen = dict(chance.choice(samples))
    others = [text for sample in samples for text in sample.values()]
    if chance.random() < 0.6:  # a passage is faster than a whole document, and no less nasty
        chosen = {side: _window(chance, text) for side, text in chosen.items()}
    for side in chance.sample(sorted(chosen), chance.randint(1, len(chosen))):
        for _ in range(chance.choice((1, 1, 2, 5))):
            chosen[side] = chance.choice(MUTATORS)(chance, chosen[side], others)
    return chosen


def _spot(chance: random.Random, data: bytes) -> int:
    return chance.randint(0, len(data))


def _span(chance: random.Random, data: bytes, most: int = 2000) -> tuple[int, int]:
    start = _spot(chance, data)
    return start, min(len(data), start + chance.randint(0, most))


def _window(chance: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    start = chance.randint(0, len(lines))
    return b"".join(lines[start : start + chance.randint(5, 120)])


def cut(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """End in the middle, or lose a passage."""
    start, end = _span(chance, data)
    return data[:start] if chance.random() < 0.5 else data[:start] + data[end:]


def splice(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Take in a passage of another document."""
    other = chance.choice(others)
    start, end = _span(chance, other)
    at = _spot(chance, data)
    return data[:at] + other[start:end] + data[at:]


def repeat(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Say a passage several times."""
    start, end = _span(chance, data, 400)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def noise(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Overwrite some bytes by any others but NUL, which makes a document binary at once."""
    spoiled = bytearray(data)
    for _ in range(chance.randint(1, 30) if spoiled else 0):
        spoiled[chance.randrange(len(spoiled))] = chance.randint(1, 255)
    return bytes(spoiled)


def tokens(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Take in what means something to one of the readers."""
    for _ in range(chance.randint(1, 12)):
        at = _spot(chance, data)
        data = data[:at] + chance.choice(TOKENS) + data[at:]
    return data


def nest(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Nest deeply, with or without an end."""
    opening, closing = chance.choice(_PAIRS)
    depth = chance.choice((20, 200, 3000))
    at = _spot(chance, data)
    return data[:at] + opening * depth + b"1" + closing * chance.choice((0, depth - 1, depth)) + data[at:]


def stretch(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Make a line, a token or a number of lines very long."""
    at = _spot(chance, data)
    piece = chance.choice((b"a", b" ", b"\n", b"x = 1\n", b'"a" + ', b"a.b.", b"`", b"#", b"|", b"*", b"_a", b"[", b"\t", b"${a}"))
    return data[:at] + piece * chance.choice((100, 5_000, 60_000 // len(piece))) + data[at:]


def lines(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Reorder, indent, or end lines otherwise."""
    parts = data.splitlines()
    kind = chance.randrange(3)
    if kind == 0:
        start = chance.randint(0, len(parts))
        part = parts[start : start + 40]
        chance.shuffle(part)
        parts[start : start + 40] = part
    elif kind == 1:
        parts = [b" " * chance.choice((0, 2, 4, 9)) + part for part in parts]
    return chance.choice((b"\n", b"\r\n", b"\r")).join(parts)


MUTATORS: tuple[Mutator, ...] = (cut, splice, repeat, noise, tokens, tokens, nest, stretch, lines)
