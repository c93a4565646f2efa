"""RG151 to RG153: passwords and other secrets that stand where people can read them, or that are refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from reviewgen.hcl import traversals
from reviewgen.hcl.evaluate import known
from reviewgen.model.hcl import Attr, Call, Expression, Object, Traversal
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.source import SourceFile
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph, arguments
from reviewgen.terraform.instances import absent_by_default

from ...base import Hit, Rule
from ...databases import CREATION_PAGES
from ...places import code, listed
from ...tables import rows
from ...values import variable_behind

# Keys of a secret's JSON whose values are secret.
_SECRET_KEY = re.compile(
    r"pass(word|wd|phrase)?$|secret(?!.*(?:arn|name|id$|rotation|version|path))|token$|api_?key$|private_?key$", re.IGNORECASE
)
# What says of itself that it is no secret; as the password of a database it is one all the same.
_PLACEHOLDER = re.compile(
    r"placeholder|replace|update|your[-_ ]|todo|dummy|example|<|\buse[-_ ](?:a[-_ ])?real|^change[-_ ]?(?:me|it|this)$|^(?:none|null|n/?a|tbd|fixme|x+|\*+)$",
    re.IGNORECASE,
)
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
_REFUSED = '/@" '
_FEWEST = 8
# Whose password is that of a database or directory which somebody else has made: a placeholder is not it.
_ELSEWHERE = frozenset(["aws_dms_endpoint", "aws_fsx_windows_file_system"])
# PROMPTs that want a first value in a store which is none.
_FIRST_VALUE = (
    r"\b(?:placeholder|dummy)\b[^.\n]{0,20}\b(?:secrets?|credentials?)\b|\b(?:secrets?|credentials?)\b[^.\n]{0,20}\b(?:placeholder|dummy)\b"
)
# Arguments of secrets that may be anything, and of one that is a token.
_NO_PASSWORDS = frozenset(["secret_string", "auth_token"])
# What keeps a value that others read from there.
_STORES = frozenset(["aws_secretsmanager_secret_version", "aws_ssm_parameter"])


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that the configuration contains as text.

    Attributes:
        user: The resource that gets it.
        argument: Argument path there.
        text: The secret.
        source: Place of the default, or of the other resource's argument, that gives it; empty when it stands in the resource.
        database: Whether the rules for master passwords of RDS hold.
        direct: Whether it is written in the argument, which reads it from nowhere.
    """

    user: Declaration
    argument: str
    text: str
    source: str
    database: bool
    direct: bool


def written_secrets(graph: Graph) -> Iterator[Secret]:
    """Yield the secrets that stand in the configuration: directly, or as default of a variable."""
    for row in rows("secret_arguments"):
        for user in graph.of_type(row["type"]):
            for path, _, attribute in arguments(user.block):
                if path == row["argument"] and not _given_later(graph, user, path, attribute.expr):
                    for text, source, written in _texts(graph, user, path, attribute.expr):
                        yield Secret(user, path, text, source, row.get("database", False), not traversals(written))


def _given_later(graph: Graph, user: Declaration, path: str, expr: Expression) -> bool:
    """Whether the value is a first one only: of a secret that somebody replaces outside of Terraform, or read from such a secret.

    What creates a database or a user from such a secret has the first value all the same.
    """
    if path == "secret_string":
        return _replaced_later(user)
    return user.type in _ELSEWHERE and any(t.type in _STORES and _replaced_later(t) for t in graph.targets(expr, user.module))


def _replaced_later(version: Declaration) -> bool:
    """Whether changes of a stored value that somebody makes outside of Terraform are kept."""
    return any("ignore_changes" in block.attributes for block in version.block.nested("lifecycle"))


def _texts(graph: Graph, user: Declaration, path: str, expr: Expression) -> Iterator[tuple[str, str, Expression]]:
    """Yield (secret, place of what gives it, expression that it is) of an argument."""
    value = graph.constant(expr, user.module)
    place = next(iter(variable_behind(graph, user, *path.split("."))), "") or _argument_behind(graph, expr, user.module)
    if isinstance(expr, Call) and expr.name == "jsonencode" and expr.args and isinstance(expr.args[0], Object):
        for key, item in expr.args[0].items:
            name, inner = graph.constant(key, user.module), graph.constant(item, user.module)
            if isinstance(name, str) and _SECRET_KEY.search(name) and isinstance(inner, str) and inner and not _PLACEHOLDER.search(inner):
                yield inner, _variable(graph, item, user.module), item
    elif isinstance(value, str) and path == "secret_string" and value.lstrip().startswith("{"):
        yield from ((inner, place, expr) for inner in _in_json(value))
    elif isinstance(value, list):
        yield from ((item, place, expr) for item in value if isinstance(item, str) and item)
    elif isinstance(value, str) and value and known(value) and not _no_secret(user, path, value):
        yield value, place, expr


