"""What Terraform says of one mistake at several places and in several messages: what only follows from another error goes with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.review import Status

from ..answers.unparsed import headless, writes
from ..defects import Defect
from ..diagnostics import BREAKS_OFF
from ..draft import Draft
from ..inputs import Inputs
from . import interfaces
from .moved import Follows, moved

Cause = Callable[[Inputs, Draft], Follows | None]

# A block that has something which it cannot have, and one that lacks what it must have: the one stands for the other.
_WRONG = (tf.UNSUPPORTED_ARGUMENT, tf.UNSUPPORTED_BLOCK, tf.VALUE_FOR_UNCONFIGURABLE_ATTRIBUTE)
_LACKING = (tf.MISSING_ARGUMENT, tf.MISSING_BLOCK, tf.ONE_OF, tf.ALL_OF)
_OF_ARGUMENTS = (tf.ONE_OF, tf.ALL_OF)
_MISNAMED = re.compile(r"tf:invalid-[a-z-]+-name")
_LEFT_OUT = "IDEAL refers to what it no longer declares: {name}"
_FILES = "Files do not parse: {name}"


def joined(inputs: Inputs, found: Iterable[Draft]) -> list[Draft]:
    """Return the drafts; what Terraform says of a tree only because of another error stands with that error."""
    result = interfaces.joined(inputs, _unparsed_files(_left_out(inputs, list(found))))
    for cause in (_misnamed, _chosen_provider, _wrong_names, _lacking, _written_twice, _unparsed):
        result = _with_consequences(inputs, result, cause)
    return result


def _rule(draft: Draft) -> str:
    return draft.lead.rule if draft.lead is not None else ""


def _with_consequences(inputs: Inputs, found: list[Draft], cause: Cause) -> list[Draft]:
    """Move each defect that follows from a draft to it."""
    result = list(found)
    for position in range(len(result)):
        follows = cause(inputs, result[position]) if result[position].defects else None
        if follows is not None:
            result = moved(result, position, _of_one_version(follows, result[position]))
    return [draft for draft in result if draft.defects or draft.need]


def _of_one_version(follows: Follows, draft: Draft) -> Follows:
    """What every version of a provider says does not follow from what a newer one than the tree's says, nor the other way round."""
    version = draft.lead.version if draft.lead is not None else 0
    return lambda finding: finding.version == version and follows(finding)


# ---- what becomes one draft, none of whose defects is the cause of the others


def _merged(found: list[Draft], parts: list[tuple[int, tuple[Defect, ...]]], title: str) -> list[Draft]:
    """Return the drafts, the given defects of some of them in one draft, where the first of them stood."""
    result = list(found)
    for position, defects in parts:
        result[position] = replace(found[position], defects=tuple(d for d in found[position].defects if d not in defects))
    first = parts[0][0]
    together = tuple(replace(d, finding=replace(d.finding, title=title)) for _, defects in parts for d in defects)
    whole = Draft(found[first].status, together, others=tuple(o for n, _ in parts if not result[n].defects for o in found[n].others))
    return [d for n, draft in enumerate(result) for d in ((whole, draft) if n == first else (draft,)) if d.defects or d.need]


def _left_out(inputs: Inputs, found: list[Draft]) -> list[Draft]:
    """Join the references to all that MODEL declares and IDEAL does not: variables, local values, resources and modules are left out together."""
    parts = [
        (n, gone) for n, draft in enumerate(found)
        if tf.is_undeclared(_rule(draft)) and draft.status is Status.INTRODUCED
        and (gone := tuple(d for d in draft.defects if d.finding.targets and all(map(inputs.model.get, d.finding.targets))))
    ]  # fmt: skip
    return _merged(found, parts, _LEFT_OUT) if len(parts) > 1 else found


def _unparsed_files(found: list[Draft]) -> list[Draft]:
    """Join files of a tree that cannot be parsed for the same reason."""
    for status in Status:
        kinds: dict[str, list[tuple[int, tuple[Defect, ...]]]] = {}
        for position, draft in enumerate(found):
            if _rule(draft) == tf.SYNTAX and draft.status is status and not _breaks_off(draft):
                for summary in dict.fromkeys(_summary(d.finding) for d in draft.defects):
                    kinds.setdefault(summary, []).append((position, draft.defects))
        parts = next((parts for _, parts in sorted(kinds.items()) if len(parts) > 1), None)
        if parts is not None:
            return _unparsed_files(_named_by_file(_merged(found, parts, _FILES)))
    return found


def _named_by_file(found: list[Draft]) -> list[Draft]:
    def named(defect: Defect) -> Defect:
        return replace(defect, finding=replace(defect.finding, names=(defect.finding.group,)))

    return [replace(d, defects=tuple(map(named, d.defects))) if d.lead and d.lead.title == _FILES else d for d in found]


