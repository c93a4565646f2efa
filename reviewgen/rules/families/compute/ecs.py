"""RG53x: ECS tasks and services that are refused, and containers that nobody reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reviewgen.model.hcl import Call, Expression, Literal, Object, Traversal, Tuple
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ... import tables
from ...base import Hit, Rule
from ...places import code, listed
from ...values import default_behind, number, variable_behind

_GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"
_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")
Container = Mapping[str, Expression]


def containers(graph: Graph, task: Declaration) -> list[Container] | None:
    """Return the container definitions of a task as objects; None when they are not all written out."""
    expr = task.block.value("container_definitions")
    for _ in range(3):
        target = graph.resolve(expr, task.module) if isinstance(expr, Traversal) and len(expr.steps) == 1 else None
        if target is None or target.attribute is None:
            break
        expr = target.attribute.expr
    body = expr.args[0] if isinstance(expr, Call) and expr.name == "jsonencode" and len(expr.args) == 1 else None
    if not isinstance(body, Tuple) or not all(isinstance(i, Object) for i in body.items):
        return None
    return [{str(k.value): v for k, v in i.items if isinstance(k, Literal)} for i in body.items if isinstance(i, Object)]


def member(expr: Expression | None, name: str) -> Expression | None:
    """Return the value of an object that is written out by its key, None where it has no such key."""
    pairs = expr.items if isinstance(expr, Object) else ()
    return next((value for key, value in pairs if isinstance(key, Literal) and key.value == name), None)


def _is_fargate(graph: Graph, task: Declaration) -> bool:
    kinds = graph.argument(task, "requires_compatibilities")
    return isinstance(kinds, list) and "FARGATE" in kinds


def _tasks(graph: Graph) -> list[Declaration]:
    return graph.of_type("aws_ecs_task_definition")


def fargate_size(graph: Graph) -> Iterator[Hit]:
    """CPU and memory that Fargate does not offer together."""
    rows = {r["cpu"]: r for r in tables.rows("fargate_sizes")}
    for task in _tasks(graph):
        cpu, memory = number(graph.argument(task, "cpu")), number(graph.argument(task, "memory"))
        if not _is_fargate(graph, task) or cpu is None or memory is None:
            continue
        row = rows.get(int(cpu))
        allowed = [] if row is None else row.get("only") or range(row["least"], row["most"] + 1, row["step"])
        if int(memory) not in allowed:
            fits = f"; with {int(cpu)} units it offers {allowed[0]} to {allowed[-1]} MiB" if row is not None else ""
            yield Hit(
                task.address,
                f"{code(task.address)} asks Fargate for {int(cpu)} CPU units with {int(memory)} MiB, which it does not offer together{fits}.",
                f"{code(task.address)} asks for a size that Fargate offers",
                attribute="memory" if row is not None else "cpu",
                related=(f"{task.address}.cpu", *variable_behind(graph, task, "memory")),
            )


def fargate_network(graph: Graph) -> Iterator[Hit]:
    """A Fargate task in another network mode than awsvpc."""
    for task in _tasks(graph):
        mode = graph.argument(task, "network_mode")
        if _is_fargate(graph, task) and ((isinstance(mode, str) and mode != "awsvpc") or "network_mode" not in task.block.attributes):
            yield Hit(
                task.address,
                f"{code(task.address)} is for Fargate and {'has the network mode ' + code(mode) if isinstance(mode, str) else 'sets no network mode'}; "
                "Fargate knows `awsvpc` only.",
                f"{code(task.address)} has the network mode `awsvpc`",
                attribute="network_mode",
            )


def fargate_without_execution_role(graph: Graph) -> Iterator[Hit]:
    """A Fargate task with awslogs or secrets and no execution role."""
    for task in _tasks(graph):
        found = containers(graph, task)
        if not _is_fargate(graph, task) or "execution_role_arn" in task.block.attributes or not found:
            continue
        needs = ["the log driver `awslogs`"] if any(_log_driver(graph, task, c) == "awslogs" for c in found) else []
        needs += ["secrets"] if any(_has_secrets(c) for c in found) else []
        if needs:
            yield Hit(
                task.address,
                f"{code(task.address)} uses {' and '.join(needs)} on Fargate and has no `execution_role_arn`.",
                f"{code(task.address)} has an execution role",
                attribute="execution_role_arn",
                message=_NO_ROLE_FOR_LOGS if "secrets" not in needs else _NO_ROLE_FOR_SECRETS if len(needs) == 1 else "",
                further="Give the role a statement for the secrets, too, which that policy does not name." if "secrets" in needs else "",
            )


def _has_secrets(container: Container) -> bool:
    """Whether a container certainly gets a secret: an empty list is none, and what a variable gives may be empty."""
    listing = container.get("secrets")
    return isinstance(listing, Tuple) and bool(listing.items)


_NO_ROLE_FOR_LOGS = "ClientException: Fargate requires task definition to have execution role ARN to support log driver awslogs."
_NO_ROLE_FOR_SECRETS = "ClientException: When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."


def _log_driver(graph: Graph, task: Declaration, container: Container) -> str:
    logs = container.get("logConfiguration")
    value = graph.constant(next((v for k, v in logs.items if isinstance(k, Literal) and k.value == "logDriver"), None), task.module) \
        if isinstance(logs, Object) else ""  # fmt: skip
    return value if isinstance(value, str) else ""


# ---- services and their load balancers


def _services(graph: Graph) -> Iterator[tuple[Declaration, Declaration]]:
    """Yield (service, its task definition)."""
    for service in graph.of_type("aws_ecs_service"):
        for task in graph.targets(service.block.value("task_definition"), service.module):
            if task.type == "aws_ecs_task_definition" and task.kind == "resource":
                yield service, task


def _own_addresses(graph: Graph, service: Declaration) -> tuple[str, str] | None:
    """Return where a service says that its tasks have addresses of their own, and in which words; the task definition may be missing."""
    named = graph.targets(service.block.value("task_definition"), service.module)
    tasks = [t for t in named if t.type == "aws_ecs_task_definition" and t.kind == "resource"]
    task = next((t for t in tasks if graph.argument(t, "network_mode") == "awsvpc"), None)
    if task is not None:
        return f"{task.address}.network_mode", "tasks in the network mode `awsvpc`"
    if tasks:
        return None
    if graph.argument(service, "launch_type") == "FARGATE":  # which has no other network mode
        return f"{service.address}.launch_type", "tasks on Fargate, so in the network mode `awsvpc`"
    return None


def instance_targets(graph: Graph) -> Iterator[Hit]:
    """A target group for instances behind tasks that have addresses of their own."""
    for service in graph.of_type("aws_ecs_service"):
        said = _own_addresses(graph, service)
        for block in service.block.nested("load_balancer") if said else ():
            for group in graph.targets(block.value("target_group_arn"), service.module):
                kind = graph.argument(group, "target_type")
                if said and group.type in _GROUPS and (kind == "instance" or "target_type" not in group.block.attributes):
                    yield Hit(
                        group.address,
                        f"{code(group.address)} has the target type `instance`{', the default' if kind != 'instance' else ''}, and "
                        f"{code(service.address)} runs {said[1]}, whose targets are addresses.",
                        f"{code(group.address)} has the target type `ip`",
                        attribute="target_type",
                        related=(f"{service.address}.load_balancer", said[0]),
                    )


def unknown_container(graph: Graph) -> Iterator[Hit]:
    """A load balancer that names a container or port that the task does not have."""
    for service, task in _services(graph):
        found = containers(graph, task)
        names = [graph.constant(c.get("name"), task.module) for c in found or ()]
        if not found or not all(isinstance(n, str) for n in names):
            continue
        for block in service.block.nested("load_balancer"):
            name = graph.constant(block.value("container_name"), service.module)
            port = number(graph.constant(block.value("container_port"), service.module))
            ports = [p for c, n in zip(found, names, strict=True) if n == name for p in _ports(graph, task, c)]
            if isinstance(name, str) and name not in names:
                said, place = f"the container {code(name)}, and its task has {listed([str(n) for n in names])}", "container_name"
                message = f"InvalidParameterException: The container {name} does not exist in the task definition."
            elif port is not None and ports and None not in ports and port not in ports:
                said, place = (
                    f"port {int(port)} of {code(str(name))}, which maps {listed([str(int(p)) for p in ports if p])}",
                    "container_port",
                )
                message = f"InvalidParameterException: The container {name} did not have a container port {int(port)} defined."
            else:
                continue
            yield Hit(
                service.address,
                f"{code(service.address)} has requests sent to {said}.",
                f"{code(service.address)} names a container and port of its task",
                attribute=f"load_balancer.{place}",
                message=message,
                related=(f"{task.address}.container_definitions",),
            )


def _ports(graph: Graph, task: Declaration, container: Container) -> list[float | None]:
    mappings = container.get("portMappings")
    if not isinstance(mappings, Tuple):
        return [None]
    found: list[float | None] = []
    for item in mappings.items:
        words = {str(k.value): v for k, v in item.items if isinstance(k, Literal)} if isinstance(item, Object) else {}
        found.append(number(graph.constant(words.get("containerPort"), task.module)))
    return found


# Images of plain web servers as they are published: they listen on port 80 and know no page but the first.
_PLAIN = re.compile(r"(?:(?:docker\.io/)?(?:library/)?|public\.ecr\.aws/(?:docker/library|nginx)/)(?:nginx|httpd)(?::[\w.-]+)?")
_FIRST_PAGES = ("/", "/index.html", "/50x.html")
# How PROMPTs ask for an image that whoever deploys is to replace.
_STAND_IN = r"\bplaceholders?\b[^.\n]{0,60}\bimages?\b|\bimages?\b[^.\n]{0,40}\bplaceholders?\b"


def plain_server(graph: Graph) -> Iterator[Hit]:
    """A stock web server behind a port or path on which it does not answer."""
    for service, task in _services(graph):
        if graph.argument(service, "desired_count") == 0 and not graph.of_type("aws_appautoscaling_target"):
            continue  # without tasks nothing is asked
        found = containers(graph, task) or []
        for block in service.block.nested("load_balancer"):
            name = graph.constant(block.value("container_name"), service.module)
            container = next((c for c in found if graph.constant(c.get("name"), task.module) == name or len(found) == 1), None)
            image = graph.constant(container.get("image"), task.module) if container else None
            if (
                container is None
                or not isinstance(image, str)
                or not _PLAIN.fullmatch(image)
                or {"command", "entryPoint", "mountPoints"} & set(container)
            ):
                continue
            groups = [g for g in graph.targets(block.value("target_group_arn"), service.module) if g.type in _GROUPS]
            said = _unanswered(graph, service, block.value("container_port"), groups)
            if said:
                yield Hit(
                    task.address,
                    f"{code(task.address)} runs {code(image)} as it is published{_by_default(graph, task, container)}, "
                    "which listens on port 80 and serves its first page only; "
                    f"{said}: no target becomes healthy.",
                    f"{code(task.address)} runs no stock image on a port or path on which it does not answer",
                    attribute="container_definitions",
                    related=(
                        *(f"{g.address}.health_check.path" for g in groups[:1]),
                        f"{service.address}.load_balancer.container_port",
                        *(f"{g.address}.port" for g in groups[:1]),
                        *_image_variable(graph, task, container),
                    ),
                    # The default of a variable is where such an image is to be filled in.
                    unless=_STAND_IN if _by_default(graph, task, container) else "",
                )


def _unanswered(graph: Graph, service: Declaration, port: Expression | None, groups: list[Declaration]) -> str:
    asked = number(graph.constant(port, service.module))
    if asked is not None and asked != 80:
        return f"{code(service.address)} has requests sent to port {int(asked)}"
    for group in groups:
        path = graph.argument(group, "health_check", "path")
        matcher = graph.argument(group, "health_check", "matcher")
        if isinstance(path, str) and path.split("?")[0] not in _FIRST_PAGES and not (isinstance(matcher, str) and _takes(matcher, 404)):
            return f"{code(group.address)} checks the path {code(path)}, which it answers with 404"
    return ""


def _takes(matcher: str, status: int) -> bool:
    """Whether a health check takes a status for an answer: ``200,404``, ``200-499``."""
    ranges = re.findall(r"(\d+)(?:\s*-\s*(\d+))?", matcher)
    return any(int(first) <= status <= int(last or first) for first, last in ranges)


def _by_default(graph: Graph, task: Declaration, container: Container) -> str:
    """Say whose default the image is; empty when it is none."""
    expr = container.get("image")
    named = default_behind(graph, expr, task.module) if expr is not None else ()
    return f", the default of {code(named[0].removesuffix('.default'))}" if named else ""


def _image_variable(graph: Graph, task: Declaration, container: Container) -> tuple[str, ...]:
    expr = container.get("image")
    target = graph.resolve(expr, task.module) if isinstance(expr, Traversal) else None
    return (target.address,) if target is not None and target.kind == "variable" else ()


RULES = (
    Rule(
        "RG531",
        "fargate-size",
        "CPU and memory that Fargate does not offer together",
        Category.BLOCKER,
        Severity.HIGH,
        fargate_size,
        f"{_GUIDE}/task-cpu-memory-error.html",
        stage=Stage.APPLY,
        message="ClientException: No Fargate configuration exists for given values",
        impact=(("Deployment", "The task definition is refused, and no task runs."),),
        lesson="Fargate offers fixed pairs of CPU and memory.",
        advice="Choose a memory size that belongs to the CPU units.",
    ),
    Rule(
        "RG532",
        "fargate-network-mode",
        "Fargate task without the network mode `awsvpc`",
        Category.BLOCKER,
        Severity.HIGH,
        fargate_network,
        f"{_GUIDE}/fargate-task-networking.html",
        stage=Stage.APPLY,
        message="ClientException: Fargate only supports network mode 'awsvpc'.",
        impact=(("Deployment", "The task definition is refused, and no task runs."),),
        lesson="Each Fargate task has a network interface of its own.",
        advice='Set `network_mode = "awsvpc"`.',
    ),
    Rule(
        "RG533",
        "fargate-execution-role",
        "Fargate task without the execution role that it needs",
        Category.BLOCKER,
        Severity.HIGH,
        fargate_without_execution_role,
        f"{_GUIDE}/task_execution_IAM_role.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The task definition is refused, and no task runs."),),
        lesson="The execution role is what the agent uses to fetch images and secrets and to write logs; the task role is the application's.",
        advice="Create a role with `AmazonECSTaskExecutionRolePolicy` and set `execution_role_arn`.",
    ),
    Rule(
        "RG534",
        "ecs-instance-target-group",
        "Target group for instances behind tasks with addresses of their own",
        Category.BLOCKER,
        Severity.HIGH,
        instance_targets,
        f"{_GUIDE}/alb.html",
        stage=Stage.APPLY,
        message="InvalidParameterException: The provided target group ... has target type instance, which is incompatible with the awsvpc network mode "
        "specified in the task definition.",
        impact=(("Deployment", "The service is not created."),),
        lesson="Tasks in the network mode `awsvpc` are registered by address.",
        advice='Set `target_type = "ip"`.',
    ),
    Rule(
        "RG535",
        "ecs-unknown-container",
        "Load balancer names a container or port that the task lacks",
        Category.BLOCKER,
        Severity.HIGH,
        unknown_container,
        f"{_GUIDE}/service-load-balancing.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The service is not created."),),
        lesson="Container name and port stand in two places that must agree.",
        advice="Take both from one local value.",
    ),
    Rule(
        "RG536",
        "ecs-plain-server-unhealthy",
        "Stock image does not answer where the load balancer asks",
        Category.CRITICAL,
        Severity.HIGH,
        plain_server,
        f"{_GUIDE}/troubleshoot-service-load-balancers.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The service does not become stable: its tasks are found unhealthy and replaced."),),
        lesson="Port, health check path and image belong together; a placeholder image answers on its own port and page.",
        advice="Use port 80 and the path `/` with the placeholder, or an image that serves the port and path.",
    ),
)
