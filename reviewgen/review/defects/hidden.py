"""What IDEAL has and MODEL may have as well, where nobody can tell: such a finding is not told as new."""

from __future__ import annotations

import posixpath
import re

from reviewgen.hcl import UNKNOWN
from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Literal, Template
from reviewgen.model.tree import Declaration
from reviewgen.rules import changes
from reviewgen.rules.families.compute.targets import may_answer_nothing
from reviewgen.rules.places import type_of
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import given_worths

from ..inputs import Inputs
from .parts import addresses, present
from .unread import is_passed, is_unread, leads_nowhere

# What goes for one of a block's copies and not for another: how many there are decides.
_OF_COPIES = frozenset(["RG430"])
_LIBRARY, _SOURCE, _ZONES = "RG327", "RG325", "RG628"
# A network ACL that admits everything; so does the default one, which subnets have without another.
_OPEN_ACL = "RG455"
# Instances that answer no health check.
_SILENT = "RG526"
# Messages about what nested blocks lack, which Terraform cannot give while it validates blocks whose number is not known.
_OF_NESTED = frozenset([tf.LIFECYCLE_FILTER, tf.ONE_OF])
# Rules about files that are not delivered: what a function reads, a package, what an archive is made of; and how they quote them.
_OF_FILES = frozenset([tf.MISSING_FILE, "RG324", "RG325"])
_PATH = re.compile(r"`([^`]+\.\w+)`")
# Messages that are about a block alone, whatever else its tree declares.
_OF_A_BLOCK = frozenset(
    [
        tf.UNSUPPORTED_ARGUMENT,
        tf.UNSUPPORTED_BLOCK,
        tf.MISSING_ARGUMENT,
        tf.MISSING_BLOCK,
        tf.VALUE_NOT_ALLOWED,
        tf.DEPRECATED,
        tf.LIFECYCLE_FILTER,
    ]
)


def may_be_old(finding: Finding, inputs: Inputs) -> bool:
    """Whether a defect of IDEAL may stand in MODEL, too: in what MODEL refers to and does not declare, or in code that is no package's.

    So it does where AWS gives by default what IDEAL writes down. An answer that breaks off may have gone on as its drafts do.
    """
    if _is_drafted(finding, inputs) or _is_unshown(finding, inputs):
        return True
    if finding.rule in _OF_NESTED:
        return _lacks_in_dynamic(inputs.model, finding)
    if finding.rule in changes.IDS or not finding.rule.startswith("RG"):
        return False
    graph, own = inputs.model, _namesakes(inputs.model, finding.address)
    sets = not finding.attribute or present(inputs.ideal, f"{finding.address}.{finding.attribute}")
    parts = (part for part in addresses(finding) if sets and part != finding.address)
    return (
        any(_refers_in_vain(graph, own, part) for part in parts)
        or any(leads_nowhere(graph, *graph.owner(place)) for place in finding.related if place.startswith("provider."))
        or (finding.rule in _OF_COPIES and any("for_each" in d.block.attributes for d in own))
        or (finding.rule == _LIBRARY and any(_imports(inputs, d, finding) for d in own))
        or (finding.rule == _SOURCE and _uploaded(inputs, finding.address))
        or (finding.rule == _ZONES and _is_given(inputs, finding.address))
        or (finding.rule == _OPEN_ACL and not graph.of_type("aws_network_acl"))
        or (finding.rule == _SILENT and may_answer_nothing(graph))
        or _is_announced(inputs, finding)
        or _is_passed_in_vain(inputs, finding)
        or is_unread(finding, inputs)
    )


def _lacks_in_dynamic(graph: Graph, finding: Finding) -> bool:
    """Whether a tree makes the nested blocks of such a resource in a loop that gives them none of the arguments either."""
    paths = [p.removeprefix(f"{finding.address}.").split(".") for p in (f"{finding.address}.{finding.attribute}", *finding.related)]
    (kind, *_), names = paths[0], {path[-1] for path in paths}
    loops = (b for d in graph.of_type(type_of(finding.address)) for b in d.block.blocks if b.type == "dynamic" and b.labels == (kind,))
    made = (content for loop in loops for content in loop.blocks if content.type == "content")
    return any(not any(name in content.attributes or any(content.nested(name)) for name in names) for content in made)