def _in_json(text: str) -> Iterator[str]:
    """Yield the secrets of an object that is written as JSON; a text that is none has none."""
    try:
        values = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    for name, inner in values.items() if isinstance(values, dict) else ():
        if _SECRET_KEY.search(name) and isinstance(inner, str) and inner and not _PLACEHOLDER.search(inner):
            yield inner


def _argument_behind(graph: Graph, expr: Expression, module: str) -> str:
    """Return the argument of another resource that an expression reads; empty for everything else."""
    target = graph.resolve(expr, module) if isinstance(expr, Traversal) else None
    step = expr.steps[-1] if isinstance(expr, Traversal) and expr.steps else None
    if target is None or target.kind != "resource" or not isinstance(step, Attr) or step.name not in target.block.attributes:
        return ""
    return f"{target.address}.{step.name}"


def _no_secret(user: Declaration, path: str, text: str) -> bool:
    """Whether a text is a placeholder where that is no secret, or JSON, of which not all is secret."""
    stored = path == "secret_string"
    return (stored and text.lstrip().startswith("{")) or ((stored or user.type in _ELSEWHERE) and bool(_PLACEHOLDER.search(text)))


def _variable(graph: Graph, expr: Expression, module: str) -> str:
    target = graph.resolve(expr, module) if isinstance(expr, Traversal) else None
    return f"{target.address}.default" if target is not None and target.kind == "variable" else ""


# What to do where the code fills the store from which others read.
_INTO_THE_STORE = Recommendation(
    "Take the secret out of the code: generate it with `random_password`, or put it into the store from outside and let Terraform keep the store only."
)


def literal_secrets(graph: Graph) -> Iterator[Hit]:
    """A password stands in the configuration, in the resource or as default of its variable."""
    seen: set[tuple[str, str]] = set()
    for secret in written_secrets(graph):
        place = f"{secret.user.address}.{secret.argument}"
        address, _, attribute = (secret.source or place).rpartition(".") if secret.source else (secret.user.address, "", secret.argument)
        if (address, attribute) in seen or (not secret.source and _is_given(secret)):
            continue  # a file of values gives it (see secrets_in_values)
        seen.add((address, attribute))
        own = "is a literal" if secret.direct else "gets its value from a text of the configuration"
        said = f"{code(secret.source)} gives {code(place)} its value" if secret.source else f"{code(place)} {own}"
        kept = ", and in the state of whoever applies it unchanged"
        impact: tuple[tuple[str, str], ...] = ()
        if absent_by_default(graph, secret.user):
            kept, impact = "", (("Security", "Whoever can read the repository has the secret."),)
        if address.startswith("var.") and address.removeprefix("var.") in graph.given:
            # The file's value goes before the default.
            said, kept = f"{code(secret.source)} is a text that {code(place)} gets where no file of values gives it another", ""
            impact = (("Security", "Where no file gives another, whoever can read the repository or the state has the secret."),)
        yield Hit(
            address,
            f"{said}: the secret stands in the code{kept}.",
            f"{code(secret.source or place)} holds no secret as text",
            attribute=attribute,
            title="Secret in the code" if secret.argument in _NO_PASSWORDS else "",
            related=(place,) if secret.source else (),
            unless=_FIRST_VALUE if secret.user.type in _STORES else "",
            recommendation=_INTO_THE_STORE if secret.user.type in _STORES else None,
            impact=impact,
        )


def _is_given(secret: Secret) -> bool:
    """Whether the argument reads a variable: then its text stands somewhere else."""
    expr = next((a.expr for path, _, a in arguments(secret.user.block) if path == secret.argument), None)
    return isinstance(expr, Traversal) and expr.root == "var"


