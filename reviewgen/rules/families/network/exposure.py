"""RG402 to RG411: what security groups open to the internet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reviewgen.hcl import text_of, traversals
from reviewgen.model.hcl import Conditional, Traversal, Tuple
from reviewgen.model.prose import series
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import absent_by_default, copies

from ...base import Hit, Rule
from ...firewall import Opening, attachments, openings
from ...places import code, listed

# Ports of administration and of databases, with the name that people use.
_ADMIN = {22: "SSH", 3389: "RDP"}
_DATABASES = {
    1433: "SQL Server", 1521: "Oracle", 3306: "MySQL", 5432: "PostgreSQL", 5439: "Redshift", 6379: "Redis", 9200: "Elasticsearch",
    11211: "Memcached", 27017: "MongoDB",
}  # fmt: skip
_SERVERS = ("aws_instance", "aws_launch_template", "aws_launch_configuration")
_MOST_NAMES = 3
# Names that lead to each other are followed no further.
_DEEPEST = 6
BALANCERS = ("aws_lb", "aws_alb", "aws_elb")
# How people ask for security groups that let out only what is needed.
_RESTRICTED = (
    "security groups must follow", "security groups should follow", "security groups follow", "security groups with least",
    "least-privilege security", "least privilege security", "open to 0.0.0.0/0", "no 0.0.0.0/0 rules", "no open internet access",
    "strict security group", "restrictive security group",
    "minimal security group", "restrict outbound", "restrict egress", "ingress/egress", "ingress and egress",
)  # fmt: skip
_RULES_DOCS = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"


def administration_open(graph: Graph) -> Iterator[Hit]:
    """SSH or RDP from everywhere."""
    yield from _open(graph, _ADMIN)


def database_open(graph: Graph) -> Iterator[Hit]:
    """A database port from everywhere."""
    yield from _open(graph, _DATABASES)


def _open(graph: Graph, ports: Mapping[int, str]) -> Iterator[Hit]:
    for rules in openings(graph).values():
        for rule in rules:
            # All ports at once say nothing of one service.
            named = [name for port, name in ports.items() if rule.covers(port) and not _everything(rule)]
            if rule.outbound or not rule.worldwide or not named:
                continue
            default = _default_of(graph, rule)
            through, given = _through(default)
            names = series(named if len(named) <= _MOST_NAMES else [*named[: _MOST_NAMES - 1], f"{len(named) - _MOST_NAMES + 1} more"])
            range_ = f"port {rule.low}" if rule.low == rule.high else f"ports {rule.low} to {rule.high}"
            yield Hit(
                rule.owner.address,
                f"{code(rule.owner.address + _copy(graph, rule))} admits {names} ({range_}) from every {_version(rule)}address of the internet{through}.",
                f"{code(rule.owner.address)}{given} does not admit {names} from `0.0.0.0/0` or `::/0`",
                attribute=rule.path,
                key=names,
                related=tuple(a for a in (*_written(graph, default), rule.group.address) if a != rule.owner.address),
                granted=_asked_for(named, rule.low),
                line=rule.line,
            )


def _asked_for(names: list[str], port: int | None) -> str:
    """Return the pattern by which PROMPT itself opens a service to everybody: ``ssh traffic on port 22 from anywhere``."""
    services = "|".join(re.escape(word.lower()) for word in (*names, f"port {port}"))
    other = r"(?!\b(?:not?|never|only|restrict\w*|except|instead)\b)[^.\n]"
    return rf"(?:^|[.\n])(?:{other}){{0,200}}\b(?:{services})\b(?:{other}){{0,60}}(?:from|to) (?:anywhere|everywhere|0\.0\.0\.0/0)"


def _everything(rule: Opening) -> bool:
    return rule.protocol == "-1" or (rule.low == 0 and rule.high == 65535)


def _through(default: str) -> tuple[str, str]:
    """Say in a problem and in an assertion that a default opens something: who gives the variable another value opens something else."""
    return (f", through the default of {code(default)}", ", with the variables as delivered,") if default else ("", "")


def _written(graph: Graph, default: str) -> tuple[str, ...]:
    """Return where what such a variable is worth is written: its default, or the variable that files give a value; nothing for no variable."""
    variable = graph.get(default) if default else None
    has = variable is not None and "default" in variable.block.attributes
    return (f"{default}.default" if has else default,) if default else ()


def _version(rule: Opening) -> str:
    """Say that the addresses are those of IPv6, where a rule has no others."""
    return "" if "0.0.0.0/0" in rule.cidrs else "IPv6 "


def _default_of(graph: Graph, rule: Opening) -> str:
    """The variable whose default is the range that a rule admits, or decides about it; empty when it is none."""
    for expr in rule.sources:
        for inner in expr.items if isinstance(expr, Tuple) else (expr,):
            named = _collection(rule, inner) if isinstance(inner, Traversal) else inner
            for traversal in traversals(named.condition if isinstance(named, Conditional) else named):
                if isinstance(named, Traversal | Conditional) and (found := _input(graph, traversal, rule.owner.module)):
                    return found
    return ""


def _input(graph: Graph, named: Traversal, module: str, depth: int = _DEEPEST) -> str:
    """Return the variable of the root module that a name leads to, through locals and the inputs of modules; empty for nothing or several."""
    found = graph.resolve(named, module)
    if found is None or found.kind not in ("variable", "local") or not depth:
        return ""
    if found.kind == "variable" and not graph.callers(found.module):
        return found.address
    inputs = {
        _input(graph, e, home, depth - 1) if isinstance(e, Traversal) else "" for e, home in graph.behind(found, named)
    }  # fmt: skip
    return inputs.pop() if len(inputs) == 1 else ""


def _collection(rule: Opening, range_: Traversal) -> Traversal:
    """Return what a range is one item of: the collection of the ``dynamic`` block whose iterator names it; else the range itself."""
    for block in rule.owner.block.blocks if rule.path else ():
        iterator, each = block.value("iterator"), block.value("for_each")
        name = iterator.root if isinstance(iterator, Traversal) else rule.path
        content = any(inner.line == rule.line for inner in block.blocks)
        if block.type == "dynamic" and content and range_.root == name and isinstance(each, Traversal):
            return each
    return range_


def _copy(graph: Graph, rule: Opening) -> str:
    """Return the key of the copy that is told of, where the ranges of a group differ from copy to copy; empty elsewhere."""
    differs = rule.owner is rule.group and any(re.search(r"\beach\.", text_of(expr)) for expr in rule.sources)
    each = copies(graph, rule.owner)[0].names.get("each") if differs else None
    return f'["{each["key"]}"]' if each else ""


def everything_open(graph: Graph) -> Iterator[Hit]:
    """All ports from everywhere."""
    for rules in openings(graph).values():
        for rule in rules:
            if rule.worldwide and not rule.outbound and _everything(rule) and rule.protocol in ("-1", "tcp"):
                what = "every port and protocol" if rule.protocol == "-1" else "every TCP port"
                default = _default_of(graph, rule)
                through, given = _through(default)
                yield Hit(
                    rule.owner.address,
                    f"{code(rule.owner.address)} opens {what} to the whole {_version(rule)}internet{through}.",
                    f"{code(rule.owner.address)}{given} does not open {what} to the whole internet",
                    attribute=rule.path,
                    related=(*_written(graph, default), *((rule.group.address,) if rule.group is not rule.owner else ())),
                    line=rule.line,
                )


# Words by which PROMPT gives each server an address of its own, and lets everybody send HTTP: past any load balancer.
_REACHED = (
    r"(?s)\A(?=.*\b(?:each|every|both|all)(?: \w+){0,3} (?:instances?|servers?)\b"
    r"(?![^\n]{0,120}\b(?:no|not|never|without|outbound|egress|nat)\b)[^\n.]{0,40}\b(?:elastic ips?|eips?|public ips?)\b)"
    r"(?=.*\b(?:https?|port 80|web traffic)\b[^\n.]{0,40}(?:\bfrom (?:anywhere|everywhere|the internet)\b|0\.0\.0\.0/0))"
)


def balanced_servers_open(graph: Graph) -> Iterator[Hit]:
    """Servers behind a load balancer whose group admits the internet directly, because it is that of the load balancer."""
    for group in graph.of_type("aws_security_group"):
        users = attachments(graph).get(group.address, ())
        servers = [u.address for u in users if u.type in _SERVERS and not absent_by_default(graph, u)]
        balancers = [u.address for u in users if u.type in BALANCERS and graph.argument(u, "internal") not in (True, "true")]
        web = next((r for r in openings(graph)[group.address] if is_open_web(r)), None)
        if servers and balancers and web is not None:
            yield Hit(
                web.owner.address,
                f"{code(group.address)} is the group of the load balancer {listed(balancers)} and of {listed(servers)}: what it admits "
                "from the internet for the load balancer it admits to the servers too, past the load balancer.",
                f"{code(group.address)} does not admit the internet while load balancer and servers share it",
                attribute=web.path,
                related=(*balancers, *servers),
                granted=_REACHED,
                line=web.line,
            )


def is_open_web(rule: Opening) -> bool:
    """Whether a rule admits HTTP or HTTPS from everywhere."""
    return not rule.outbound and rule.worldwide and (rule.covers(80) or rule.covers(443))


# Words by which PROMPT itself lets everything out.
_OPEN_EGRESS = (
    "egress allowed|egress is allowed|all egress allowed|allow all egress|allow all outbound|allows all outbound|all outbound traffic allowed|"
    "egress to anywhere|unrestricted egress|unrestricted outbound|egress all|outbound all|open egress|"
    r"\b(?:outbound|egress)(?: \w+)? open to (?:0\.0\.0\.0/0|all|any|the internet|everywhere|the world)|"
    r"\b(?:broad|wide)(?:er)? (?:cidrs?|cidr blocks?|cidr ranges?|ranges?) for (?:the )?(?:egress|outbound)|"
    r"\b(?:outbound|egress)(?: traffic| access| rules)? (?:can|may|is|are|can be|may be) (?:be )?(?:wide )?open\b"
)


# Inline rules are part of their group: two groups cannot name each other by them.
_CIRCLE = (
    "Where a destination admits the group by an inline rule, move the rules of one of the two into rule resources first: inline they would "
    "name each other, a circle that Terraform refuses."
)


def all_egress(graph: Graph) -> Iterator[Hit]:
    """Everything may leave to everywhere."""
    every = openings(graph)
    admitted = {name for group, rules in every.items() for rule in rules if rule.path for name in rule.groups if name != group}
    open_ones = [rule for rules in every.values() for rule in rules if rule.outbound and rule.worldwide and rule.protocol == "-1"]
    circle = any(rule.path and rule.group.address in admitted for rule in open_ones)
    for rule in open_ones:
        default = _default_of(graph, rule)
        through, given = _through(default)
        yield Hit(
            rule.owner.address,
            f"{code(rule.owner.address)} lets every protocol out to every {_version(rule)}address{through}.",
            f"{code(rule.owner.address)}{given} does not let every protocol out to every address",
            attribute=rule.path,
            related=(*filter(None, [default]), *((rule.group.address,) if rule.group is not rule.owner else ())),
            further=_CIRCLE if circle else "",
            unless=_OPEN_EGRESS,
            line=rule.line,
        )


RULES = (
    Rule(
        "RG402",
        "sg-admin-port-world",
        "SSH or RDP open to the whole internet",
        Category.CRITICAL,
        Severity.CRITICAL,
        administration_open,
        _RULES_DOCS,
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(
            (
                "Security",
                "The group keeps nobody away from these ports: wherever the internet reaches them they are scanned and attacked all the time.",
            ),
        ),
        lesson="Administration comes from known addresses, a bastion, or Session Manager; never from everywhere.",
        advice="Name the administrators' address ranges in a variable without default, or use Session Manager and drop the rule.",
    ),
    Rule(
        "RG403",
        "sg-database-port-world",
        "Database port open to the whole internet",
        Category.CRITICAL,
        Severity.CRITICAL,
        database_open,
        _RULES_DOCS,
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(
            ("Security", "The group keeps nobody away from what listens there: what is left is the way through the network and the login."),
        ),
        lesson="A database is reached from the security groups of its clients, by reference.",
        advice="Admit the security group of the application instead of an address range.",
    ),
    Rule(
        "RG404",
        "sg-all-ports-world",
        "All ports open to the whole internet",
        Category.CRITICAL,
        Severity.CRITICAL,
        everything_open,
        _RULES_DOCS,
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Security", "The group keeps nobody away from whatever listens behind it."),),
        lesson="An ingress rule names the ports of the service and who uses it.",
        advice="Open only the ports that the service needs, to those who need them.",
    ),
    Rule(
        "RG409",
        "sg-shared-with-load-balancer",
        "Load balancer and servers share a security group that is open to the internet",
        Category.CRITICAL,
        Severity.HIGH,
        balanced_servers_open,
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Security", "The group lets requests go past the load balancer."),),
        lesson="Servers behind a load balancer admit the load balancer's group and nobody else.",
        advice="Give the servers a group of their own that admits only the load balancer's group.",
    ),
    Rule(
        "RG411",
        "sg-egress-all",
        "Unrestricted egress",
        Category.WARNING,
        Severity.MEDIUM,
        all_egress,
        _RULES_DOCS,
        fix_class="A",
        tier=4,
        topics=_RESTRICTED,
        stage=Stage.RUNTIME,
        impact=(("Security", "The group lets whatever carries it send data to any address."),),
        lesson="Least privilege holds for both directions.",
        advice="List the destinations: security groups, prefix lists of endpoints, and HTTPS where the internet is needed.",
    ),
)
