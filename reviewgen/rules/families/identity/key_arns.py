"""RG111: arguments that take the ARN of a KMS key and get the key's id."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from reviewgen.model.hcl import Block
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph
from reviewgen.terraform.validate.measured.facts import ANYWHERE, shipped

from ...base import Hit, Rule
from ...keys import created, named_by_id
from ...places import code

# An id of a key is known at the apply only: the provider checks the values once more there, before it calls AWS, and prints the message below
# (tried with hashicorp/aws 5.100.0; its newer framework has words of its own, and few types with keys).
_PROVIDER = "hashicorp/aws"
_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/"
# Bodies whose members the provider names by a hash.
_SETS = frozenset([("aws_dynamodb_table", "replica"), ("aws_lex_bot_alias", "log_settings"), ("aws_ses_receipt_rule", "s3_action")])


@cache
def _take_arns(type_: str) -> tuple[tuple[str, ...], ...]:
    """Return the paths of the arguments of a type whose value the provider checks to be an ARN and nothing else."""
    rows = shipped()[_PROVIDER].rows("resource", type_)
    return tuple(tuple(path.split(".")) for path, checks in rows.items() if ANYWHERE not in path and any(c[0] == "arn" for c in checks))


def id_for_arn(graph: Graph) -> Iterator[Hit]:
    """An argument that the provider checks to be an ARN, and that is given the ``id`` or ``key_id`` of a key of the tree."""
    if not graph.of_type("aws_kms_key"):
        return
    for user in graph.of_kind("resource"):
        for path in _take_arns(user.type):
            for place, block in _bodies(user.block, path[:-1]) if created(graph, user) else ():
                expr = block.value(path[-1])
                key = named_by_id(graph, expr, user.module) if expr is not None else None
                if key is None:
                    continue
                name = ".".join(path)
                known = not any((user.type, step) in _SETS for step in path)
                yield Hit(
                    user.address,
                    f"The `{name}` of {code(user.address)} is the id of {code(key.address)}, and has to be its ARN.",
                    f"{code(user.address)} sets no `{name}` that is the id of a key",
                    attribute=name,
                    related=(key.address,),
                    message=f'Error: "{place}{path[-1]}" (ID) is an invalid ARN: arn: invalid prefix' if known else "",
                    source=_DOCS + user.type.removeprefix("aws_"),
                )


def _bodies(block: Block, path: tuple[str, ...], place: str = "") -> Iterator[tuple[str, Block]]:
    """Yield the bodies on a path of nested blocks, each with its place as the provider counts it: ``block_device_mappings.0.ebs.0.``."""
    if not path:
        yield place, block
        return
    for position, inner in enumerate(block.nested(path[0])):
        yield from _bodies(inner, path[1:], f"{place}{path[0]}.{position}.")


RULES = (
    Rule(
        "RG111",
        "key-id-for-arn",
        "Argument that takes the ARN of a key gets its id",
        Category.BLOCKER,
        Severity.HIGH,
        id_for_arn,
        _DOCS + "rds_cluster_instance",
        stage=Stage.APPLY,
        impact=(("Deployment", "The provider refuses the value as soon as the key exists, and the resource is not created."),),
        lesson="`key_id` and `id` of an `aws_kms_key` are its id: in spite of their names many arguments take the ARN only.",
        advice="Refer to the `arn` of the `aws_kms_key`.",
    ),
)
