"""RG481 to RG487: web ACLs of AWS WAF; RG488: what AWS Shield does not protect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from reviewgen.hcl import UNKNOWN
from reviewgen.model.hcl import Block, Literal
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import Scope, copies, nested

from ...base import Hit, Rule
from ...keys import created
from ...places import code, region, region_place, type_of, users
from ...tables import rows
from ...texts import pieces
from ...values import taken_targets

_DOCS = "https://docs.aws.amazon.com/waf/latest/developerguide/"
# What refers to a web ACL without putting it before anything.
_WATCHING = ("aws_wafv2_web_acl_logging_configuration", "aws_cloudwatch_metric_alarm", "aws_cloudwatch_dashboard")
_LOG_PREFIX = "aws-waf-logs-"
# How WAF words every ARN that it does not take, whatever is wrong with it.
_NO_ARN = (
    "WAFInvalidParameterException: Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information "
    "separated by colons or slashes."
)
_GROUPS = ("managed_rule_group_statement", "rule_group_reference_statement")
# What takes a web ACL for CloudFront through an association.
# https://docs.aws.amazon.com/amplify/latest/userguide/amplify-waf-configuration.html
_GLOBAL = ("aws_amplify_app",)


def _rules(graph: Graph, acl: Declaration) -> Iterator[tuple[Block, Scope]]:
    for scope in copies(graph, acl)[:1]:
        yield from nested(scope, acl.block, "rule")


def unknown_group(graph: Graph) -> Iterator[Hit]:
    """A managed rule group of AWS that does not exist."""
    known = {name for row in rows("waf_managed_groups") for name in row["names"]}
    for acl in graph.of_type("aws_wafv2_web_acl"):
        for rule, scope in _rules(graph, acl):
            for group in rule.nested("statement", "managed_rule_group_statement"):
                name, vendor = scope.value(group.value("name")), scope.value(group.value("vendor_name"))
                if vendor == "AWS" and isinstance(name, str) and name not in known:
                    yield Hit(
                        acl.address,
                        f"{code(acl.address)} uses the managed rule group `{name}`, which AWS does not offer.",
                        f"{code(acl.address)} does not use the managed rule group `{name}`",
                        attribute="rule.statement.managed_rule_group_statement.name",
                        key=name,
                        line=group.line,
                    )


def action_of_group(graph: Graph) -> Iterator[Hit]:
    """Rule groups take ``override_action``, all other rules ``action``, and none takes both."""
    for acl in graph.of_type("aws_wafv2_web_acl"):
        for rule, scope in _rules(graph, acl):
            group = any(b.type in _GROUPS for s in rule.nested("statement") for b in s.blocks)
            action, override = any(rule.nested("action")), any(rule.nested("override_action"))
            name = scope.value(rule.value("name"))
            wanted, other = ("override_action", "action") if group else ("action", "override_action")
            right, wrong = (override, action) if group else (action, override)
            if not any(rule.nested("statement")) or (right and not wrong) or any(b.type == "dynamic" for b in rule.blocks):
                continue
            kind = "with a rule group" if group else "with a statement of its own"
            said = (
                f"has `{wanted}` and `{other}`, of which a rule {kind} takes the first only"
                if right
                else f"has no `{wanted}`, which a rule {kind} needs"
            )
            yield Hit(
                acl.address,
                f"{f'The rule {code(name)}' if isinstance(name, str) else 'A rule'} of {code(acl.address)} {said}.",
                f"each rule of {code(acl.address)} has the one kind of action that it needs",
                attribute=f"rule.{other if right else wanted}",
                key=str(name),
                title="WAF rule with both kinds of action" if right else "",
                line=rule.line,
            )


def priority_twice(graph: Graph) -> Iterator[Hit]:
    """Two rules of one priority."""
    for acl in graph.of_type("aws_wafv2_web_acl"):
        found = [scope.value(rule.value("priority")) for rule, scope in _rules(graph, acl)]
        twice = sorted(p for p, n in Counter(p for p in found if isinstance(p, int)).items() if n > 1)
        if twice:
            yield Hit(
                acl.address,
                f"Several rules of {code(acl.address)} have the priority {' and '.join(map(str, twice))}.",
                f"no two rules of {code(acl.address)} have the same priority",
                attribute="rule.priority",
            )


def scope_region(graph: Graph) -> Iterator[Hit]:
    """Web ACLs for CloudFront live in us-east-1."""
    for declaration in graph.of_type("aws_wafv2_web_acl", "aws_wafv2_ip_set", "aws_wafv2_rule_group", "aws_wafv2_regex_pattern_set"):
        home = region(graph, declaration)
        if graph.argument(declaration, "scope") == "CLOUDFRONT" and home is not None and home != "us-east-1":
            yield Hit(
                declaration.address,
                f"{code(declaration.address)} has the scope `CLOUDFRONT` in {code(home)}; this scope exists in `us-east-1` only.",
                f"{code(declaration.address)} does not have the scope `CLOUDFRONT` outside of `us-east-1`",
                attribute="scope",
                related=() if "region" in declaration.block.attributes else region_place(graph, declaration),
            )


def _scope(graph: Graph, acl: Declaration, user: Declaration) -> object:
    """Return the scope of a web ACL; not one that hangs on values, as whoever asks for a user which is not there may give others."""
    written = isinstance(acl.block.value("scope"), Literal)
    return graph.argument(acl, "scope") if written or created(graph, user) else UNKNOWN


def wrong_scope(graph: Graph) -> Iterator[Hit]:
    """A regional web ACL on a distribution, one for CloudFront on something regional, or a kind that WAF does not protect."""
    for distribution in graph.of_type("aws_cloudfront_distribution"):
        for acl in graph.targets(distribution.block.value("web_acl_id"), distribution.module):
            if acl.type == "aws_wafv2_web_acl" and _scope(graph, acl, distribution) == "REGIONAL":
                yield _misfit(
                    acl,
                    f"{distribution.address}.web_acl_id",
                    f"has the scope `REGIONAL`, but {code(distribution.address)} needs `CLOUDFRONT`",
                    "Give the distribution a web ACL of its own with the scope `CLOUDFRONT`, made with a provider for `us-east-1`.",
                )
    for association in graph.of_type("aws_wafv2_web_acl_association"):
        aims = taken_targets(graph, association.block.value("resource_arn"), association.module)
        acls = graph.targets(association.block.value("web_acl_arn"), association.module)
        for acl in (a for a in acls if a.type == "aws_wafv2_web_acl"):
            for aim in aims:
                if aim.type in ("aws_apigatewayv2_api", "aws_apigatewayv2_stage"):
                    text = f"is associated with {code(aim.address)}, and of the APIs of API Gateway WAF protects REST APIs only"
                    advice = "Put a distribution of CloudFront with a web ACL before the API, or make it a REST API."
                elif aim.type == "aws_cloudfront_distribution":
                    text = f"is associated with {code(aim.address)} by a resource; a distribution names its web ACL itself, in `web_acl_id`"
                    advice = "Set `web_acl_id` on the distribution, and take the association out."
                elif _scope(graph, acl, association) == "CLOUDFRONT" and aim.type not in _GLOBAL:
                    text = f"has the scope `CLOUDFRONT`, but {code(aim.address)} needs `REGIONAL`"
                    advice = "Associate a web ACL with the scope `REGIONAL`."
                else:
                    continue
                place = f"{association.address}.resource_arn"
                yield _misfit(acl, place, text, advice, _NO_ARN)


def _misfit(acl: Declaration, place: str, text: str, advice: str, message: str = "") -> Hit:
    address, _, attribute = place.rpartition(".")
    return Hit(
        address,
        f"{code(acl.address)} {text}.",
        f"{code(address)} names no web ACL that does not fit",
        attribute=attribute,
        related=(f"{acl.address}.scope",),
        message=message,
        recommendation=Recommendation(advice),
    )


def log_name(graph: Graph) -> Iterator[Hit]:
    """Log destinations of WAF have names that begin with ``aws-waf-logs-``; of a name with unknown parts its beginning decides."""
    names = {"aws_cloudwatch_log_group": "name", "aws_s3_bucket": "bucket", "aws_kinesis_firehose_delivery_stream": "name"}
    for logging in graph.of_type("aws_wafv2_web_acl_logging_configuration"):
        for target in taken_targets(graph, logging.block.value("log_destination_configs"), logging.module):
            if target.type not in names:
                continue
            parts = pieces(graph, target.block.value(names[target.type]), target.module)
            begin = "".join(p.text or "" for p in takewhile(lambda p: p.text is not None, parts))
            if _LOG_PREFIX.startswith(begin[: len(_LOG_PREFIX)]):
                continue
            whole = all(p.text is not None for p in parts)
            called = f"called `{begin}`" if whole else f"whose name begins with `{begin}`"
            named = f"`{begin}` does not begin with" if whole else f"begins with `{begin}` and not with"
            yield Hit(
                target.address,
                f"{code(logging.address)} logs to {code(target.address)}, whose name {named} `{_LOG_PREFIX}`.",
                f"{code(logging.address)} does not log to a destination {called}",
                attribute=names[target.type],
                related=(f"{logging.address}.log_destination_configs",),
                needs=(logging.address,),
            )


def not_associated(graph: Graph) -> Iterator[Hit]:
    """A web ACL that protects nothing."""
    if graph.has_remote_modules or graph.tree.incomplete:
        return
    for acl in graph.of_type("aws_wafv2_web_acl"):
        if all(type_of(user) in _WATCHING for user in users(graph, acl)):
            yield Hit(
                acl.address,
                f"Nothing is associated with {code(acl.address)}: it inspects no request.",
                f"something beside outputs, logs and alarms uses {code(acl.address)}",
                related=tuple(
                    f"{d.address}.web_acl_id" if d.type == "aws_cloudfront_distribution" else d.address
                    for d in sorted(
                        graph.of_type("aws_lb", "aws_cloudfront_distribution", "aws_api_gateway_stage"), key=lambda d: d.address
                    )
                )[:3],
                recommendation=_JOINING.get(graph.argument(acl, "scope")),
            )


# What AWS Shield Advanced protects; a network load balancer and an instance are protected through their Elastic IP addresses.
_PROTECTED = (
    "aws_lb",
    "aws_alb",
    "aws_elb",
    "aws_cloudfront_distribution",
    "aws_route53_zone",
    "aws_globalaccelerator_accelerator",
    "aws_eip",
)


def unprotectable(graph: Graph) -> Iterator[Hit]:
    """A protection of AWS Shield for something of another kind than it protects."""
    for protection in graph.of_type("aws_shield_protection"):
        aims = graph.targets(protection.block.value("resource_arn"), protection.module)
        if len(aims) == 1 and aims[0].kind == "resource" and aims[0].type.startswith("aws_") and aims[0].type not in _PROTECTED:
            of_instance = aims[0].type == "aws_instance"
            yield Hit(
                protection.address,
                f"{code(protection.address)} is to protect {code(aims[0].address)}. AWS Shield Advanced protects load balancers, distributions of "
                "CloudFront, hosted zones, accelerators and Elastic IP addresses, and nothing else.",
                f"{code(protection.address)} is not for {code(aims[0].address)}",
                attribute="resource_arn",
                related=(aims[0].address,),
                message="InvalidResourceException: Unrecognized resource 'instance' of service 'ec2'." if of_instance else "",
            )


# A distribution names its web ACL itself; everything else is joined to a regional one by a resource.
_JOINING = {
    "REGIONAL": Recommendation("Add an `aws_wafv2_web_acl_association` with what it is to protect."),
    "CLOUDFRONT": Recommendation("Set `web_acl_id` on the distribution."),
}


RULES = (
    Rule(
        "RG481",
        "waf-unknown-managed-group",
        "Managed WAF rule group that does not exist",
        Category.BLOCKER,
        Severity.CRITICAL,
        unknown_group,
        _DOCS + "aws-managed-rule-groups-list.html",
        fix_class="C",
        stage=Stage.APPLY,
        message="WAFNonexistentItemException: AWS WAF couldn't perform the operation because your resource doesn't exist.",
        impact=(("Deployment", "The web ACL cannot be created."), ("Security", "What it should protect stays unprotected.")),
        lesson="Managed rule groups have fixed names; the core rule set is called `AWSManagedRulesCommonRuleSet`.",
        advice="Use a name from the list of managed rule groups.",
    ),
    Rule(
        "RG482",
        "waf-rule-action",
        "WAF rule without the kind of action it needs",
        Category.BLOCKER,
        Severity.CRITICAL,
        action_of_group,
        _DOCS + "web-acl-rule-group-override-options.html",
        stage=Stage.APPLY,
        message="WAFInvalidParameterException: You have used none or multiple values for a field that requires exactly one value.",
        impact=(("Deployment", "The web ACL cannot be created."),),
        lesson="Rules decide with `action`; a rule group brings actions of its own, which `override_action` keeps or replaces.",
        advice="Use `override_action` for rule groups and `action` for everything else.",
    ),
    Rule(
        "RG483",
        "waf-priority-twice",
        "WAF rules with the same priority",
        Category.BLOCKER,
        Severity.HIGH,
        priority_twice,
        _DOCS + "web-acl-processing-order.html",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The web ACL cannot be created."),),
        lesson="Priorities give the order of rules, so each is used once.",
        advice="Number the rules.",
    ),
    Rule(
        "RG484",
        "waf-cloudfront-scope-region",
        "WAF scope CLOUDFRONT outside us-east-1",
        Category.BLOCKER,
        Severity.CRITICAL,
        scope_region,
        _DOCS + "how-aws-waf-works-resources.html",
        stage=Stage.APPLY,
        message="WAFInvalidParameterException: Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT",
        impact=(("Deployment", "The web ACL cannot be created."),),
        lesson="CloudFront is global and keeps its web ACLs in one region.",
        advice="Create it with a provider for `us-east-1`, or use the scope `REGIONAL` for regional resources.",
    ),
    Rule(
        "RG485",
        "waf-scope-mismatch",
        "Web ACL does not fit what it is to protect",
        Category.BLOCKER,
        Severity.CRITICAL,
        wrong_scope,
        _DOCS + "how-aws-waf-works-resources.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "AWS refuses to join the two."), ("Security", "What it should protect stays unprotected.")),
        lesson="A web ACL is either for CloudFront or for resources of one region, and not every kind of API can have one.",
        advice="Use a web ACL of the scope that fits.",
    ),
    Rule(
        "RG486",
        "waf-log-destination-name",
        "WAF log destination with a name that WAF does not accept",
        Category.BLOCKER,
        Severity.HIGH,
        log_name,
        _DOCS + "logging-destinations.html",
        fix_class="C",
        stage=Stage.APPLY,
        message=f"{_NO_ARN}, field: LOG_DESTINATION",
        impact=(("Deployment", "The logging configuration is refused."),),
        lesson="WAF writes only to destinations whose names begin with `aws-waf-logs-`.",
        advice="Give the destination such a name.",
    ),
    Rule(
        "RG487",
        "waf-not-associated",
        "Web ACL protects nothing",
        Category.CRITICAL,
        Severity.HIGH,
        not_associated,
        _DOCS + "web-acl-associating-aws-resource.html",
        fix_class="A",
        tier=2,
        topics=("waf", "web application firewall"),
        stage=Stage.RUNTIME,
        impact=(("Security", "No request is filtered, although the rules are there."),),
        lesson="A web ACL works only on what it is associated with.",
        advice="Add an `aws_wafv2_web_acl_association`, or set `web_acl_id` on the distribution.",
        cures=("aws_wafv2_web_acl_association",),
    ),
    Rule(
        "RG488",
        "shield-unprotectable",
        "AWS Shield does not protect this kind of resource",
        Category.BLOCKER,
        Severity.HIGH,
        unprotectable,
        "https://docs.aws.amazon.com/waf/latest/DDOSAPIReference/API_CreateProtection.html",
        stage=Stage.APPLY,
        message="InvalidResourceException",
        impact=(("Deployment", "The protection is refused."),),
        lesson="Shield Advanced stands where traffic comes in: at the edge, at load balancers and at public addresses.",
        advice="Protect the load balancer, the distribution or the Elastic IP address before it, or leave the protection out.",
    ),
)
