"""RG401 to RG410: security groups that do not do what they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reviewgen.model.hcl import Template
from reviewgen.model.prose import series
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import absent_by_default

from ...base import Hit, Rule
from ...firewall import OF_GROUPS, Opening, attachments, carries_only, openings, written
from ...places import code, given_values, listed, type_of, uses
from ...values import behind_locals, ignored, known_at

_SERVERS = ("aws_instance", "aws_launch_template", "aws_launch_configuration")
_BALANCERS = ("aws_lb", "aws_alb", "aws_elb")
_CALLERS = (*_SERVERS, *_BALANCERS, "aws_lambda_function", "aws_ecs_service")
_KUBERNETES_API = 443
_RULES_DOCS = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
_PROVIDER_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group"


def reserved_name(graph: Graph) -> Iterator[Hit]:
    """A name that begins with ``sg-``, as the ids of security groups do."""
    for group in graph.of_type("aws_security_group"):
        for argument in ("name", "name_prefix"):
            name = graph.argument(group, argument)
            if _beginning(graph, group, argument).startswith("sg-"):
                yield Hit(
                    group.address,
                    f"{code(argument)} of {code(group.address)} begins with `sg-`, which AWS reserves for the ids of security groups.",
                    f"{code(argument)} of {code(group.address)} does not begin with `sg-`",
                    attribute=argument,
                    message=f"invalid value for {argument} (cannot begin with sg-)",
                    stage=known_at(graph, group, argument),
                    prescribed=name if isinstance(name, str) else "",
                )


def _beginning(graph: Graph, group: Declaration, argument: str) -> str:
    """The constant beginning of a text argument: of a template its first part."""
    value = graph.argument(group, argument)
    if isinstance(value, str):
        return value
    expr, module = behind_locals(graph, group.block.value(argument), group.module)
    first = graph.constant(expr.parts[0], module) if isinstance(expr, Template) and expr.parts else None
    return first if isinstance(first, str) else ""


_ALL_APART = Recommendation(
    "Move the inline rules into rule resources. The other way round the groups would name each other inline, a circle that Terraform refuses."
)


def inline_and_separate(graph: Graph) -> Iterator[Hit]:
    """Inline rules are authoritative: rules of the same direction in resources of their own get removed again."""
    circle = _would_be_a_circle(openings(graph))
    for address, rules in openings(graph).items():
        for outbound in (False, True):
            inline = [r for r in rules if r.outbound is outbound and r.path and not r.guessed]
            separate = [r for r in rules if r.outbound is outbound and not r.path and not r.guessed]
            if inline and separate and not ignored(inline[0].group) & {inline[0].path, "all"}:
                path = inline[0].path
                names = list(dict.fromkeys(r.owner.address for r in separate))
                yield Hit(
                    address,
                    f"{code(address)} sets {code(path)} inline, and {listed(names)} add{'s' if len(names) == 1 else ''} to its {path} rules. "
                    "Inline rules are authoritative: the next apply removes what they do not list.",
                    f"the {path} rules of {code(address)} are either all inline or all resources of their own",
                    attribute=path,
                    related=tuple(names),
                    recommendation=_ALL_APART if circle else None,
                )


def _would_be_a_circle(every: Mapping[str, tuple[Opening, ...]]) -> bool:
    """Whether groups would name each other if those that have rules of both kinds in one direction had them all inline."""
    named: dict[str, set[str]] = {}
    mixed: list[str] = []
    for address, rules in every.items():
        both = {rule.outbound for rule in rules if not rule.path} & {rule.outbound for rule in rules if rule.path}
        named[address] = {name for rule in rules if rule.path or rule.outbound in both for name in rule.groups} - {address}
        mixed += [address] if both else []
    return any(address in _reached(named, address) for address in mixed)


def _reached(named: Mapping[str, set[str]], start: str) -> set[str]:
    """Return the groups to which names lead from a group, over others."""
    found: set[str] = set()
    ahead = [*named[start]]
    while ahead:
        group = ahead.pop()
        ahead += named.get(group, set()) - found if group not in found else ()
        found.add(group)
    return found


def ports_with_all_protocols(graph: Graph) -> Iterator[Hit]:
    """Protocol -1 takes no ports."""
    for rules in openings(graph).values():
        for rule in rules:
            given = {name: port for name, port in (("from_port", rule.low), ("to_port", rule.high)) if port is not None}
            if rule.path and rule.protocol == "-1" and any(given.values()):
                ports = series([f"{code(name)} {port}" for name, port in given.items()])
                yield Hit(
                    rule.owner.address,
                    f"An {code(rule.path)} block of {code(rule.owner.address)} has protocol `-1` with {ports}; for all protocols both must be 0.",
                    f"{code(rule.owner.address)} has both ports 0 where the protocol is `-1`",
                    attribute=f"{rule.path}.to_port" if rule.high else f"{rule.path}.from_port",
                    message=f"from_port ({rule.low}) and to_port ({rule.high}) must both be 0 to use the 'ALL' \"-1\" protocol!"
                    if len(given) > 1
                    else "",
                    line=rule.line,
                )


def no_egress(graph: Graph) -> Iterator[Hit]:
    """Terraform takes the default egress rule away: without an egress rule nothing may leave."""
    for group in graph.of_type("aws_security_group"):
        rules = openings(graph)[group.address]
        if any(r.outbound for r in rules) or not rules or not written(graph, group):
            continue
        users = [u for u in attachments(graph).get(group.address, ()) if u.type in _CALLERS and not absent_by_default(graph, u)]
        alone = [u for u in users if len(carries_only(graph, u)) == 1]
        if alone and "vpc_id" in group.block.attributes:
            given = any(b.type == "dynamic" and b.labels[:1] == ("egress",) for b in group.block.blocks)
            yield Hit(
                group.address,
                f"{code(group.address)} has no egress rule{f' with the {given_values(graph)}' if given else ''}. Terraform removes the "
                f"allow-all egress rule that AWS gives to a new group, so {listed([u.address for u in alone])} cannot open any connection.",
                f"{code(group.address)} has an egress rule",
                attribute="egress",
                related=tuple(u.address for u in alone),
            )


def egress_misses_peer(graph: Graph) -> Iterator[Hit]:
    """A group admits another one on a port that the other one's egress rules do not let out."""
    every = openings(graph)
    for address, rules in every.items():
        for rule in rules:
            if (
                rule.outbound
                or rule.protocol != "tcp"
                or rule.low is None
                or rule.low != rule.high
                or not _listens(graph, address, rule.low)
            ):
                continue
            for client in rule.groups:
                if client != address and client in every and _blocks(graph, every[client], client, address, rule.low):
                    yield _unreachable(rule, client, address, inline=any(r.path for r in every[client]))


