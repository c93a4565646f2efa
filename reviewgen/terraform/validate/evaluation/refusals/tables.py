"""``csvdecode`` and the decoders of Base64, and what of YAML is certain."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from reviewgen.terraform.validate.evaluation.refusal import Refused

from . import go_json


def _csvdecode(text: str) -> None:
    records = _records(text)
    header = next(records, None)
    if header is None:
        raise Refused("missing header line")
    _, names = header
    for name in names:
        if names.count(name) > 1:
            raise Refused(f'duplicate column name "{name}"')
    for line, fields in records:
        if len(fields) != len(names):
            raise Refused(f"CSV parse error on line {line}: wrong number of fields")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records with the line on which each begins; empty lines are none."""
    lines = text.replace("\r\n", "\n").split("\n")
    at = 0
    while at < len(lines):
        begin, at = at, at + 1
        if not lines[begin]:
            continue
        fields: list[str] = []
        rest: str | None = lines[begin]
        while rest is not None:
            if rest.startswith('"'):
                field, rest, at = _quoted(rest[1:], lines, at)
            else:
                field, comma, behind = rest.partition(",")
                if '"' in field:
                    raise Refused(f'CSV parse error on line {at}: bare " in non-quoted-field')
                rest = behind if comma else None
            fields.append(field)
        yield begin + 1, fields


def _quoted(rest: str, lines: list[str], at: int) -> tuple[str, str | None, int]:
    """Read a field behind its quote; return it, what follows its comma, and the number of the line read last."""
    field = ""
    while True:
        part, quote, behind = rest.partition('"')
        field += part
        if not quote:
            if at >= len(lines) or (at == len(lines) - 1 and not lines[at]):
                raise Refused(f'CSV parse error on line {at}: extraneous or missing " in quoted-field')
            field, rest, at = f"{field}\n", lines[at], at + 1
        elif behind.startswith('"'):
            field, rest = f'{field}"', behind[1:]
        elif behind.startswith(","):
            return field, behind[1:], at
        elif not behind:
            return field, None, at
        else:
            raise Refused(f'CSV parse error on line {at}: extraneous or missing " in quoted-field')


def _base64decode(text: str) -> None:
    try:
        data = base64.b64decode(text.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(f'failed to decode base64 data "{text}"') from None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("the result of decoding the provided string is not valid UTF-8") from None


def _yamldecode(text: str) -> None:
    if not text:
        raise Refused("on line 1, column 1: missing start of document")


def _jsondecode(text: str) -> None:
    if why := go_json.decoding_error(text):
        raise Refused(why)


CHECKS = {"base64decode": _base64decode, "csvdecode": _csvdecode, "jsondecode": _jsondecode, "yamldecode": _yamldecode}