def _breaks_off(draft: Draft) -> bool:
    return any(d.finding.title == BREAKS_OFF for d in draft.defects)


def _summary(finding: Finding) -> str:
    return finding.key.removesuffix(finding.group).strip()


# ---- causes, each with what follows from it


def _misnamed(_: Inputs, draft: Draft) -> Follows | None:
    """A declaration under a name that is none: what is said of its own validation, and of references to the name that is meant."""
    if not _MISNAMED.fullmatch(_rule(draft)):
        return None
    own = {d.finding.address for d in draft.defects}
    meant = {_letters(address) for address in own}
    return lambda f: (
        (f.address in own and f.attribute.startswith("validation"))
        or (tf.is_undeclared(f.rule) and bool(f.targets) and {_letters(t) for t in f.targets} <= meant)
    )


def _letters(address: str) -> str:
    """Return an address without what tells a spoilt name from the one that is meant: everything but letters and digits."""
    return re.sub(r"[^A-Za-z0-9.]", "", address)


def _chosen_provider(inputs: Inputs, draft: Draft) -> Follows | None:
    """A provider that an expression chooses: the configurations from which it chooses are taken for resources."""
    if not any(f.rule == tf.PROVIDER_REFERENCE for f in (*(d.finding for d in draft.told), *draft.others)):
        return None
    providers = {d.type for d in inputs.told(draft.status, [address for address, _ in draft.places]).of_kind("provider")}
    return lambda f: f.rule == tf.UNDECLARED_RESOURCE and bool(f.targets) and all(t.split(".")[-2] in providers for t in f.targets)


def _wrong_names(_: Inputs, draft: Draft) -> Follows | None:
    """A name that a block does not have: what it lacks instead, and the other names of a nested block that is taken for another one."""
    if _rule(draft) not in _WRONG:
        return None
    blocks = {_around(d.finding) for d in draft.defects}
    nested = {(address, path) for address, path in blocks if path}
    return lambda f: (f.rule in _OF_ARGUMENTS and _around(f) in blocks) or (tf.is_unsupported(f.rule) and _around(f) in nested)


def _lacking(_: Inputs, draft: Draft) -> Follows | None:
    """A block that lacks what it must have: the other things that it lacks."""
    blocks = {_around(d.finding) for d in draft.defects}
    return (lambda f: f.rule in _LACKING and _around(f) in blocks) if _rule(draft) in _LACKING else None


def _around(finding: Finding) -> tuple[str, str]:
    """Return (address, path of the nested block) in which an argument or block stands or is missing."""
    if finding.rule in _LACKING and finding.rule not in _OF_ARGUMENTS:
        return finding.address, finding.attribute
    return finding.address, finding.attribute.rpartition(".")[0]


def _written_twice(inputs: Inputs, draft: Draft) -> Follows | None:
    """A file that repeats another one: the settings in it stand twice as its declarations do."""
    if _rule(draft) != tf.DECLARED_TWICE:
        return None
    again = {
        d.address: d.block.file
        for m in inputs.told(draft.status, [address for address, _ in draft.places]).tree.modules.values()
        for d in m.duplicates
    }
    files = {again.get(d.finding.address) for d in draft.defects} - {None}
    return lambda f: f.rule == tf.PROVIDER_TWICE and again.get(f.address) in files


def _unparsed(inputs: Inputs, draft: Draft) -> Follows | None:
    """Files that cannot be parsed: spoilt names in them, and references to what stands in them and cannot be read."""
    if _rule(draft) != tf.SYNTAX or _breaks_off(draft):
        return None
    graph = inputs.told(draft.status, [address for address, _ in draft.places])
    texts = {path: graph.files[path].text for path in sorted({d.finding.group for d in draft.defects}) if path in graph.files}
    lost = set(_headless_variables(inputs, draft, texts))

    def follows(finding: Finding) -> bool:
        owner = graph.get(finding.address)
        if _MISNAMED.fullmatch(finding.rule):
            return owner is not None and owner.block.file in texts and re.search(r"[^\w-]", owner.name) is not None
        return tf.is_undeclared(finding.rule) and bool(finding.targets) and all(
            t in lost or any(writes(text, t.split(".")[-2:]) for text in texts.values()) for t in finding.targets
        )  # fmt: skip

    return follows


def _headless_variables(inputs: Inputs, draft: Draft, texts: dict[str, str]) -> Iterator[str]:
    """Yield the one variable that is missing where one file of the root module has the body of a variable and no header to it."""
    graph = inputs.told(draft.status, [address for address, _ in draft.places])
    bodies = [path for path, text in texts.items() if headless(text) and path.rpartition("/")[0] == graph.tree.root]
    missing = {r.target for r in graph.references if not r.declared and r.target.startswith("var.")}
    if len(bodies) == 1 and len(missing) == 1:
        yield from missing
