"""RG521 to RG523, RG530: load balancers and their listeners."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Index, Literal, Splat, Traversal, Tuple
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import Scope, absent_by_default, nested

from ...base import Hit, Rule
from ...keys import created
from ...places import code, is_true, listed

_BALANCERS = ("aws_lb", "aws_alb")
LISTENERS = ("aws_lb_listener", "aws_alb_listener")


def _protocol(graph: Graph, listener: Declaration) -> str:
    """Return the protocol of a listener of an application load balancer, whose default is HTTP; empty when it is not known."""
    value = graph.argument(listener, "protocol") if "protocol" in listener.block.attributes else "HTTP"
    return value.upper() if isinstance(value, str) else ""


def _by_balancer(graph: Graph) -> Iterator[tuple[Declaration, list[Declaration]]]:
    """Yield (application load balancer, its listeners)."""
    listeners = graph.of_type(*LISTENERS)
    owners = {listener.address: graph.targets(listener.block.value("load_balancer_arn"), listener.module) for listener in listeners}
    if any(not any(t.type in _BALANCERS for t in found) for found in owners.values()):
        return  # a listener whose load balancer is not certain may be anyone's
    for balancer in graph.of_type(*_BALANCERS):
        if _is_application(graph, balancer):
            yield balancer, [x for x in listeners if any(t.address == balancer.address for t in owners[x.address])]


def _is_application(graph: Graph, balancer: Declaration) -> bool:
    """Whether a load balancer is certainly one of the application, which is the default."""
    return "load_balancer_type" not in balancer.block.attributes or graph.argument(balancer, "load_balancer_type") == "application"


def _redirects_to_https(graph: Graph, listener: Declaration) -> bool:
    return any(
        graph.constant(b.value("protocol"), listener.module) == "HTTPS"
        for action in listener.block.nested("default_action")
        for b, _ in nested(Scope(graph, listener.module), action, "redirect")
    )


def http_only(graph: Graph) -> Iterator[Hit]:
    """A load balancer that speaks HTTP and nothing else, with its own values at least."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    for balancer, declared in _by_balancer(graph):
        # Where nothing at all is created with the tree's own values, what is there with others counts.
        listeners = [x for x in declared if not absent_by_default(graph, x)] or declared
        later = [x.address for x in declared if x not in listeners and _protocol(graph, x) != "HTTP"]
        protocols = [_protocol(graph, x) for x in listeners]
        if is_true(graph, balancer, "internal") or not listeners or any(p != "HTTP" for p in protocols):
            continue
        if not later and any(_redirects_to_https(graph, x) for x in listeners):
            continue
        yield Hit(
            listeners[0].address,
            f"{code(balancer.address)} has plain HTTP listeners only: what is sent to it and what it answers is not encrypted."
            + (f" With the tree's own values {listed(later)} {'is' if len(later) == 1 else 'are'} not created." if later else ""),
            f"{code(balancer.address)} is internal, or has an HTTPS listener" + (" with the tree's own values" if later else ""),
            related=(
                *(f"{listeners[0].address}.{path}" for path in ("protocol", "default_action", "default_action.type")),
                balancer.address,
            ),
            recommendation=_switched_on(later) if later else None,
            unless=rf"{_PLAIN_HTTP}|{_SOMETIMES}" if later else _PLAIN_HTTP,
        )


def _switched_on(later: list[str]) -> Recommendation:
    """Return the advice where the listener is there, and only not created."""
    return Recommendation(
        f"Let {listed(later)} be created with the tree's own values, too, with an ACM certificate, and redirect HTTP to it."
    )


# Words by which PROMPT leaves HTTPS to whoever applies the stack.
_SOMETIMES = r"enable_https|(?:https|certificate)[^.\n]{0,60}optional|optional[^.\n]{0,60}(?:https|certificate)"
# Words by which PROMPT asks for plain HTTP, and speaks of HTTPS nowhere, or asks for a listener on port 80 and for no other, or leaves the
# choice.
_PLAIN_HTTP = (
    r"http listener|\b(?:alb|load balancer|listeners?) (?:can|may|could) (?:also )?use (?:plain )?http\b"
    r"|(?s:\A(?!.*\bhttps\b).*\bhttp\W{1,4}(?:traffic|access|requests|(?:on )?(?:port )?80\b|from (?:anywhere|(?:the )?internet)))"
    r"|(?s:\A(?!.*(?:\bhttps listener|\blisten[^.\n]{0,60}\b443\b|\bredirect[^.\n]{0,40}\bhttps\b)).*"
    r"\blisten(?:s|ers?)?\b[^.\n]{0,40}\bport (?:80|eighty)\b)"
)


def _sends_all_on(graph: Graph, listener: Declaration) -> bool:
    """Whether a listener redirects to HTTPS on the same host, and nothing but that."""
    rules = graph.of_type("aws_lb_listener_rule", "aws_alb_listener_rule")
    if any(t.address == listener.address for r in rules for t in graph.targets(r.block.value("listener_arn"), r.module)):
        return False
    actions = [b for b in listener.block.nested("default_action") if graph.constant(b.value("type"), listener.module) == "redirect"]
    return any(
        graph.constant(b.value("protocol"), listener.module) == "HTTPS" and "host" not in b.attributes
        for action in actions
        for b in action.nested("redirect")
    )


