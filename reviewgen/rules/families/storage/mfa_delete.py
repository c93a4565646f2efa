"""RG261: MFA delete without the device that it takes."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code

_SETTING = "versioning_configuration"


def without_device(graph: Graph) -> Iterator[Hit]:
    """A versioning that switches MFA delete on and names no device; the provider's documentation calls ``mfa`` required then."""
    for versioning in graph.of_type("aws_s3_bucket_versioning"):
        if "mfa" not in versioning.block.attributes and graph.argument(versioning, _SETTING, "mfa_delete") == "Enabled":
            yield Hit(
                versioning.address,
                f"{code(versioning.address)} switches MFA delete on and has no `mfa`: S3 takes that setting only from the root user of the account, "
                "together with the serial number and a current code of the root user's device.",
                f"{code(versioning.address)} does not switch MFA delete on without `mfa`",
                attribute=f"{_SETTING}.mfa_delete",
                prescribed="MFA delete",
            )


RULES = (
    Rule(
        "RG261",
        "mfa-delete-without-device",
        "MFA delete without the device that it takes",
        Category.BLOCKER,
        Severity.HIGH,
        without_device,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The versioning of the bucket is refused."),),
        lesson="MFA delete is switched on by hand, by the root user and with a code that is valid for seconds: it is no setting for a pipeline.",
        advice="Leave `mfa_delete` out, and let the root user switch it on with `aws s3api put-bucket-versioning --mfa`.",
    ),
)
