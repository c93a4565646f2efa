"""RG537 and RG538: secrets that the execution role of an ECS task may not read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Expression, Traversal, Tuple
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.policies import Statement, Text

from ...base import Hit, Rule
from ...keys import created, used_key
from ...places import code, is_true, listed, type_of
from ...rights import GRANTS, may, may_admit, role_of
from ...values import behind_locals, number
from .ecs import Container, containers, member

_GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"
_SECRET, _PARAMETER, _KEY = "secretsmanager:GetSecretValue", "ssm:GetParameters", "kms:Decrypt"
# What the agent calls to fetch a secret, by the type of what `valueFrom` names; a database manages its master user's secret itself.
_ACTIONS = {"aws_secretsmanager_secret": _SECRET, "aws_ssm_parameter": _PARAMETER, "aws_db_instance": _SECRET, "aws_rds_cluster": _SECRET}
_OF_DATABASE = ("aws_db_instance", "aws_rds_cluster")
_KEYS = ("aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key")
# A parameter outside of the tree: its ARN, or its path. No resource policy opens it within an account, as one may open a secret.
_PARAMETER_TEXT = re.compile(r"arn:[^:]*:ssm:.*:parameter/.+|/[\w./-]+")
_HOLE = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that the agent fetches before containers start.

    Attributes:
        name: Its address, or its ARN as it is written.
        action: What the agent calls for it.
        declared: What the tree declares of it; None for a parameter elsewhere.
    """

    name: str
    action: str
    declared: Declaration | None


def refused(graph: Graph) -> Iterator[Hit]:
    """The execution role may not read what the containers get as secrets."""
    for task, hit in _hits(graph):
        if not _awaiting(graph, task):
            yield hit


def refused_and_awaited(graph: Graph) -> Iterator[Hit]:
    """The same, where Terraform waits for the tasks to run."""
    for task, hit in _hits(graph):
        services = _awaiting(graph, task)
        if services:
            waited = f" {listed([s.address for s in services])} {'wait' if len(services) > 1 else 'waits'} for tasks that run."
            yield Hit(
                hit.address,
                hit.problem + waited,
                hit.check,
                key=hit.key,
                related=(*hit.related, *(f"{s.address}.wait_for_steady_state" for s in services)),
            )


def _awaiting(graph: Graph, task: Declaration) -> list[Declaration]:
    """Return the services of a task that Terraform only takes for created once their tasks run."""
    return [
        s
        for s in graph.of_type("aws_ecs_service")
        if graph.targets(s.block.value("task_definition"), s.module) == (task,)
        and is_true(graph, s, "wait_for_steady_state")
        and (number(graph.argument(s, "desired_count")) or 0) > 0
        and created(graph, s)
    ]


def _hits(graph: Graph) -> Iterator[tuple[Declaration, Hit]]:
    for task in graph.of_type("aws_ecs_task_definition"):
        expr = behind_locals(graph, task.block.value("execution_role_arn"), task.module)[0]
        role = role_of(graph, task, "execution_role_arn") if isinstance(expr, Traversal) else None
        if role is None or not created(graph, task):
            continue
        wanted = [w for c in containers(graph, task) or () for w in _wanted(graph, task, c)]
        lacking = list(dict.fromkeys(lack for w in wanted if (lack := _lack(graph, role, w))))
        if lacking:
            yield task, _hit(graph, task, role, lacking)


def _wanted(graph: Graph, task: Declaration, container: Container) -> Iterator[Wanted]:
    """Yield what a container's ``secrets`` and ``repositoryCredentials`` name, as far as that is certain."""
    listing, module = behind_locals(graph, container.get("secrets"), task.module)
    for item in listing.items if isinstance(listing, Tuple) else ():
        yield from _named(graph, member(item, "valueFrom"), module)
    credentials, module = behind_locals(graph, container.get("repositoryCredentials"), task.module)
    yield from _named(graph, member(credentials, "credentialsParameter"), module)


def _named(graph: Graph, expr: Expression | None, module: str) -> Iterator[Wanted]:
    texts = graph.policies.texts(expr, module)
    targets = graph.targets(expr, module)
    if len(texts) != 1:
        return
    if len(targets) == 1 and targets[0].kind == "resource" and targets[0].type in _ACTIONS:
        target = targets[0]
        if target.type not in _OF_DATABASE or "master_user_secret" in texts[0].text:
            yield Wanted(target.address, _ACTIONS[target.type], target)
    elif all(t.kind == "data" for t in targets) and _PARAMETER_TEXT.fullmatch(texts[0].text):
        yield Wanted(texts[0].text, _PARAMETER, None)


# ---- what the role lacks


