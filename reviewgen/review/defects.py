"""Findings of two trees to defects with a status.

The same finding in both trees is left, one of MODEL alone is fixed, one of IDEAL alone introduced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reviewgen.model.diagnostic import Validation
from reviewgen.model.diff import AttributeChange
from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Check, Impact, Severity, Status
from reviewgen.model.source import Document, SampleClass
from reviewgen.model.tree import LAID_UNDER
from reviewgen.records import dataclass
from reviewgen.rules import changes
from reviewgen.rules.changes.settings import PROVIDER, provided_elsewhere
from reviewgen.rules.places import code
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments

from . import remarks
from .forms import in_other_form, told_of_both, unchanged
from .inputs import Inputs, is_parsed
from .unparsed import written

# Rule, IDEAL's address, argument path, and what tells findings at one place apart.
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Defect:
    """A finding and what became of it.

    Attributes:
        finding: Of the tree that has the defect, for ``left`` of IDEAL.
        status: What became of it.
        check: Its assertion with the results.
        removed: Whether it is fixed only because IDEAL no longer declares the block, or one that takes part.
    """

    finding: Finding
    status: Status
    check: Check
    removed: bool = False


def defects(inputs: Inputs, model: Iterable[Finding], ideal: Iterable[Finding]) -> Iterator[Defect]:
    """Yield the defects of a pair, under IDEAL's address where both trees have one.

    Which tiers of findings are reported depends on the status and on what PROMPT asks.
    """
    theirs = {_key(f, {}): f for f in ideal}
    ours = _followed(inputs, {_key(f, inputs.names): f for f in model}, theirs)
    ours = in_other_form((inputs.model, inputs.ideal), inputs.names, ours, theirs)
    same = unchanged((inputs.model, inputs.ideal), ours, theirs)
    for key, finding in ours.items():
        if _is_a_change_of(finding, same):
            continue
        status = Status.LEFT if key in theirs else Status.FIXED
        if status is Status.FIXED and not _can_be_fixed(inputs):
            status = Status.LEFT
        if status is Status.FIXED and _left_out(finding, inputs):
            status = Status.LEFT
            lacking = next(a for a in (finding.address, *_addresses(finding)) if inputs.ideal.get(inputs.names.get(a, a)) is None)
            finding = replace(finding, check=f"`{lacking}` is declared, and {finding.check}")
        chosen = _weighed(_continued(finding, theirs[key], inputs) if key in theirs else finding, status, inputs)
        if _reported(chosen, status, inputs):
            removed = status is Status.FIXED and _is_removed(_gone(chosen, inputs), inputs)
            yield Defect(chosen, status, _check(chosen, status, inputs), removed)
    for key, finding in theirs.items():
        new = key not in ours and not _is_a_change_of(finding, same)
        if new and _can_be_fixed(inputs) and _reported(finding, Status.INTRODUCED, inputs):
            yield Defect(_weighed(finding, Status.INTRODUCED, inputs), Status.INTRODUCED, _check(finding, Status.INTRODUCED, inputs))


def _is_a_change_of(finding: Finding, places: frozenset[str]) -> bool:
    """Whether a comparison found an argument that differs at one of some places."""
    return bool(finding.attribute) and finding.rule in changes.IDS and finding.address in places


def _key(finding: Finding, names: dict[str, str]) -> Key:
    # Some rules tell their findings apart by a further address, which may be renamed too.
    key = ":".join(names.get(part, part) for part in finding.key.split(":"))
    return finding.rule, names.get(finding.address, finding.address), finding.attribute, key


def _followed(inputs: Inputs, ours: dict[Key, Finding], theirs: dict[Key, Finding]) -> dict[Key, Finding]:
    """Return MODEL's findings, each of a block that IDEAL replaced by another one with the same defect under that one's key.

    A block of the same type, or a policy in another form, that takes over the task takes over the defect: it is left, not repaired and made
    anew.
    """
    taken = remarks.reworded(ours, theirs)
    new = [k for k in theirs if k not in ours and k not in taken.values()]
    free = [k for k in new if _is_taken_over(theirs[k]) and inputs.model.get(k[1]) is None]
    for alike in (_for_one_task, _of_one_form, _of_one_type, _of_one_kind):
        for key in ours:
            if key in theirs or key in taken or inputs.ideal.get(key[1]) is not None:
                continue
            # Another type of the same kind has its own arguments.
            near = (k for k in free if k[0] == key[0] and (k[2] == key[2] or alike is _of_one_kind) and alike(k[1], key[1]))
            heir = next(near, None)
            if heir is not None:
                free.remove(heir)
                taken[key] = heir
    found = {taken.get(key, key): finding for key, finding in ours.items()}
    others = [k for k in theirs if k not in ours and k not in found and k[0].startswith("RG")]
    found = _carried_on(inputs, found, others, theirs)
    heirs = {(k[0], k[2], _type(k[1])): f for k, f in found.items() if inputs.ideal.get(f.address) is None and k in theirs}
    for k in free:  # several that stand where one was carry on its defect
        if k not in found and (old := heirs.get((k[0], k[2], _type(k[1])))) is not None:
            found[k] = old
    return found


def _is_taken_over(finding: Finding) -> bool:
    """Whether a block that replaces another one can take its defect over: what a rule finds, and what Terraform warns of."""
    return (finding.rule.startswith("RG") and finding.rule != remarks.RULE) or finding.category is Category.WARNING


def _carried_on(inputs: Inputs, ours: dict[Key, Finding], free: list[Key], theirs: dict[Key, Finding]) -> dict[Key, Finding]:
    """Return MODEL's findings, those that IDEAL has at another place of the same connection under that place's key.

    A log group that may not use its key is no better off with another key that does not admit it either, nor is a group whose inline rule
    became a resource of its own.
    """
    found: dict[Key, Finding] = {}
    for key, finding in ours.items():
        parts = _connected(inputs, finding) if key not in theirs and key[0].startswith("RG") else frozenset()
        near = {k: {k[1], *_addresses(theirs[k])} for k in free if k[0] == key[0]} if key not in theirs else {}
        own = key[1] if inputs.ideal.get(key[1]) is not None else ""
        heir = next((k for k, named in near.items() if (parts and parts <= named) or (own and own != k[1] and own in named)), None)
        if heir is not None:
            free.remove(heir)
        found[heir or key] = finding
    return found


def _connected(inputs: Inputs, finding: Finding) -> frozenset[str]:
    """Return what a finding of MODEL connects beside its own place, under IDEAL's addresses; empty where IDEAL lacks any of it."""
    parts = {inputs.names.get(a, a) for a in _addresses(finding)}
    return frozenset(parts) if all(inputs.ideal.get(a) is not None for a in parts) else frozenset()


