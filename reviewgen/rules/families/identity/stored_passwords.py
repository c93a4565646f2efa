"""RG156: generated passwords that are kept for a database and are not the database's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Call, Expression, Object
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.naming import spelled

from ...base import Hit, Rule
from ...places import code, listed, type_of
from ...tables import rows
from ...values import alters, chosen

_RANDOM = "https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/password"
_STORES = {"aws_ssm_parameter": "value", "aws_secretsmanager_secret_version": "secret_string"}
# Where a password that is stored may stand beside: none of them gives it to anybody.
_BYSTANDERS = (*_STORES, "output", "aws_secretsmanager_secret")
_FOR_DATABASE = re.compile(r"(?:^|[^a-z])(?:db|rds|database|aurora|postgres\w*|mysql|master)(?:[^a-z]|$)")


def other_password_kept(graph: Graph) -> Iterator[Hit]:
    """A store for the password of a database, with a generated password that no database of the tree has."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    databases = [(d, row["argument"]) for row in rows("secret_arguments") if row.get("database") for d in graph.of_type(row["type"])]
    owners: dict[str, list[Declaration]] = {}
    for database, argument in databases:
        password = _only_password(graph, database, argument)
        if password is None:
            return
        owners.setdefault(password.address, []).append(database)
    stores = [(s, p) for type_, argument in _STORES.items() for s in graph.of_type(type_) if (p := _only_password(graph, s, argument))]
    # A second password beside the one that is kept may be that of another user.
    if not owners or any(password.address in owners for _, password in stores):
        return
    for store, password in stores:
        if _is_for_database(graph, store) and _is_only_kept(graph, password) and not graph.tree.leaves_out(store):
            yield _hit(store, password, owners)


def _hit(store: Declaration, password: Declaration, owners: dict[str, list[Declaration]]) -> Hit:
    every = [d.address for found in owners.values() for d in found]
    return Hit(
        store.address,
        f"{code(store.address)} keeps {code(password.address)}, which no database has: {listed(every, 2)} {'has' if len(every) == 1 else 'have'} "
        f"the password of {listed(list(owners), 2)}, which no secret and no parameter of the code keeps.",
        f"{code(store.address)} does not keep {code(password.address)} beside databases with another password",
        attribute=_STORES[store.type],
        related=(password.address, *every[:2]),
    )


def _only_password(graph: Graph, declaration: Declaration, argument: str) -> Declaration | None:
    """Return the one generated password that an argument certainly is, or that is the password in the object which it is."""
    values = chosen(graph, declaration.block.value(argument), declaration.module)
    value = _password_in(graph, values[0], declaration.module) if len(values) == 1 else None
    found = graph.targets(value, declaration.module) if value is not None and not alters(value) else ()
    return found[0] if len(found) == 1 and found[0].type in ("random_password", "random_string") else None


def _password_in(graph: Graph, expr: Expression, module: str) -> Expression | None:
    """Return the value of the one key of an encoded object that names a password; what is no such object is returned as it is."""
    if not (isinstance(expr, Call) and expr.name == "jsonencode"):
        return expr
    items = expr.args[0].items if expr.args and isinstance(expr.args[0], Object) else ()
    found = [value for key, value in items if "pass" in str(graph.constant(key, module)).lower()]
    return found[0] if len(found) == 1 else None


def _is_for_database(graph: Graph, store: Declaration) -> bool:
    """Whether a parameter or a secret is named after a database and its password."""
    named = [store, *graph.targets(store.block.value("secret_id"), store.module)]
    words = " ".join(f"{d.name} {spelled(graph, d, 'name')} {graph.argument(d, 'description')}" for d in named).lower().replace("_", "-")
    return bool(_FOR_DATABASE.search(words)) and ("password" in words or "credential" in words or "secret" in words)


def _is_only_kept(graph: Graph, password: Declaration) -> bool:
    """Whether nothing but stores and outputs names a generated password."""
    return all(_bystands(graph, r.source) for r in graph.incoming.get(password.address, ()))


def _bystands(graph: Graph, address: str) -> bool:
    owner = graph.get(address)
    return owner is not None and (owner.kind == "output" or type_of(address) in _BYSTANDERS) and not _is_passed_on(graph, owner)


def _is_passed_on(graph: Graph, owner: Declaration) -> bool:
    """Whether an output hands a password to a module above, where it may go anywhere."""
    return owner.kind == "output" and owner.module in graph.tree.modules and bool(graph.callers(owner.module))


RULES = (
    Rule(
        "RG156",
        "stored-password-of-no-database",
        "Stored database password is not the one that the database has",
        Category.CRITICAL,
        Severity.HIGH,
        other_password_kept,
        _RANDOM,
        stage=Stage.RUNTIME,
        impact=(("Function", "Who reads the password from there is refused by the database."),),
        lesson="Each `random_password` draws a password of its own: what is stored must refer to the one that the database is given.",
        advice="Store the `result` of the password that the database has, through an output of its module where it is made there.",
    ),
)
