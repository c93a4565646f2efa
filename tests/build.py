"""Trees from text, for tests that are about code and not about files."""

from __future__ import annotations

from textwrap import dedent

from reviewgen import terraform
from reviewgen.model.source import Document, SourceFile
from reviewgen.model.tree import Tree
from reviewgen.terraform import Graph


def document(text: str = "", **files: str) -> Document:
    """A document with ``text`` as main.tf; further files by name with ``__`` for a slash and ``_tf`` for the suffix."""
    named = {"main.tf": text} if text else {}
    named |= {name.replace("__", "/").replace("_tf", ".tf"): content for name, content in files.items()}
    return Document("test", files=tuple(SourceFile(path, dedent(content).lstrip("\n")) for path, content in named.items()))


def tree(text: str = "", **files: str) -> Tree:
    """The tree of such a document."""
    return terraform.build(document(text, **files), "model")


def graph(text: str = "", **files: str) -> Graph:
    """The graph of such a document."""
    return Graph(tree(text, **files))
