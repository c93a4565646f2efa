"""RG52x: load balancers, listeners, target groups, and whether their targets can ever be healthy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Block, Call, Index, Literal, Splat, Template, Traversal, Tuple
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import Scope, absent_by_default, nested

from ..base import Hit, Rule
from ..places import code, is_true, listed

_BALANCERS = ("aws_lb", "aws_alb")
_LISTENERS = ("aws_lb_listener", "aws_alb_listener")
_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")


def _protocol(graph: Graph, listener: Declaration) -> str:
    """Return the protocol of a listener of an application load balancer, whose default is HTTP; empty when it is not known."""
    value = graph.argument(listener, "protocol") if "protocol" in listener.block.attributes else "HTTP"
    return value.upper() if isinstance(value, str) else ""


def _by_balancer(graph: Graph) -> Iterator[tuple[Declaration, list[Declaration]]]:
    """Yield (application load balancer, its listeners)."""
    listeners = graph.of_type(*_LISTENERS)
    owners = {listener.address: graph.targets(listener.block.value("load_balancer_arn"), listener.module) for listener in listeners}
    if any(not any(t.type in _BALANCERS for t in found) for found in owners.values()):
        return  # a listener whose load balancer is not certain may be anyone's
    for balancer in graph.of_type(*_BALANCERS):
        kind = graph.argument(balancer, "load_balancer_type")
        if "load_balancer_type" not in balancer.block.attributes or kind == "application":
            yield balancer, [x for x in listeners if any(t.address == balancer.address for t in owners[x.address])]


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
            related=(f"{listeners[0].address}.protocol", f"{listeners[0].address}.default_action", balancer.address),
            unless=_PLAIN_HTTP,
        )


# Words by which PROMPT asks for plain HTTP, and speaks of HTTPS nowhere.
_PLAIN_HTTP = r"http listener|(?s:\A(?!.*\bhttps\b).*\bhttp (?:traffic|access|requests)\b)"


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
    """A redirect to HTTPS where nothing listens."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    for balancer, listeners in _by_balancer(graph):
        sender = next((x for x in listeners if _sends_all_on(graph, x)), None)
        secure = [x for x in listeners if _protocol(graph, x) in ("HTTPS", "")]
        if sender is not None and not secure:
            yield Hit(
                sender.address,
                f"{code(sender.address)} sends every request on to HTTPS, and {code(balancer.address)} has no HTTPS listener: no request is ever answered.",
                f"{code(sender.address)} does not redirect to HTTPS, or {code(balancer.address)} has an HTTPS listener",
                attribute="default_action",
                related=(balancer.address,),
            )


def one_subnet(graph: Graph) -> Iterator[Hit]:
    """An application load balancer in one subnet."""
    for balancer in graph.of_type(*_BALANCERS):
        expr = balancer.block.value("subnets")
        if not isinstance(expr, Tuple) or len(expr.items) != 1 or graph.argument(balancer, "load_balancer_type") in ("network", "gateway"):
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
_USERS = (
    "aws_autoscaling_group", "aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment", "aws_lb_target_group_attachment",
    "aws_alb_target_group_attachment", "aws_ecs_service", "aws_ecs_task_set", "aws_codedeploy_deployment_group", "aws_eks_node_group",
    "aws_elastic_beanstalk_environment", "kubernetes_manifest", "aws_vpclattice_target_group_attachment", "aws_spot_fleet_request",
)  # fmt: skip


