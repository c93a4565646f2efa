"""MODEL's findings under the keys of IDEAL's: a defect that another block, form or place took over is the same one."""

from __future__ import annotations

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.review import Category
from reviewgen.rules.places import type_of

from ..inputs import Inputs
from . import remarks
from .granted import for_others
from .heirs import successor
from .parts import Key, addresses, present


def key_of(finding: Finding, names: dict[str, str]) -> Key:
    """Return the key of a finding, under IDEAL's addresses where ``names`` knows of a rename."""
    # Some rules tell their findings apart by a further address, which may be renamed too.
    key = ":".join(names.get(part, part) for part in finding.key.split(":"))
    return finding.rule, names.get(finding.address, finding.address), finding.attribute, key


def followed(inputs: Inputs, ours: dict[Key, Finding], theirs: dict[Key, Finding]) -> dict[Key, Finding]:
    """Return MODEL's findings, each of a block that IDEAL replaced by another one with the same defect under that one's key.

    A block of the same type, or a policy in another form, that takes over the task takes over the defect: it is left, not repaired and made
    anew.
    """
    taken = remarks.reworded(ours, theirs) | _read_elsewhere(inputs, ours, theirs)
    new = [k for k in theirs if k not in ours and k not in taken.values()]
    free = [k for k in new if _is_taken_over(theirs[k]) and inputs.model.get(k[1]) is None]
    for alike in (_for_one_task, _of_one_form, _of_one_type, _of_one_kind):
        for key in ours:
            if key in theirs or key in taken or inputs.ideal.get(key[1]) is not None:
                continue
            # Another type of the same kind has its own arguments.
            near = (
                k for k in free
                if k[0] == key[0] and (k[2] == key[2] or alike is _of_one_kind) and alike(k[1], key[1]) and _of_one_subject(k, key)
            )  # fmt: skip
            heir = next(near, None)
            doubted = alike in (_of_one_type, _of_one_kind) and heir is not None
            if heir is not None and not (
                doubted and (_has_another_heir(inputs, key, theirs) or for_others(inputs, ours[key], theirs[heir]))
            ):
                free.remove(heir)
                taken[key] = heir
    found = {taken.get(key, key): finding for key, finding in ours.items()}
    others = [k for k in theirs if k not in ours and k not in found and k[0].startswith("RG")]
    found = _carried_on(inputs, found, others, theirs)
    heirs = {(k[0], k[2], type_of(k[1])): f for k, f in found.items() if inputs.ideal.get(f.address) is None and k in theirs}
    for k in free:  # several that stand where one was carry on its defect
        if k not in found and (old := heirs.get((k[0], k[2], type_of(k[1])))) is not None:
            found[k] = old
    return found


def _has_another_heir(inputs: Inputs, key: Key, theirs: dict[Key, Finding]) -> bool:
    """Whether the one block that stands where a block of MODEL stood is without its defect: another block that has it took nothing over."""
    own = successor(inputs, key[1])
    return bool(own) and not any(k[0] == key[0] and own in (k[1], *addresses(f)) for k, f in theirs.items())


def _read_elsewhere(inputs: Inputs, ours: dict[Key, Finding], theirs: dict[Key, Finding]) -> dict[Key, Key]:
    """Return what MODEL reads that does not exist, and IDEAL reads in another argument of the same block: the argument was renamed, not the defect mended."""
    taken: dict[Key, Key] = {}
    free = [k for k in theirs if k not in ours and k[0] == tf.UNSUPPORTED_ATTRIBUTE]
    for key in ours:
        if key in theirs or key[0] != tf.UNSUPPORTED_ATTRIBUTE or present(inputs.ideal, f"{key[1]}.{key[2]}"):
            continue
        heir = next((k for k in free if (k[1], k[3]) == (key[1], key[3]) and k not in taken.values()), None)
        if heir is not None:
            taken[key] = heir
    return taken


def _is_taken_over(finding: Finding) -> bool:
    """Whether a block that replaces another one can take its defect over: what a rule finds, and what Terraform says of a block's content."""
    ruled = finding.rule.startswith("RG") and finding.rule != remarks.RULE
    return ruled or finding.category is Category.WARNING or finding.rule in _CONTENT


# What Terraform says of what a block itself sets or lacks.
_CONTENT = frozenset(
    [
        tf.MISSING_FILE,
        tf.UNSUPPORTED_ARGUMENT,
        tf.UNSUPPORTED_BLOCK,
        tf.MISSING_ARGUMENT,
        tf.MISSING_BLOCK,
        tf.VALUE_NOT_ALLOWED,
    ]
)


def _of_one_subject(one: Key, other: Key) -> bool:
    """Whether Terraform complains of one argument or file of resources, where it complains: paths begin at different places."""
    if one[0] not in _CONTENT:
        return True
    return "_" in type_of(one[1]) and one[3].replace("./", "") == other[3].replace("./", "")


def _carried_on(inputs: Inputs, ours: dict[Key, Finding], free: list[Key], theirs: dict[Key, Finding]) -> dict[Key, Finding]:
    """Return MODEL's findings, those that IDEAL has at another place of the same connection under that place's key.

    A log group that may not use its key is no better off with another key that does not admit it either, nor is a group whose inline rule
    became a resource of its own.
    """
    found: dict[Key, Finding] = {}
    for key, finding in ours.items():
        parts = _connected(inputs, finding) if key not in theirs and key[0].startswith("RG") else frozenset()
        near = {k: {k[1], *addresses(theirs[k])} for k in free if k[0] == key[0]} if key not in theirs else {}
        own = key[1] if inputs.ideal.get(key[1]) is not None else ""
        heir = next((k for k, named in near.items() if (parts and parts <= named) or (own and own != k[1] and own in named)), None)
        if heir is not None:
            free.remove(heir)
        found[heir or key] = finding
    return found


def _connected(inputs: Inputs, finding: Finding) -> frozenset[str]:
    """Return what a finding of MODEL connects beside its own place, under IDEAL's addresses; empty where IDEAL lacks any of it."""
    parts = {inputs.later(a) for a in addresses(finding)}
    return frozenset(parts) if all(inputs.ideal.get(a) is not None for a in parts) else frozenset()


# Types of which one takes another's place, as stacks are built.
_KINDS = (
    frozenset(["aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_spot_instance_request"]),
    frozenset(["aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance"]),
    frozenset(["aws_lb", "aws_alb", "aws_elb"]),
    frozenset(["aws_lb_listener", "aws_alb_listener"]),
    frozenset(
        ["aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"]
    ),
)

# What gives an identity its permissions, whatever form that has; and words that anything may have in its name.
_PERMISSIONS = frozenset(["aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"])

_ANY = frozenset(["policy", "role", "iam", "access", "this", "main"])


def _of_one_type(one: str, other: str) -> bool:
    return type_of(one) == type_of(other)


def _of_one_kind(one: str, other: str) -> bool:
    return any({type_of(one), type_of(other)} <= kind for kind in _KINDS)


def _for_one_task(one: str, other: str) -> bool:
    """Whether two blocks of a type have a word of their names in common."""
    return _of_one_type(one, other) and _share_a_word(one, other)


def _of_one_form(one: str, other: str) -> bool:
    """Whether two policies, of another form each, have a word of their names in common."""
    return {type_of(one), type_of(other)} <= _PERMISSIONS and _share_a_word(one, other)


def _share_a_word(one: str, other: str) -> bool:
    words = [set(address.rpartition(".")[2].lower().replace("-", "_").split("_")) - _ANY for address in (one, other)]
    return bool(words[0] & words[1])
