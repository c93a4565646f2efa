"""RG111: arguments that take the ARN of a KMS key and get the key's id."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ..base import Hit, Rule
from ..keys import created, named_by_id
from ..places import code

# Arguments whose value hashicorp/aws 5.100.0 checks to be an ARN; measured with `terraform validate`, which prints the message below for an id.
# An id of a key is known at the apply only: the provider checks the values once more there, before it calls AWS.
_TAKE_ARNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("aws_athena_workgroup", ("configuration", "result_configuration", "encryption_configuration", "kms_key_arn")),
    ("aws_backup_vault", ("kms_key_arn",)),
    ("aws_cloudtrail", ("kms_key_id",)),
    ("aws_db_instance", ("kms_key_id",)),
    ("aws_db_instance", ("performance_insights_kms_key_id",)),
    ("aws_docdb_cluster", ("kms_key_id",)),
    ("aws_dynamodb_table", ("server_side_encryption", "kms_key_arn")),
    ("aws_ebs_volume", ("kms_key_id",)),
    ("aws_efs_file_system", ("kms_key_id",)),
    ("aws_fsx_lustre_file_system", ("kms_key_id",)),
    ("aws_kinesis_firehose_delivery_stream", ("extended_s3_configuration", "kms_key_arn")),
    ("aws_kms_replica_key", ("primary_key_arn",)),
    ("aws_lambda_function", ("kms_key_arn",)),
    ("aws_msk_cluster", ("encryption_info", "encryption_at_rest_kms_key_arn")),
    ("aws_neptune_cluster", ("kms_key_arn",)),
    ("aws_rds_cluster", ("kms_key_id",)),
    ("aws_rds_cluster", ("performance_insights_kms_key_id",)),
    ("aws_rds_cluster_instance", ("performance_insights_kms_key_id",)),
    ("aws_redshift_cluster", ("kms_key_id",)),
    ("aws_s3_object", ("kms_key_id",)),
)


def id_for_arn(graph: Graph) -> Iterator[Hit]:
    """An argument that the provider checks to be an ARN, and that is given the ``id`` or ``key_id`` of a key of the tree."""
    for type_, path in _TAKE_ARNS:
        name, checked = ".".join(path), ".0.".join(path)
        for user in graph.of_type(type_):
            for block in user.block.nested(*path[:-1]) if created(graph, user) else ():
                expr = block.value(path[-1])
                key = named_by_id(graph, expr, user.module) if expr is not None else None
                if key is None:
                    continue
                yield Hit(
                    user.address,
                    f"The `{name}` of {code(user.address)} is the id of {code(key.address)}, and has to be its ARN.",
                    f"{code(user.address)} sets no `{name}` that is the id of a key",
                    attribute=name,
                    related=(key.address,),
                    message=f'Error: "{checked}" (ID) is an invalid ARN: arn: invalid prefix',
                )


RULES = (
    Rule(
        "RG111",
        "key-id-for-arn",
        "Argument that takes the ARN of a key gets its id",
        Category.BLOCKER,
        Severity.HIGH,
        id_for_arn,
        "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/rds_cluster_instance",
        stage=Stage.APPLY,
        impact=(("Deployment", "The provider refuses the value as soon as the key exists, and the resource is not created."),),
        lesson="`key_id` and `id` of an `aws_kms_key` are its id: in spite of their names many arguments take the ARN only.",
        advice="Refer to the `arn` of the `aws_kms_key`.",
    ),
)
