"""What IDEAL no longer declares and may have all the same: in a module that it calls and nobody has, or in what it does not show."""

from __future__ import annotations

import re
from dataclasses import replace

from reviewgen.hcl import text_of
from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.prose import wanting
from reviewgen.model.source import Document, SampleClass
from reviewgen.model.tree import Declaration
from reviewgen.rules import changes
from reviewgen.rules.places import type_of
from reviewgen.terraform import Graph
from reviewgen.terraform.tree import local_source

from ..inputs import Inputs
from . import remarks
from .parts import OF_A_FILE, addresses

# Rules about text, which stands in files: what cannot be parsed, remarks, files of values.
_OF_TEXT = (tf.SYNTAX, remarks.RULE, OF_A_FILE)


# What may not stand before the word is looked for behind it: a pattern that begins with letters is found much faster.
_PROVIDER_FILE = re.compile(r"provider(?<![\w-]provider)s?\.tf\b")
_BACKEND = "terraform.backend"
# What Terraform says of what a resource itself sets or lacks.
_OF_A_RESOURCE = (tf.UNSUPPORTED_ARGUMENT, tf.UNSUPPORTED_BLOCK, tf.MISSING_ARGUMENT, tf.MISSING_BLOCK, tf.VALUE_NOT_ALLOWED)
# Databases, whose resources a stack keeps together, by the words with which their types and modules are named.
_DATABASES = (("rds", "db", "database", "aurora"), ("elasticache", "cache", "redis"), ("redshift",), ("docdb",), ("neptune",))
_MADE = "random_"
# Words of types and paths that anything may have in its name.
_ANY = frozenset(["", "aws", "module", "modules", "cluster", "instance", "group", "subnet", "parameter", "option", "snapshot", "main"])


def has_providers(graph: Graph) -> bool:
    """Whether the root module of a tree configures a provider."""
    return any(d.module == graph.tree.root for d in graph.of_kind("provider"))


def names_a_provider_file(document: Document) -> bool:
    """Whether an answer tells of a file with its providers that it does not show."""
    return bool(_PROVIDER_FILE.search(document.text)) and not any(_PROVIDER_FILE.search(file.path) for file in document.files)


def hides_its_providers(inputs: Inputs) -> bool:
    """Whether IDEAL has neither providers nor a backend, and tells of a file with the providers that it does not show: both may stand there."""
    graph = inputs.ideal
    return not has_providers(graph) and graph.get(_BACKEND) is None and names_a_provider_file(inputs.sample.ideal)


def may_stand_there(inputs: Inputs, finding: Finding) -> bool:
    """Whether a block of MODEL that takes part in a defect may stand in what is not delivered of IDEAL: modules, or the rest of a part."""
    if finding.rule in changes.IDS or finding.rule in _OF_TEXT:
        return False
    if finding.address == _BACKEND and hides_its_providers(inputs):
        return True
    if inputs.ideal.tree.incomplete and inputs.class_ is SampleClass.PAIR:
        return bool(_gone(inputs, finding))
    calls = [d for d in inputs.ideal.of_kind("module") if inputs.ideal.is_remote(d)]
    kinds = ("resource", "data") if finding.rule == tf.MISSING_MODULE else ("resource", "data", "module")
    held = [a for a in _gone(inputs, finding) if (d := inputs.model.get(a)) is not None and d.kind in kinds]
    if finding.rule.startswith("RG") or finding.rule in _OF_A_RESOURCE:
        held = [a for a in held if not _is_shown(inputs, finding, a, calls)]
    return any(_may_hold(call, address) for address in held for call in calls)


def _is_shown(inputs: Inputs, finding: Finding, address: str, calls: list[Declaration]) -> bool:
    """Whether IDEAL shows where a block of MODEL would stand, and no call speaks of it: with the databases that IDEAL declares.

    What makes a password stands with whatever takes it; where that has another one it stands nowhere.
    """
    if type_of(address).startswith(_MADE):
        owned = [(type_of(owner), path) for owner, path in map(inputs.model.owner, finding.related) if path and _service(owner)]
        return bool(owned) and all(_is_given_here(inputs.ideal, *place) for place in owned)
    service = _service(address)
    shown = bool(service) and any(_service(d.address) == service for d in inputs.ideal.of_kind("resource"))
    words = {*_words(type_of(address)), *_words(address.rpartition(".")[0].rpartition(".")[0]), *service} - _ANY
    return shown and not any(_named_by(call) & words for call in calls)


