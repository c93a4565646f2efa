"""Who has which policy: roles with all that is attached to them, and resources with the policy on them."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from reviewgen.hcl import UNKNOWN
from reviewgen.model.hcl import Expression, Object
from reviewgen.model.tree import Declaration

from . import document
from .parts import Reader
from .statements import UNREAD, Policy, Statement, Text

if TYPE_CHECKING:
    from ..graph import Graph

# Resources that put a policy on another resource: the argument that names the other one, by type.
_POLICY_RESOURCES = {
    "aws_backup_vault_policy": ("aws_backup_vault", "backup_vault_name"),
    "aws_cloudwatch_event_bus_policy": ("aws_cloudwatch_event_bus", "event_bus_name"),
    "aws_ecr_repository_policy": ("aws_ecr_repository", "repository"),
    "aws_efs_file_system_policy": ("aws_efs_file_system", "file_system_id"),
    "aws_kms_key_policy": ("aws_kms_key", "key_id"),
    "aws_opensearch_domain_policy": ("aws_opensearch_domain", "domain_name"),
    "aws_s3_bucket_policy": ("aws_s3_bucket", "bucket"),
    "aws_secretsmanager_secret_policy": ("aws_secretsmanager_secret", "secret_arn"),
    "aws_sns_topic_policy": ("aws_sns_topic", "arn"),
    "aws_sqs_queue_policy": ("aws_sqs_queue", "queue_url"),
}
_OWN_POLICY = {
    "aws_api_gateway_rest_api": "policy",
    "aws_kms_key": "policy",
    "aws_kms_external_key": "policy",
    "aws_kms_replica_key": "policy",
    "aws_opensearch_domain": "access_policies",
    "aws_elasticsearch_domain": "access_policies",
    "aws_s3_bucket": "policy",
    "aws_secretsmanager_secret": "policy",
    "aws_sns_topic": "policy",
    "aws_sqs_queue": "policy",
    "aws_vpc_endpoint": "policy",
}
# Where ARNs of managed policies stand.
_ATTACHMENTS = (
    ("aws_iam_role_policy_attachment", "policy_arn"),
    ("aws_iam_user_policy_attachment", "policy_arn"),
    ("aws_iam_group_policy_attachment", "policy_arn"),
    ("aws_iam_policy_attachment", "policy_arn"),
    ("aws_iam_role", "managed_policy_arns"),
    ("aws_iam_role_policy_attachments_exclusive", "policy_arns"),
)
_KEYS = ("aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key")
# What a file holds that gives somebody rights. Policies of an organization only take some.
_OF_RIGHTS = re.compile(
    r'"aws_iam_|"aws_(?!organizations_)\w*polic(?:y|ies)"|"aws_\w+_(?:permission|grant)"|polic(?:y|ies)"?\s*[={]|policy_arns?"?\s*=|^\s*module\s',
    re.MULTILINE,
)
# What KMS gives a key that is created without a policy: the account, and through it IAM, may do all; no service may do anything.
# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
_DEFAULT_KEY_POLICY = Policy(
    (Statement("Allow", (Text("kms:*"),), resources=(Text("*"),), principals=(("AWS", Text("arn:aws:iam::${account}:root")),)),)
)


class Policies:
    """The policies of a tree. Read-only; what is asked once is kept."""

    def __init__(self, graph: Graph) -> None:
        """Nothing is read before it is asked for."""
        self.graph: Graph = weakref.proxy(graph)  # weak, for it keeps this; whoever asks holds it
        self._roles: dict[str, Policy] = {}
        self._arguments: dict[tuple[Declaration, tuple[str, ...]], Policy] = {}
        self._subjects: dict[tuple[Declaration, str, str], set[str]] = {}
        self._on: dict[str, Policy | None] = {}

    def read(self, expr: Expression | None, module: str) -> Policy:
        """Return the policy that an expression of a module gives."""
        return document.read(Reader(self.graph, module), expr) if expr is not None else UNREAD

    def argument(self, declaration: Declaration, *path: str) -> Policy:
        """Return the policy in an argument of a declaration."""
        if (declaration, path) not in self._arguments:
            self._arguments[declaration, path] = self._in_argument(declaration, path)
        return self._arguments[declaration, path]

    def _in_argument(self, declaration: Declaration, path: tuple[str, ...]) -> Policy:
        for block in declaration.block.nested(*path[:-1]):
            if block.value(path[-1]) is not None:
                return self.read(block.value(path[-1]), declaration.module).with_origin(f"{declaration.address}.{'.'.join(path)}")
        return Policy()

    def texts(self, expr: Expression | None, module: str) -> tuple[Text, ...]:
        """Return a text or a list of texts with what is constant filled in; nothing for anything else."""
        part = Reader(self.graph, module).part(expr) if expr is not None else []
        return tuple(text for text in (part if isinstance(part, list) else [part]) if isinstance(text, Text))

    @cached_property
    def all_seen(self) -> bool:
        """Whether what is not there is absent: no part of the tree is missing, elsewhere or broken."""
        return not self.graph.tree.incomplete and not self.graph.has_remote_modules and not self._broken

    @cached_property
    def _rights_seen(self) -> bool:
        """Whether nobody has rights that are not seen: as ``all_seen``, but for broken files that speak of none."""
        texts = (self.graph.files[path].text for path in self._broken)
        return not self.graph.tree.incomplete and not self.graph.has_remote_modules and not any(map(_OF_RIGHTS.search, texts))

    @cached_property
    def _broken(self) -> tuple[str, ...]:
        """The files with a block that could not be read whole; none where the tree is taken as all that there is."""
        found = {d.block.file for d in self.graph.tree.declarations.values() if not d.block.complete and not self.graph.delivered}
        return tuple(sorted(found))

    # ---- policies on resources

    def on(self, declaration: Declaration) -> Policy | None:
        """Return the resource policy on a bucket, key, queue, topic, secret, ...; None when there certainly is none.

        A key without a policy has the default policy of KMS.
        """
        if declaration.address not in self._on:
            self._on[declaration.address] = self._resource_policy(declaration)
        return self._on[declaration.address]

    def _resource_policy(self, declaration: Declaration) -> Policy | None:
        if declaration.kind != "resource":
            return UNREAD
        found = list(self._places_of_policy(declaration))
        if found:
            total = Policy()
            for policy in found:
                total += policy
            return total
        if not self._rights_seen or self._loose(declaration.type):
            return UNREAD
        return _DEFAULT_KEY_POLICY if declaration.type in _KEYS else None

    def _places_of_policy(self, declaration: Declaration) -> Iterator[Policy]:
        own = _OWN_POLICY.get(declaration.type)
        if own and declaration.block.value(own) is not None:
            yield self.argument(declaration, own)
        for resource, subjects in self._attached.get(declaration.type, ()):
            if declaration.address in subjects:
                for reader in self._readers(resource):
                    yield document.read(reader, resource.block.value("policy")).with_origin(f"{resource.address}.policy")

    @cached_property
    def _attached(self) -> dict[str, list[tuple[Declaration, set[str]]]]:
        found: dict[str, list[tuple[Declaration, set[str]]]] = {}
        for type_, (subject, argument) in _POLICY_RESOURCES.items():
            for resource in self.graph.of_type(type_):
                found.setdefault(subject, []).append((resource, self._named(resource, argument, subject)))
        return found

    def _named(self, resource: Declaration, argument: str, subject: str) -> set[str]:
        """Return the addresses of the resources of a type that an argument names, by reference or by a constant name."""
        if (resource, argument, subject) not in self._subjects:
            self._subjects[resource, argument, subject] = self._named_by(resource, argument, subject)
        return self._subjects[resource, argument, subject]

    def _named_by(self, resource: Declaration, argument: str, subject: str) -> set[str]:
        expr = resource.block.value(argument)
        loop = resource.block.value("for_each")
        addresses = {d.address for e in (expr, loop) if e is not None for d in self.graph.targets(e, resource.module) if d.type == subject}
        name = self.graph.constant(expr, resource.module)
        if not addresses and isinstance(name, str):
            addresses = {d.address for d in self.graph.of_type(subject) if name in self._names(d)}
        return addresses

    def _names(self, declaration: Declaration) -> set[str]:
        return {v for a in ("name", "bucket", "id") if isinstance(v := self.graph.argument(declaration, a), str)}

    def _loose(self, subject: str) -> bool:
        """Whether a policy resource for a type names something that is not certain."""
        return any(not subjects for _, subjects in self._attached.get(subject, ()))

    def key(self, expr: Expression | None, module: str) -> Declaration | None:
        """Return the KMS key of the tree that an expression names, through aliases; None when it is none, or not certainly one."""
        found = {d.address: d for d in self._keys(expr, module)}
        return next(iter(found.values())) if len(found) == 1 else None

    def _keys(self, expr: Expression | None, module: str) -> Iterator[Declaration]:
        for target in self.graph.targets(expr, module):
            if target.type in _KEYS and target.kind == "resource":
                yield target
            elif target.type == "aws_kms_alias" and target.kind == "resource":
                yield from self._keys(target.block.value("target_key_id"), target.module)

    # ---- roles

    def trust(self, role: Declaration) -> Policy:
        """Return the trust policy of a role."""
        return self.argument(role, "assume_role_policy")

    def roles(self, expr: Expression | None, module: str) -> list[Declaration]:
        """Return the roles of the tree that an expression leads to, instance profiles followed."""
        found = {}
        for target in self.graph.targets(expr, module):
            if target.type == "aws_iam_role" and target.kind == "resource":
                found[target.address] = target
            elif target.type == "aws_iam_instance_profile" and target.kind == "resource":
                found |= {r.address: r for r in self.roles(target.block.value("role"), target.module)}
        return [found[a] for a in sorted(found)]

    def of_role(self, role: Declaration) -> Policy:
        """Return all that a role may do: its inline policies and what is attached to it, together."""
        if role.address not in self._roles:
            total = Policy(complete=self._rights_seen and role.kind == "resource")
            for policy in self.grants(role):
                total += policy
            self._roles[role.address] = total
        return self._roles[role.address]

    def grants(self, role: Declaration) -> Iterator[Policy]:
        """Yield what is written in or attached to a role, each policy with its place."""
        for block in role.block.nested("inline_policy"):
            policy = block.value("policy")
            if policy is not None:
                yield self.read(policy, role.module).with_origin(f"{role.address}.inline_policy.policy")
        arns = role.block.value("managed_policy_arns")
        if arns is not None:
            yield self._managed(Reader(self.graph, role.module), arns, f"{role.address}.managed_policy_arns")
        for inline in self.graph.of_type("aws_iam_role_policy"):
            yield from self._inline(inline, role)
        for attachment in self.graph.of_type("aws_iam_role_policy_attachment"):
            yield from self._attachment(attachment, "role", role)
        for attachment in self.graph.of_type("aws_iam_policy_attachment"):
            yield from self._attachment(attachment, "roles", role)
        for attachment in self.graph.of_type("aws_iam_role_policy_attachments_exclusive"):
            yield from self._attachment(attachment, "role_name", role, "policy_arns")

    def _inline(self, inline: Declaration, role: Declaration) -> Iterator[Policy]:
        subjects = self._named(inline, "role", "aws_iam_role")
        if role.address in subjects:
            for reader in self._readers(inline):
                yield document.read(reader, inline.block.value("policy")).with_origin(f"{inline.address}.policy")
        elif not subjects:
            yield UNREAD

    def _attachment(self, attachment: Declaration, argument: str, role: Declaration, arns: str = "policy_arn") -> Iterator[Policy]:
        subjects = self._named(attachment, argument, "aws_iam_role")
        arn = attachment.block.value(arns)
        if role.address in subjects and arn is not None:
            for reader in self._readers(attachment):
                yield self._managed(reader, arn, f"{attachment.address}.{arns}")
        elif not subjects and self.graph.constant(attachment.block.value(argument), attachment.module) is UNKNOWN:
            yield UNREAD

    def _readers(self, declaration: Declaration) -> Iterator[Reader]:
        """Yield a reader for each instance that ``for_each`` makes."""
        reader = Reader(self.graph, declaration.module)
        collection = declaration.block.value("for_each")
        if collection is None:
            yield reader
            return
        for inner, _ in reader.looped("each", collection, as_set=_is_set(reader, collection)):
            yield inner

    def managed_arns(self) -> Iterator[tuple[Declaration, str, Text]]:
        """Yield (declaration, argument, ARN) of each managed policy that something in the tree is given, loops unrolled."""
        for type_, argument in _ATTACHMENTS:
            for declaration in self.graph.of_type(type_):
                expr = declaration.block.value(argument)
                for reader in self._readers(declaration) if expr is not None else ():
                    part = reader.part(expr) if expr is not None else []
                    yield from (
                        (declaration, argument, arn) for arn in (part if isinstance(part, list) else [part]) if isinstance(arn, Text)
                    )

    def _managed(self, reader: Reader, arns: Expression, origin: str) -> Policy:
        """Return what managed policies allow: those of the tree with their statements, those of AWS by their ARN."""
        part = reader.part(arns)
        total = Policy(origins=(origin,))
        for arn in part if isinstance(part, list) else [part]:
            if not isinstance(arn, Text):
                total += UNREAD
                continue
            owners = [d for ref in arn.refs if (d := self.graph.get(ref)) is not None and d.type == "aws_iam_policy"]
            if any(d.kind == "data" for d in owners):
                total += UNREAD
            elif owners:
                for owner in owners:
                    total += self.argument(owner, "policy")
            else:
                total += Policy(managed=(arn,))
        return total


def _is_set(reader: Reader, collection: Expression) -> bool:
    """Whether ``each.key`` is the value itself."""
    return not isinstance(collection, Object) and not isinstance(reader.value(collection), dict)
