"""RG622 to RG624, RG633, RG635: where state is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.hcl import text_of, traversals
from reviewgen.model.hcl import Literal
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import absent_by_default

from ...base import Hit, Rule
from ...buckets import is_placeholder
from ...places import code, listed
from ...tables import rows


def variable_backend(graph: Graph) -> Iterator[Hit]:
    """Arguments of a backend that refer to something: Terraform reads them before it knows of anything else."""
    backend = graph.get("terraform.backend")
    found = [name for name, a in backend.block.attributes.items() if traversals(a.expr)] if backend is not None else []
    if backend is None or not found:
        return
    named = dict.fromkeys(text_of(t) for name in found for t in traversals(backend.block.attributes[name].expr))
    yield Hit(
        backend.address,
        f"The backend sets {listed(found)} with {listed(list(named))}; its arguments may refer to nothing.",
        "`terraform.backend` sets no argument by a reference",
        attribute=found[0],
        related=tuple(f"{backend.address}.{name}" for name in found[1:]),
    )


def _backend(graph: Graph) -> Declaration | None:
    found = graph.get("terraform.backend")
    return found if found is not None and found.block.labels[:1] == ("s3",) else None


def _bucket(graph: Graph, backend: Declaration) -> str:
    value = backend.block.value("bucket")
    return value.value if isinstance(value, Literal) and isinstance(value.value, str) else ""


def placeholder_backend(graph: Graph) -> Iterator[Hit]:
    """State in a bucket whose name is a placeholder, or which the same configuration creates."""
    backend = _backend(graph)
    bucket = _bucket(graph, backend) if backend is not None else ""
    if backend is None or not bucket:
        return
    creators = _creators(graph, bucket)
    if is_placeholder(bucket):
        why = "a placeholder and no bucket of the user"
    elif creators:
        why = f"created by {code(creators[0].address)} in the very configuration whose state it is to hold"
    else:
        return
    yield Hit(
        backend.address,
        f"The backend keeps state in the bucket {code(bucket)}, {why}: `terraform init` finds none that it may use.",
        "`terraform.backend` names no bucket that cannot exist before the first run",
        attribute="bucket",
        related=tuple(f"{d.address}.bucket" for d in creators),
        title="State backend names a placeholder for its bucket" if is_placeholder(bucket) else "",
        message="" if is_placeholder(bucket) else _NO_BUCKET,
        unless=f"{_ASKS_FOR_PLACEHOLDERS}|{re.escape(bucket.lower())}" if is_placeholder(bucket) else "",
    )


# Of a placeholder nobody knows the message: somebody else may have a bucket of that name ("AccessDenied"), or S3 may not
# accept it as a name at all ("InvalidBucketName").
_NO_BUCKET = "Failed to get existing workspaces: S3 bucket does not exist"

# PROMPTs that want the file of the backend with placeholders, in the same line or in the one below.
_ANYTHING = r"(?:(?!\bbackend\b)[^\n])*"  # up to the next backend, for each of them is looked at
_ASKS_FOR_PLACEHOLDERS = rf"\bbackend\b{_ANYTHING}(?:\n{_ANYTHING})?\bplaceholders?\b"


def _creators(graph: Graph, bucket: str) -> list[Declaration]:
    """Return what creates a bucket together with all else: not a configuration of its own beside it, nor what the values do not create."""
    found = (d for d in graph.of_type("aws_s3_bucket") if graph.tree.modules[d.module].reached and not absent_by_default(graph, d))
    return [d for d in found if graph.argument(d, "bucket") == bucket]


def literal_backend(graph: Graph) -> Iterator[Hit]:
    """State in a bucket with a fixed name."""
    backend = _backend(graph)
    bucket = _bucket(graph, backend) if backend is not None else ""
    if backend is not None and bucket and not is_placeholder(bucket) and not _creators(graph, bucket):
        yield Hit(
            backend.address,
            f"The backend is fixed to the bucket {code(bucket)}, which must exist before `terraform init`.",
            "`terraform.backend` is not fixed to the bucket " + code(bucket),
            attribute="bucket",
            unless=re.escape(bucket.lower()),
        )


def empty_backend(graph: Graph) -> Iterator[Hit]:
    """``backend "s3" {}``: init asks for bucket, key and region."""
    backend = _backend(graph)
    if backend is not None and not {"bucket", "key"} & set(backend.block.attributes):
        yield Hit(
            backend.address,
            'The `backend "s3"` block names no bucket and no key: `terraform init` has to be given them.',
            "`terraform.backend` names a bucket or a key",
        )


# What says how a bucket is, and not where state is.
_OF_A_BUCKET = re.compile(r"version|encrypt|lifecycle|tag|acl|logging|replica|public|destroy|policy|prevent")


def unknown_setting(graph: Graph) -> Iterator[Hit]:
    """A setting that no version of the S3 backend has, as what the bucket of the state is to be like."""
    backend = _backend(graph)
    if backend is None:
        return
    known = {name for row in rows("s3_backend") for name in row["names"]}
    arguments = [name for name in backend.block.attributes if name not in known]
    found = arguments + [b.type for b in backend.block.blocks if b.type not in known]
    if found:
        said = "Unsupported argument", f'An argument named "{found[0]}" is not expected here.'
        if not arguments:
            said = "Unsupported block type", f'Blocks of type "{found[0]}" are not expected here.'
        yield Hit(
            backend.address,
            f'The `backend "s3"` block holds {listed(found)}, which the backend does not have.',
            f"`terraform.backend` does not hold {listed(found)}",
            attribute=found[0],
            related=tuple(f"{backend.address}.{name}" for name in found[1:]),
            message="Error: {}\n{}".format(*said),
            recommendation=None if any(map(_OF_A_BUCKET.search, found)) else Recommendation("Take the setting out."),
        )


RULES = (
    Rule(
        "RG622",
        "backend-placeholder",
        "State backend names a bucket that cannot exist yet",
        Category.BLOCKER,
        Severity.CRITICAL,
        placeholder_backend,
        "https://developer.hashicorp.com/terraform/language/backend/s3",
        fix_class="C",
        stage=Stage.INIT,
        impact=(("Deployment", "`terraform init` fails, and with it every later step."),),
        lesson="The bucket of the state is made before and outside of the configuration whose state it holds.",
        advice="Leave the bucket to `-backend-config`, or create it in a configuration of its own.",
    ),
    Rule(
        "RG623",
        "backend-literal-bucket",
        "State backend with a fixed bucket name",
        Category.CRITICAL,
        Severity.HIGH,
        literal_backend,
        "https://developer.hashicorp.com/terraform/language/backend#partial-configuration",
        fix_class="C",
        tier=2,
        stage=Stage.INIT,
        impact=(("Deployment", "`terraform init` fails wherever this bucket does not exist or belongs to another account."),),
        lesson="Bucket names are global: a backend that others are to use is configured partially.",
        advice="Leave the bucket to `-backend-config`.",
    ),
    Rule(
        "RG624",
        "backend-empty",
        "State backend without bucket and key",
        Category.WARNING,
        Severity.MEDIUM,
        empty_backend,
        "https://developer.hashicorp.com/terraform/language/backend#partial-configuration",
        fix_class="C",
        tier=3,
        topics=("without modification", "without any modification", "ready to deploy", "as-is", "out of the box"),
        stage=Stage.INIT,
        impact=(
            (
                "Operations",
                "Bucket and key must be known to whoever runs `terraform init`.",
            ),
        ),
        lesson="A partial backend shifts its settings to `terraform init`; say so, and which ones.",
    ),
    Rule(
        "RG633",
        "backend-with-variables",
        "References in the settings of the state backend",
        Category.BLOCKER,
        Severity.CRITICAL,
        variable_backend,
        "https://developer.hashicorp.com/terraform/language/backend#define-a-backend-block",
        fix_class="C",
        stage=Stage.INIT,
        message="Error: Variables not allowed\nVariables may not be used here.",
        impact=(("Deployment", "`terraform init` fails, and with it every later step."),),
        lesson="The backend is read before variables, local values and workspaces are: write its settings out, or give them to `terraform init`.",
        advice="Leave these arguments to `-backend-config`.",
    ),
    Rule(
        "RG635",
        "backend-unknown-setting",
        "State backend with a setting that it does not have",
        Category.BLOCKER,
        Severity.CRITICAL,
        unknown_setting,
        "https://developer.hashicorp.com/terraform/language/backend/s3",
        fix_class="C",
        stage=Stage.INIT,
        impact=(("Deployment", "`terraform init` fails, and with it every later step."),),
        lesson="The backend says where state is, by settings of its own; what its bucket is like belongs to the configuration that makes it.",
        advice="Take the setting out; the bucket of the state is configured where it is made.",
    ),
)