def _addresses(finding: Finding) -> Iterator[str]:
    """Yield the resources that take part in a finding, without arguments."""
    for place in finding.related:
        parts, at = place.split("."), 0
        while parts[at : at + 1] == ["module"]:  # whose name may look like a type
            at += 2
        at += parts[at : at + 1] == ["data"]
        if at + 1 < len(parts) and "_" in parts[at]:
            yield ".".join(parts[: at + 2])


def _changes(inputs: Inputs, address: str) -> tuple[AttributeChange, ...]:
    found = inputs.changed.get(address)
    return found.attributes if found is not None else ()


def _left_out(finding: Finding, inputs: Inputs) -> bool:
    """Whether what takes part is left out and not repaired: it went with most of the stack, or IDEAL still refers to what it does not declare."""
    own = inputs.names.get(finding.address, finding.address)
    if finding.attribute and any(c.path.startswith(finding.attribute) and c.after for c in _changes(inputs, own)):
        return False  # something was done about it
    if not finding.address or not finding.rule.startswith("RG") or finding.rule in changes.IDS:
        return False
    parts = [inputs.names.get(a, a) for a in (finding.address, *_addresses(finding))]
    gone = [a for a in parts if inputs.ideal.get(a) is None]
    if any(not r.declared for a in gone for r in inputs.ideal.incoming.get(a, ())) and not any(
        _taken_out(p, inputs) for p in finding.related
    ):
        return True
    if gone and any(_leads_nowhere(inputs, place) for place in finding.related):
        return True
    return bool(gone) and any(f.rule == changes.omitted.RULE for f in inputs.ideal_findings)