def _listens(graph: Graph, server: str, port: int) -> bool:
    """Whether there may be something behind a port of a group: the interfaces of an EKS control plane listen on 443 only.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
    """
    users = attachments(graph).get(server, ())
    return port == _KUBERNETES_API or not users or any(user.type != "aws_eks_cluster" for user in users)


def _blocks(graph: Graph, rules: tuple[Opening, ...], client: str, server: str, port: int) -> bool:
    """Whether the egress rules of a client's group certainly let nothing out to a server's group on a port."""
    out = [r for r in rules if r.outbound]
    group = graph.get(client)
    users = attachments(graph).get(client, ())
    if not out or group is None or not written(graph, group) or not users:
        return False
    # Its other groups let out what this one does not; the control plane of EKS has one of its own, which lets everything out.
    if any(user.type == "aws_eks_cluster" or len(carries_only(graph, user)) != 1 for user in users):
        return False
    return not any(r.may_cover(port) and (not r.groups or server in r.groups or not r.certain or r.cidrs) for r in out)


# Inline rules are part of their group: two groups cannot name each other by them.
_CIRCLE = (
    "Inline the two groups would name each other, a circle that Terraform refuses: move the rules of one of them into rule resources first, or "
    "name the address ranges of the servers' subnets instead."
)


def _unreachable(rule: Opening, client: str, server: str, inline: bool) -> Hit:
    return Hit(
        client,
        f"{code(server)} admits {code(client)} on port {rule.low}, but no egress rule of {code(client)} lets traffic out to it on that "
        "port: the connection cannot be opened.",
        f"{code(client)} lets traffic out to {code(server)} on port {rule.low}, which admits it",
        attribute="egress",
        key=f"{server}:{rule.low}",
        related=(rule.place, server),
        further=_CIRCLE if inline and rule.path else "",
    )


# Words of a PROMPT that wants groups attached, and a PROMPT that wants groups without a word of that.
_WANTS_ATTACHED = tuple(
    f"groups {words}" for words in ("attached", "are attached", "must be attached", "need to be attached", "should be attached")
)
_FOR_OTHERS = rf"(?s)\A(?!.*(?:{'|'.join(_WANTS_ATTACHED)})).*security[ -]group"


