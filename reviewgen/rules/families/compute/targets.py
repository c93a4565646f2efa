"""RG524 to RG526: target groups, and whether their targets can ever be healthy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.hcl import UNKNOWN
from reviewgen.model.hcl import Block, Call, Expression, Template, Traversal
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code, listed
from .instance_networks import templates_of
from .load_balancers import LISTENERS

_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")
TARGETING = (
    "aws_autoscaling_group", "aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment", "aws_lb_target_group_attachment",
    "aws_alb_target_group_attachment", "aws_ecs_service", "aws_ecs_task_set", "aws_codedeploy_deployment_group", "aws_eks_node_group",
    "aws_elastic_beanstalk_environment", "kubernetes_manifest", "aws_vpclattice_target_group_attachment", "aws_spot_fleet_request",
)  # fmt: skip
"""Types that register targets with a group, by referring to it."""
# What may do so by a command, a program or a controller in a cluster that gets the ARN of the group.
_BY_HAND = ("kubectl_manifest", "helm_release", "null_resource", "terraform_data", "aws_lambda_function")
# The arguments by which they name it.
_NAMING = frozenset(["target_group_arn", "target_group_arns", "lb_target_group_arn", "alb_target_group_arn", "identifier"])


def group_without_targets(graph: Graph) -> Iterator[Hit]:
    """A target group that a listener forwards to and nothing registers with."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    users = graph.of_type(*TARGETING, *_BY_HAND)
    if any(graph.argument(d, "deployment_controller", "type") == "CODE_DEPLOY" for d in users):
        return  # CodeDeploy moves the targets between two groups, of which one is empty at any time
    if any(_elsewhere(graph, user) for user in users):
        return
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
            recommendation=Recommendation(_how_to_register(graph, group)),
        )


def _how_to_register(graph: Graph, group: Declaration) -> str:
    """Return how targets of the group's kind are registered; Auto Scaling and services of ECS do it themselves, each for kinds of its own."""
    kind = graph.argument(group, "target_type") if "target_type" in group.block.attributes else "instance"
    if kind == "lambda":
        return (
            "Register the function with `aws_lb_target_group_attachment`, and let `elasticloadbalancing.amazonaws.com` invoke it "
            "(`aws_lambda_permission`)."
        )
    if kind == "alb":
        return "Register the Application Load Balancer with `aws_lb_target_group_attachment`."
    scaling, services = ([d.address for d in graph.of_type(type_)] for type_ in ("aws_autoscaling_group", "aws_ecs_service"))
    if kind == "ip":
        service = f"a `load_balancer` block of {listed(services)}" if services else "the `load_balancer` block of an ECS service"
        other = f'; for the instances of {listed(scaling)} the group needs `target_type = "instance"`' if scaling and not services else ""
        return (
            f"Name the group in {service} whose tasks use the network mode `awsvpc`, or register addresses with "
            f"`aws_lb_target_group_attachment`{other}."
        )
    if kind == "instance" and scaling:
        return f"Name the group in `target_group_arns` of {listed(scaling)}."
    return "Name the group in the Auto Scaling group's `target_group_arns`, in the ECS service, or in an attachment."


def _elsewhere(graph: Graph, user: Declaration) -> bool:
    """Whether a user names a group in a way that cannot be followed, as by what its module does not declare: any group may be meant."""
    for block in user.block.walk():
        for name in _NAMING & block.attributes.keys():
            expr = block.attributes[name].expr
            followed = any(t.type in _GROUPS or t.kind == "data" for t in graph.targets(expr, user.module))
            value = graph.constant(expr, user.module)
            if not followed and any(item is UNKNOWN for item in (value if isinstance(value, list | tuple) else (value,))):
                return True
    return False


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
    for holder, via, owner in _registered(graph):
        yield from _silent(graph, holder, via, owner)


def _registered(graph: Graph) -> Iterator[tuple[Declaration, Declaration, Declaration]]:
    """Yield (instance or template, what names the group, who registers): instances that are targets."""
    for attachment in graph.of_type("aws_lb_target_group_attachment", "aws_alb_target_group_attachment", "aws_elb_attachment"):
        for instance in graph.targets(attachment.block.value("target_id"), attachment.module):
            if instance.type == "aws_instance" and "launch_template" not in {b.type for b in instance.block.blocks}:
                yield instance, attachment, instance
    for group in graph.of_type("aws_autoscaling_group"):
        attached = [t for t in graph.targets(group.block.value("target_group_arns"), group.module) if t.type in _GROUPS]
        for template in templates_of(graph, group):
            if attached:
                yield template, attached[0], group


