"""How IDEAL repairs a defect: which of its blocks and arguments belong to the correction, verbatim and counted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from reviewgen.model.addresses import in_module
from reviewgen.model.diff import AttributeChange
from reviewgen.model.hcl import Block
from reviewgen.model.review import Passage, Quote, ValueChange
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.rules.places import type_of
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import Reference

from ..inputs import Inputs
from .argument_changes import matching, names_anew
from .at_places import at_places
from .behind import SOFT, keys_behind, no_longer_created, values_behind
from .brought import ACCOUNT, companions, gives_rights, is_managed, reach, service
from .newly_named import Changes, needed, referrers, siblings
from .parsed import counterparts
from .passages import Hunk, first_line, passages, reasons
from .spans import counts, is_untouched, new_lines, of_new_policy


@dataclass(frozen=True)
class Correction:
    """The part of the difference that repairs a defect.

    Attributes:
        added: Blocks that only IDEAL has.
        changes: (IDEAL's address, change) of arguments and nested blocks.
        removed: Blocks that only MODEL has.
        passages: IDEAL's code for ``added`` and ``changes``.
        hidden: Lines of further passages that were left out for length.
        lines_added: Lines of IDEAL in ``added`` and ``changes``.
        lines_removed: Lines of MODEL in ``changes`` and ``removed``.
        reasons: IDEAL's comments in the passages that give a reason.
        along: All that IDEAL adds and changes together with it, blocks and arguments, more than what repairs the defect: none is an issue of its
            own. Empty where that is the correction and nothing else.
        words: What the defect names of long values, of which only these parts are shown.
    """

    added: tuple[str, ...] = ()
    changes: tuple[tuple[str, AttributeChange], ...] = ()
    removed: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    hidden: int = 0
    lines_added: int = 0
    lines_removed: int = 0
    reasons: tuple[Quote, ...] = field(default=())
    along: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @property
    def addresses(self) -> frozenset[str]:
        """All addresses that take part."""
        return frozenset((*self.added, *(a for a, _ in self.changes), *self.removed))

    @property
    def parts(self) -> frozenset[str]:
        """What was done together, blocks and arguments."""
        return self.along or frozenset((*self.added, *(f"{a}.{c.path}" for a, c in self.changes), *self.removed))

    @property
    def values(self) -> tuple[ValueChange, ...]:
        """The arguments that changed, before and after."""
        return tuple(ValueChange(place(a, c.path), c.before, c.after) for a, c in self.changes if not c.block)


_LOCAL = re.compile(r"(?:^|\.)local\.[\w-]+$")


def place(address: str, path: str) -> str:
    """Return the address of an argument; a local value is one itself."""
    return address if _LOCAL.search(address) or not path else f"{address}.{path}"


NOTHING = Correction()
# A new block that is higher than this, as one with a program in it, says less than the arguments that use it.
_TALL = 80


def of_places(
    inputs: Inputs,
    places: Iterable[tuple[str, str]],
    cures: tuple[str, ...] = (),
    related: Iterable[str] = (),
    *,
    words: frozenset[str] = frozenset(),
    names: frozenset[str] = frozenset(),
    absent: bool = False,
    alone: bool = False,
    behind: bool = True,
) -> Correction:
    """Return the correction of defects at some places.

    Args:
        inputs: The pair.
        places: (IDEAL's address, argument path or empty) of each defect.
        cures: Types of resources that repair such a defect by referring to the address.
        related: IDEAL's addresses of what else takes part; what cures the defect may refer to these instead.
        words: What the defects name of long values.
        names: What they name one of several nested blocks by.
        absent: Whether the defect is that MODEL lacks what stands at the places.
        alone: Whether what is added repairs the defect by being there, whatever it needs itself.
        behind: Whether another value can repair the defect, and with it what the value is made of; else a name does, whoever uses it.
    """
    places, related = list(places), list(related)
    if cures and (cured := _cured(inputs, [*(a for a, _ in places), *related], cures, words)):
        return replace(
            cured, along=cured.along | {f"{a}.{c.path}" for a, path in places if path for c in matching(inputs.changed.get(a), path)}
        )
    found = at_places(inputs, places, cures, words, names, behind=behind)
    changes, added, removed = dict(found.changes), set(found.added), set(found.removed)
    if behind and not (changes or added or removed):  # what was changed at the places themselves repaired them, and nothing behind others
        changes |= {(a, c.path): c for a, c in values_behind(inputs, places)}
        changes |= {(a, c.path): c for a, c in no_longer_created(inputs, places)}
        words |= keys_behind(inputs, places)
    if changes:  # a variable that is no longer needed is gone for that reason
        removed = {a for a in removed if not SOFT.search(a)}
    if account := {
        a for a in inputs.added if type_of(a) in cures and type_of(a) in ACCOUNT
    }:  # settings of the whole account refer to nothing
        added = added or account
        # Beside them only what is gone repairs it as well: other arguments of what needs them are written anew for other reasons.
        changes = {at: change for at, change in changes.items() if change.after is None}
    named = {inputs.later(inputs.model.owner(r)[0]) for r in related} | {a for a, _ in places}
    alike = siblings(inputs, changes, set(found.near))
    for (address, path), change in alike.items():
        if address in named:
            changes[address, path] = change
            added |= needed(inputs, address, change, words)
    changes |= _of_backends(inputs, changes)
    along = reach(inputs, found.near | added) | removed | {f"{a}.{path}" for a, path in (*alike, *changes)}
    # Where one end of a connection was repaired, what else became of the other end is no part of it.
    changes = {at: change for at, change in changes.items() if not is_untouched(change, words)} or changes
    blocks = added if alone else companions(inputs, set(found.new) if absent else set(), added)
    return replace(_correction(inputs, blocks, changes, removed, words, added), along=frozenset(along))


def _of_backends(inputs: Inputs, changes: Changes) -> Changes:
    """Return all changes of a backend in whose place another kind came, or that is left to be configured from outside: its values go together."""
    found = {a for a, _ in changes if a.endswith("terraform.backend")}
    sides = ((a, inputs.model.get(inputs.changed[a].model_address), inputs.ideal.get(a)) for a in sorted(found))
    other = [
        a for a, ours, theirs in sides if ours is not None and theirs is not None and _is_exchanged(inputs, a, ours.block, theirs.block)
    ]
    return {(a, c.path): c for a in other for c in inputs.changed[a].attributes}


def _is_exchanged(inputs: Inputs, address: str, before: Block, after: Block) -> bool:
    """Whether a backend became another kind, or lost values and got none: what is left of it is completed from outside."""
    return before.labels != after.labels or all(c.after is None for c in inputs.changed[address].attributes)


def _cured(inputs: Inputs, addresses: Iterable[str], cures: tuple[str, ...], words: frozenset[str]) -> Correction | None:
    """Return what IDEAL adds beside the blocks of a defect, or lets refer to them; nothing else repairs it then."""
    targets = [a for a in dict.fromkeys(addresses) if inputs.ideal.get(a) is not None and a not in inputs.added]
    added: set[str] = set()
    changes: Changes = {}
    for target in targets:
        local = in_module(target)
        for source in sorted({r.source for r in inputs.ideal.incoming.get(target, ()) if _cures(r, cures)}):
            changed = inputs.changed.get(source)
            if source in inputs.added:
                added.add(source)
            elif changed is not None:
                changes |= {(source, c.path): c for c in changed.attributes if _connects(c, local)}
    if not added and not changes:
        return None
    blocks = added if ANY in cures else companions(inputs, (), added)
    along = reach(inputs, added) | {f"{a}.{path}" for a, path in changes}
    return replace(_correction(inputs, blocks, changes, set(), words, added), along=frozenset(along))


ANY = "*"


def _cures(reference: Reference, cures: tuple[str, ...]) -> bool:
    """Whether what refers to something repairs it by that: one of some types, or whatever is no output."""
    uses = is_managed(reference.source) and reference.path != "depends_on" and service(reference.source) != service(reference.target)
    return type_of(reference.source) in cures or (ANY in cures and uses)


def _connects(change: AttributeChange, address: str) -> bool:
    """Whether an argument names something only now; to wait for it is no connection."""
    return change.path != "depends_on" and names_anew(change, (address,))


def of_defects(
    inputs: Inputs,
    places: Iterable[tuple[str, str]],
    whole: bool = False,
    gone: Iterable[str] = (),
    words: frozenset[str] = frozenset(),
    missing: frozenset[str] = frozenset(),
) -> Correction:
    """Return IDEAL's code at some places, for defects that IDEAL introduces: the argument, or the block when it is new.

    Args:
        inputs: The pair.
        places: (IDEAL's address, argument path or empty) of each defect.
        whole: Whether all changes of a block count where no argument is meant: what cannot be parsed or closes a circle.
        gone: Blocks of MODEL that take part by being gone.
        words: What the defects name of a long value: only the parts with it are shown.
        missing: What the defects refer to and nobody declares: of arguments only those are shown that refer to it anew.
    """
    changes: Changes = {}
    added = set()
    for address, attribute in places:
        if address in inputs.added:
            added.add(address)
        for change in matching(inputs.changed.get(address), attribute) if attribute or whole or _LOCAL.search(address) else ():
            if not missing or names_anew(change, missing):
                changes[address, change.path] = change
    return _correction(inputs, added, changes, set(gone), words, main=added)


def of_modules(inputs: Inputs, calls: Iterable[str]) -> Correction:
    """Return what came and went of some modules: the calls themselves, what is declared below them, and where their code is looked for."""
    below = tuple(f"{call}." for call in calls)
    added = {a for a in inputs.added if f"{a}.".startswith(below)}
    removed = {a for a in inputs.diff.removed if f"{a}.".startswith(below)}
    changes = {(call, c.path): c for call in calls for c in matching(inputs.changed.get(call), "source")}
    return _correction(inputs, added, changes, removed)


def of_parsed(inputs: Inputs, places: Iterable[tuple[str, str]]) -> Correction:
    """Return IDEAL's code at the places where MODEL cannot be parsed, with the broken lines (``main.tf:12``)."""
    shown, hidden = passages(inputs.ideal.files, counterparts(inputs, places))
    return Correction(passages=shown, hidden=hidden, reasons=tuple(reasons(inputs.ideal, shown)))


def of_code(inputs: Inputs, hunks: Iterable[Hunk]) -> Correction:
    """Return IDEAL's code in which no blocks are compared: scripts, programs, templates."""
    shown, hidden = passages(inputs.ideal.files, hunks)
    return Correction(passages=shown, hidden=hidden)


def of_heirs(inputs: Inputs, found: Correction, heirs: Mapping[str, str], cures: tuple[str, ...] = ()) -> Correction:
    """Return a correction that adds no blocks with what IDEAL declares in the place of those that it removes, and what cures that.

    Where arguments change, too, only if something stands in the place of each of those blocks.

    Args:
        inputs: The pair.
        found: The correction so far; one that adds blocks stays as it is.
        heirs: What IDEAL declares, with MODEL's block in whose place it stands.
        cures: Types that repair the defect by referring to such a block.
    """
    new = {heir for heir, old in heirs.items() if not found.changes or (old in found.removed and heir in inputs.added)}
    if found.changes and len(new) < len(found.removed):
        return found
    new |= {a for heir in new for a in referrers(inputs, heir) if type_of(a) in cures}
    if found.added or not new:
        return found
    changes = {(address, change.path): change for address, change in found.changes}
    whole = _correction(inputs, new, changes, set(found.removed), found.words if changes else frozenset(), new)
    return replace(whole, along=found.along | new if found.along else frozenset())


def of_circle(inputs: Inputs, members: tuple[str, ...]) -> Correction:
    """Return the correction of a circle: what no longer names another member, and the new resources that connect members instead."""
    changes: Changes = {}
    for member in members:
        changed = inputs.changed.get(inputs.later(member))
        others = [in_module(other) for other in members]
        for change in changed.attributes if changed else ():
            if change.before and any(other in change.before for other in others if other != member):
                changes[changed.address if changed else member, change.path] = change
    connecting = {
        address for address in inputs.added
        if is_managed(address) and sum(r.target in members for r in inputs.ideal.outgoing.get(address, ())) > 1
    }  # fmt: skip
    gone = {member for member in members if member in inputs.diff.removed}
    return _correction(inputs, connecting, changes, gone)


def of_answers(inputs: Inputs, answers: Iterable[str], paths: Mapping[str, Collection[str]]) -> Correction:
    """Return the correction that adds what answers a requirement: the blocks, what they bring along, and changes inside existing blocks.

    Args:
        inputs: The pair.
        answers: IDEAL's addresses.
        paths: The arguments that answer it, by the type of what has them; of other types all changes count.
    """
    added: set[str] = set()
    changes: Changes = {}
    for address in answers:
        if address in inputs.added:
            added.add(address)
        elif changed := inputs.changed.get(address):
            meant = [c for path in paths.get(type_of(address), ()) for c in matching(changed, path) if c.after is not None]
            changes |= {(address, c.path): c for c in meant or matching(changed, "")}
    along = reach(inputs, added) | {f"{a}.{path}" for a, path in changes}
    return replace(_correction(inputs, companions(inputs, added, ()), changes, set(), main=added), along=frozenset(along))


def together(inputs: Inputs, parts: Sequence[Correction]) -> Correction:
    """Return several corrections as one; of code that is in no difference the passages are those of the first that has any."""
    found = [part for part in parts if part != NOTHING]
    if len(found) < 2:
        return found[0] if found else NOTHING
    changes = {(address, change.path): change for part in found for address, change in part.changes}
    added, removed = {a for part in found for a in part.added}, {a for part in found for a in part.removed}
    along, words = (frozenset().union(*sets) for sets in ([p.parts for p in found], [p.words for p in found]))
    whole = replace(_correction(inputs, added, changes, removed, words, added), along=along)
    shown = [p for part in found if not part.addresses for p in part.passages]
    apart = [
        p for p in shown if not any(w.file == p.file and w.start_line <= p.start_line and p.end_line <= w.end_line for w in whole.passages)
    ]
    return replace(
        whole,
        passages=tuple(sorted({*apart, *whole.passages}, key=lambda p: (p.file, p.start_line))),
        reasons=tuple(dict.fromkeys(r for p in found for r in p.reasons)),
    )


def _correction(
    inputs: Inputs,
    added: set[str],
    changes: Changes,
    removed: set[str],
    words: frozenset[str] = frozenset(),
    main: Iterable[str] = (),
) -> Correction:
    hunks: list[Hunk] = []
    further: list[Hunk] = []
    files = inputs.ideal.files
    new = [d for address in sorted(added) for d in _declared(inputs.ideal, address)]
    for declaration in new:
        last = declaration.attribute.end_line if declaration.attribute is not None else declaration.block.end_line
        first = first_line(files, declaration)
        matters = declaration.address in main and not (changes and last - first > _TALL)
        file = declaration.block.file
        policy = words and gives_rights(declaration.type)
        spans = of_new_policy(files[file].lines(first, last), words) if policy else [(0, last - first)]
        (hunks if matters else further).extend((file, first + begin, first + end) for begin, end in spans)
    for (address, _), change in sorted(changes.items()):
        holder = inputs.ideal.get(address)
        if holder is not None and change.ideal_line:
            hunks.extend((holder.block.file, first, last) for first, last in new_lines(change, words))
    shown, hidden = passages(files, hunks, further)
    gone = sum(_height(d) for address in removed for d in _declared(inputs.model, address))
    return Correction(
        tuple(sorted(added)),
        tuple((address, change) for (address, _), change in sorted(changes.items())),
        tuple(sorted(removed)),
        shown,
        hidden,
        sum(map(_height, new)) + sum(counts(c)[0] for c in changes.values()),
        gone + sum(counts(c)[1] for c in changes.values()),
        tuple(reasons(inputs.ideal, shown, hunks)),
        words=words,
    )


def _declared(graph: Graph, address: str) -> Iterator[Declaration]:
    """Yield what a tree declares at an address, which may be more than one block."""
    if (first := graph.get(address)) is not None:
        yield first
        yield from (d for module in graph.tree.modules.values() for d in module.duplicates if d.address == address)


def _height(declaration: Declaration) -> int:
    if declaration.attribute is not None:
        return declaration.attribute.end_line - declaration.attribute.line + 1
    return declaration.block.end_line - declaration.block.line + 1
