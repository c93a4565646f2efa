"""RG50x: what instances run when they start."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.hcl import walk
from reviewgen.model.hcl import Call, Expression, Literal, Template
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code

_TEMPLATES = ("aws_launch_template", "aws_launch_configuration")


def _scripts(graph: Graph) -> Iterator[tuple[Declaration, str, Expression]]:
    """Yield (instance or template, argument, expression) of user data."""
    for holder in graph.of_type("aws_instance", *_TEMPLATES):
        for argument in ("user_data", "user_data_base64"):
            expr = holder.block.value(argument)
            if expr is not None:
                yield holder, argument, expr


def _inner(expr: Expression) -> Expression:
    return expr.args[0] if isinstance(expr, Call) and expr.name in ("base64encode", "base64gzip") and len(expr.args) == 1 else expr


def beginning(graph: Graph, holder: Declaration, argument: str) -> str:
    """Return how user data begins, as far as it is written in the argument; empty where it is not."""
    expr = holder.block.value(argument)
    return _start(graph, _inner(expr), holder.module) if expr is not None else ""


def indented_shebang(graph: Graph) -> Iterator[Hit]:
    """A script whose first line does not begin with the shebang."""
    for holder, argument, expr in _scripts(graph):
        start = _start(graph, _inner(expr), holder.module)
        if start != start.lstrip() and start.lstrip().startswith("#!"):
            blank = "an empty line" if start.startswith(("\n", "\r")) else "spaces"
            yield Hit(
                holder.address,
                f"The user data of {code(holder.address)} begins with {blank} before `#!`, so the file that cloud-init makes of it has no "
                "interpreter line: it cannot be started, and nothing of it runs.",
                f"the user data of {code(holder.address)} begins with `#!`",
                attribute=argument,
            )


def _start(graph: Graph, expr: Expression, module: str) -> str:
    if isinstance(expr, Template) and expr.parts:
        return _start(graph, expr.parts[0], module)
    if isinstance(expr, Literal):
        return str(expr.value)
    value = graph.constant(expr, module)
    return value if isinstance(value, str) else ""


# PROMPT wants the scripts in base64, whatever the argument is meant for.
_ASKED_BASE64 = r"base64\w*\W[^\n]{0,60}?\buser[ _-]?data\b|\buser[ _-]?data\b[^\n]{0,60}?\bbase64"


def encoded_twice(graph: Graph) -> Iterator[Hit]:
    """``user_data`` of an instance that is encoded already."""
    for instance in graph.of_type("aws_instance"):
        expr = instance.block.value("user_data")
        if isinstance(expr, Call) and expr.name in ("base64encode", "filebase64", "base64gzip"):
            yield Hit(
                instance.address,
                f"{code(instance.address)} passes a value encoded with `{expr.name}` as `user_data`, which expects clear text; "
                "encoded values belong into `user_data_base64`.",
                f"{code(instance.address)} passes nothing encoded as `user_data`",
                attribute="user_data",
                unless=_ASKED_BASE64,
            )


def plain_in_template(graph: Graph) -> Iterator[Hit]:
    """``user_data`` of a launch template that is not encoded."""
    for template in graph.of_type("aws_launch_template"):
        expr = template.block.value("user_data")
        clear = isinstance(expr, Template) and (expr.heredoc or len(expr.parts) > 1)
        script = isinstance(expr, Literal) and str(expr.value).lstrip().startswith(("#!", "#cloud-config", "<"))
        if clear or script or _reads_clear_text(expr):
            yield Hit(
                template.address,
                f"{code(template.address)} passes its user data in clear text; a launch template takes it encoded in base64 only.",
                f"{code(template.address)} encodes its user data",
                attribute="user_data",
                recommendation=Recommendation("Wrap the script in `base64encode(...)`."),
            )


def _reads_clear_text(expr: Expression | None) -> bool:
    """Whether a file is read as it is, whose name does not say that it is encoded already."""
    if not isinstance(expr, Call) or expr.name not in ("file", "templatefile"):
        return False
    return not any(isinstance(part, Literal) and re.search(r"b(?:ase)?64", str(part.value)) for part in walk(expr))


# A published web server started with docker: port of the host, port of the container.
_DOCKER = re.compile(r"docker run\b(?:[^\n]|\\\n)*?-p\s+(\d+):(\d+)\b(?:[^\n]|\\\n)*?\s((?:nginx|httpd)(?::[\w.-]+)?)\s*(?:\n|$)")


# The container may listen elsewhere with files or settings of its own.
_CONFIGURED = re.compile(r"\s(?:-v|--volume|--mount|-e|--env|--network|--net)[\s=]")


def container_port(graph: Graph) -> Iterator[Hit]:
    """A stock web server in a container, published on a port on which it does not listen."""
    for holder, argument, expr in _scripts(graph):
        inner = _inner(expr)
        parts = inner.parts if isinstance(inner, Template) else (inner,)
        match = _DOCKER.search("".join(str(p.value) for p in parts if isinstance(p, Literal)))
        if match and match[2] != "80" and not _CONFIGURED.search(match[0]):
            yield Hit(
                holder.address,
                f"The user data of {code(holder.address)} runs {code(match[3])} with the ports {code(f'{match[1]}:{match[2]}')}; "
                f"inside of the container it listens on port 80, so nothing answers on port {match[1]}.",
                f"the user data of {code(holder.address)} publishes the port on which the container listens",
                attribute=argument,
                related=tuple(f"{g.address}.health_check" for g in graph.of_type("aws_lb_target_group"))[:2],
            )


_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide"

RULES = (
    Rule(
        "RG506",
        "user-data-indented",
        "User data that does not run as a script",
        Category.CRITICAL,
        Severity.HIGH,
        indented_shebang,
        f"{_EC2}/user-data.html",
        stage=Stage.RUNTIME,
        message="Exec format error. Missing #! in script?",
        impact=(("Function", "The instance starts without anything that the script was to install or configure."),),
        lesson="`<<` keeps all indentation, and `<<-` removes that of the least indented line: one line in the first column, such as the end "
        "of an inner here-document, keeps all others indented.",
        advice="Begin the script in the first column, or keep the script in a file and read it with `templatefile`.",
    ),
    Rule(
        "RG507",
        "user-data-encoded",
        "Encoded value passed as plain user data",
        Category.WARNING,
        Severity.LOW,
        encoded_twice,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance#user_data_base64",
        fix_class="C",
        impact=(("Operations", "Nothing fails, for the provider encodes nothing twice; but the argument is documented as clear text."),),
        lesson="Instances take clear text in `user_data`; launch templates take base64.",
        advice="Pass the script as it is, or use `user_data_base64`.",
    ),
    Rule(
        "RG508",
        "launch-template-plain-user-data",
        "User data of a launch template in clear text",
        Category.BLOCKER,
        Severity.HIGH,
        plain_in_template,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/launch_template#user_data",
        stage=Stage.APPLY,
        message="InvalidUserData.Malformed: Invalid BASE64 encoding of user data.",
        impact=(("Deployment", "The launch template is refused, and nothing starts from it."),),
        lesson="Instances take clear text in `user_data`; launch templates take base64.",
        advice="Wrap the script in `base64encode(...)`.",
    ),
    Rule(
        "RG513",
        "container-port-unheard",
        "Container is published on a port on which it does not listen",
        Category.CRITICAL,
        Severity.HIGH,
        container_port,
        "https://hub.docker.com/_/nginx",
        stage=Stage.RUNTIME,
        impact=(("Function", "Requests and health checks find nobody; with ELB health checks the instances are replaced for ever."),),
        lesson="`-p host:container` names the port inside of the container second, and a stock web server listens on 80.",
        advice="Publish port 80 of the container.",
    ),
)