def _leads_nowhere(inputs: Inputs, place: str) -> bool:
    """Whether an argument of MODEL, which named something else there, refers in IDEAL to what IDEAL does not declare."""
    address, path = inputs.model.owner(place)
    own = inputs.names.get(address, address)
    led = [r for r in inputs.ideal.outgoing.get(own, ()) if path and r.path == path]
    return bool(led) and not any(r.declared for r in led)


def _taken_out(place: str, inputs: Inputs) -> bool:
    """Whether IDEAL keeps a block of MODEL and no longer sets an argument of it."""
    address, path = inputs.model.owner(place)
    kept = bool(path) and inputs.ideal.get(inputs.names.get(address, address)) is not None
    return kept and _present(inputs.model, place) and not _present(inputs.ideal, place, inputs.names)


def _continued(ours: Finding, theirs: Finding, inputs: Inputs) -> Finding:
    """Return IDEAL's finding of a defect that both trees have; where other blocks have it, MODEL's is named, and the check is about both.

    What snippets do not show is in both trees the same, and MODEL's finding says where it stands; of a remark its words do.
    """
    if inputs.class_ is SampleClass.SNIPPET_IDEAL:
        return ours
    if ours.rule != theirs.rule:
        return told_of_both(ours, theirs)
    if ours.rule == remarks.RULE:
        return ours if ours.check == theirs.check else replace(ours, check=f"{ours.check}, and {theirs.check}")
    if not ours.address or inputs.names.get(ours.address, ours.address) == theirs.address or inputs.model.get(theirs.address) is not None:
        return _of_model(ours, theirs)
    check = theirs.check if ours.check == theirs.check else f"{ours.check}, and {theirs.check}"
    return replace(theirs, problem=f"{theirs.problem} In MODEL `{ours.address}` has the same defect.", check=check)


def _of_model(ours: Finding, theirs: Finding) -> Finding:
    """Return what a rule says of MODEL where the trees' findings at one place differ: a count, a file and its lines, a value.

    Where it weighs more or less in IDEAL, IDEAL's words say why.
    """
    if ours.address == theirs.address and (sometimes := _sometimes(ours, theirs)) is not None:
        return sometimes
    alike = ours.problem == theirs.problem and ours.quotes == theirs.quotes
    if alike or ours.address != theirs.address or ours.category is not theirs.category or not ours.rule.startswith("RG"):
        return theirs
    check = theirs.check if ours.check == theirs.check else f"{ours.check}, and {theirs.check}"
    return replace(ours, related=theirs.related, check=check)


def _sometimes(ours: Finding, theirs: Finding) -> Finding | None:
    """Return IDEAL's finding where its own values decide about it in one of the trees only: it says in which, and weighs as much as it may."""
    for one, other, side in ((ours, theirs, "IDEAL"), (theirs, ours, "MODEL")):
        rest = other.problem.removeprefix(one.problem)
        if rest != other.problem and rest.startswith(" With "):
            category = min(ours.category, theirs.category, key=list(Category).index)
            return replace(theirs, category=category, problem=f"{one.problem} In {side}, {rest[1:2].lower()}{rest[2:]}")
    return None


def _type(address: str) -> str:
    """``module.a.aws_vpc.main`` to ``aws_vpc``."""
    return address.split(".")[-2] if "." in address else ""


