"""A bundle: the schema of one version of one provider, read from a compact file and decoded on demand."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reviewgen.errors import DataError

from . import codec
from .types import BlockSchema

SUFFIX = ".schema.gz"
_REBUILD = "Build it again with `reviewgen schema build`"
_CHECK = "Check the path, and `schemas` of the configuration"


class Bundle:
    """The schema of one version of a provider.

    Attributes:
        provider: Local name that the provider has by default: ``aws``.
        source: Source address as in ``required_providers``: ``hashicorp/aws``.
        version: The version, such as ``5.100.0``.
        origin: Where the facts come from, a sentence for the notices.
        licence: SPDX identifier of the licence that the facts' source is under.
        functions: Names of the provider's functions.
        framework: Types (``resource.aws_x``, ``data.aws_x``) that are implemented with the newer plugin framework; its messages differ.
        partial: Kinds (``ephemeral``) of which types may be missing, so that absence of a type means nothing.
    """

    def __init__(self, header: Mapping[str, Any], reader: codec.Reader) -> None:
        """Use ``read`` or ``parse``."""
        self.provider: str = header["provider"]
        self.source: str = header["source"]
        self.version: str = header["version"]
        self.origin: str = header.get("origin", "")
        self.licence: str = header.get("licence", "")
        self.functions: tuple[str, ...] = tuple(header.get("functions", ()))
        self.partial: tuple[str, ...] = tuple(header.get("partial", ()))
        self.framework: frozenset[str] = frozenset(header.get("framework", ()))
        self._reader = reader
        self._resources: dict[str, int] = header["resources"]
        self._data: dict[str, int] = header["data"]
        self._ephemeral: dict[str, int] = header.get("ephemeral", {})
        self._config: int | None = header.get("config")

    def __repr__(self) -> str:
        return f"Bundle({self.source} {self.version})"

    @property
    def major(self) -> int:
        """The first part of the version."""
        return int(self.version.partition(".")[0])

    @property
    def resource_types(self) -> tuple[str, ...]:
        """All resource types, sorted."""
        return tuple(sorted(self._resources))

    @property
    def data_types(self) -> tuple[str, ...]:
        """All data source types, sorted."""
        return tuple(sorted(self._data))

    @property
    def ephemeral_types(self) -> tuple[str, ...]:
        """All ephemeral resource types, sorted."""
        return tuple(sorted(self._ephemeral))

    def resource(self, kind: str) -> BlockSchema | None:
        """Return the schema of a resource type, None when the provider has no such type."""
        return self._block(self._resources.get(kind))

    def data(self, kind: str) -> BlockSchema | None:
        """Return the schema of a data source type, None when the provider has no such type."""
        return self._block(self._data.get(kind))

    def ephemeral(self, kind: str) -> BlockSchema | None:
        """Return the schema of an ephemeral resource type, None when the provider has no such type."""
        return self._block(self._ephemeral.get(kind))

    def provider_config(self) -> BlockSchema:
        """Return the schema of the ``provider`` block."""
        return self._block(self._config) or BlockSchema()

    def _block(self, line: int | None) -> BlockSchema | None:
        return None if line is None else self._reader.block(line)


def read(path: Path) -> Bundle:
    """Read a bundle file.

    Raises:
        DataError: It cannot be read, is no bundle, is damaged, or has another format version.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read the schema bundle: {error.strerror}", path=str(path), hint=_CHECK) from error
    try:
        text = gzip.decompress(data).decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DataError(f"the schema bundle cannot be read: {error}", path=str(path), hint=_REBUILD) from error
    return parse(text, str(path))


def parse(text: str, path: str) -> Bundle:
    """Read the text of a bundle; ``path`` is for messages only.

    Raises:
        DataError: See ``read``.
    """
    lines = text.split("\n")
    try:
        header = json.loads(lines[0])
        found = header["format"]
        if found != codec.FORMAT:
            raise DataError(f"the schema bundle has format {found}, this version reads format {codec.FORMAT}", path=path, hint=_REBUILD)
        if len(lines) != header["lines"] + 2:
            raise DataError("the schema bundle is cut short", path=path, hint=_REBUILD)
        return Bundle(header, codec.Reader(lines[1:-1], header["messages"]))
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"the file is no schema bundle: {error}", path=path, hint=_REBUILD) from error
