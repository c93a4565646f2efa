"""``python -m tests.oracle facts [TYPE...]`` asks the AWS provider on this machine and writes the shipped table of facts."""

from __future__ import annotations

import sys
from pathlib import Path

from reviewgen.terraform.schema import load
from tests.bench import terraform
from tests.bench.measure import Skipped


def main(arguments: list[str]) -> int:
    """Run one of the programs; 2 when it is unknown, or when the machine lacks what it needs."""
    if arguments[:1] != ["facts"]:
        print("usage: python -m tests.oracle facts [TYPE...]", file=sys.stderr)
        return 2
    try:
        binary = provider_binary()
        from . import facts
    except (Skipped, ImportError) as reason:
        print(f"cannot ask the provider: {reason}", file=sys.stderr)
        print(
            "needed: terraform, the AWS provider in a folder that is a filesystem mirror, and `pip install grpcio msgpack`", file=sys.stderr
        )
        return 2
    version = binary.parent.parent.name
    bundle = load("aws", version)
    if bundle is None or bundle.version != version:
        print(f"no schema bundle of AWS provider {version}: build it first, see `reviewgen schema build --help`", file=sys.stderr)
        return 2
    print(facts.write(binary, bundle, frozenset(arguments[1:])))
    return 0


def provider_binary() -> Path:
    """Return the program of the newest AWS provider here; raises ``Skipped`` when there is none."""
    found = sorted(terraform.mirror().glob("*/hashicorp/aws/*/*/terraform-provider-aws*"))
    if not found:
        raise Skipped("there is no AWS provider for terraform on this machine")
    return found[-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
