"""Digests by which samples are known again: of their texts, and of the blocks of their trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b, sha256

from reviewgen.model.hcl import Comment
from reviewgen.model.review import Content
from reviewgen.model.source import Document, Sample
from reviewgen.model.tree import Tree

# Sixteen hex digits tell texts apart; ten tell blocks apart well enough, for no two samples are alike by one block.
_TEXT = 16
_BLOCK_BYTES = 5


def content(sample: Sample, model: Tree, ideal: Tree) -> Content:
    """Return the digests of a sample."""
    blocks = {digest for tree in (model, ideal) for digest in _blocks(tree)}
    return Content(
        digest(sample.prompt) if sample.prompt is not None else "", digest(sample.model), digest(sample.ideal), tuple(sorted(blocks))
    )


def digest(document: Document) -> str:
    """Return what is the same for the same text, whatever white space stands between its words."""
    texts = [document.text] if document.text else [part for file in document.files for part in (file.path, file.text)]
    return sha256("\0".join(" ".join(text.split()) for text in texts).encode("utf-8", "surrogatepass")).hexdigest()[:_TEXT]


def _blocks(tree: Tree) -> Iterator[str]:
    """Yield a digest of each block at the top level of a file: its side, and its text without comments and white space."""
    side = tree.side.encode()
    for module in tree.modules.values():
        bare: dict[str, bytes] = {}
        for block in module.blocks:
            if block.file not in bare:
                bare[block.file] = _without_comments(tree, block.file, module.comments.get(block.file, ()))
            text = b"".join(bare[block.file][block.start : block.end].split())
            if text:
                yield blake2b(text, digest_size=_BLOCK_BYTES, key=side).hexdigest()


def _without_comments(tree: Tree, file: str, comments: Iterable[Comment]) -> bytes:
    """Return a file's bytes with blanks in the place of comments."""
    data = bytearray(tree.files[file].data)
    for comment in comments:
        data[comment.start : comment.end] = b" " * (comment.end - comment.start)
    return bytes(data)
