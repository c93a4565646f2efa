"""What repairs a defect where no change at its own place does: resources that take over, references that went, code and files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model import tf
from reviewgen.model.addresses import without_positions
from reviewgen.model.finding import Finding
from reviewgen.rules.metrics import readings
from reviewgen.rules.places import type_of

from ..correction.argument_changes import matching
from ..correction.exclusive import taking_over
from ..correction.newly_named import referrers
from ..correction.passages import MOST_LINES, Hunk
from ..defects.parts import addresses, changes_of
from ..inputs import Inputs

UNPUBLISHED = "RG802"
"""The rule for alarms on metrics that nothing publishes."""
TAGS, ZONES = "missing-tags", "RG628"
"""How the rules about tags begin that PROMPT wants on everything, and the rule for availability zones of one region."""
_DEFAULTS = "default_tags"
_KEY = re.compile(r"`([^`]+)`")
_NAMED = re.compile(r"\b(?:var|local)\.")
# How the provider names what is to be used in place of an argument.
_INSTEAD = re.compile(r"\b[Uu]se the (aws_\w+) resource")


def moved(inputs: Inputs, finding: Finding) -> Iterator[str]:
    """Yield the new resources that took over what a block no longer sets: of the type that the message names, or those below it that set the same."""
    own = inputs.later(finding.address)
    gone = [c for c in matching(inputs.changed.get(own), finding.attribute) if c.before is not None and c.after is None]
    if not finding.attribute or not gone:
        return
    named, name = set(_INSTEAD.findall(finding.message)), without_positions(finding.attribute).rpartition(".")[2]
    for address in sorted(referrers(inputs, own)):
        declaration = inputs.ideal.get(address)
        if declaration is None or declaration.kind != "resource":
            continue
        below = tf.is_unsupported(finding.rule) and declaration.type.startswith(f"{type_of(own)}_")
        sets = name in declaration.block.attributes or any(declaration.block.nested(name))
        if declaration.type in named or (below and sets):
            yield address


def let_go(inputs: Inputs, finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield (IDEAL's address, argument path) by which one part of a defect referred to another, where both are kept and it no longer does."""
    parts = [a for a in dict.fromkeys((finding.address, *addresses(finding))) if inputs.ideal.get(inputs.later(a)) is not None]
    for part in parts:
        own = inputs.later(part)
        named = {r.target for r in inputs.ideal.outgoing.get(own, ())}
        for reference in inputs.model.outgoing.get(part, ()):
            if reference.target in parts and reference.target != part and inputs.later(reference.target) not in named:
                yield own, reference.path


def exchanged(inputs: Inputs, finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield (IDEAL's address, argument path) of what made another kind of thing of a block: arguments that exclude those which went."""
    own = inputs.later(finding.address)
    changed = inputs.changed.get(own)
    yield from ((own, c.path) for c in taking_over(changed, changes_of(inputs, own)))


def counted(inputs: Inputs, finding: Finding) -> list[str]:
    """Return the new resources of the one type of which MODEL has too few."""
    types = {type_of(a) for a in addresses(finding)}
    if len(types) != 1 or len(inputs.ideal.of_type(*types)) <= len(inputs.model.of_type(*types)):
        return []
    return [a for a in sorted(inputs.added) if (d := inputs.ideal.get(a)) and d.kind == "resource" and d.type in types]


def tagged(inputs: Inputs, finding: Finding) -> list[tuple[str, str]]:
    """Return (IDEAL's address, argument path) of the `default_tags` of providers by which IDEAL gives all resources the tags that some lack."""
    keys = [key.lower() for said in finding.absent for key in _KEY.findall(said)]
    found = []
    for address in sorted({*inputs.changed, *inputs.added}):
        declaration = inputs.ideal.get(address)
        if declaration is None or declaration.kind != "provider" or not any(declaration.block.nested(_DEFAULTS)):
            continue
        given = [c.after for c in matching(inputs.changed.get(address), _DEFAULTS) if c.after]
        if address in inputs.added:
            found.append((address, ""))
        elif any(key in value.lower() or _NAMED.search(value) for value in given for key in keys):
            found.append((address, _DEFAULTS))
    return found


def looked_up(inputs: Inputs, finding: Finding) -> list[tuple[str, str]]:
    """Return (IDEAL's address, nothing) of a list of availability zones that is gone, and of what looks them up in its place."""
    if finding.address not in inputs.diff.removed:
        return []
    return [(finding.address, ""), *((a, "") for a in sorted(inputs.added) if type_of(a) == "aws_availability_zones")]


_CODE = (".py", ".js", ".mjs", ".cjs", ".ts", ".go", ".rb", ".java", ".sh")
_COMMENT = ("#", "//", "*", "/*")
_CALL = re.compile(r"put_?metric_?data|put-metric-data", re.IGNORECASE)
# So far above the name of a metric stands the call that publishes it.
_REACH = 12


def published(inputs: Inputs, finding: Finding) -> Iterator[Hunk]:
    """Yield the lines of IDEAL's code that publish what an alarm reads: from the call to the metric's name."""
    own = inputs.later(finding.address)
    read = {r.metric for r in readings(inputs.ideal) if r.owner.address == own and r.metric}
    for path, file in sorted(inputs.ideal.files.items()):
        lines = file.text.split("\n") if path.endswith(_CODE) and any(metric in file.text for metric in read) else []
        for number, line in enumerate(lines):
            if line.lstrip().startswith(_COMMENT) or not any(re.search(rf"""["']{re.escape(m)}["']""", line) for m in read):
                continue
            call = next((n for n in range(number, max(number - _REACH, -1), -1) if _CALL.search(lines[n])), None)
            if call is not None:
                yield path, call + 1, number + 1


def delivered(inputs: Inputs, finding: Finding) -> Iterator[Hunk]:
    """Yield the files of IDEAL that something read in vain in MODEL; what is too long to be shown is not."""
    names = {name.rpartition("/")[2] for name in finding.names}
    for path, file in sorted(inputs.ideal.files.items()):
        height = len(file.text.rstrip("\n").split("\n"))
        if path.rpartition("/")[2] in names and height <= MOST_LINES:
            yield path, 1, height
