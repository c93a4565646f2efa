"""A Terraform tree: its files, its modules and the things that they declare."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import field

from reviewgen.records import dataclass

from .diagnostic import Diagnostic
from .hcl import Attribute, Block, Comment
from .source import SourceFile

LAID_UNDER = " (MODEL)"
"""Ends the names of MODEL's files in a tree of snippets laid over it, where a snippet's file is called the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """One thing that a module declares, under the address that people use for it.

    Attributes:
        address: ``aws_vpc.main``, ``data.aws_ami.x``, ``var.x``, ``local.x``, ``output.x``, ``module.x``, ``provider.aws``,
            ``provider.aws.dr``, ``terraform.backend``, ``terraform.required_providers``, ``terraform.required_version``; within a
            child module prefixed with the module's own address: ``module.network.aws_vpc.main``.
        kind: ``resource``, ``data``, ``variable``, ``local``, ``output``, ``module``, ``provider`` or ``terraform``.
        type: Resource or data source type, provider name; otherwise empty.
        name: The last part of the address.
        local: The address as code inside the same module writes it: ``aws_vpc.main``, ``var.x``.
        module: Directory of the module.
        block: The block (for a local value its ``locals`` block).
        attribute: The attribute of a local value; otherwise None.
    """

    address: str
    kind: str
    type: str
    name: str
    local: str
    module: str
    block: Block
    attribute: Attribute | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """One directory of a tree.

    Attributes:
        directory: POSIX path below the tree's root directory; empty for the root module.
        prefix: What addresses of this module begin with: empty, or ``module.network.``.
        reached: True when the root module reaches it through ``module`` blocks (the root itself included). Terraform looks at no other. Where
            the root is not delivered each module stands for itself, and is reached.
        blocks: Top-level blocks in file order (``.tf`` before overrides; overrides already merged).
        comments: All comments of the module's files, by file.
        declarations: What it declares by address; of an address that is declared twice the first.
        duplicates: Further declarations of an address that is declared already.
        arguments: Arguments outside of all blocks, where Terraform allows none; each names its file.
    """

    directory: str
    prefix: str
    reached: bool
    blocks: tuple[Block, ...]
    comments: Mapping[str, tuple[Comment, ...]]
    declarations: Mapping[str, Declaration]
    duplicates: tuple[Declaration, ...] = ()
    arguments: tuple[Attribute, ...] = ()


@dataclass(frozen=True)
class Tree:
    """One side of a sample, read.

    Attributes:
        side: ``model`` or ``ideal``.
        files: All files of the tree, Terraform or not.
        root: Directory that Terraform would run in, empty for the top.
        modules: Modules by directory relative to the tree's top, the root first.
        declarations: All modules' declarations by address.
        diagnostics: What Terraform says of files that cannot be parsed.
        incomplete: True when the files are known to be a part only: absence of something means nothing.
        notes: Where the two readers of HCL disagree, and other assumptions, each a sentence.
    """

    side: str
    files: Mapping[str, SourceFile]
    root: str
    modules: Mapping[str, Module]
    declarations: Mapping[str, Declaration]
    diagnostics: tuple[Diagnostic, ...] = ()
    incomplete: bool = False
    notes: tuple[str, ...] = field(default=())

    def home(self, directory: str) -> str:
        """Return a child module's directory as the root sees it, wherever the root lies; empty for the root."""
        return posixpath.relpath(directory or ".", self.root or ".") if directory != self.root else ""

    def leaves_out(self, declaration: Declaration) -> bool:
        """Whether a declaration's module is one that nothing calls although other modules are called: whole code that creates none of it.

        Where nothing is called, or the answer is a part only, the call may stand in what is not shown.
        """
        module = self.modules.get(declaration.module)
        if module is None or module.reached or self.incomplete:
            return False
        return any(m.reached and m.directory != self.root for m in self.modules.values())