def group_without_targets(graph: Graph) -> Iterator[Hit]:
    """A target group that a listener forwards to and nothing registers with."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    users = graph.of_type(*_USERS)
    if any(graph.argument(d, "deployment_controller", "type") == "CODE_DEPLOY" for d in users):
        return  # CodeDeploy moves the targets between two groups, of which one is empty at any time
    reached = {t.address for u in users for b in u.block.walk() for a in b.attributes.values() for t in graph.targets(a.expr, u.module)}
    for group in graph.of_type(*_GROUPS):
        sources = [r.source for r in graph.incoming.get(group.address, ())]
        forwarded = [s for s in sources if re.search(r"aws_a?lb_listener", s)]
        # An output of a child module may reach a caller that registers targets.
        if group.address in reached or not forwarded or any("output." in s for s in sources if group.module != graph.tree.root):
            continue
        http = "protocol" not in group.block.attributes or graph.argument(group, "protocol") in ("HTTP", "HTTPS")
        yield Hit(
            group.address,
            f"{code(forwarded[0])} forwards to {code(group.address)}, and nothing registers targets with it: "
            f"{'what is forwarded there is answered with 503' if http else 'no connection to it is answered'}.",
            f"something registers targets with {code(group.address)}",
            related=(forwarded[0],),
        )


def asg_as_target(graph: Graph) -> Iterator[Hit]:
    """The name of an Auto Scaling group registered as a target."""
    for attachment in graph.of_type("aws_lb_target_group_attachment", "aws_alb_target_group_attachment"):
        for target in graph.targets(attachment.block.value("target_id"), attachment.module):
            if target.type in ("aws_autoscaling_group", "aws_launch_template"):
                yield Hit(
                    attachment.address,
                    f"{code(attachment.address)} registers {code(target.address)} as a target, whose id is no instance, address or function.",
                    f"{code(attachment.address)} does not register {code(target.address)}",
                    attribute="target_id",
                    title="Launch template registered as a target" if target.type == "aws_launch_template" else "",
                    related=(f"{target.address}.target_group_arns",),
                )


# ---- targets that answer


_STOCK = re.compile(r"amzn2-ami|al2023-ami|al2022-ami|amzn-ami|ubuntu/images|/aws/service/ami-amazon-linux-latest", re.IGNORECASE)


def _is_stock(graph: Graph, holder: Declaration) -> bool:
    """Whether an instance or template certainly starts from a plain image of an operating system."""
    for argument in ("ami", "image_id"):
        for image in graph.targets(holder.block.value(argument), holder.module):
            text = "\n".join(graph.files[image.block.file].text.split("\n")[image.block.line - 1 : image.block.end_line])
            if image.kind == "data" and _STOCK.search(text) and "ecs" not in text.lower():
                return True
    return False


def nothing_answers(graph: Graph) -> Iterator[Hit]:
    """Instances from a plain image, without user data, behind a health check."""
    for attachment in graph.of_type("aws_lb_target_group_attachment", "aws_alb_target_group_attachment", "aws_elb_attachment"):
        for instance in graph.targets(attachment.block.value("target_id"), attachment.module):
            if instance.type == "aws_instance" and "launch_template" not in {b.type for b in instance.block.blocks}:
                yield from _silent(graph, instance, attachment, instance)
    for group in graph.of_type("aws_autoscaling_group"):
        attached = [t for t in graph.targets(group.block.value("target_group_arns"), group.module) if t.type in _GROUPS]
        for template in _templates_of(graph, group):
            if attached:
                yield from _silent(graph, template, attached[0], group)


def _templates_of(graph: Graph, group: Declaration) -> Iterator[Declaration]:
    for block in group.block.nested("launch_template"):
        for name in ("id", "name"):
            yield from (t for t in graph.targets(block.value(name), group.module) if t.type == "aws_launch_template")


# Words of scripts that may bring something that answers: servers, runtimes, containers, and whatever loads more of the script.
_SERVERS = re.compile(
    r"httpd|nginx|apache|tomcat|caddy|haproxy|lighttpd|node|npm|python|flask|gunicorn|uvicorn|java|docker|podman|ecs|eks|kube|php|ruby|"
    r"rails|perl|dotnet|golang|go run|busybox|netcat|socat|nc -|serve|codedeploy|ansible|chef|puppet|salt|s3 (?:cp|sync)|git |curl|wget|\.sh\b|\.jar\b",
    re.IGNORECASE,
)


def _serves_nothing(graph: Graph, holder: Declaration) -> str:
    """Say why nothing of an instance's start can answer requests; empty when something may."""
    found = [holder.block.value(n) for n in ("user_data", "user_data_base64") if n in holder.block.attributes]
    if not found:
        return "without user data"
    expr = found[0]
    inner = expr.args[0] if isinstance(expr, Call) and expr.name == "base64encode" and len(expr.args) == 1 else expr
    parts = inner.parts if isinstance(inner, Template) else (inner,)
    values = [graph.constant(p, holder.module) for p in parts]
    certain = all(
        isinstance(v, str) or (isinstance(p, Traversal) and p.root not in ("var", "local", "each"))
        for v, p in zip(values, parts, strict=True)
    )
    words = "".join(v for v in values if isinstance(v, str))
    return "" if not certain or not words.strip() or _SERVERS.search(words) else "with user data that starts no server"