def _service(address: str) -> tuple[str, ...]:
    """Return the words for the kind of databases to which a resource belongs; nothing for what may stand in any module."""
    first = type_of(address).removeprefix("aws_").partition("_")[0]
    return next((words for words in _DATABASES if first in words), ()) if type_of(address).startswith("aws_") else ()


def _is_given_here(graph: Graph, type_: str, path: str) -> bool:
    """Whether a tree has such resources, and takes an argument of all of them from nowhere that is not shown."""
    found = graph.of_type(type_)
    led = [r for d in found for r in graph.outgoing.get(d.address, ()) if r.path == path]
    values = [graph.constant(d.block.value(path), d.module) for d in found if path in d.block.attributes]
    return len(values) == len(found) > 0 and not led and all(isinstance(v, str) for v in values)


def is_out_of_sight(inputs: Inputs, address: str) -> bool:
    """Whether a block of MODEL stands in a module, or in one of its modules, that IDEAL calls as well and whose code it does not deliver."""
    calls = (address.split(".")[: 2 * depth] for depth in range(1, address.count("module.") + 1))
    known = (d for parts in calls if (d := inputs.ideal.get(inputs.later(".".join(parts)))) is not None)
    return any(map(inputs.ideal.is_remote, known))


def unseen(inputs: Inputs, finding: Finding) -> Finding | None:
    """Return what Terraform says of what a module is given or read, where IDEAL gives and reads the same and does not deliver the module.

    What such a module declares in IDEAL nobody knows: a block that went with its code takes part. None for all else.
    """
    call = _unseen_call(inputs, finding)
    gone = [a for a in sorted(inputs.diff.removed) if call and a.startswith(f"{call}.")][:1]
    if not call or (not gone and finding.rule != tf.PROVIDER_UNDEFINED):  # a module that is called twice goes by its first call
        return None
    return replace(finding, related=(*finding.related, *gone), check=wanting(call, finding.check, delivered=True))


def _unseen_call(inputs: Inputs, finding: Finding) -> str:
    if finding.rule in (tf.UNSUPPORTED_ARGUMENT, tf.PROVIDER_UNDEFINED):
        calls, source = [finding.address], inputs.ideal.get(inputs.later(finding.address))
        kept = source is not None and (finding.attribute or "providers").partition(".")[0] in source.block.attributes
    elif finding.rule == tf.UNSUPPORTED_ATTRIBUTE:
        calls = [r.target for r in inputs.model.outgoing.get(finding.address, ()) if r.path == finding.attribute]
        read = {r.target for r in inputs.ideal.outgoing.get(inputs.later(finding.address), ()) if r.path == finding.attribute}
        kept = any(inputs.later(call) in read for call in calls)
    else:
        return ""
    known = [(call, d) for call in calls if (d := inputs.ideal.get(inputs.later(call))) is not None and inputs.ideal.is_remote(d)]
    return next((call for call, d in known if kept and local_source(d.block, d.module) is not None), "")


def _gone(inputs: Inputs, finding: Finding) -> list[str]:
    """Return what takes part, of MODEL, and IDEAL does not declare; what it has switched off stands nowhere else."""
    found = dict.fromkeys((finding.address, *addresses(finding)))
    return [
        a for a in found if a not in inputs.switched_off and inputs.model.get(a) is not None and inputs.ideal.get(inputs.later(a)) is None
    ]


def _may_hold(call: Declaration, address: str) -> bool:
    """Whether a module may declare a block: one of the answer's own may hold anything, one of a registry what its name says."""
    if local_source(call.block, call.module) is not None:
        return True
    return bool(_named_by(call) & {word for word in type_of(address).split("_")[1:] if len(word) > 1})


def _named_by(call: Declaration) -> set[str]:
    source = call.block.value("source")
    return _words(f"{call.local} {text_of(source) if source is not None else ''}")


def _words(text: str) -> set[str]:
    return set(re.split(r"\W+|_", text.lower()))