def _is_drafted(finding: Finding, inputs: Inputs) -> bool:
    """Whether the block that has a defect stands in a draft of MODEL, whose answer breaks off before it."""
    of_it = finding.rule in _OF_A_BLOCK | _OF_FILES or (finding.rule.startswith("RG") and finding.rule not in changes.IDS)
    if not of_it or not inputs.sample.model.truncated or finding.address not in inputs.drafted:
        return False
    return inputs.model.get(inputs.earlier(finding.address)) is None


def _is_unshown(finding: Finding, inputs: Inputs) -> bool:
    """Whether a file that is missing in IDEAL, or the script that makes it, is one of MODEL's that IDEAL names and does not show."""
    if finding.rule not in _OF_FILES:
        return False
    missing = {posixpath.basename(path) for path in (*finding.names, *_PATH.findall(finding.problem))} - {""}
    return any(posixpath.basename(file.path) in missing or any(name in file.text for name in missing) for file in inputs.unshown)


def _is_announced(inputs: Inputs, finding: Finding) -> bool:
    """Whether the value comes from variables that MODEL has as IDEAL has them, and MODEL breaks off before anything uses them."""
    led = [r.target for r in inputs.ideal.outgoing.get(finding.address, ()) if finding.attribute and r.path == finding.attribute]
    return inputs.model.tree.incomplete and bool(led) and all(_is_unused(inputs, target) for target in led)


def _is_passed_in_vain(inputs: Inputs, finding: Finding) -> bool:
    """Whether MODEL has the block as it is, with a value that the call of its module gives to a variable which the module does not declare."""
    if not finding.attribute or finding.address in inputs.added or inputs.changed.get(finding.address) is not None:
        return False
    step = finding.attribute.partition(".")[0]
    own = inputs.model.outgoing.get(inputs.earlier(finding.address), ())
    led = (r for r in own if r.path.partition(".")[0] == step and not r.declared)
    return any(is_passed(inputs.model, r.target) for r in led)


def _is_unused(inputs: Inputs, address: str) -> bool:
    known = inputs.model.get(address)
    alike = known is not None and known.kind == "variable" and address not in inputs.added and inputs.changed.get(address) is None
    return alike and not inputs.model.incoming.get(address)


def _namesakes(graph: Graph, address: str) -> list[Declaration]:
    """Return what a tree declares under a type and name, in whatever module."""
    name = ".".join(address.split(".")[-2:])
    return [d for path, d in graph.tree.declarations.items() if path == name or path.endswith(f".{name}")]


def _refers_in_vain(graph: Graph, own: list[Declaration], part: str) -> bool:
    """Whether a block refers to a part that no module of its tree declares; where the answer breaks off, whether anything does."""
    if not own or _namesakes(graph, part):
        return False
    name, sources = ".".join(part.split(".")[-2:]), {d.address for d in own}
    led = (r for r in graph.references if r.target == name or r.target.endswith(f".{name}"))
    return any(graph.tree.incomplete or r.source in sources for r in led)


def _uploaded(inputs: Inputs, archive: str) -> bool:
    """Whether what takes an archive of IDEAL uploads a package of which MODEL shows as little: a file by its name."""
    takers = (inputs.model.get(r.source) for r in inputs.ideal.incoming.get(archive, ()))
    return any(isinstance(d.block.value("filename"), Literal | Template) for d in takers if d is not None and d.kind == "resource")


def _is_given(inputs: Inputs, variable: str) -> bool:
    """Whether a file of values of MODEL gives a variable what is its default in IDEAL: the same value at another place."""
    ours, theirs = inputs.model.get(variable), inputs.ideal.get(variable)
    if ours is None or theirs is None or ours.kind != "variable" or ours.module != inputs.model.tree.root:
        return False
    value = inputs.ideal.constant(theirs.block.value("default"), theirs.module)
    return value is not UNKNOWN and value in given_worths(inputs.model, ours.name)


def _imports(inputs: Inputs, function: Declaration, finding: Finding) -> bool:
    """Whether a function of MODEL runs as IDEAL's does, without layers, and a text of MODEL imports the same libraries, wherever it stands."""
    theirs = inputs.ideal.get(finding.address)
    runtime = inputs.model.argument(function, "runtime")
    if theirs is None or "layers" in function.block.attributes or runtime != inputs.ideal.argument(theirs, "runtime"):
        return False
    names = "|".join(map(re.escape, finding.names))
    pattern = re.compile(rf"""(?:require\(|\bfrom )\s*['"](?:{names})['"/]|^\s*(?:import|from) +(?:{names})\b""", re.MULTILINE)
    return any(pattern.search(file.text) for file in inputs.model.files.values())
