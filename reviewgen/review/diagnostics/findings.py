"""What Terraform says of a tree, as findings: grouped into root causes, with the reference or argument that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from string import Formatter

from reviewgen.model import tf
from reviewgen.model.diagnostic import Diagnostic, Validation
from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Impact, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.rules.packages import is_packed
from reviewgen.rules.places import listed
from reviewgen.terraform import Graph
from reviewgen.terraform.tree import local_source

from ..answers.unparsed import woven
from .diagnosed import Kind, kinds
from .held import by_version, is_later
from .meant import meant, proposed
from .owners import argument_of, owner_of
from .unparsed import at_dots, mixed, within
from .unparsed import unparsed as of_unparsed
from .wording import plain, sentence, words

_OF_A_MODULE = "tf:module-alias"
# An alias that a module asks for and a call of it does not pass.
_UNPASSED = re.compile(r'with the local name "[\w-]+\.([\w-]+)"')
# Terraform says this of a registry module before `terraform init` has fetched it, too: that is no defect of the answer.
_NOT_INSTALLED = ("Module not installed",)
_TWICE = "declared-twice"
# Kinds whose message is about the block in which it stands.
_OF_A_BLOCK = frozenset(["unsupported-argument", "unsupported-block", "missing-argument"])
_INSIDE = "inside"
_LONGEST_SUBJECT = 80
_QUOTED = re.compile(r'"([^"]+)"')
# How the provider begins when it names what is deprecated.
_DEPRECATED = re.compile(r"([a-z][a-z0-9_]*) is deprecated\b")


def findings(graph: Graph, validation: Validation) -> Iterator[Finding]:
    """Yield one finding for each diagnostic that says something about the answer; equal ones once."""
    seen: set[tuple[str, str, str, str]] = set()
    unparsed = frozenset(graph.tree.diagnostics)
    broken = {o.address for d in unparsed if (o := owner_of(graph, d)) is not None and o.attribute is None}
    woven_in = woven(graph)
    for diagnostic in validation.joined or validation.diagnostics:
        if diagnostic not in unparsed and not diagnostic.observed and diagnostic.range and diagnostic.range.filename in woven_in:
            continue  # nobody knows which block a line of such a file belongs to
        inside = owner_of(graph, diagnostic) if diagnostic.range and diagnostic not in unparsed else None
        if inside is not None and inside.address in broken and not diagnostic.summary.startswith("Cycle"):
            continue  # what cannot be parsed says nothing more
        if validation.incomplete and diagnostic.needs_whole_tree:
            continue
        if validation.incomplete and diagnostic in unparsed and at_dots(graph, diagnostic):
            continue
        if diagnostic.summary in _NOT_INSTALLED and _is_remote(owner_of(graph, diagnostic)):
            continue
        finding = _finding(graph, diagnostic, validation.source, diagnostic in unparsed)
        if diagnostic in unparsed and woven_in.get(finding.group):
            finding = mixed(finding, woven_in[finding.group])
        if diagnostic.observed:
            finding = replace(finding, observed=True)
        elif is_later(graph, diagnostic, finding, validation):
            continue
        else:
            finding = by_version(graph, diagnostic, finding, validation)
        key = (finding.rule, finding.address, finding.attribute, finding.key)
        if key not in seen and not _is_made(graph, finding) and not _is_not_passed(validation, finding):
            seen.add(key)
            yield finding


def lacks_what_is_made(graph: Graph, validation: Validation) -> bool:
    """Whether Terraform's own check misses a package that a script of the answer makes."""
    return any(_is_made(graph, _finding(graph, error, validation.source, False)) for error in validation.errors)


def _is_made(graph: Graph, finding: Finding) -> bool:
    """Whether a file that is missing is a package that a script of the answer makes."""
    return finding.rule == tf.MISSING_FILE and any(is_packed(graph, name) for name in finding.names)


def _is_not_passed(validation: Validation, finding: Finding) -> bool:
    """Whether a module lacks an alias that it asks its calls for: `init` says that the call does not pass it, and ends there."""
    return finding.rule == _OF_A_MODULE and any(
        name in finding.names for d in validation.diagnostics for name in _UNPASSED.findall(d.detail)
    )


