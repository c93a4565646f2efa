"""RG503 to RG505: key pairs of instances."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Call, Expression, Literal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...launches import unknown_key
from ...places import code, listed
from ...public_keys import flaw
from ...values import asks_for, variable_behind

_USERS = ("aws_instance", "aws_launch_template", "aws_launch_configuration")

# PROMPTs that say where the key comes from, or that a name of no key will do.
_GIVEN_KEY = (
    r"placeholder (?:ssh )?key|key (?:pair )?(?:name )?placeholder|existing (?:ec2 |ssh )?key ?pair|key ?pair (?:that )?(?:already )?exists"
)


def missing_key_pair(graph: Graph) -> Iterator[Hit]:
    """A key pair by a fixed name that the tree does not create; a name that whoever applies the stack has to give is theirs."""
    pairs = graph.of_type("aws_key_pair")
    names = [graph.argument(p, "key_name") for p in pairs]
    if graph.tree.incomplete or any(not isinstance(n, str) for n in names) or graph.data_of_type("aws_key_pair"):
        return
    users: dict[tuple[str, str, str], list[Declaration]] = {}
    for holder in graph.of_type(*_USERS):
        name, value = graph.argument(holder, "key_name"), holder.block.value("key_name")
        if value is not None and asks_for(graph, value, holder.module):
            continue
        if isinstance(name, str) and name and name not in names and not graph.targets(value, holder.module):
            # A name that a default gives is one defect, whatever uses it.
            default = next(iter(variable_behind(graph, holder, "key_name")), f"{holder.address}.key_name")
            address, _, argument = default.rpartition(".")
            users.setdefault((address, argument, name), []).append(holder)
    for (address, argument, name), holders in users.items():
        addresses = [h.address for h in holders]
        yield Hit(
            address,
            f"{listed(addresses)} {'uses' if len(holders) == 1 else 'use'} the key pair {code(name)}, which the tree does not create.",
            f"nothing uses the key pair {code(name)}, or the tree creates it",
            attribute=argument,
            related=tuple(f"{a}.key_name" for a in addresses) if address not in addresses else (),
            message=next((m for h in holders if (m := unknown_key(graph, h, name))), ""),
            unless=_GIVEN_KEY,
            needs=tuple(addresses),
        )


def local_public_key(graph: Graph) -> Iterator[Hit]:
    """A public key from the home directory of whoever runs Terraform."""
    for pair in graph.of_type("aws_key_pair"):
        path = _read_path(pair.block.value("public_key"))
        if path.startswith(("~", "/")):
            yield Hit(
                pair.address,
                f"{code(pair.address)} reads its public key from {code(path)} on the machine that runs Terraform.",
                f"{code(pair.address)} does not read a file outside of the configuration",
                attribute="public_key",
                message='Invalid value for "path" parameter: no file exists at',
            )


def _read_path(expr: Expression | None) -> str:
    """Return the literal path that ``file`` reads, through ``pathexpand`` and ``trimspace``; empty otherwise."""
    while isinstance(expr, Call) and expr.name in ("file", "pathexpand", "trimspace", "chomp") and len(expr.args) == 1:
        expr = expr.args[0]
        if isinstance(expr, Literal):
            return str(expr.value)
    return ""


_PUBLIC_KEY = re.compile(r"(?:ssh-rsa AAAAB3NzaC1yc2E|ssh-ed25519 AAAAC3NzaC1lZDI1NTE5)[A-Za-z0-9+/=]{40,}(?:\s|$)")


# Beginnings of keys in other forms, and of other kinds, about which this says nothing.
_OTHER_KEYS = ("---- BEGIN", "-----BEGIN", "MII", "ecdsa-", "ssh-dss", "sk-")


def invalid_public_key(graph: Graph) -> Iterator[Hit]:
    """A public key that is none."""
    for pair in graph.of_type("aws_key_pair"):
        value = graph.argument(pair, "public_key")
        # An empty text is what a variable holds until somebody gives a key.
        if not isinstance(value, str) or not value.strip() or value.lstrip().startswith(_OTHER_KEYS):
            continue
        placeholder = not _PUBLIC_KEY.match(value.strip())
        broken = "" if placeholder else flaw(value)
        if placeholder or broken:
            yield Hit(
                pair.address,
                f"The public key of {code(pair.address)} is no OpenSSH public key but a placeholder."
                if placeholder
                else f"The public key of {code(pair.address)} begins as one of OpenSSH does, and its data {broken}: it is made up or cut short.",
                f"{code(pair.address)} has a valid public key",
                attribute="public_key",
                related=variable_behind(graph, pair, "public_key"),
                title="" if placeholder else "Public key that is none",
            )


_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide"

RULES = (
    Rule(
        "RG503",
        "key-pair-missing",
        "Key pair that nothing creates",
        Category.CRITICAL,
        Severity.HIGH,
        missing_key_pair,
        f"{_EC2}/ec2-key-pairs.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "Unless a key pair of this name exists in the region, no instance that uses it is started."),),
        lesson="What a stack needs it creates or takes as an input without a default.",
        advice="Create the key pair in the stack, or use Session Manager and no key.",
    ),
    Rule(
        "RG504",
        "key-pair-local-file",
        "Public key from the local machine",
        Category.BLOCKER,
        Severity.HIGH,
        local_public_key,
        "https://developer.hashicorp.com/terraform/language/functions/file",
        stage=Stage.VALIDATE,
        impact=(("Deployment", "Validation and plan fail on every machine, and in every pipeline, that has no such file."),),
        lesson="`file` is read where Terraform runs: only files of the configuration are there for everybody.",
        advice="Take the key as a variable, or generate it with `tls_private_key`.",
    ),
    Rule(
        "RG505",
        "key-pair-invalid",
        "Public key that is a placeholder",
        Category.BLOCKER,
        Severity.HIGH,
        invalid_public_key,
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html",
        stage=Stage.APPLY,
        message="InvalidKey.Format: Key is not in valid OpenSSH public key format",
        impact=(("Deployment", "The key pair is refused, and no instance that uses it is started."),),
        lesson="A key is an input of whoever deploys, not a text to be made up.",
        advice="Take the key as a variable without default, or generate it with `tls_private_key`.",
    ),
)