def _listens(graph: Graph) -> bool:
    """Whether a load balancer of the tree may have a listener."""
    return bool(graph.of_type(*_LISTENERS)) or graph.has_remote_modules or graph.tree.incomplete


def _silent(graph: Graph, holder: Declaration, via: Declaration, owner: Declaration) -> Iterator[Hit]:
    how_started = _serves_nothing(graph, holder)
    if not how_started or not _is_stock(graph, holder) or _configured_later(graph):
        return
    found = graph.targets(via.block.value("target_group_arn"), via.module) if via.type not in _GROUPS else (via,)
    if any(22 in (graph.argument(t, "port"), graph.argument(t, "health_check", "port")) for t in found):
        return  # the server for SSH is there from the start
    groups = [t.address for t in found]
    if groups and not _listens(graph):
        return  # the targets of a group that no listener leads to are not checked at all
    behind = listed(groups) if groups else "a load balancer"
    how = f"is registered with {behind}" if owner is holder else f"{code(owner.address)} registers its instances with {behind}"
    yield Hit(
        holder.address,
        f"{code(holder.address)} starts a plain operating system image {how_started} and {how}: nothing answers the health check, "
        "so no target becomes healthy.",
        f"{code(holder.address)} does not start a plain image without anything that answers",
        attribute="user_data",
        related=(f"{groups[0]}.health_check",) if groups else (),
    )


def _configured_later(graph: Graph) -> bool:
    """Whether something installs software after the start: Systems Manager, CodeDeploy, a provisioner."""
    later = graph.of_type("aws_ssm_association", "aws_codedeploy_deployment_group", "aws_ssm_document", "null_resource")
    return bool(later) or any(b.type == "provisioner" for d in graph.of_type("aws_instance") for b in d.block.blocks)


def template_and_subnet(graph: Graph) -> Iterator[Hit]:
    """An instance with a subnet or groups of its own whose launch template defines network interfaces."""
    for instance in graph.of_type("aws_instance"):
        own = [
            a
            for a in ("subnet_id", "vpc_security_group_ids", "security_groups", "associate_public_ip_address")
            if a in instance.block.attributes
        ]
        for template in _templates_of(graph, instance):
            # With a public address of its own the provider describes an interface, too, and not a subnet of the instance.
            if own and "associate_public_ip_address" not in own and any(template.block.nested("network_interfaces")):
                yield Hit(
                    instance.address,
                    f"{code(instance.address)} sets {listed(own)} and starts from {code(template.address)}, which defines `network_interfaces`: "
                    "EC2 takes one or the other.",
                    f"{code(instance.address)} leaves the network to its template, or the template has no network interfaces",
                    attribute=own[0],
                    message="InvalidParameterCombination: Network interfaces and an instance-level "
                    f"{'subnet ID' if own[0] == 'subnet_id' else 'security groups'} may not be specified on the same request",
                    related=(f"{template.address}.network_interfaces",),
                )


