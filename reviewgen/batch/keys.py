"""What a review depends on, as digests: a key is the same exactly when the review will be.

A key covers the sample's name and the bytes of its folder or of its texts in a dataset, the settings that reviews depend on with the
content of the files that they name, the tool's own code, tables and templates, and the versions of the libraries that read and write. It
covers no path of the machine, no time and no number of workers.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from reviewgen import __version__, resources
from reviewgen.config import Config, template_file
from reviewgen.sample import SKIPPED, Item, Row
from reviewgen.sample.items import FILES

from .files import digest_of

# What has a say in the content of a review or a document; the other settings only decide where it goes and how it is spoken of.
_SETTINGS = ("max_issues", "rubric", "learning_rubric", "redact", "rules_off", "rules_category")
_LIBRARIES = ("jinja2", "lark", "markdown-it-py", "python-hcl2", "tree-sitter", "tree-sitter-hcl")

NAMED = ("templates", "rubrics", "schemas")
"""Settings that name files; in ``common`` as digests of what the files hold."""
VERSION, TOOL = "version", "tool"
"""Names in ``common``: the tool's version, and the digest of its code, tables, templates and libraries."""


def common(config: Config) -> dict[str, str]:
    """Return what the reviews of one batch have in common, by name: the tool and its version, and each setting that has a say."""
    file = template_file(config.template)
    template = repr(config.template) if file is None else f"{file.name} {_readable(file)}"
    found = {VERSION: __version__, TOOL: _tool(), "template": template} | {name: repr(getattr(config, name)) for name in _SETTINGS}
    for name in NAMED:
        given = getattr(config, name)
        paths = given if isinstance(given, tuple) else tuple(filter(None, (given,)))
        found[name] = " ".join(_readable(Path(path)) for path in paths)
    return found


def basis(common: Mapping[str, str]) -> str:
    """Return what ``common`` gives as one digest."""
    return sha256("".join(f"{name}={value}\n" for name, value in common.items()).encode()).hexdigest()


def key(basis: str, item: Item) -> str | None:
    """Return the key of a sample's review; None when its folder cannot be read, which is for the loader to tell.

    A row has the key that a folder with its texts as files has: their reviews are the same.

    Args:
        basis: What the batch has in common.
        item: The sample; its name stands in its review.
    """
    try:
        content = _row(item) if isinstance(item, Row) else _content(item.path)
        return sha256(f"{basis}\n{item.id}\n{content}".encode("utf-8", "surrogatepass")).hexdigest()
    except OSError:
        return None


@cache
def _tool() -> str:
    """Return the digest of the tool itself: its version alone would not tell one working copy from another."""
    from importlib.metadata import PackageNotFoundError, version

    digest = sha256(f"{__version__}\n{_content(resources.PACKAGE)}\n{_content(resources.templates())}\n".encode())
    for name in _LIBRARIES:
        try:
            digest.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:  # vendored, or frozen into one file
            digest.update(f"{name}\n".encode())
    return digest.hexdigest()


def _readable(path: Path) -> str:
    """Return the content of what a setting names; what cannot be read is for its reader to tell, before the first review."""
    try:
        return _content(path)
    except OSError:
        return ""


def _content(path: Path) -> str:
    """Return the digest of a file, or of all files below a folder with their names.

    Raises:
        OSError: Something cannot be read.
    """
    # Only files have a content that can be asked for: a pipe would wait for a writer.
    return _digest((name, digest_of(file) if stat.S_ISREG(file.stat().st_mode) else "") for name, file in _files(path))


def _row(row: Row) -> str:
    """Return the digest of a folder with the texts of a row."""
    texts = {FILES[side]: text.encode("utf-8", "surrogatepass") for side, text in row.texts.items()} or {"": row.error.encode()}
    return _digest((name, sha256(text).hexdigest()) for name, text in sorted(texts.items()))


def _digest(files: Iterable[tuple[str, str]]) -> str:
    """Return the digest of files by their names and digests."""
    digest = sha256()
    for name, content in files:
        digest.update(f"{name}\n{content}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    if not path.is_dir():
        yield "", path
        return

    def fail(error: OSError) -> None:
        raise error

    seen = {os.path.realpath(path)}
    for root, folders, files in os.walk(path, onerror=fail, followlinks=True):
        places = {f: os.path.realpath(Path(root, f)) for f in sorted(folders) if f not in SKIPPED}
        folders[:] = [f for f, place in places.items() if place not in seen]
        seen.update(places.values())
        for name in sorted(files):
            file = Path(root, name)
            yield file.relative_to(path).as_posix(), file