def redirect_into_nothing(graph: Graph) -> Iterator[Hit]:
    """A redirect to HTTPS where nothing speaks it; a listener of plain HTTP may well stand on that port."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    for balancer, listeners in _by_balancer(graph):
        sender = next((x for x in listeners if _sends_all_on(graph, x)), None)
        secure = [x for x in listeners if _protocol(graph, x) in ("HTTPS", "")]
        if sender is not None and not secure:
            yield Hit(
                sender.address,
                f"{code(sender.address)} sends every request on to HTTPS, and {code(balancer.address)} has no HTTPS listener: whoever follows is not served.",
                f"{code(sender.address)} does not redirect to HTTPS, or {code(balancer.address)} has an HTTPS listener",
                attribute="default_action",
                related=(balancer.address,),
            )


def one_subnet(graph: Graph) -> Iterator[Hit]:
    """An application load balancer in one subnet."""
    for balancer in graph.of_type(*_BALANCERS):
        expr = balancer.block.value("subnets")
        if not isinstance(expr, Tuple) or len(expr.items) != 1 or not _is_application(graph, balancer):
            continue
        if isinstance(expr.items[0], Literal) or _is_single(graph, balancer):
            yield Hit(
                balancer.address,
                f"{code(balancer.address)} is placed in one subnet; an application load balancer needs subnets in two availability zones.",
                f"{code(balancer.address)} is not limited to one subnet",
                attribute="subnets",
                related=tuple(t.address for t in graph.targets(expr, balancer.module))[:2],
            )


def _is_single(graph: Graph, balancer: Declaration) -> bool:
    """Whether the only item of the list is one subnet: ``aws_subnet.a.id`` or ``aws_subnet.a[0].id``."""
    expr = balancer.block.value("subnets")
    item = expr.items[0] if isinstance(expr, Tuple) else None
    return isinstance(item, Traversal) and item.root == "aws_subnet" and not any(
        isinstance(s, Splat) or (isinstance(s, Index) and not isinstance(s.key, Literal)) for s in item.steps
    )  # fmt: skip


# Types that register targets with a group, by referring to it.


_ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application"


def without_certificate(graph: Graph) -> Iterator[Hit]:
    """A listener for TLS that names no certificate; one that is added by a resource of its own comes after the listener."""
    for listener in graph.of_type(*LISTENERS):
        protocol = graph.argument(listener, "protocol")
        if protocol in ("HTTPS", "TLS") and "certificate_arn" not in listener.block.attributes and created(graph, listener):
            yield Hit(
                listener.address,
                f"{code(listener.address)} speaks {protocol} and names no certificate, without which such a listener is not created.",
                f"{code(listener.address)} sets `certificate_arn`, or does not speak {protocol}",
                attribute="certificate_arn",
                message=_NO_CERTIFICATE.format(protocol),
            )


_NO_CERTIFICATE = "ValidationError: A certificate must be specified for {} listeners"


RULES = (
    Rule(
        "RG521",
        "alb-http-only",
        "Load balancer serves plain HTTP only",
        Category.WARNING,
        Severity.HIGH,
        http_only,
        f"{_ELB}/create-https-listener.html",
        fix_class="A",
        tier=2,
        topics=("https", "tls", "ssl", "in transit", "in-transit", "secure", "security"),
        asked=Category.CRITICAL,
        stage=Stage.RUNTIME,
        impact=(
            ("Security", "Whatever is sent to the load balancer and comes back, credentials included, can be read and changed on the way."),
        ),
        lesson="Opening port 443 in a security group encrypts nothing: it takes a listener with a certificate.",
        advice="Add an HTTPS listener with an ACM certificate, and redirect HTTP to it.",
        cures=LISTENERS,
    ),
    Rule(
        "RG522",
        "alb-redirect-into-nothing",
        "Redirect to HTTPS without an HTTPS listener",
        Category.CRITICAL,
        Severity.CRITICAL,
        redirect_into_nothing,
        f"{_ELB}/create-https-listener.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "Clients are sent on to HTTPS, which no listener speaks: whoever follows the redirect is not served."),),
        lesson="A redirect is half of HTTPS; the other half is the listener with the certificate.",
        advice="Let a listener with a certificate speak HTTPS on the port that the redirect leads to, or forward on port 80.",
    ),
    Rule(
        "RG523",
        "alb-one-subnet",
        "Application load balancer in one subnet",
        Category.BLOCKER,
        Severity.CRITICAL,
        one_subnet,
        f"{_ELB}/application-load-balancers.html",
        stage=Stage.APPLY,
        message="ValidationError: At least two subnets in two different Availability Zones must be specified",
        impact=(("Deployment", "The load balancer is not created, and neither is what depends on it."),),
        lesson="An application load balancer spans two availability zones or more, also in small environments.",
        advice="Create a second public subnet in another zone and name both.",
    ),
    Rule(
        "RG530",
        "listener-without-certificate",
        "HTTPS listener without a certificate",
        Category.BLOCKER,
        Severity.CRITICAL,
        without_certificate,
        f"{_ELB}/create-https-listener.html",
        stage=Stage.APPLY,
        message=_NO_CERTIFICATE.format("HTTPS"),
        impact=(("Deployment", "The listener is refused, and what the load balancer is to serve cannot be reached through it."),),
        lesson="TLS ends at the load balancer, so a listener for it is created with a default certificate or not at all.",
        advice="Set `certificate_arn` to a validated certificate of the same region.",
    ),
)