def kind_of(summary: str) -> str:
    """Return a summary that the table does not know as a rule id: ``tf:invalid-index``; names and values in it do not count."""
    words = re.sub(r"\[.*|\(.*", "", _QUOTED.sub("", summary)).lower()
    return tf.PREFIX + "-".join(re.findall(r"[a-z]+", words)[:6])


def rule_of(diagnostic: Diagnostic) -> str:
    """Return the rule id of a message, as the findings that it leads to have it."""
    return next((tf.PREFIX + k.id for k in kinds() if k.match(diagnostic) is not None), None) or kind_of(diagnostic.summary)


def _finding(graph: Graph, diagnostic: Diagnostic, source: str, unparsed: bool) -> Finding:
    if unparsed:
        inside = within(graph, diagnostic)
        return of_unparsed(graph, owner_of(graph, inside), inside)
    owner = owner_of(graph, diagnostic)
    found = next(((k, names) for k in kinds() if (names := k.match(diagnostic)) is not None), None)
    known, names = found or (None, {})
    circle = [address for name in names.get("members", "").split(", ") if (address := name.split(" ")[0]) and graph.get(address)]
    owner = owner or graph.get(names.get("at", "").split("[")[0]) or (graph.get(circle[0]) if circle else None)
    known = known and known.about(names.get("name", ""), owner.kind if owner else "")
    error = diagnostic.severity == "error"
    address = owner.address if owner else ""
    among = _arguments(names.get("arguments", ""))
    attribute = argument_of(owner, diagnostic) or (known.argument if known and names.get("name") else "")
    attribute = among[0] if among and attribute not in among else attribute
    known = _meant(known, names, owner, attribute, diagnostic)
    place = f"`{address}`" if address else _place(diagnostic)
    said = diagnostic.detail.split("\n\n")[0].replace("\n", " ").strip() or diagnostic.summary
    target = known.address(names) if known else ""
    subject = _named(known, names, owner, attribute, target, diagnostic)
    stage = _stage(known, diagnostic, owner, names, attribute)
    return Finding(
        tf.PREFIX + known.id if known else kind_of(diagnostic.summary),
        _title(known, owner, diagnostic, attribute),
        Category.BLOCKER if error else Category.WARNING,
        Severity.CRITICAL if error else Severity.LOW,
        address,
        _as_value(graph, known, names, address, target)
        or _says(known, names, address, target, _inner_block(known, owner, diagnostic, attribute))
        or f"`terraform {stage.value}` {'rejects' if error else 'warns about'} {place}{_second(known, diagnostic)}: {sentence(plain(said))}",
        f'{place} has no "{plain(diagnostic.summary)}"{_about(subject, diagnostic)}',
        attribute,
        _subject(diagnostic),
        "C",
        related=(*circle[1:], *(f"{address}.{other}" for other in among if address and other != attribute)),
        stage=stage,
        message=(known.message if known else "") or words(diagnostic),
        impact=_impact(error, stage, diagnostic.refused, names.get("name", "") or subject),
        lesson=known.lesson if known else "",
        recommendation=Recommendation(known.advice) if known and known.advice else None,
        source=known.source if known else "",
        signals=("validate",),
        group=_group(known, subject, owner, diagnostic),
        many=known.many if known else "",
        names=tuple(circle) or ((subject,) if subject else tuple(among)),
        targets=(_prefix(owner) + target,) if target else (),
        line=_line(owner, names.get("arguments", ""), diagnostic) if attribute else 0,
    )


def _meant(known: Kind | None, names: Mapping[str, str], owner: Declaration | None, attribute: str, diagnostic: Diagnostic) -> Kind | None:
    """Return a kind about a name that a resource type does not have with what was meant by it; any other as it is."""
    if known is None or not tf.is_unsupported(tf.PREFIX + known.id):
        return known
    kind, type_ = (owner.kind, owner.type) if owner is not None else ("", "")
    if kind == "resource" and (row := meant(type_, attribute, names.get("name", ""))):
        return replace(known, advice=row.advice, source=row.source)
    return replace(known, advice=proposed(diagnostic.detail) or known.advice)