def secrets_in_values(graph: Graph) -> Iterator[Hit]:
    """A file of variable values that belongs to the configuration contains the password of a database or another secret."""
    wanted: dict[str, tuple[Declaration, str]] = {}
    for row in rows("secret_arguments"):
        for user in graph.of_type(row["type"]):
            for path, _, attribute in arguments(user.block):
                if path == row["argument"] and not _given_later(graph, user, path, attribute.expr):
                    wanted |= {name: (user, path) for name in _inputs(graph, attribute.expr, user.module)}
    written: dict[str, list[str]] = {}
    for path in sorted(graph.files):
        for name, value in _assigned(graph.files[path]) if path.endswith(".tfvars") and wanted else ():
            if name in wanted and isinstance(value, str) and value and not _no_secret(*wanted[name], value):
                written.setdefault(name, []).append(path)
    for name, paths in written.items():
        user, argument = wanted[name]
        place = f"{user.address}.{argument}"
        yield Hit(
            f"var.{name}",
            f"{listed(paths, 3)} {'contains' if len(paths) == 1 else 'contain'} the value of {code(f'var.{name}')}, the secret of "
            f"{code(place)}, in plain text.",
            f"no file contains the value of {code(f'var.{name}')}",
            title="Secret in a file of variable values" if argument in _NO_PASSWORDS else "",
            related=(place,),
            recommendation=_OUT_OF_THE_FILE if argument in _NO_PASSWORDS else None,
        )


_OUT_OF_THE_FILE = Recommendation("Take the value out of the file: generate it with `random_password`, or give it from outside.")


def _inputs(graph: Graph, expr: Expression, module: str, depth: int = 4) -> Iterator[str]:
    """Yield the names of the root module's variables that an expression passes on."""
    target = graph.resolve(expr, module) if isinstance(expr, Traversal) else None
    if target is None or target.kind != "variable" or depth == 0:
        return
    if target.module == graph.tree.root:
        yield target.name
    for call in graph.callers(target.module):
        given = call.block.value(target.name)
        if given is not None:
            yield from _inputs(graph, given, call.module, depth - 1)


def _assigned(file: SourceFile) -> Iterator[tuple[str, Any]]:
    from reviewgen import hcl

    for name, attribute in hcl.read(file).attributes.items():
        yield name, hcl.evaluate(attribute.expr)


def refused_passwords(graph: Graph) -> Iterator[Hit]:
    """A master password that is a constant which RDS refuses: too short, or with a forbidden character."""
    for secret in written_secrets(graph):
        if not secret.database:
            continue
        wrong = sorted(set(secret.text) & set(_REFUSED))
        if not wrong and len(secret.text) >= _FEWEST:
            continue
        place = f"{secret.user.address}.{secret.argument}"
        what = " and ".join({"/": "a slash", "@": "an at sign", '"': "a quotation mark", " ": "a space"}[c] for c in wrong)
        yield Hit(
            secret.user.address,
            f"The value of {code(place)} {f'contains {what}' if wrong else f'has {len(secret.text)} characters'}; RDS accepts printable "
            f"ASCII without slash, at sign, quotation mark and space, {_FEWEST} characters or more.",
            f"{code(place)} is a password that RDS accepts",
            attribute=secret.argument,
            related=(secret.source,) if secret.source else (),
            source=CREATION_PAGES.get(secret.user.type, ""),
        )


_STATE = ("Security", "Whoever can read the repository or the state has the secret.")

RULES = (
    Rule(
        "RG151",
        "secret-literal",
        "Password in the code",
        Category.CRITICAL,
        Severity.CRITICAL,
        literal_secrets,
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/hardcoded.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        in_code=True,
        impact=(_STATE,),
        lesson="Values and defaults are code: a secret is neither, but generated, or read where it is needed.",
        advice="Take the secret out of the code: let the service make it where it can (`manage_master_user_password` of RDS), generate it with "
        "`random_password`, or read it from Secrets Manager.",
    ),
    Rule(
        "RG152",
        "secret-in-tfvars",
        "Password in a file of variable values",
        Category.CRITICAL,
        Severity.CRITICAL,
        secrets_in_values,
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/hardcoded.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(_STATE,),
        lesson="A file of values that is delivered with the code is code: secrets do not belong into it.",
        advice="Take the value out of the file; let the service manage the password, or read it from Secrets Manager.",
    ),
    Rule(
        "RG153",
        "password-refused",
        "Master password that RDS refuses",
        Category.BLOCKER,
        Severity.HIGH,
        refused_passwords,
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
        stage=Stage.APPLY,
        message="InvalidParameterValue: The parameter MasterUserPassword is not a valid password",
        impact=(("Deployment", "The database is not created."),),
        lesson="Services differ in what they accept as password; RDS refuses four printable characters and what is shorter than eight.",
        advice="Generate the password with `random_password` and an `override_special` without these characters.",
    ),
)
