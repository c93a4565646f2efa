"""What IDEAL declares in the place of a block that it no longer declares, where name or module differ too much for a rename."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

from reviewgen.diff import likeness
from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Attr
from reviewgen.model.tree import Declaration
from reviewgen.rules import changes
from reviewgen.terraform import Graph

from ..inputs import Inputs, is_parsed
from . import remarks
from .granted import narrowed
from .parts import addresses
from .undelivered import is_out_of_sight

# Types of which a stack has one of its own: where each tree has one, they are for the same.
_ONE_OF_A_STACK = frozenset(
    [
        "aws_api_gateway_deployment",
        "aws_api_gateway_rest_api",
        "aws_api_gateway_stage",
        "aws_athena_workgroup",
        "aws_autoscaling_group",
        "aws_cloudfront_distribution",
        "aws_cloudtrail",
        "aws_config_configuration_recorder",
        "aws_config_delivery_channel",
        "aws_db_instance",
        "aws_db_parameter_group",
        "aws_db_subnet_group",
        "aws_ecs_cluster",
        "aws_ecs_service",
        "aws_ecs_task_definition",
        "aws_eks_cluster",
        "aws_elasticache_replication_group",
        "aws_guardduty_detector",
        "aws_iam_account_password_policy",
        "aws_instance",
        "aws_internet_gateway",
        "aws_kms_key",
        "aws_launch_template",
        "aws_lb",
        "aws_lb_target_group",
        "aws_rds_cluster",
        "aws_rds_cluster_parameter_group",
        "aws_vpc",
        "aws_wafv2_web_acl",
    ]
)
_ALARM = "aws_cloudwatch_metric_alarm"
# Which part of what two blocks of one type say is the same where one stands for the other.
_MOSTLY = 0.5
# Words that anything may have in its name.
_ANY = frozenset(["access", "iam", "main", "policy", "role", "this"])


def heir(inputs: Inputs, finding: Finding, theirs: Iterable[Finding]) -> str:
    """Return IDEAL's address of what took the place of a defective block of MODEL and is known not to have the defect; else empty.

    Args:
        inputs: The pair.
        finding: Of MODEL.
        theirs: IDEAL's findings.
    """
    if finding.address not in inputs.diff.removed or finding.rule in changes.IDS or finding.rule in (remarks.RULE, tf.SYNTAX):
        return ""
    if is_out_of_sight(inputs, finding.address):
        return ""
    if finding.rule == tf.MISSING_ARGUMENT and (call := _call_instead(inputs, finding.address)):
        # What the call gives stands in it, whoever delivers the module.
        return call.address if finding.key in call.block.attributes else ""
    if finding.rule == tf.UNSUPPORTED_ATTRIBUTE and (call := _call_instead(inputs, finding.address)):
        again = any((f.rule, f.address, f.attribute) == (finding.rule, call.address, finding.attribute) for f in theirs)
        return call.address if not again and _reads_another(inputs, finding, call) else ""
    found = successor(inputs, finding.address) or (_only_one(inputs, finding.address) if tf.is_rule(finding.rule) else "")
    if not found:
        return narrowed(inputs, finding)
    if any(f.rule == finding.rule and found in (f.address, *addresses(f)) for f in theirs):
        return ""
    return found if _is_known(inputs.ideal, found, finding.attribute) else ""


def _call_instead(inputs: Inputs, address: str) -> Declaration | None:
    """Return the one new call of a module whose name says what that of a call of MODEL says, and of no other one that is gone."""
    declaration = inputs.model.get(address)
    if declaration is None or declaration.kind != "module":
        return None
    calls = [a for a in sorted(inputs.added) if _is_of_kind(inputs.ideal.get(a), declaration) and _of_one_purpose(address, a)]
    gone = [a for a in inputs.diff.removed if _is_of_kind(inputs.model.get(a), declaration)]
    if len(calls) != 1 or [a for a in gone if _of_one_purpose(a, calls[0])] != [address]:
        return None
    return inputs.ideal.get(calls[0])


def _reads_another(inputs: Inputs, finding: Finding, call: Declaration) -> bool:
    """Whether a call gives what a call of MODEL gave, and reads for it nothing of the name that does not exist there, nor what IDEAL lacks."""
    led = [r for r in inputs.ideal.outgoing.get(call.address, ()) if r.path == finding.attribute]
    read = {step.name for r in led for step in r.traversal.steps if isinstance(step, Attr)}
    return finding.attribute in call.block.attributes and all(r.declared for r in led) and not read & {*finding.names}


def successor(inputs: Inputs, address: str) -> str:
    """Return the one new block of IDEAL that stands where a block of MODEL stood; empty where none or several may."""
    declaration = inputs.model.get(address)
    if declaration is None:
        return ""
    if declaration.kind == "variable":
        valid = address.removesuffix(_label(address)) + re.sub(r"[^\w-]", "_", _label(address))
        return valid if valid != address and valid in inputs.added else ""
    if declaration.kind not in ("resource", "data"):
        return ""
    new = [a for a in sorted(inputs.added) if _is_of_kind(inputs.ideal.get(a), declaration) and not _is_idle(inputs.ideal, a)]
    gone = [a for a in inputs.diff.removed if _is_of_kind(inputs.model.get(a), declaration)]
    by_metric = partial(_of_one_metric, inputs)
    for alike in (_of_one_name, by_metric, _of_one_purpose):
        found = [a for a in new if alike(address, a)]
        if len(found) == 1 and [a for a in gone if alike(a, found[0])] == [address]:
            return found[0]
    if declaration.kind != "resource" or declaration.type not in _ONE_OF_A_STACK or len(new) != 1:
        return ""
    return new[0] if len(inputs.model.of_type(declaration.type)) == len(inputs.ideal.of_type(declaration.type)) == 1 else ""


def _only_one(inputs: Inputs, address: str) -> str:
    """Return IDEAL's one block of the type of MODEL's one, where both say mostly the same: what is written wrong in a block is not what it is for."""
    declaration = inputs.model.get(address)
    if declaration is None or declaration.kind != "resource":
        return ""
    ours, theirs = (graph.of_type(declaration.type) for graph in (inputs.model, inputs.ideal))
    if len(ours) != 1 or len(theirs) != 1 or theirs[0].address not in inputs.added or _is_idle(inputs.ideal, theirs[0].address):
        return ""
    return theirs[0].address if likeness(inputs.model, address, inputs.ideal, theirs[0].address) >= _MOSTLY else ""


def _label(address: str) -> str:
    return address.rpartition(".")[2]


def _is_of_kind(one: Declaration | None, other: Declaration) -> bool:
    return one is not None and (one.kind, one.type) == (other.kind, other.type)


def _is_idle(graph: Graph, address: str) -> bool:
    """Whether a block stands in a module that nothing calls: whole code that creates none of it."""
    declaration = graph.get(address)
    return declaration is not None and graph.tree.leaves_out(declaration)


def _of_one_name(one: str, other: str) -> bool:
    return _label(one) == _label(other)


def _of_one_purpose(one: str, other: str) -> bool:
    """Whether one name says all that the other says, beside what the type says."""
    words = [_words(address) for address in (one, other)]
    return bool(words[0] and words[1]) and (words[0] <= words[1] or words[1] <= words[0])


def _of_one_metric(inputs: Inputs, one: str, other: str) -> bool:
    """Whether an alarm of IDEAL watches the metric that one of MODEL watches, of all that the latter names in its dimensions."""
    ours, theirs = inputs.model.get(one), inputs.ideal.get(other)
    if ours is None or theirs is None or ours.type != _ALARM:
        return False
    for argument in ("namespace", "metric_name"):
        value = inputs.model.argument(ours, argument)
        if not isinstance(value, str) or value != inputs.ideal.argument(theirs, argument):
            return False
    watched = _watched(inputs.model, one)
    return bool(watched) and {inputs.later(a) for a in watched} <= _watched(inputs.ideal, other)


def _watched(graph: Graph, address: str) -> set[str]:
    """Return what an alarm names in its dimensions."""
    return {r.target for r in graph.outgoing.get(address, ()) if r.path.partition(".")[0] == "dimensions"}


def _words(address: str) -> set[str]:
    home, _, label = address.rpartition(".")
    return set(label.lower().replace("-", "_").split("_")) - {*home.rpartition(".")[2].split("_"), ""} - _ANY


def _is_known(graph: Graph, address: str, attribute: str) -> bool:
    """Whether a block was read without an error, and what it says at an argument does not come from where nobody sees it."""
    name = attribute.partition(".")[0]
    led = (r for r in graph.outgoing.get(address, ()) if name and r.path.partition(".")[0] == name)
    return is_parsed(graph, address) and all(r.declared and not _is_open(graph, r.target) for r in led)


def _is_open(graph: Graph, address: str) -> bool:
    """Whether something is what a module gives that nobody has, or a variable of the root that has no value yet."""
    declaration = graph.get(address)
    if declaration is None or declaration.kind not in ("module", "variable"):
        return False
    if declaration.kind == "module":
        return graph.is_remote(declaration)
    return declaration.module == graph.tree.root and "default" not in declaration.block.attributes