# Words of scripts that may bring something that answers: servers, runtimes, containers, and whatever loads more of the script.
_SERVERS = re.compile(
    r"httpd|nginx|apache|tomcat|caddy|haproxy|lighttpd|node|npm|python|flask|gunicorn|uvicorn|java|docker|podman|ecs|eks|kube|php|ruby|"
    r"rails|perl|dotnet|golang|go run|busybox|netcat|socat|nc -|serve|codedeploy|ansible|chef|puppet|salt|s3 (?:cp|sync)|git |curl|wget|\.sh\b|\.jar\b",
    re.IGNORECASE,
)


# Servers that listen on port 80 as they are installed, by their words in a script.
# Sources: https://httpd.apache.org/docs/2.4/bind.html, https://nginx.org/en/docs/beginners_guide.html
_WEB = frozenset(["httpd", "apache", "nginx"])
_WEB_PORT = 80
# What a script reads of its own instance, and the pages that it writes, say nothing of servers.
_ASIDE = (
    re.compile(r"\bcurl\b[^\n|;)`]*169\.254\.169\.254[^\s)`]*", re.IGNORECASE),
    re.compile(r"\becho\b[^\n]*>\s*\S*\.html?\b"),
    re.compile(r"^[^\n]*\.html?\b[^\n]*<<-?\s*['\"]?(\w+)['\"]?.*?^\s*\1\s*$", re.DOTALL | re.MULTILINE),
    re.compile(r"^[^\n]*<<-?\s*['\"]?(\w+)['\"]?[^\n]*\.html?\b.*?^\s*\1\s*$", re.DOTALL | re.MULTILINE),
)


def _script(graph: Graph, holder: Declaration) -> tuple[str, bool, bool]:
    """Return the constant words of what an instance runs at its start, whether anything else in it only names resources, and whether that is all."""
    found = [holder.block.value(n) for n in ("user_data", "user_data_base64") if n in holder.block.attributes]
    expr = found[0]
    inner = expr.args[0] if isinstance(expr, Call) and expr.name == "base64encode" and len(expr.args) == 1 else expr
    parts = inner.parts if isinstance(inner, Template) else (inner,)
    values = [graph.constant(p, holder.module) for p in parts]
    certain = all(
        isinstance(v, str) or (isinstance(p, Traversal) and p.root not in ("var", "local", "each"))
        for v, p in zip(values, parts, strict=True)
    )
    return "".join(v for v in values if isinstance(v, str)), certain, all(isinstance(v, str) for v in values)


def _serves_nothing(graph: Graph, holder: Declaration, groups: list[Declaration]) -> str:
    """Say why nothing of an instance's start can answer requests on the port of its target groups; empty when something may."""
    if not any(name in holder.block.attributes for name in ("user_data", "user_data_base64")):
        return "without user data"
    words, certain, whole = _script(graph, holder)
    if not certain or not words.strip():
        return ""
    if not _SERVERS.search(words):
        return "with user data that starts no server"
    for aside in _ASIDE:
        words = aside.sub("", words)
    servers = {server.lower() for server in _SERVERS.findall(words)}
    ports = {_checked_port(graph, group) for group in groups}
    if whole and servers and servers <= _WEB and ports and not any(port in (None, _WEB_PORT, 443) or str(port) in words for port in ports):
        return f"with user data that installs {listed(sorted(servers))} as it comes, which listens on port {_WEB_PORT},"
    return ""


def _checked_port(graph: Graph, group: Declaration) -> int | None:
    """Return the port to which a target group sends requests and health checks; None for two, or one that is not known."""
    port = graph.argument(group, "port")
    for block in group.block.nested("health_check"):
        checked = graph.constant(block.value("port"), group.module) if "port" in block.attributes else "traffic-port"
        if str(checked) not in ("traffic-port", str(port)):
            return None
    return int(port) if isinstance(port, int | str) and str(port).isdigit() else None


# Words of scripts by which something runs that answers requests; what is only installed, as an engine for containers, does not.
_RUNNING = re.compile(
    r"httpd|http\.server|nginx|apache|tomcat|caddy|haproxy|lighttpd|docker[ -](?:run|compose)|podman run|npm (?:start|run)|node \S|gunicorn|uvicorn|"
    r"flask|java -jar|rails|dotnet \S|go run|nc -",
    re.IGNORECASE,
)


