"""RG451 to RG458: network ACLs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import collapse_addresses

from reviewgen.model.hcl import Tuple
from reviewgen.model.prose import series
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import repeated

from ...acls import Entry, default_rules, entries, subnets_of
from ...base import Hit, Rule
from ...places import code, given_values, listed
from ...routing import INTERNET, ways_out

_DOCS = "https://docs.aws.amazon.com/vpc/latest/userguide/"
# Ports from which systems open connections: of Linux the narrower range, which every system's range overlaps.
_EPHEMERAL = (32768, 60999)
# The port at which rules for them end.
_LAST = "65535"
# On which databases and caches listen by default; all of them are among the ports that rules for answers open (1024 to 65535).
_STORES = frozenset([1433, 1521, 3306, 5432, 5439, 6379, 8182, 11211, 27017])


def blocks_replies(graph: Graph) -> Iterator[Hit]:
    """Network ACLs keep no state: the answers to what they let out, or in, need rules of their own; without any rule nothing passes."""
    for acl in graph.of_type("aws_network_acl"):
        rules = entries(graph, acl)
        places = subnets_of(graph, acl)
        if rules is None or any(r.outbound is None for r in rules):
            continue
        open_ = [s for s in places if ways_out(graph, s)]
        if not rules and open_ and graph.policies.all_seen:
            yield _closed(acl, open_)
        for outbound in (True, False):
            asked = next((r for r in rules if r.outbound is outbound and (r.admits(443, 443) or r.admits(80, 80))), None)
            answers = [r for r in rules if r.outbound is not outbound and r.may_admit(*_EPHEMERAL)]
            # Requests from the internet come through an internet gateway alone; without one answers go to those within.
            met = open_ if outbound else [s for s in open_ if INTERNET in (ways_out(graph, s) or ())]
            inner = any(replace(r, cidr=None).may_admit(*_EPHEMERAL) for r in rules if r.outbound is not outbound)
            if asked is not None and not answers and (met or (open_ and not inner)):
                yield _replies(acl, asked, met or open_, outbound, "" if outbound or not met else " from the internet")


def _closed(acl: Declaration, places: list[Declaration]) -> Hit:
    names = listed([s.address for s in places])
    return Hit(
        acl.address,
        f"{code(acl.address)} has no rules, and a network ACL denies what no rule allows: nothing gets into {names} or out of there.",
        f"{code(acl.address)} has rules",
        attribute="ingress",
        related=tuple(s.address for s in places),
        title="Network ACL without rules",
        recommendation=Recommendation("Add rules for what the subnets serve and call, in both directions."),
    )


def _replies(acl: Declaration, asked: Entry, places: list[Declaration], outbound: bool, origin: str) -> Hit:
    other = "ingress" if outbound else "egress"
    way = "lets requests out to the internet" if outbound else f"admits requests{origin}"
    back = "in" if outbound else "out"
    return Hit(
        acl.address,
        f"{code(acl.address)} {way}, but no {other} rule lets the answers {back} to the ephemeral ports (1024 to 65535). Network ACLs keep "
        f"no state, so these connections of {listed([s.address for s in places])} never get an answer.",
        f"{code(acl.address)} does not {'let requests out' if outbound else 'admit requests'} whose answers it stops",
        attribute=other,
        names=(_LAST,),
        related=(*((asked.owner.address,) if asked.owner is not acl else ()), *(s.address for s in places)),
    )


def unattached(graph: Graph) -> Iterator[Hit]:
    """A network ACL that stands before no subnet."""
    associations = graph.of_type("aws_network_acl_association")
    found = [graph.targets(a.block.value("network_acl_id"), a.module) for a in associations]
    named = {t.address for targets in found for t in targets}
    if not all(found) or not graph.policies.all_seen:
        return
    for acl in graph.of_type("aws_network_acl"):
        value = acl.block.value("subnet_ids")
        empty = value is None or graph.constant(value, acl.module) == []
        if empty and acl.address not in named:
            given = "" if value is None or isinstance(value, Tuple) else f" with the {given_values(graph)}"
            yield Hit(
                acl.address,
                f"{code(acl.address)} is associated with no subnet{given}.",
                f"{code(acl.address)} is associated with subnets",
                attribute="subnet_ids",
            )


def default_acl_number_taken(graph: Graph) -> Iterator[Hit]:
    """The default network ACL of a VPC has rules 100 already."""
    for rule, vpc in default_rules(graph) if not graph.of_type("aws_default_network_acl") else ():
        if graph.argument(rule, "rule_number") in (100, "100"):
            yield Hit(
                rule.address,
                f"{code(rule.address)} adds rule number 100 to the default network ACL of {code(vpc.address)}, which has a rule 100 in each "
                "direction from the start.",
                f"{code(rule.address)} does not add rule number 100 to a default network ACL",
                attribute="rule_number",
                related=(vpc.address,),
            )


def number_twice(graph: Graph) -> Iterator[Hit]:
    """Two rules of one direction with one number."""
    for acl in graph.of_type("aws_network_acl"):
        several = repeated(graph, acl)  # of which each may have a rule resource of its own
        found = [r for r in entries(graph, acl) or () if r.number is not None and r.outbound is not None and (r.path or not several)]
        rules = list({_spelled(r): r for r in found}.values())
        counts = Counter((r.outbound, r.number) for r in rules)
        for (outbound, number), count in sorted(counts.items()):
            if count > 1:
                same = [r for r in rules if (r.outbound, r.number) == (outbound, number)]
                way = "egress" if outbound else "ingress"
                yield Hit(
                    same[-1].owner.address,
                    f"{code(acl.address)} gets {count} {way} rules with the number {number}; a number is given once in each direction.",
                    f"the {way} rules of {code(acl.address)} have different numbers",
                    attribute=f"{same[-1].path}.rule_no" if same[-1].path else "rule_number",
                    key=str(number),
                    related=tuple(r.owner.address for r in same[:-1]),
                    message=f"NetworkAclEntryAlreadyExists: The network acl entry identified by {number} already exists.",
                )


def _spelled(rule: Entry) -> tuple[object, ...]:
    """Return what tells a rule from others: of rules inside of an ACL, which are a set, two that say the same are one."""
    if not rule.path or None in (rule.protocol, rule.cidr, rule.low, rule.high, rule.allow):
        return (id(rule),)
    return rule.path, rule.number, rule.allow, rule.protocol, rule.cidr, rule.low, rule.high


def never_reached(graph: Graph) -> Iterator[Hit]:
    """A rule behind one that decides all its traffic the other way: rules are read by their numbers, and the first that fits decides."""
    for acl in graph.of_type("aws_network_acl"):
        rules = [r for r in entries(graph, acl) or () if r.outbound is not None and r.allow is not None]
        for rule in rules:
            before = next((r for r in rules if r.allow is not rule.allow and r.decides(rule)), None)
            # A rule that denies everything says at the end what holds without it.
            last = not rule.allow and rule.protocol == "-1" and rule.cidr == "0.0.0.0/0"
            if before is not None and not last:
                way, said, other = ("egress" if rule.outbound else "ingress"), *(("allow", "deny") if rule.allow else ("deny", "allow"))
                yield Hit(
                    rule.owner.address,
                    f"The {way} rule {rule.number} (`{said}`) of {code(acl.address)} is never reached: all traffic that it is about fits rule "
                    f"{before.number} (`{other}`), and the first rule that fits decides.",
                    f"the {way} rule {rule.number} of {code(acl.address)} does not stand behind one that decides all its traffic",
                    attribute=f"{rule.path}.rule_no" if rule.path else "rule_number",
                    key=f"{way} {rule.number}",
                    related=tuple(a for a in (before.owner.address, acl.address) if a != rule.owner.address),
                    names=(str(rule.number),) if rule.path else (),
                )


def admits_everything(graph: Graph) -> Iterator[Hit]:
    """An ACL that lets every protocol in from everywhere."""
    for acl in graph.of_type("aws_network_acl"):
        inbound = [r for r in entries(graph, acl) or () if not r.outbound]
        for rule in inbound:
            denied = any(not r.allow and (r.number is None or rule.number is None or r.number < rule.number) for r in inbound)
            if rule.outbound is False and rule.allow and rule.protocol == "-1" and rule.cidr == "0.0.0.0/0":
                rest = "nothing but what earlier rules deny is kept out" if denied else f"{code(acl.address)} keeps nothing out"
                yield Hit(
                    rule.owner.address,
                    f"{code(rule.owner.address)} admits every protocol from every address: {rest}.",
                    f"no rule of {code(acl.address)} admits every protocol from every address",
                    attribute=rule.path,
                    related=(acl.address, *(s.address for s in subnets_of(graph, acl))),
                    names=(str(rule.number),) if rule.path and rule.number is not None else (),
                )


def opened_by_a_wider_rule(graph: Graph) -> Iterator[Hit]:
    """The port of a database that rules of its own let in from some networks, and another rule from a wider one."""
    for acl in graph.of_type("aws_network_acl"):
        inbound = [r for r in entries(graph, acl) or () if r.outbound is not True]
        known = bool(inbound) and all(r.outbound is False and r.allow is not None and r.number is not None for r in inbound)
        for port in sorted({r.low for r in inbound if r.low == r.high and r.low in _STORES}) if known else ():
            own = [r for r in inbound if r.allow and r.protocol == "tcp" and (r.low, r.high) == (port, port) and r.network is not None]
            wider = next((r for r in inbound if own and r.allow and _opens_beyond(r, own)), None)
            if wider is not None and not any(_may_stop(r, port, wider) for r in inbound):
                yield _beyond(acl, port, own, wider)


def _opens_beyond(wide: Entry, own: list[Entry]) -> bool:
    """Whether a rule surely lets in what rules for a port let in, and from more addresses than they name together."""
    if wide in own or wide.network is None or not all(wide.covers(r) for r in own):
        return False
    return list(collapse_addresses(r.network for r in own if r.network is not None)) != [wide.network]


def _may_stop(denial: Entry, port: int, permission: Entry) -> bool:
    """Whether a rule denies, comes before one that allows, and may be about TCP on a port."""
    if denial.allow or (denial.number or 0) > (permission.number or 0) or denial.protocol not in ("tcp", "-1", None):
        return False
    return denial.protocol != "tcp" or denial.low is None or denial.high is None or denial.low <= port <= denial.high


def _beyond(acl: Declaration, port: int, own: list[Entry], wider: Entry) -> Hit:
    several = len(own) > 1
    numbers = series([str(r.number) for r in own])
    ports = "everything" if wider.protocol == "-1" else f"ports {wider.low} to {wider.high}"
    return Hit(
        wider.owner.address,
        f"{'Rules' if several else 'Rule'} {numbers} of {code(acl.address)} {'let' if several else 'lets'} port {port} in from "
        f"{listed([r.cidr or '' for r in own], 9)}; rule {wider.number} lets {ports} in from {code(wider.cidr or '')}, and with that port {port}.",
        f"no rule of {code(acl.address)} for more than port {port} lets it in from where its own rules do not",
        attribute=wider.path,
        key=str(port),
        related=tuple(a for a in dict.fromkeys((acl.address, *(r.owner.address for r in own))) if a != wider.owner.address),
        names=(str(wider.number),) if wider.path else (),
    )


def ports_with_all_protocols(graph: Graph) -> Iterator[Hit]:
    """Protocol -1 takes no ports in a rule that stands inside of an ACL; the provider looks at those alone (tried with 5.100.0)."""
    for acl in graph.of_type("aws_network_acl", "aws_default_network_acl"):
        inner = (r for r in entries(graph, acl) or () if r.path and r.protocol == "-1" and None not in (r.low, r.high))
        if wrong := [r for r in inner if r.low or r.high]:
            (low, high), (path, *others) = (wrong[0].low, wrong[0].high), dict.fromkeys(r.path for r in wrong)
            yield Hit(
                acl.address,
                f"A rule in {code(path)} of {code(acl.address)} has protocol `-1` with `from_port` {low} and `to_port` {high}; "
                f"for all protocols both must be 0.{f' The same mistake stands in {series([code(o) for o in others])}.' if others else ''}",
                f"{code(acl.address)} has both ports 0 where the protocol is `-1`",
                attribute=_port(wrong[0]),
                related=tuple(dict.fromkeys(f"{acl.address}.{_port(r)}" for r in wrong if r.path in others)),
                message=f"to_port ({high}) and from_port ({low}) must both be 0 to use the 'all' \"-1\" protocol!",
                names=tuple(dict.fromkeys(str(r.number) for r in wrong if r.number is not None)),
            )


def _port(rule: Entry) -> str:
    """Return the path of the port that is not 0."""
    return f"{rule.path}.to_port" if rule.high else f"{rule.path}.from_port"


RULES = (
    Rule(
        "RG451",
        "acl-blocks-replies",
        "Network ACL lets no answers through",
        Category.CRITICAL,
        Severity.HIGH,
        blocks_replies,
        _DOCS + "nacl-ephemeral-ports.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "Connections time out."),),
        lesson="A network ACL is stateless: whoever allows requests must allow the ephemeral ports of the answers too.",
        advice="Allow TCP 1024 to 65535 in the other direction.",
    ),
    Rule(
        "RG452",
        "acl-unattached",
        "Network ACL without subnets",
        Category.CRITICAL,
        Severity.HIGH,
        unattached,
        _DOCS + "nacl-basics.html",
        stage=Stage.RUNTIME,
        impact=(("Security", "None of the rules has any effect."),),
        lesson="A network ACL protects the subnets that it is associated with; a new one has none.",
        advice="Set `subnet_ids`, or add `aws_network_acl_association` resources.",
        cures=("aws_network_acl_association",),
    ),
    Rule(
        "RG453",
        "acl-default-rule-number",
        "Rule number that the default network ACL already has",
        Category.BLOCKER,
        Severity.CRITICAL,
        default_acl_number_taken,
        _DOCS + "default-network-acl.html",
        stage=Stage.APPLY,
        message="NetworkAclEntryAlreadyExists: The network acl entry identified by 100 already exists.",
        impact=(("Deployment", "The rule cannot be created."),),
        lesson="The default network ACL comes with rules of its own; `aws_default_network_acl` takes it over, rule resources collide.",
        advice="Create an `aws_network_acl` for the subnets, or adopt the default one with `aws_default_network_acl`.",
    ),
    Rule(
        "RG454",
        "acl-rule-number-twice",
        "Rule number given twice in a network ACL",
        Category.BLOCKER,
        Severity.HIGH,
        number_twice,
        _DOCS + "nacl-rules.html",
        fix_class="C",
        stage=Stage.APPLY,
        message="NetworkAclEntryAlreadyExists",
        impact=(("Deployment", "One of the rules cannot be created."),),
        lesson="Rules of a network ACL are identified by direction and number.",
        advice="Give each rule a number of its own.",
    ),
    Rule(
        "RG455",
        "acl-admits-everything",
        "Network ACL with a rule that admits everything",
        Category.CRITICAL,
        Severity.MEDIUM,
        admits_everything,
        _DOCS + "nacl-rules.html",
        tier=2,
        topics=("network acl", "nacl"),
        stage=Stage.RUNTIME,
        impact=(("Security", "What no earlier rule denies is left to the security groups alone."),),
        lesson="A network ACL that allows everything is the default one with more lines.",
        advice="Allow the ports of the tier from the networks that use it, and ephemeral ports for answers.",
    ),
    Rule(
        "RG456",
        "acl-rule-never-reached",
        "Network ACL rule behind one that decides already",
        Category.CRITICAL,
        Severity.MEDIUM,
        never_reached,
        _DOCS + "nacl-rules.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The rule has no effect: the earlier one decides."),),
        lesson="Rules of a network ACL are read from the lowest number up, and the first that fits decides.",
        advice="Give the narrower rule the smaller number.",
    ),
    Rule(
        "RG457",
        "acl-ports-with-all-protocols",
        "Ports given with protocol -1 in a network ACL",
        Category.BLOCKER,
        Severity.CRITICAL,
        ports_with_all_protocols,
        "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/network_acl",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The network ACL is not set up, and the apply stops."),),
        lesson="Protocol -1 means all protocols, and protocols such as ICMP have no ports.",
        advice="Set both ports to 0, or name the protocol.",
    ),
    Rule(
        "RG458",
        "acl-port-opened-wider",
        "Network ACL opens the port of a database more widely than its rules for that port",
        Category.WARNING,
        Severity.MEDIUM,
        opened_by_a_wider_rule,
        _DOCS + "nacl-ephemeral-ports.html",
        tier=2,
        topics=("network acl", "nacl"),
        stage=Stage.RUNTIME,
        impact=(("Security", "What else comes from the wider network to this port is left to the security groups."),),
        lesson="A network ACL does not tell answers from requests: a rule for the ephemeral ports admits connections to each service that listens there.",
        advice="Narrow the wider rule, or deny the port to everybody else before it and after the rules for the port.",
    ),
)