# Types of which one takes another's place, as stacks are built.
_KINDS = (
    frozenset(["aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_spot_instance_request"]),
    frozenset(["aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance"]),
    frozenset(["aws_lb", "aws_alb", "aws_elb"]),
    frozenset(["aws_lb_listener", "aws_alb_listener"]),
    frozenset(
        ["aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"]
    ),
)
# What gives an identity its permissions, whatever form that has; and words that anything may have in its name.
_PERMISSIONS = frozenset(["aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"])
_ANY = frozenset(["policy", "role", "iam", "access", "this", "main"])


def _of_one_type(one: str, other: str) -> bool:
    return _type(one) == _type(other)


def _of_one_kind(one: str, other: str) -> bool:
    return any({_type(one), _type(other)} <= kind for kind in _KINDS)


def _for_one_task(one: str, other: str) -> bool:
    """Whether two blocks of a type have a word of their names in common."""
    return _of_one_type(one, other) and _share_a_word(one, other)


def _of_one_form(one: str, other: str) -> bool:
    """Whether two policies, of another form each, have a word of their names in common."""
    return {_type(one), _type(other)} <= _PERMISSIONS and _share_a_word(one, other)


def _share_a_word(one: str, other: str) -> bool:
    words = [set(address.rpartition(".")[2].lower().replace("-", "_").split("_")) - _ANY for address in (one, other)]
    return bool(words[0] & words[1])


def _types(graph: Graph) -> set[str]:
    return {d.type for d in graph.tree.declarations.values()}


def _can_be_fixed(inputs: Inputs) -> bool:
    """Without a corrected tree nothing is known to be repaired."""
    return inputs.class_ not in (SampleClass.NO_IDEAL_CODE, SampleClass.NO_MODEL_CODE, SampleClass.WRONG_TASK)


def _asked(finding: Finding, inputs: Inputs) -> bool:
    return any(topic in inputs.prompt for topic in finding.topics)


def _weighed(finding: Finding, status: Status, inputs: Inputs) -> Finding:
    """Return the finding with the category that it has in this sample: what PROMPT asks and IDEAL repairs or takes away weighs more."""
    finding = _without_its_file(finding, inputs.sample.ideal if status is Status.INTRODUCED else inputs.sample.model)
    if finding.granted and re.search(finding.granted, inputs.prompt):
        return replace(finding, category=Category.WARNING, severity=Severity.MEDIUM, problem=f"{finding.problem} PROMPT asks for it.")
    if finding.prescribed and re.search(rf"(?<![\w.-]){re.escape(finding.prescribed.lower())}(?![\w-]|\.\d)", inputs.prompt):
        finding = replace(finding, problem=f"{finding.problem} PROMPT itself names {code(finding.prescribed)}.")
    weighs = finding.asked and status in (Status.FIXED, Status.INTRODUCED) and _asked(finding, inputs)
    return replace(finding, category=finding.asked) if finding.asked and weighs else finding


_UNBOUND = "RG629"
_PROVIDER_FILE = re.compile(r"(?<![\w-])providers?\.tf\b")


def _has_providers(graph: Graph) -> bool:
    return any(d.module == graph.tree.root for d in graph.of_kind("provider"))


def _of_a_provider(finding: Finding) -> bool:
    """Whether the configuration of a provider takes part in what a rule finds elsewhere."""
    return any(place.startswith("provider.") for place in finding.related)


def _provided(finding: Finding, graph: Graph) -> bool:
    """Whether a finding misses what a file with the providers, that the tree lacks, would declare: an alias, or the variable of the region."""
    if _has_providers(graph):
        return finding.rule == "tf:provider-alias"
    region = finding.rule == "tf:undeclared-variable" and all("region" in name for name in finding.names)
    return finding.rule == "tf:provider-alias" or region


def _names_a_provider_file(document: Document) -> bool:
    """Whether an answer tells of a file with its providers that it does not show."""
    return bool(_PROVIDER_FILE.search(document.text)) and not any(_PROVIDER_FILE.search(file.path) for file in document.files)