def may_answer_nothing(graph: Graph) -> bool:
    """Whether a tree registers instances of which its code does not show that they run something: the image may have it, or nothing has."""
    return any(not _shows_server(graph, holder) for holder, _, _ in _registered(graph))


def _shows_server(graph: Graph, holder: Declaration) -> bool:
    """Whether the user data of an instance, as far as it is known, runs something that answers requests."""
    given = [holder.block.value(n) for n in ("user_data", "user_data_base64") if n in holder.block.attributes]
    texts = [text for expr in given for text in _texts(graph, expr, holder.module)]
    return any(_RUNNING.search(text) for text in texts)


def _texts(graph: Graph, expr: Expression | None, module: str) -> Iterator[str]:
    """Yield what is known of the text of user data, encoded or not."""
    inner = expr.args[0] if isinstance(expr, Call) and expr.name == "base64encode" and len(expr.args) == 1 else expr
    for part in inner.parts if isinstance(inner, Template) else (inner,):
        value = graph.constant(part, module)
        if isinstance(value, str):
            yield value


def _listens(graph: Graph) -> bool:
    """Whether a load balancer of the tree may have a listener."""
    return bool(graph.of_type(*LISTENERS)) or graph.has_remote_modules or graph.tree.incomplete


def _silent(graph: Graph, holder: Declaration, via: Declaration, owner: Declaration) -> Iterator[Hit]:
    found = graph.targets(via.block.value("target_group_arn"), via.module) if via.type not in _GROUPS else (via,)
    # A target may take the traffic on a port of its own.
    how_started = _serves_nothing(
        graph, holder, [t for t in found if t.type in _GROUPS and (via is t or "port" not in via.block.attributes)]
    )
    if not how_started or not _is_stock(graph, holder) or _configured_later(graph):
        return
    if any(22 in (graph.argument(t, "port"), graph.argument(t, "health_check", "port")) for t in found):
        return  # the server for SSH is there from the start
    groups = [t.address for t in found]
    if groups and not _listens(graph):
        return  # the targets of a group that no listener leads to are not checked at all
    behind = listed(groups) if groups else "a load balancer"
    plain = bool(found) and all(graph.argument(t, "protocol") in ("TCP", "UDP", "TCP_UDP", "TLS") for t in found)
    answers = "anything that answers"
    if f"port {_WEB_PORT}" in how_started:
        behind += f", which sends to port {_checked_port(graph, found[0])}"
        answers += f" on port {_checked_port(graph, found[0])}"
    how = f"is registered with {behind}" if owner is holder else f"{code(owner.address)} registers its instances with {behind}"
    yield Hit(
        holder.address,
        f"{code(holder.address)} starts a plain operating system image {how_started} and {how}: nothing answers the health check, "
        "so no target becomes healthy.",
        f"{code(holder.address)} does not start a plain image without {answers}",
        attribute="user_data",
        related=tuple(groups[:1]),
        impact=(("Function", "No connection through the load balancer is answered."),) if plain else (),
        source=f"{_NLB}/target-group-health-checks.html" if plain else "",
    )


def _configured_later(graph: Graph) -> bool:
    """Whether something installs software after the start: Systems Manager, CodeDeploy, a provisioner."""
    if graph.of_type("aws_ssm_association", "aws_codedeploy_deployment_group", "aws_ssm_document"):
        return True
    if any(b.type == "provisioner" for d in graph.of_type("aws_instance") for b in d.block.blocks):
        return True
    runners = graph.of_type("null_resource", "terraform_data")
    return any(_reaches(graph, d, b) for d in runners for b in d.block.blocks if b.type == "provisioner")


_REMOTE = re.compile(r"ansible|ssh|scp|rsync|send-command|chef|puppet|salt|\.(?:sh|py)\b")


def _reaches(graph: Graph, runner: Declaration, provisioner: Block) -> bool:
    """Whether a provisioner may install something on another machine."""
    command = graph.constant(provisioner.value("command"), runner.module)
    return provisioner.labels[:1] != ("local-exec",) or not isinstance(command, str) or bool(_REMOTE.search(command))


_ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application"
_NLB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network"

RULES = (
    Rule(
        "RG524",
        "target-group-without-targets",
        "Target group without targets",
        Category.CRITICAL,
        Severity.HIGH,
        group_without_targets,
        f"{_ELB}/target-group-register-targets.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "What is forwarded to the group reaches nobody."),),
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
        lesson="A plain image serves nothing: user data, a prepared image or a deployment has to bring a server that listens where the targets are asked.",
        advice="Install and start a server in the user data, on the port and path that the health check asks for.",
    ),
)
