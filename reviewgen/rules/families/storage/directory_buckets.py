"""RG260: directory buckets (S3 Express One Zone) in a zone that their names do not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code
from ...values import variable_behind

_SUFFIX = re.compile(r"--([a-z0-9-]+)--x-s3")
# ``us-east-1a``: what a zone is called, which differs from account to account; its id does not.
_ZONE_NAME = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d[a-z]")


def directory_buckets(graph: Graph) -> Iterator[Hit]:
    """A directory bucket whose name ends in another zone's id than that of its location, or in none."""
    for bucket in graph.of_type("aws_s3_directory_bucket"):
        name, zone = graph.argument(bucket, "bucket"), graph.argument(bucket, "location", "name")
        told = _SUFFIX.search(name) if isinstance(name, str) else None
        if told is None or not isinstance(zone, str) or not zone or told[1] == zone:
            continue
        called = ", which is the name of a zone and not its id" if _ZONE_NAME.fullmatch(zone) else ""
        yield Hit(
            bucket.address,
            f"{code(bucket.address)} is called {code(name)} and placed in {code(zone)}{called}: the name has to end in the id of the zone, "
            "which is also what the location is given.",
            f"the name of {code(bucket.address)} ends in the zone of its location",
            attribute="bucket",
            related=(f"{bucket.address}.location.name", *variable_behind(graph, bucket, "bucket")),
        )


RULES = (
    Rule(
        "RG260",
        "directory-bucket-zone",
        "Directory bucket in another zone than its name tells",
        Category.BLOCKER,
        Severity.CRITICAL,
        directory_buckets,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "S3 refuses to create the bucket."),),
        lesson="Directory buckets live in one zone: its id, such as `use1-az4`, stands in the location and behind the base of the name.",
        advice="Give the location the id of a zone that has S3 Express One Zone, and end the name in `--<zone id>--x-s3`.",
    ),
)
