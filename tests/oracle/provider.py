"""A Terraform provider as a running process, asked directly, as Terraform asks it: thousands of resources a second instead of a few.

Terraform itself would do, but it sorts all resources of a configuration into one graph, which takes minutes for a few hundred. The protocol is
``tfplugin5`` (https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol): gRPC over a local socket whose name the provider
prints when it starts. The few messages needed are read and written here, so no compiled protocol files are.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import grpc
import msgpack

# The handshake of github.com/hashicorp/terraform-plugin-sdk: a provider started without it only explains itself and ends.
_HANDSHAKE = {
    "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    "PLUGIN_PROTOCOL_VERSIONS": "5",
}
_METHODS = {"resource": "ValidateResourceTypeConfig", "data": "ValidateDataSourceConfig"}
_SEVERITIES = {1: "error", 2: "warning"}
_CAPABILITIES = b"\x1a\x02\x10\x01"  # field 3, client_capabilities: field 2, write-only attributes are allowed, as since Terraform 1.11
UNKNOWN = msgpack.ExtType(0, b"\x00")
"""A value that is known only after apply."""


@dataclass(frozen=True, slots=True)
class Said:
    """One diagnostic of the provider.

    Attributes:
        severity: ``error`` or ``warning``.
        summary: Its summary.
        detail: Its detail.
        path: Names and positions that lead to the argument: ``("rule", 0, "status")``; empty for the whole resource.
    """

    severity: str
    summary: str
    detail: str
    path: tuple[str | int, ...]


class Provider:
    """A provider process; use it in a ``with`` statement, which ends it."""

    def __init__(self, binary: Path) -> None:
        """Start the provider and connect to it."""
        self._process = subprocess.Popen(
            [str(binary)], env={**os.environ, **_HANDSHAKE}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        parts = line.strip().split("|")
        if len(parts) < 5 or parts[4] != "grpc":
            raise RuntimeError(f"{binary.name} is no provider of protocol 5: {line!r}")
        options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        self._channel = grpc.insecure_channel(f"unix:{parts[3]}", options=options)
        self._calls = {kind: self._channel.unary_unary(f"/tfplugin5.Provider/{method}") for kind, method in _METHODS.items()}

    def __enter__(self) -> Provider:
        """Return the running provider."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the process."""
        self._channel.close()
        self._process.terminate()
        self._process.wait()

    def validate(self, kind: str, name: str, config: dict[str, Any]) -> list[Said]:
        """Return what the provider says of a configuration.

        Args:
            kind: ``resource`` or ``data``.
            name: The type.
            config: Every attribute and block of the schema; None for what is not set.
        """
        value = msgpack.packb(config)
        request = _field(1, name.encode()) + _field(2, _field(1, value)) + (_CAPABILITIES if kind == "resource" else b"")
        response = self._calls[kind](request)
        return [_said(raw) for number, raw in _fields(response) if number == 1 and isinstance(raw, bytes)]


def _said(message: bytes) -> Said:
    severity, texts, path = "error", {2: "", 3: ""}, ()
    for number, raw in _fields(message):
        if isinstance(raw, int):
            severity = _SEVERITIES.get(raw, severity)
        elif number == 4:
            path = tuple(_step(step) for _, step in _fields(raw) if isinstance(step, bytes))
        else:
            texts[number] = raw.decode()
    return Said(severity, texts[2], texts[3], path)


def _step(message: bytes) -> str | int:
    _, raw = next(_fields(message))
    return raw if isinstance(raw, int) else raw.decode()


# ---- the wire format of protocol buffers


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(message):
        key, at = _read_varint(message, at)
        value, at = _read_varint(message, at)
        if key & 7 == 2:
            yield key >> 3, message[at : at + value]
            at += value
        else:
            yield key >> 3, value


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = message[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at