_COUNTED = re.compile(r"(\w+)\[(\d+)\]")


def _line(owner: Declaration | None, arguments: str, diagnostic: Diagnostic) -> int:
    """Return the line that a message means: that of the block which it counts, ``rule[1].filter``; else where it says that it stands."""
    counted = _COUNTED.match(arguments)
    blocks = [b for b in owner.block.blocks if counted[1] in (b.type, *b.labels)] if counted and owner is not None else []
    if counted and int(counted[2]) < len(blocks) and all(b.type == counted[1] for b in blocks):
        return blocks[int(counted[2])].line
    return diagnostic.range.start.line if diagnostic.range is not None else 0


def _second(known: Kind | None, diagnostic: Diagnostic) -> str:
    """Return where the second of two declarations stands; the message names the place of the first."""
    where = diagnostic.range
    return f" at `{where.filename}:{where.start.line}`" if known is not None and known.id == _TWICE and where is not None else ""


def _arguments(text: str) -> list[str]:
    """``rule[0].filter,rule[0].prefix`` or ``records,ttl`` to argument paths without positions."""
    return [re.sub(r"\[\d+\]|\.\d+(?=\.|$)", "", name.strip()) for name in text.split(",") if name.strip()]


def _says(known: Kind | None, names: Mapping[str, str], address: str, target: str, block: str) -> str:
    """Return the kind's own sentence; empty where it has none, or the message lacks a name that it uses.

    Other blocks of the place may well set what is missing in one.
    """
    given = {**{name: plain(value) for name, value in names.items()}, "address": address, "target": target}
    given["arguments"] = listed(_arguments(names.get("arguments", "")))
    if known is None or any(not given.get(field) for _, field, _, _ in Formatter().parse(known.says) if field not in (None, _INSIDE)):
        return ""
    return known.says.format(**given, **{_INSIDE: f" in its block `{block}`" if block else ""})


def _as_value(graph: Graph, known: Kind | None, names: Mapping[str, str], address: str, target: str) -> str:
    """Say of a provider configuration in an expression how Terraform reads it: there may well be one of that name, and no resource."""
    if known is None or tf.PREFIX + known.id != tf.UNDECLARED_RESOURCE or names.get("kind") == "data":
        return ""
    if not address or names["type"] not in {d.type for d in graph.of_kind("provider")}:
        return ""
    return (
        f"`{address}` uses `{target}` as a value: Terraform reads it as a resource there, not as a provider configuration, and finds none."
    )


def _about(subject: str, diagnostic: Diagnostic) -> str:
    """Name what a message is about, where its summary does not: the place may be free of one mistake and have another of the kind."""
    return f" about `{subject}`" if subject and subject not in diagnostic.summary and len(subject) <= _LONGEST_SUBJECT else ""


# What a type is called that is none of a resource; a data source may have the name of one.
_CALLED = {"provider": "The provider", "data": "The data source"}


def _title(known: Kind | None, owner: Declaration | None, diagnostic: Diagnostic, attribute: str) -> str:
    if known is None:
        return plain(diagnostic.summary.rstrip("."))
    type_ = f"`{owner.type}`" if owner and owner.type else f"`{owner.local}`" if owner else "The configuration"
    type_ = f"{_CALLED[owner.kind]} {type_}" if owner and owner.kind in _CALLED else type_
    block = _inner_block(known, owner, diagnostic, attribute)
    return known.title.replace("{type}", f"A block `{block}` of {type_[:1].lower() + type_[1:]}" if block else type_)


def _inner_block(known: Kind | None, owner: Declaration | None, diagnostic: Diagnostic, attribute: str) -> str:
    """Return the nested block in which an argument or block stands or is missing: the resource itself may have one of the name."""
    if known is None or owner is None or known.id not in _OF_A_BLOCK:
        return ""
    path = attribute.split(".") if attribute else []
    named = _QUOTED.search(diagnostic.detail)
    if path and named is not None and path[-1] == named[1]:
        path = path[:-1]
    return path[-1] if path and any(owner.block.nested(*path)) else ""


