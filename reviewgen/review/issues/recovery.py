"""What an issue means for the recovery that PROMPT bounds in time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from reviewgen.model.review import Category, Impact
from reviewgen.requirements import Objective
from reviewgen.rules.places import listed

from ..inputs import Inputs

# What there is for no other reason than a recovery, by type.
_MADE_FOR_IT = re.compile(
    r"^aws_(?:rds_global_cluster|dynamodb_global_table|s3_bucket_replication_configuration|route53_health_check|backup_(?:plan|selection))$"
)
# What serves requests and keeps data; it takes part where it bears the name that people give to the side which takes over.
_SERVES = re.compile(
    r"^(?:module|aws_(?:db_instance|rds_cluster(?:_instance)?|dynamodb_table|elasticache_\w+|s3_bucket|efs_file_system|lb(?:_listener)?|route53_record"
    r"|lambda_function|instance|autoscaling_group|launch_template|ecs_service|eks_cluster|api_gateway_(?:rest_api|deployment|stage)|apigatewayv2_api))$"
)
_SIDE = re.compile(r"(?:^|[_-])(?:dr|secondary|standby|replica|failover|recovery)(?:[_-]|$)")
_BESIDE = re.compile(r"log|monitor|watch|test|alarm|alert")


def impact(inputs: Inputs, category: Category, places: Iterable[str]) -> Iterator[Impact]:
    """Yield PROMPT's RTO and RPO for a serious issue about a part of the recovery: what replicates, fails over, or stands by.

    Args:
        inputs: The pair.
        category: Of the issue; warnings do not touch the recovery.
        places: Addresses of what the issue is about.
    """
    bounds = inputs.objectives
    parts = [address for address in dict.fromkeys(places) if _takes_part(address) and not _is_idle(inputs, address)]
    if category is Category.WARNING or not bounds or not parts:
        return
    verb = "takes" if len(parts) == 1 else "take"
    yield Impact("Recovery", f"PROMPT sets {_given(bounds)}; {listed(parts, 3)} {verb} part in the recovery.")


def _given(bounds: Sequence[Objective]) -> str:
    """Return ``an RTO of 15 minutes and an RPO of 5 minutes (line 3)``."""
    lines = {bound.line for bound in bounds}
    said = [f"an {bound.name} of {bound.words}" + (f" (line {bound.line})" if len(lines) > 1 else "") for bound in bounds]
    return " and ".join(said) + (f" (line {bounds[0].line})" if len(lines) == 1 else "")


def _takes_part(address: str) -> bool:
    *_, kind, name = ("", *address.split("."))
    return bool(_MADE_FOR_IT.search(kind) or (_SERVES.search(kind) and _SIDE.search(name) and not _BESIDE.search(name)))


def _is_idle(inputs: Inputs, address: str) -> bool:
    """Whether a health check moves no traffic: no record, and no other check, names it in either tree."""
    if not address.rpartition(".")[0].endswith("aws_route53_health_check"):
        return False
    users = (r.source for graph in (inputs.model, inputs.ideal) for r in graph.incoming.get(address, ()))
    return not any(".aws_route53_" in f".{user}" for user in users)