def _without_its_file(finding: Finding, document: Document) -> Finding:
    """Return a finding that misses a provider's configuration; where the answer tells of the file that has it, the file is what it lacks."""
    if finding.rule != PROVIDER or not _names_a_provider_file(document):
        return finding
    return replace(
        finding,
        title="The file with the provider is named and not delivered",
        problem=f"{finding.problem.partition(' ')[0]} tells of a file with the provider's configuration and does not hold it: what is delivered sets "
        "no region.",
        impact=(Impact("Deployment", "Whoever applies what is delivered has to write the file first."),),
    )


def _reported(finding: Finding, status: Status, inputs: Inputs) -> bool:
    if finding.rule == _UNBOUND and _names_a_provider_file(inputs.sample.ideal if status is Status.INTRODUCED else inputs.sample.model):
        return False
    if _provided(finding, inputs.ideal if status is Status.INTRODUCED else inputs.model) and provided_elsewhere(inputs.prompt):
        return False
    if finding.unless and re.search(finding.unless, inputs.prompt):
        return False
    if _may_be_hidden(finding, status, inputs):
        return False
    if status is Status.INTRODUCED and inputs.class_ is SampleClass.SNIPPET_IDEAL and _unsaid(finding, inputs):
        return False
    other = {Status.FIXED: inputs.ideal, Status.INTRODUCED: inputs.model}.get(status)
    if other is not None and _of_a_provider(finding) and not _has_providers(other):
        return False  # somebody else configures the other tree's providers, and nobody knows how
    changed = status in (Status.FIXED, Status.INTRODUCED)
    asked = _asked(finding, inputs)
    return {1: True, 2: changed or asked, 3: changed and asked, 4: asked}[finding.tier]


# Errors behind which rules see no connection.
_BREAKS = ("Reference to undeclared", "Unsupported argument", "Invalid reference")
_LABELS = frozenset(["name", "description", "tags"])


def _may_be_hidden(finding: Finding, status: Status, inputs: Inputs) -> bool:
    """Whether the other tree has errors behind which nobody can tell whether it has the defect, too.

    That is so when a block that takes part cannot be parsed there, or when it has the block as it is, and references lead nowhere.
    """
    other = {Status.FIXED: (inputs.ideal, inputs.ideal_validation), Status.INTRODUCED: (inputs.model, inputs.model_validation)}.get(status)
    if other is None or finding.rule.startswith("tf:"):
        return False
    graph, validation = other
    parts = {inputs.names.get(a, a) if status is Status.FIXED else a for a in (finding.address, *_addresses(finding))}
    compared = (inputs.model, inputs.ideal) if finding.rule in changes.IDS else (graph,)
    if not all(is_parsed(side, part) for side in compared for part in parts | {finding.address}):
        return True
    mine = inputs.model if status is Status.FIXED else inputs.ideal
    if (
        written(graph, mine.get(finding.address))
        or _was_cut(graph, finding.address)
        or (finding.absent and _is_undeclared(validation, finding.address))
    ):
        return True
    address = inputs.names.get(finding.address, finding.address)
    altered = {change.path.split(".")[0] for change in _changes(inputs, address)} - _LABELS
    new = address in inputs.added or inputs.ideal.get(address) is None
    if new or altered or not finding.related or finding.rule in changes.IDS:
        return False
    if any(_type(part) not in _types(graph) for part in _addresses(finding)):
        return False  # what the other tree has nothing like makes the difference
    return any(error.summary.startswith(_BREAKS) for error in validation.errors)


def _was_cut(graph: Graph, address: str) -> bool:
    """Whether a tree has a block of this type and name in another module, and it cannot be read."""
    name = ".".join(address.split(".")[-2:])
    return graph.get(address) is None and any(path.endswith(f".{name}") and not is_parsed(graph, path) for path in graph.tree.declarations)


