"""RG109: keys whose material stays as it is."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code
from ...values import variable_behind

_ROTATION = "enable_key_rotation"


def no_rotation(graph: Graph) -> Iterator[Hit]:
    """A symmetric customer managed key without automatic rotation."""
    for key in graph.of_type("aws_kms_key"):
        expr = key.block.value(_ROTATION)
        spec = key.block.value("customer_master_key_spec") or key.block.value("key_usage")
        free = spec is None and key.block.value("custom_key_store_id") is None
        if free and (expr is None or graph.constant(expr, key.module) in (False, "false")):
            default = tuple(p for p in variable_behind(graph, key, _ROTATION) if p.split(".")[-2] not in graph.given)
            does = "does not set `enable_key_rotation`" if expr is None else "sets `enable_key_rotation` to false"
            yield Hit(
                key.address,
                f"{code(key.address)} {does if not default else f'gets false for `enable_key_rotation` from {code(default[0])}'}, "
                "so that KMS does not rotate its key material.",
                f"{code(key.address)} sets `enable_key_rotation` to true",
                attribute=_ROTATION,
                related=default,
            )


RULES = (
    Rule(
        "RG109",
        "kms-no-rotation",
        "KMS key without automatic rotation",
        Category.WARNING,
        Severity.MEDIUM,
        no_rotation,
        "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
        fix_class="C",
        tier=2,
        topics=("key rotation", "rotate", "rotation"),
        stage=Stage.RUNTIME,
        impact=(("Security", "One key material protects the data until somebody rotates it by hand."),),
        advice="Set `enable_key_rotation = true`.",
    ),
)
