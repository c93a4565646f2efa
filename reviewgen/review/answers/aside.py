"""What answers bring forward where Terraform reads nothing: blocks in comments and in example files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reviewgen.model.prose import listed, series
from reviewgen.terraform import Graph

_MOST = 2


def said(graphs: Mapping[str, Graph], types: Iterable[str]) -> str:
    """Return where trees have a block of some types only in comments or in example files, as sentences; empty where they have none, or others.

    Args:
        graphs: The trees that lack such a block, by the word for each.
        types: Its types.
    """
    found: dict[str, list[str]] = {}
    for side, graph in graphs.items():
        if where := _where(graph, frozenset(types)):
            found.setdefault(where, []).append(side)
    return " ".join(
        f"{series(sides)} {'have' if len(sides) > 1 else 'has'} such a block {where} only, where Terraform does not read it."
        for where, sides in found.items()
    )


def _where(graph: Graph, types: frozenset[str]) -> str:
    heads = "|".join(head for type_ in sorted(types) if (head := _head(type_)))
    declared = {d.type for d in graph.tree.declarations.values()} | {address for address in types if graph.get(address)}
    if not heads or declared & types:
        return ""
    comment, either = re.compile(rf"^[ \t]*(?:#|//)[ \t]*(?:{heads})"), re.compile(rf"^[ \t]*(?:(?:#|//)[ \t]*)?(?:{heads})")
    comments: list[str] = []
    examples: list[str] = []
    commented: list[str] = []
    for path, file in sorted(graph.files.items()):
        if path.endswith((".tf", ".hcl")):
            comments += [f"{path}:{number}" for number, line in enumerate(file.text.split("\n"), 1) if comment.match(line)]
        elif path.endswith(".tf.example") and any(map(either.match, lines := file.text.split("\n"))):
            (examples if any(either.match(line) and not comment.match(line) for line in lines) else commented).append(path)
    every = (("in a comment ({})", comments), ("in {}", examples), ("in comments of {}", commented))
    return " and ".join(words.format(listed(places, _MOST)) for words, places in every if places)


def _head(type_: str) -> str:
    """Return the pattern of a block's head: ``resource "aws_x"``, ``backend "s3"``; empty for what has no head of its own."""
    if type_ == "terraform.backend":
        return r'backend[ \t]+"'
    kind, name = ("data", type_.removeprefix("data.")) if type_.startswith("data.") else ("resource", type_)
    return rf'{kind}[ \t]+"{re.escape(name)}"' if name.startswith("aws_") and "*" not in name else ""
