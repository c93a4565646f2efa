"""Public keys of OpenSSH: whether the data behind the name of the kind is a key of that kind."""

from __future__ import annotations

import base64
import binascii

# The kinds that EC2 imports, with the parts that follow the name of the kind: of ed25519 the key, of RSA exponent and modulus.
# https://www.rfc-editor.org/rfc/rfc4253#section-6.6 and https://www.rfc-editor.org/rfc/rfc8709#section-4
_PARTS = {"ssh-rsa": 2, "ssh-ed25519": 1}
_ED25519 = 32
_LENGTH = 4


def flaw(text: str) -> str:
    """Return what is wrong with the data of a key, the end of a sentence about it; empty when it is whole, or of a kind that is not known here."""
    kind, _, rest = text.strip().partition(" ")
    if kind not in _PARTS:
        return ""
    data = rest.split()[0] if rest.split() else ""
    try:
        blob = base64.b64decode(data + "=" * (-len(data) % 4), validate=True)
    except (binascii.Error, ValueError):
        return "is no Base64"
    parts, whole = _read(blob)
    if not whole or len(parts) != _PARTS[kind] + 1:
        return "breaks off before the key is complete" if not whole else "has other parts than such a key"
    if parts[0] != kind.encode():
        return "is that of another kind of key"
    return "has another length than such a key" if kind == "ssh-ed25519" and len(parts[1]) != _ED25519 else ""


def _read(blob: bytes) -> tuple[list[bytes], bool]:
    """Return the parts of a key, each of which follows its length, and whether the last one is complete."""
    parts: list[bytes] = []
    position = 0
    while position < len(blob):
        start = position + _LENGTH
        length = int.from_bytes(blob[position:start], "big")
        position = start + length
        if start > len(blob) or position > len(blob):
            return parts, False
        parts.append(blob[start:position])
    return parts, True