def unattached(graph: Graph) -> Iterator[Hit]:
    """A group that nothing carries and no other group names: what waits for it, and what puts it out, carries it no more than nothing does.

    Where no group is carried, all may be there for another stack, unless PROMPT wants them attached.
    """
    carried = attachments(graph)
    if graph.has_remote_modules or graph.tree.incomplete:
        return
    for group in graph.of_type("aws_security_group"):
        rules = openings(graph)[group.address]
        own = {group.address, *(r.owner.address for r in rules)}
        users = {r.source for r in uses(graph, group.address) if r.source not in own}
        if not carried:  # a group that admits another protects nothing either
            users -= {user for user in users if type_of(user).startswith(OF_GROUPS)}
        if (
            rules
            and group.address not in carried
            and all(user.startswith("output.") for user in users)
            and not _is_found_by_tag(graph, group)
        ):
            taken = (
                f"Nothing takes {code(group.address)}{' but an output' if users else ''}"
                if carried
                else f"Nothing carries {code(group.address)}"
            )
            yield Hit(
                group.address,
                f"{taken}: its rules protect no network interface of this stack.",
                f"something other than an output takes {code(group.address)}" if carried else f"something carries {code(group.address)}",
                unless="" if carried else _FOR_OTHERS,
            )


def _is_found_by_tag(graph: Graph, group: Declaration) -> bool:
    """Whether a group has the tag by which Karpenter chooses the groups of the nodes that it starts.

    Source: https://karpenter.sh/docs/concepts/nodeclasses/#specsecuritygroupselectorterms
    """
    return "karpenter.sh/discovery" in graph.files[group.block.file].slice(group.block.start, group.block.end)


RULES = (
    Rule(
        "RG401",
        "sg-name-reserved-prefix",
        "Security group name begins with the reserved `sg-`",
        Category.BLOCKER,
        Severity.CRITICAL,
        reserved_name,
        _PROVIDER_DOCS,
        fix_class="C",
        stage=Stage.VALIDATE,
        message="invalid value for name (cannot begin with sg-)",
        impact=(("Deployment", "The security group cannot be created, nor anything that carries it."),),
        lesson="Names of security groups may not look like the ids that AWS gives them.",
        advice="Put the prefix at the end, or leave it out: the resource type already says what it is.",
    ),
    Rule(
        "RG405",
        "sg-inline-and-separate",
        "Security group mixes inline rules with rule resources",
        Category.CRITICAL,
        Severity.HIGH,
        inline_and_separate,
        _PROVIDER_DOCS,
        stage=Stage.APPLY,
        impact=(("Function", "The two kinds of rules overwrite each other: what one apply opens the next may close."),),
        lesson="One security group, one way of writing its rules.",
        advice="Move the inline rules into rule resources, or the other way round.",
    ),
    Rule(
        "RG406",
        "sg-ports-with-all-protocols",
        "Ports given with protocol -1",
        Category.BLOCKER,
        Severity.CRITICAL,
        ports_with_all_protocols,
        _PROVIDER_DOCS,
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The security group's rules cannot be created."),),
        lesson="Protocol -1 means all protocols, and protocols such as ICMP have no ports.",
        advice="Set both ports to 0, or name the protocol.",
    ),
    Rule(
        "RG407",
        "sg-no-egress",
        "Security group of a client has no egress rule",
        Category.CRITICAL,
        Severity.HIGH,
        no_egress,
        _PROVIDER_DOCS,
        stage=Stage.RUNTIME,
        impact=(("Function", "What carries the group opens no connection: not to a target or a database, nor to an AWS service."),),
        lesson="In Terraform a security group without egress rules lets nothing out, unlike one from the console.",
        advice="Add egress rules for what the workload calls.",
    ),
    Rule(
        "RG408",
        "sg-egress-misses-peer",
        "Egress rules do not reach the service that admits the client",
        Category.CRITICAL,
        Severity.HIGH,
        egress_misses_peer,
        _RULES_DOCS,
        stage=Stage.RUNTIME,
        impact=(("Function", "The client times out although the server's group lets it in."),),
        lesson="A connection needs both: egress at the client's group and ingress at the server's.",
        advice="Add an egress rule to the client's group for the port, with the server's group as destination.",
    ),
    Rule(
        "RG410",
        "sg-unattached",
        "Security group is attached to nothing",
        Category.WARNING,
        Severity.MEDIUM,
        unattached,
        _RULES_DOCS,
        tier=2,
        topics=_WANTS_ATTACHED,
        stage=Stage.RUNTIME,
        impact=(("Security", "What it was written for has other rules, or none."),),
        lesson="Security groups act on network interfaces; one that no interface carries has no effect.",
        advice="Attach the group to what it is for, or remove it.",
        cures=("*",),
    ),
)
