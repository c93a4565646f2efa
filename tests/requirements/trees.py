"""Trees that have, or lack, what an entry of the vocabulary looks for: made from its conditions."""

from __future__ import annotations

from itertools import count

from reviewgen.requirements import Capability
from reviewgen.requirements.tree.conditions import Condition, Term, Test

_COUNTER = count()
# What a tree declares that has nothing to do with the entry: an empty tree proves nothing.
_UNRELATED = 'resource "aws_glacier_vault" "x" {}\n'


def having(known: Capability) -> str:
    """A tree that has the capability in the first way that can be written down, and what it is a property of."""
    types = {term.type for term in known.met[0].terms}
    subjects = tuple(c for c in known.given[:1] if types.isdisjoint(term.type for term in c.terms))
    return _UNRELATED + _conditions(subjects) + _conditions(known.met[:1])


def lacking(known: Capability) -> str:
    """A tree that has only what the capability would be a property of."""
    return _UNRELATED + _conditions(known.given[:1])


def _conditions(conditions: tuple[Condition, ...]) -> str:
    return "".join(_declaration(term) * term.count for condition in conditions for term in condition.terms)


def _declaration(term: Term) -> str:
    type_ = term.type.replace("*", "x")
    body = "\n".join(_argument(test.path, test) for test in term.tests if test.op not in ("!=", "!~"))
    name = f"n{next(_COUNTER)}"
    if type_ == "any":
        return f'resource "aws_iam_policy" "{name}" {{\n{body}\n}}\n'
    if type_ == "terraform.backend":
        return f'terraform {{\n  backend "s3" {{\n{body}\n}}\n}}\n'
    if type_ in ("terraform.required_providers", "terraform.required_version"):
        return "terraform {\n  required_providers {}\n}\n"
    if type_.startswith("provider."):
        return f'provider "{type_.partition(".")[2]}" {{\n{body}\n}}\n'
    if type_ in ("output", "variable"):
        return f'{type_} "{name}" {{\n{body}\n}}\n'
    if type_ == "module":
        return f'module "{name}" {{\n  source = "./modules/x"\n}}\n'
    if type_.startswith("data."):
        return f'data "{type_.removeprefix("data.")}" "{name}" {{\n{body}\n}}\n'
    return f'resource "{type_}" "{name}" {{\n{body}\n}}\n'


def _argument(path: tuple[str, ...], test: Test) -> str:
    if not path:
        return f'  policy = "{test.values[0]}"'
    if len(path) > 1:
        return f"{path[0]} {{\n{_argument(path[1:], test)}\n}}"
    value = {"": "{}", ">": f"{int(float(test.values[0])) + 1}" if test.op == ">" else ""}.get(test.op) or f'"{test.values[0]}"'
    value = value.strip('"') if value.strip('"') in ("true", "false") or value.strip('"').isdigit() else value
    return f"  {path[0]} = {value}"