def _named(
    known: Kind | None, names: Mapping[str, str], owner: Declaration | None, attribute: str, target: str, diagnostic: Diagnostic
) -> str:
    if known is None:
        return ""
    if known.subject == "owner":
        return owner.address if owner else ""
    if known.subject == "attribute" and not attribute and (said := _DEPRECATED.match(diagnostic.detail)):
        return said[1]  # the warning is about the whole block
    if known.subject == "attribute":
        return attribute.split(".")[-1] or (owner.type if owner and diagnostic.summary == "Deprecated Resource" else "")
    return plain(target or re.sub(r"\.\d+(?=\.|$)", "", names.get("name", "")) or names.get("members", ""))


def _group(known: Kind | None, subject: str, owner: Declaration | None, diagnostic: Diagnostic) -> str:
    type_ = owner.type or owner.kind if owner else ""
    scopes = {"kind": "", "name": subject, "type": type_, "file": diagnostic.range.filename if diagnostic.range else ""}
    return scopes.get(known.one, diagnostic.summary) if known else f"{type_} {diagnostic.summary}"


def _prefix(owner: Declaration | None) -> str:
    return owner.address.removesuffix(owner.local) if owner else ""


def _is_remote(owner: Declaration | None) -> bool:
    return owner is not None and owner.kind == "module" and local_source(owner.block, owner.module) is None


# What Terraform says while it reads blocks, before it asks any provider: `init` says it already (tried with Terraform 1.11).
_READING = re.compile(
    r"Attribute redefined|Invalid (?:provider configuration alias|\w+(?: \w+)? name|variable validation condition|validation expression"
    r'|type specification|combination of "count" and "for_each"|default value for variable|expression|version constraint|module source address'
    r"|registry module source address|precondition expression|replace_triggered_by expression|quoted type constraints)"
    r"|Reserved (?:argument|block type) name in \w+ block|Extraneous label for \w+|Unsuitable value type|Unsupported Terraform Core version"
    r'|Unexpected "\w+" block|Invalid \w+(?: \w+)? lifecycle argument|Duplicate \w+ block|The "\w+" provisioner has been removed'
    r"|Zero assert blocks|Module is incompatible with count, for_each, and depends_on"
)


# Blocks whose arguments Terraform itself knows; those of other blocks a provider or a module has, which `validate` asks.
_OF_TERRAFORM = frozenset(["variable", "output", "terraform"])


def _stage(known: Kind | None, diagnostic: Diagnostic, owner: Declaration | None, names: Mapping[str, str], attribute: str) -> Stage:
    if known is not None and known.id in _OF_A_BLOCK and not diagnostic.observed:
        kind = owner.kind if owner is not None else "terraform"
        of_terraform = kind in _OF_TERRAFORM or (kind == "module" and names.get("name") == "source") or attribute.startswith("lifecycle.")
        return Stage.INIT if of_terraform else known.stage
    if known is not None:
        return known.stage
    return Stage.INIT if _READING.fullmatch(diagnostic.summary) and not diagnostic.observed else Stage.VALIDATE


def _impact(error: bool, stage: Stage, refused: tuple[str, ...], subject: str) -> tuple[Impact, ...]:
    if error:
        return (Impact("Deployment", f"`terraform {stage.value}` fails, so nothing can be planned or applied."),)
    if refused:
        majors = " and ".join(dict.fromkeys(f"version {version.partition('.')[0]}" for version in refused))
        said = f"of `{plain(subject)}`" if subject else "of it"
        return (
            Impact(
                "Deployment",
                f"An older provider only warns {said}; {majors}, which nothing in the code rules out, ends with an error there.",
            ),
        )
    return (Impact("Operations", "Terraform warns and goes on: the warning alone stops nothing."),)


def _place(diagnostic: Diagnostic) -> str:
    where = diagnostic.range
    return f"`{where.filename}:{where.start.line}`" if where else "the configuration"


def _subject(diagnostic: Diagnostic) -> str:
    """Return what tells two diagnostics of one kind at one place apart: the quoted names, or what is deprecated, never positions."""
    names = _QUOTED.findall(diagnostic.summary + " " + diagnostic.detail) or _DEPRECATED.findall(diagnostic.detail)
    return " ".join(names[:4])[:120]