def _lack(graph: Graph, role: Declaration, wanted: Wanted) -> tuple[str, str] | None:
    """Return (action, name of what it is asked on) that a role certainly lacks to fetch something; None for nothing."""
    if wanted.declared is None:
        return (wanted.action, wanted.name) if may(graph, role, wanted.action) is False else None
    if _certainly_not(graph, role, wanted.action, wanted.declared):
        return wanted.action, wanted.name
    key = used_key(graph, wanted.declared, "kms_key_id" if wanted.action == _SECRET else "key_id")
    if key is None or wanted.declared.type in _OF_DATABASE or may(graph, role, wanted.action, wanted.name) is not True:
        return None
    if wanted.action == _PARAMETER and graph.argument(wanted.declared, "type") != "SecureString":
        return None
    # RG336 says it where the role names the secret itself.
    if wanted.action == _SECRET and any(wanted.name in r.refs for s in graph.policies.of_role(role).statements for r in s.resources):
        return None
    return (_KEY, key.address) if _certainly_not(graph, role, _KEY, key) else None


def _certainly_not(graph: Graph, role: Declaration, action: str, on: Declaration) -> bool:
    """Whether nothing can let a role do something: no policy of it on anything that might be the same, and none on the other side."""
    allowing = graph.policies.of_role(role).allowing(action)
    return may(graph, role, action, on.address) is False and all(map(_of_its_own, allowing)) and not may_admit(graph, role, on)


def _of_its_own(statement: Statement) -> bool:
    """Whether all resources of a statement are secrets, parameters and keys of the tree, each by itself."""
    return bool(statement.resources) and all(_single(text) for text in statement.resources)


def _single(text: Text) -> bool:
    types = {type_of(ref) for ref in text.refs}
    # The ARN of a secret ends in characters of chance, so that a star after it reaches nothing else.
    rest = _HOLE.sub("", text.text)
    return bool(types) and types <= {*_ACTIONS, *_KEYS} and ("*" not in rest or (types <= {"aws_secretsmanager_secret"} and rest == "*"))


# ---- words


def _hit(graph: Graph, task: Declaration, role: Declaration, lacking: list[tuple[str, str]]) -> Hit:
    actions = list(dict.fromkeys(action for action, _ in lacking))
    said = " and ".join(f"{code(action)} on {listed([name for a, name in lacking if a == action])}" for action in actions)
    fargate = graph.argument(task, "requires_compatibilities") == ["FARGATE"]
    return Hit(
        role.address,
        f"Before the containers of {code(task.address)} start, ECS fetches their secrets with the execution role {code(role.address)}, "
        f"which lacks {said}.{_task_role(graph, task, lacking)}",
        f"{code(role.address)} allows {said}",
        key=task.address,
        related=(
            f"{task.address}.container_definitions",
            f"{task.address}.execution_role_arn",
            *graph.policies.of_role(role).origins[:3],
            *(name for _, name in lacking if graph.get(name) is not None),
        ),
        message=_MESSAGE if fargate else "",
        absent=tuple(f"{code(action)} on {code(name)}" for action, name in lacking),
    )


def _task_role(graph: Graph, task: Declaration, lacking: list[tuple[str, str]]) -> str:
    """Say that the right was given to the other role, where it was."""
    role = role_of(graph, task, "task_role_arn")
    if role is None or not all(graph.get(name) is not None and may(graph, role, action, name) for action, name in lacking):
        return ""
    return f" The task role {code(role.address)} has that right, but it is there for what runs in the containers only."


# The beginning of what Fargate gives as the reason why it stopped a task; what follows tells the service and its answer.
_MESSAGE = "ResourceInitializationError: unable to pull secrets or registry auth"

_LESSON = (
    "ECS fetches secrets and registry credentials with the execution role, before a container runs; the task role is the application's, and "
    "`AmazonECSTaskExecutionRolePolicy` allows to pull images and to write logs only."
)
_ADVICE = "Add a statement for the secret, the parameter or the key to the execution role."

RULES = (
    Rule(
        "RG537",
        "ecs-secret-refused",
        "Execution role of ECS tasks may not read their secrets",
        Category.CRITICAL,
        Severity.CRITICAL,
        refused,
        f"{_GUIDE}/task_execution_IAM_role.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "No task of this definition starts: each one stops before its containers run."),),
        lesson=_LESSON,
        advice=_ADVICE,
        cures=GRANTS,
    ),
    Rule(
        "RG538",
        "ecs-secret-refused-awaited",
        "Terraform waits for ECS tasks whose execution role may not read their secrets",
        Category.BLOCKER,
        Severity.CRITICAL,
        refused_and_awaited,
        f"{_GUIDE}/task_execution_IAM_role.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "No task starts, so the service never becomes steady, and the apply fails after it has waited."),),
        lesson=_LESSON,
        advice=_ADVICE,
        cures=GRANTS,
    ),
)
