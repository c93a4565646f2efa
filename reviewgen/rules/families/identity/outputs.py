"""RG154 and RG155: outputs that hand out secrets."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Attr, Traversal
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code

# Attributes that the providers mark as sensitive, by type.
_SENSITIVE = {
    "aws_db_instance": ("password",),
    "aws_rds_cluster": ("master_password",),
    "aws_docdb_cluster": ("master_password",),
    "aws_redshift_cluster": ("master_password",),
    "aws_elasticache_replication_group": ("auth_token",),
    "aws_iam_access_key": ("secret", "ses_smtp_password_v4"),
    "aws_secretsmanager_secret_version": ("secret_string", "secret_binary"),
    "aws_ssm_parameter": ("value",),
    "random_password": ("result", "bcrypt_hash"),
    "tls_private_key": ("private_key_pem", "private_key_openssh", "private_key_pem_pkcs8"),
}


def sensitive_outputs(graph: Graph) -> Iterator[Hit]:
    """An output of the root module hands out a sensitive value without being marked as sensitive."""
    for output in graph.of_kind("output"):
        value = output.block.value("value")
        if output.module != graph.tree.root or "sensitive" in output.block.attributes or not isinstance(value, Traversal):
            continue
        target = graph.resolve(value, output.module)
        last = value.steps[-1] if value.steps else None
        if target is not None and isinstance(last, Attr) and last.name in _SENSITIVE.get(target.type, ()):
            yield Hit(
                output.address,
                f"{code(output.address)} is {code(f'{target.local}.{last.name}')}, which the provider marks as sensitive, and the output "
                "does not set `sensitive`.",
                f"{code(output.address)} sets `sensitive` to true, or is not declared",
                attribute="sensitive",
                related=(target.address,),
            )


# What of a generated key nobody else may have.
_ACCESS_KEYS = "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/iam_access_key"
_NO_ACCESS_KEY = Recommendation("Let whoever needs it assume a role instead, or have the secret encrypted with `pgp_key`.")
_HANDED_OUT = {"tls_private_key": _SENSITIVE["tls_private_key"], "aws_iam_access_key": ("secret",)}


def private_key_output(graph: Graph) -> Iterator[Hit]:
    """An output hands out a private key or the secret of an access key that Terraform generates; those of a module that is called go to its caller."""
    for output in (o for o in graph.of_kind("output") if not graph.callers(o.module)):
        for target in graph.targets(output.block.value("value"), output.module):
            key = _HANDED_OUT.get(target.type)
            if key is None:
                continue
            names = {s.name for t in _mentions(output) if graph.resolve(t, output.module) is target for s in t.steps if isinstance(s, Attr)}
            if names & set(key):
                access = target.type == "aws_iam_access_key"
                part = "secret" if access else "private part"
                yield Hit(
                    output.address,
                    f"{code(output.address)} hands out the {part} of {code(target.address)}: whoever may read the state or the outputs has the key.",
                    f"{code(output.address)} does not hand out the {part} of {code(target.address)}",
                    attribute="value",
                    title="Output of the secret of an access key" if access else "",
                    related=(target.address,),
                    source=_ACCESS_KEYS if access else "",
                    recommendation=_NO_ACCESS_KEY if access else None,
                )


def _mentions(output: Declaration) -> Iterator[Traversal]:
    from reviewgen import hcl

    value = output.block.value("value")
    return iter(hcl.traversals(value) if value is not None else ())


RULES = (
    Rule(
        "RG154",
        "output-not-sensitive",
        "Output of a sensitive value that is not marked as sensitive",
        Category.BLOCKER,
        Severity.HIGH,
        sensitive_outputs,
        "https://developer.hashicorp.com/terraform/language/values/outputs",
        fix_class="C",
        stage=Stage.PLAN,
        message="Error: Output refers to sensitive values",
        impact=(("Deployment", "Terraform refuses to plan."), ("Security", "The secret would be printed with every apply.")),
        lesson="Terraform follows secrets to outputs: it wants each disclosure to be said.",
        advice="Take the output out, or name the secret's ARN instead of its value.",
    ),
    Rule(
        "RG155",
        "private-key-output",
        "Output of a generated private key",
        Category.CRITICAL,
        Severity.HIGH,
        private_key_output,
        "https://registry.terraform.io/providers/hashicorp/tls/latest/docs/resources/private_key",
        fix_class="A",
        tier=2,
        topics=("private key", "key pair", "access key"),
        stage=Stage.RUNTIME,
        impact=(("Security", "The key stands in the state as text, and everybody who may read outputs can take it."),),
        lesson="A key that Terraform generates is known to everybody who can read the state.",
        advice="Give the public key in, and keep the private one where it was made.",
    ),
)
