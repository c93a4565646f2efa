"""All bundles there are, and which of them answer for a provider of a tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from . import versions
from .bundle import SUFFIX, Bundle, read

FOLDER = Path(__file__).parent / "bundles"


@lru_cache(maxsize=64)
def _read(path: Path) -> Bundle:
    return read(path)


class Schemas:
    """The bundles by provider, immutable; a bundle is read when it is first asked for.

    Attributes:
        files: The bundle files by source address and version.
    """

    def __init__(self, files: Mapping[str, Mapping[str, Path]]) -> None:
        """Use ``shipped``, or give bundle files by source address and version."""
        self.files = files

    def versions(self, source: str) -> tuple[str, ...]:
        """Return the versions of a provider for which there is a bundle, oldest first."""
        return tuple(sorted(self.files.get(source, ()), key=versions.parse))

    def bundle(self, source: str, version: str) -> Bundle | None:
        """Return the bundle of one version."""
        path = self.files.get(source, {}).get(version)
        return _read(path) if path else None

    def candidates(self, source: str, constraints: Sequence[str] = (), locked: str | None = None) -> tuple[Bundle, ...]:
        """Return the bundles that may be what Terraform would use, oldest first; empty when there is none of the provider.

        A lock file decides. Otherwise every major version that the constraints allow has one: the newest bundle that they allow, or, where
        they allow none of that major version, its newest. When they allow no major version that there is, all are candidates, so that only
        what every one rejects is reported.

        Args:
            source: Source address, ``hashicorp/aws``.
            constraints: All version constraints of the provider in the tree.
            locked: Version of the lock file.
        """
        known = self.versions(source)
        allowed = versions.interval([locked] if locked else constraints)
        majors: dict[int, str] = {}
        for version in known:
            number = versions.parse(version)
            inside = allowed.allows(number)
            major = number[0] if number else 0
            if inside or (allowed.meets_major(major) and not (major in majors and allowed.allows(versions.parse(majors[major])))):
                majors[major] = version
        if not majors:
            majors = {versions.parse(version)[0]: version for version in known}
        found = (self.bundle(source, version) for _, version in sorted(majors.items()))
        return tuple(bundle for bundle in found if bundle is not None)


@lru_cache(maxsize=8)
def shipped(extra: tuple[Path, ...] = ()) -> Schemas:
    """Return the shipped bundles and further ones of the user, which win over shipped ones of the same version.

    Args:
        extra: Bundle files, or folders of bundle files.

    Raises:
        DataError: One of ``extra`` cannot be read as a bundle.
    """
    files: dict[str, dict[str, Path]] = {}
    for path in _listed([FOLDER]):
        name, _, version = path.name.removesuffix(SUFFIX).partition("-")
        files.setdefault(implied(name), {})[version] = path
    for path in _listed(extra):
        bundle = _read(path)
        files.setdefault(bundle.source, {})[bundle.version] = path
    return Schemas(files)


def implied(name: str) -> str:
    """Return the source address that Terraform takes a provider's name for; ``terraform`` itself is built in."""
    return f"builtin/{name}" if name == "terraform" else f"hashicorp/{name}"


def _listed(places: Iterable[Path]) -> list[Path]:
    return [path for place in places for path in (sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else [place])]


def load(provider: str, version: str | None = None) -> Bundle | None:
    """Return a shipped bundle of a provider (``aws`` or ``hashicorp/aws``): of a version, or the newest."""
    source = provider if "/" in provider else implied(provider)
    schemas = shipped()
    known = schemas.versions(source)
    return schemas.bundle(source, version or known[-1]) if known else None
