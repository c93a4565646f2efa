"""The programs that write what is shipped of providers, see ``docs/knowledge.md``.

``python -m tests.oracle facts [TYPE...]`` asks the AWS provider on this machine and writes the table of facts;
``python -m tests.oracle schemas [PROVIDER...]`` builds the schema bundles.
"""

from __future__ import annotations

import sys
from pathlib import Path

from reviewgen.terraform.schema import load
from tests.bench import terraform
from tests.bench.measure import Skipped

_NEEDED = (
    "needed: terraform and the provider in a folder that is a filesystem mirror, the extra `oracle` (grpcio, msgpack), and for packages "
    "of CDK for Terraform a package index that pip reaches"
)


def main(arguments: list[str]) -> int:
    """Run one of the programs; 2 when it is unknown, or when the machine lacks what it needs."""
    command, names = arguments[:1], frozenset(arguments[1:])
    if command == ["facts"]:
        return _facts(names)
    if command == ["schemas"]:
        return _schemas(names)
    print("usage: python -m tests.oracle facts [TYPE...] | schemas [PROVIDER...]", file=sys.stderr)
    return 2


def _schemas(names: frozenset[str]) -> int:
    from . import schemas

    unknown = names - {recipe["source"].split("/")[-1] for recipe in schemas.recipes()}
    if unknown:
        print(f"no recipe in {schemas.RECIPES.name} for {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    failed = schemas.build(names)
    if failed:
        print(_NEEDED, file=sys.stderr)
    return 2 if failed else 0


def _facts(names: frozenset[str]) -> int:
    try:
        binary = provider_binary()
        from . import facts
    except (Skipped, ImportError) as reason:
        print(f"cannot ask the provider: {reason}", file=sys.stderr)
        print(_NEEDED, file=sys.stderr)
        return 2
    version = binary.parent.parent.name
    bundle = load("aws", version)
    if bundle is None or bundle.version != version:
        print(f"no schema bundle of AWS provider {version}: build it first, see `reviewgen schema build --help`", file=sys.stderr)
        return 2
    print(facts.write(binary, bundle, names))
    return 0


def provider_binary() -> Path:
    """Return the program of the newest AWS provider here; raises ``Skipped`` when there is none."""
    found = sorted(terraform.mirror().glob("*/hashicorp/aws/*/*/terraform-provider-aws*"))
    if not found:
        raise Skipped("there is no AWS provider for terraform on this machine")
    return found[-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