def default_vpc(graph: Graph) -> Iterator[Hit]:
    """An instance without a subnet that names its groups by name."""
    vpcs = graph.of_type("aws_vpc", "aws_default_vpc", "aws_default_subnet")
    for instance in graph.of_type("aws_instance"):
        if (
            "security_groups" not in instance.block.attributes
            or "subnet_id" in instance.block.attributes
            or _has_interfaces(instance.block)
        ):
            continue
        groups = [g for g in graph.targets(instance.block.value("security_groups"), instance.module) if g.type == "aws_security_group"]
        if groups and not vpcs and all("vpc_id" not in g.block.attributes for g in groups):
            yield Hit(
                instance.address,
                f"{code(instance.address)} has no `subnet_id`, and {code(groups[0].address)} no `vpc_id`: both rely on the default VPC of the region.",
                f"{code(instance.address)} does not rely on the default VPC",
                attribute="security_groups",
                related=(groups[0].address,),
            )


def _has_interfaces(block: Block) -> bool:
    return any(b.type in ("network_interface", "launch_template") for b in block.blocks)


_ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application"

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
        impact=(("Function", "Clients are sent to a port on which nothing listens: the service cannot be reached."),),
        lesson="A redirect is half of HTTPS; the other half is the listener with the certificate.",
        advice="Add the HTTPS listener, or forward on port 80.",
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
        "RG524",
        "target-group-without-targets",
        "Target group without targets",
        Category.CRITICAL,
        Severity.HIGH,
        group_without_targets,
        f"{_ELB}/target-group-register-targets.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The load balancer has nowhere to send requests."),),
        lesson="Listener, target group and targets are one chain; the group itself finds nobody.",
        advice="Name the group in the Auto Scaling group's `target_group_arns`, in the ECS service, or in an attachment.",
        cures=("aws_lb_target_group_attachment", "aws_autoscaling_attachment", "aws_autoscaling_group", "aws_ecs_service"),
    ),
    Rule(
        "RG525",
        "asg-as-target",
        "Auto Scaling group registered as a target",
        Category.BLOCKER,
        Severity.HIGH,
        asg_as_target,
        f"{_ELB}/target-group-register-targets.html",
        stage=Stage.APPLY,
        message="ValidationError: Instance ID is not valid",
        impact=(("Deployment", "Registration is refused and apply stops."),),
        lesson="An Auto Scaling group registers its instances itself, through `target_group_arns`.",
        advice="Use `target_group_arns` or `aws_autoscaling_attachment`.",
    ),
    Rule(
        "RG526",
        "targets-without-server",
        "Nothing on the instances answers the health check",
        Category.CRITICAL,
        Severity.HIGH,
        nothing_answers,
        f"{_ELB}/target-group-health-checks.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The load balancer has no healthy target, so that it answers with errors only."),),
        lesson="A plain image serves nothing: user data, a prepared image or a deployment has to bring the server.",
        advice="Install and start a server in the user data, on the port and path that the health check asks for.",
    ),
    Rule(
        "RG527",
        "instance-template-network",
        "Instance and launch template both define the network",
        Category.BLOCKER,
        Severity.HIGH,
        template_and_subnet,
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The instance is not started."),),
        lesson="Subnet and security groups stand at the network interface or at the instance, never at both.",
        advice="Take `network_interfaces` out of the template, or subnet and groups out of the instance.",
    ),
    Rule(
        "RG528",
        "instance-default-vpc",
        "Instance relies on the default VPC",
        Category.WARNING,
        Severity.MEDIUM,
        default_vpc,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance#security_groups",
        stage=Stage.APPLY,
        impact=(
            (
                "Deployment",
                "In an account or region without a default VPC neither the instance nor its security group is created.",
            ),
        ),
        lesson="`security_groups` takes names in the default VPC; everywhere else it is `vpc_security_group_ids`.",
        advice="Set `subnet_id` and `vpc_security_group_ids`.",
    ),
)