def _is_undeclared(validation: Validation, address: str) -> bool:
    """Whether references of a tree lead to this and nothing declares it: what is missing there is missing in that tree, too."""
    said = f'"{_type(address)}" "{address.rpartition(".")[2]}" has not been declared'
    return any(said in error.detail for error in validation.errors)


def _unsaid(finding: Finding, inputs: Inputs) -> bool:
    """Whether a snippet does without an argument: leaving it out may repair something, and is no decision against it.

    The same holds of an argument that is missing in a block of MODEL's, which no snippet shows.
    """
    place = f"{finding.address}.{finding.attribute}"
    if not finding.address or not finding.attribute or _present(inputs.ideal, place):
        return False
    declaration = inputs.ideal.get(finding.address)
    return _present(inputs.model, place) or (declaration is not None and declaration.block.file.endswith(LAID_UNDER))


def _check(finding: Finding, status: Status, inputs: Inputs) -> Check:
    """Return the finding's assertion with its results.

    Where the other tree lacks the declaration, or something else that takes part, its assertion would be void: it says so instead.
    """
    if status is Status.FIXED:
        gone = _gone(finding, inputs)
        if gone and gone == finding.address:
            return Check(f"`{gone}` is no longer declared", False, True)
        said = _with_new_name(finding, inputs)
        return Check(f"{_without(gone, inputs.model, inputs.ideal, 'no longer')}, or {said}" if gone else said, False, True)
    if status is Status.INTRODUCED:
        new = next((p for p in _parts(finding) if _present(inputs.ideal, p) and not _present(inputs.model, p)), "")
        return Check(f"{_without(new, inputs.ideal, inputs.model)}, or {finding.check}" if new else finding.check, True, False)
    return Check(finding.check, False, False)


def _with_new_name(finding: Finding, inputs: Inputs) -> str:
    """Return a finding's assertion, with the name that its block has in IDEAL where that is another one."""
    new = inputs.names.get(finding.address, finding.address)
    if new == finding.address:
        return finding.check
    return finding.check.replace(code(finding.address), f"{code(finding.address)} (in IDEAL {code(new)})", 1)


def _parts(finding: Finding) -> tuple[str, ...]:
    """Return the places of a finding; what Terraform says of a place, it says of the place alone."""
    alone = not finding.rule.startswith("RG") or finding.rule in changes.IDS
    return (finding.address, *(() if alone else finding.related)) if finding.address else ()


def _gone(finding: Finding, inputs: Inputs) -> str:
    """Return the first place of MODEL's finding that IDEAL does not have; empty where it has them all."""
    return next((p for p in _parts(finding) if _present(inputs.model, p) and not _present(inputs.ideal, p, inputs.names)), "")


def _is_removed(place: str, inputs: Inputs) -> bool:
    """Whether IDEAL has no declaration at a place of MODEL, and does not merely set an argument no longer."""
    address, _ = inputs.model.owner(place)
    return bool(address) and inputs.ideal.get(inputs.names.get(address, address)) is None


def _present(graph: Graph, place: str, names: Mapping[str, str] | None = None) -> bool:
    """Whether a tree has a declaration, or an argument of one; ``names`` are its addresses of what was renamed."""
    for before, after in (names or {}).items():
        if place == before or place.startswith(f"{before}."):
            place = after + place.removeprefix(before)
            break
    address, path = graph.owner(place)
    declaration = graph.get(address)
    if declaration is None or not path:
        return declaration is not None
    if "." in path and declaration.kind == "module":
        return False
    return any(p == path or p.startswith(f"{path}.") for p, _, _ in arguments(declaration.block)) or any(
        declaration.block.nested(*path.split("."))
    )


def _without(place: str, own: Graph, other: Graph, no: str = "not") -> str:
    """Say that the other tree lacks a place of the own one: ``"`aws_x.y` is not declared"``."""
    address, path = own.owner(place)
    if path and other.get(address) is not None:
        return f"`{address}` {'does not' if no == 'not' else no} {'set' if no == 'not' else 'sets'} `{path}`"
    return f"`{address}` is {no} declared"
