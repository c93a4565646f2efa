"""What Terraform says of a tree, or would say: diagnostics and the verdict."""

from __future__ import annotations

import re
from dataclasses import field

from reviewgen.records import dataclass

from .source import Position, Range

# Errors that an unfinished tree has by its nature: they say nothing about the answer.
_NEEDS_WHOLE_TREE = re.compile(
    r"Reference to undeclared|Module not installed|Unreadable module directory|Provider configuration not present|Unsupported attribute|"
    r"Missing required argument|Missing required provider|Unsupported argument"
)
# Where the schema of a provider decides what there is: nothing that the rest declares adds to a type of resources.
_OF_A_TYPE = re.compile(r"(?:resource|data|ephemeral) ")
_TYPE_LACKS = re.compile(r"This object has no argument, nested block, or exported attribute")


@dataclass(frozen=True, slots=True)
class CalledFunction:
    """A function in whose call something is wrong; parameters and result with their types as JSON.

    Attributes:
        name: How it is called.
        parameters: Its parameters; None where Terraform does not show them.
        rest: The parameter that takes all further arguments.
        returns: The type of its result.
    """

    name: str
    parameters: tuple[tuple[str, str], ...] | None = None
    rest: tuple[str, str] | None = None
    returns: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """The lines that a diagnostic is about: header of the enclosing block, code, line of the code.

    ``values`` says what references in it are worth, ``called`` which function is called; neither makes two diagnostics different.
    """

    context: str | None
    code: str
    start_line: int
    values: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    called: CalledFunction | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message in Terraform's words.

    ``observed`` when a real run gave it, ``refused`` with the versions of the provider that say an error there where this is a warning of others;
    neither makes it another message.
    """

    severity: str
    summary: str
    detail: str = ""
    address: str | None = None
    range: Range | None = None
    snippet: Snippet | None = None
    observed: bool = field(default=False, compare=False)
    refused: tuple[str, ...] = field(default=(), compare=False)

    @property
    def needs_whole_tree(self) -> bool:
        """Whether it says something about the answer only where all of the tree is there."""
        if _NEEDS_WHOLE_TREE.search(self.summary) is None or _TYPE_LACKS.match(self.detail):
            return False
        context = self.snippet.context if self.snippet else None
        return not (self.summary == "Unsupported argument" and context is not None and _OF_A_TYPE.match(context))

    def as_json(self) -> dict[str, object]:
        """Return it in the shape in which ``terraform validate -json`` prints it; null for what it has not."""
        place, snippet = self.range, self.snippet
        return {
            "severity": self.severity,
            "summary": self.summary,
            "detail": self.detail,
            "address": self.address,
            "range": {"filename": place.filename, "start": _end(place.start), "end": _end(place.end)} if place else None,
            "snippet": {"context": snippet.context, "code": snippet.code, "start_line": snippet.start_line} if snippet else None,
        }


def _end(position: Position) -> dict[str, int]:
    """Return one end of a range."""
    return {"line": position.line, "column": position.column, "byte": position.byte}


@dataclass(frozen=True, slots=True)
class Held:
    """A provider that a tree holds at versions older than every schema at hand.

    Attributes:
        provider: Its name, ``aws``: the first word of its types.
        constraints: The constraints that hold it, as the tree writes them.
        major: The oldest major version of which there is a schema.
    """

    provider: str
    constraints: str
    major: int


@dataclass(frozen=True, slots=True)
class Validation:
    """What ``terraform validate`` says of a tree.

    Attributes:
        diagnostics: In Terraform's order: by file and line.
        incomplete: True when the tree is a part only, so that its reference errors mean nothing.
        unchecked: Resource types that no schema was there for.
        source: ``static`` (our validator), ``terraform`` (a real run), or ``syntax`` (only the parser looked).
        joined: Where a real run and our own check both speak, all of their messages, each once: Terraform stops at the first phase with an error.
        delivered: What it says of the files in the directories in which the answer names them, where they are read as one; else None.
        older: The providers that the tree holds at versions older than every schema at hand.
        outdated: The names of those that it holds at versions of which there is no schema, older than one at hand: what is deprecated there nobody
            knows.
    """

    diagnostics: tuple[Diagnostic, ...] = ()
    incomplete: bool = False
    unchecked: tuple[str, ...] = ()
    source: str = "syntax"
    delivered: Validation | None = None
    joined: tuple[Diagnostic, ...] = ()
    older: tuple[Held, ...] = ()
    outdated: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that make the tree invalid."""
        return tuple(d for d in self.diagnostics if d.severity == "error")

    @property
    def valid(self) -> bool:
        """Whether there is no error."""
        return not self.errors
