"""What a finding names of a long value: by it the part of the value is known that was wrong, or that was missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reviewgen.model import tf
from reviewgen.model.finding import Finding

_CODE = re.compile(r"`([^`]+)`")
_ADDRESS = re.compile(r"(?:module|data|var|local|provider|terraform|output)\.|aws_\w+(?:\.|$)|[a-z]+_\w+\.\w")
_ACTION = re.compile(r"[a-z0-9-]+:\w*\*?")
_METRIC = re.compile(r"(AWS/\w+) \w+")
_PRINCIPAL = ".amazonaws.com"
# Of these the name is an attribute that the value reads of something, behind a dot.
_READ = (tf.DEPRECATED_ATTRIBUTE, tf.UNSUPPORTED_ATTRIBUTE)
# Of these it is a key of a secret, behind the secret's ARN.
_ASKED = "RG539"
# How references are written, none of which may stand where Terraform wants a constant.
_REFERRED = frozenset({"${", "var.", "local.", "data.", "module."})
# What may stand anywhere says nothing of where it stands.
_SHORTEST = 3


def words(findings: Sequence[Finding]) -> frozenset[str]:
    """Return what findings name in code and what is no address and no argument: actions, principals, keys of conditions, variables."""
    said = [text for f in findings for text in (f.problem, f.check, " ".join(f"`{n}`" for n in f.names))]
    found = {part for text in said for token in _CODE.findall(text) if not _ADDRESS.match(token) for part in _parts(token)}
    # Some services are named with their region: "logs.us-east-1.amazonaws.com".
    found |= {f'"{word.removesuffix(_PRINCIPAL)}.' for word in found if word.endswith(_PRINCIPAL)}
    found = {word for word in found if len(word) >= _SHORTEST and not re.fullmatch(r"[a-z_\d]+", word)}
    asked = {f":{name}:" for f in findings if f.rule == _ASKED for name in f.names}
    referred = _REFERRED if any(f.rule == tf.VARIABLES_NOT_ALLOWED for f in findings) else ()
    return frozenset({*found, *asked, *referred, *(f".{name}" for f in findings if f.rule in _READ for name in f.names)})


def blocks(findings: Iterable[Finding]) -> frozenset[str]:
    """Return the words by which findings tell one of several nested blocks from the others."""
    return frozenset(word for f in findings for word in (f.key, *f.names, *_CODE.findall(f.check)) if word and not _ADDRESS.match(word))


def _parts(token: str) -> list[str]:
    """Split a token that consists of several words; of a metric take the namespace, for others have metrics of that name, too."""
    if metric := _METRIC.fullmatch(token):
        return [metric[1]]
    return token.split() if re.fullmatch(r"[\w/.:-]+ [\w/.:-]+", token) else [token]


def services(names: Iterable[str]) -> frozenset[str]:
    """Return the services of actions: ``kinesis:`` of ``kinesis:GetRecords``; a grant may name the action by a pattern."""
    return frozenset(name.split(":")[0] + ":" for name in names if _ACTION.fullmatch(name))
