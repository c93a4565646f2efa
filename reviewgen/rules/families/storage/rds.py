"""RG2xx: what RDS accepts of versions, classes, users, passwords and monitoring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reviewgen.hcl.evaluate import text
from reviewgen.model.prose import series
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import worths

from ... import tables
from ...base import Hit, Rule
from ...databases import CLUSTERS, CREATION_PAGES, INSTANCES, cluster_of, engine, is_copy, version_numbers
from ...passwords import generators, is_one_of
from ...places import code, listed
from ...values import number, possible, variable_behind

_GLOBAL = "aws_rds_global_cluster"
_VERSION_OF_GLOBAL = "InvalidParameterValue: The requested engine version was not found or does not support global functionality"


def retired_version(graph: Graph) -> Iterator[Hit]:
    """A pinned minor version that RDS no longer creates, or a search for versions of which it creates none."""
    for database in graph.of_type("aws_db_instance", *CLUSTERS, _GLOBAL):
        name, version = engine(graph, database), text(graph.argument(database, "engine_version"))
        if is_copy(graph, database):
            continue
        if not isinstance(version, str):
            yield from _search_in_vain(graph, database)
            continue
        if not (row := _retired(name, version)) or _is_given_another(graph, database, name):
            continue
        yield Hit(
            database.address,
            f"{code(database.address)} asks for {code(name)} {code(version)}, a version that RDS no longer offers for new databases.",
            f"{code(database.address)} does not ask for {code(name)} {code(version)}",
            attribute="engine_version",
            related=(*variable_behind(graph, database, "engine_version"), f"{database.address}.engine"),
            message=_VERSION_OF_GLOBAL
            if _is_refused_first(graph, database)
            else f"InvalidParameterCombination: Cannot find version {version} for {name}",
            recommendation=_other_line(name, row),
            prescribed=version,
            source=str(row["source"]),
        )


def _is_given_another(graph: Graph, database: Declaration, name: str) -> bool:
    """Whether each file of values that the tree delivers gives the database a version that RDS may offer: the default is for nobody then."""
    expr = database.block.value("engine_version")
    given = [text(worth) for _, worth in worths(graph, expr, database.module)] if expr is not None else []
    return bool(given) and all(isinstance(version, str) and not _retired(name, version) for version in given)


def _other_line(name: str, row: Mapping[str, Any]) -> Recommendation | None:
    """Return what to do where a whole line is gone: to name the line helps no more."""
    said = f"RDS offers no version of {code(name)} {row['line']} any more: name a major version that it offers"
    return Recommendation(f"{said}, or read one from the data source `aws_rds_engine_version`.") if row.get("whole") else None


def _is_refused_first(graph: Graph, database: Declaration) -> bool:
    """Whether a global cluster is refused for its version, and with it all clusters that wait for it: RDS is never asked for theirs."""
    above = [database] if database.type == _GLOBAL else graph.targets(database.block.value("global_cluster_identifier"), database.module)
    versions = [(engine(graph, d), text(graph.argument(d, "engine_version"))) for d in above if d.type == _GLOBAL and not is_copy(graph, d)]
    return any(isinstance(version, str) and bool(_retired(name, version)) for name, version in versions)


def _search_in_vain(graph: Graph, database: Declaration) -> Iterator[Hit]:
    """A database whose version a data source looks up among some that RDS no longer offers, or that are no versions: a line such as ``16``.

    The provider compares them with the versions that RDS lists, letter by letter, and ends with an error where none is the same.
    """
    for search in graph.targets(database.block.value("engine_version"), database.module):
        name, wanted = graph.argument(search, "engine"), graph.argument(search, "preferred_versions")
        if search.type != "aws_rds_engine_version" or not isinstance(name, str) or not isinstance(wanted, list):
            continue
        gone = [_retired(name, v) if isinstance(v, str) else {} for v in wanted]
        never = all(row or _is_line(name, v) for row, v in zip(gone, wanted, strict=True))
        if not never or not any(gone) or "include_all" in search.block.attributes:
            continue
        yield Hit(
            database.address,
            f"{code(search.address)} looks for versions {series([code(v) for v in wanted])} of {code(name)} for {code(database.address)};"
            " RDS offers none of them for new databases.",
            f"{code(database.address)} does not take its version from a search in vain",
            attribute="engine_version",
            related=(f"{search.address}.preferred_versions",),
            message="Error: no RDS engine versions match the criteria and preferred versions",
            stage=Stage.PLAN,
            impact=(("Deployment", "Nothing can be planned: the search ends with an error."),),
            recommendation=Recommendation(
                f"Let {code(search.address)} look for the latest minor version of a line: `version` with `latest = true`."
            ),
            source=str(next(filter(None, gone))["source"]),
        )


def _is_line(name: str, version: object) -> bool:
    return any(row["engine"] == name and row["line"] == version for row in tables.rows("rds_versions"))


def _retired(name: str, version: str) -> Mapping[str, Any]:
    """Return the row that says that a version is no longer offered; an empty one when it may be."""
    numbers = version_numbers(version)
    for row in tables.rows("rds_versions"):
        line, last = version_numbers(row["line"]), version_numbers(row["last"])
        if row["engine"] == name and numbers[: len(line)] == line and len(numbers) > len(line) and version not in row.get("kept", ()):
            return row if numbers <= last else {}
    return {}


def monitoring_without_role(graph: Graph) -> Iterator[Hit]:
    """Enhanced Monitoring needs a role that RDS may use."""
    for database in graph.of_type(*INSTANCES, *CLUSTERS):
        intervals = [number(v) for v in possible(graph, database.block.value("monitoring_interval"), database.module)]
        wanted = [int(i) for i in intervals if i]
        if wanted and "monitoring_role_arn" not in database.block.attributes:
            yield Hit(
                database.address,
                f"{code(database.address)} can set `monitoring_interval` to {wanted[0]} and has no `monitoring_role_arn`."
                if number(graph.argument(database, "monitoring_interval")) is None
                else f"{code(database.address)} sets `monitoring_interval` to {wanted[0]} and has no `monitoring_role_arn`.",
                f"{code(database.address)} sets `monitoring_role_arn` or leaves Enhanced Monitoring off",
                attribute="monitoring_interval",
                related=(f"{database.address}.monitoring_role_arn",),
            )


def insights_on_small_class(graph: Graph) -> Iterator[Hit]:
    """Performance Insights on a class on which RDS does not offer it."""
    rows = {r["engine"]: tuple(r["classes"]) for r in tables.rows("rds_insights")}
    pages = {r["engine"]: r["source"] for r in tables.rows("rds_insights")}
    for database in graph.of_type(*INSTANCES):
        small = rows.get(engine(graph, database))
        if small is None or graph.argument(database, "performance_insights_enabled") is not True:
            continue
        known = [c for c in possible(graph, database.block.value("instance_class"), database.module) if isinstance(c, str)]
        class_ = next((c for c in known or _orderable(graph, database) if c.startswith(small)), None)
        if class_ is not None:
            verb = "is" if class_ == graph.argument(database, "instance_class") else "can be"
            yield Hit(
                database.address,
                f"{code(database.address)} enables Performance Insights, and its class {verb} {code(class_)}, "
                f"on which RDS does not offer it for the engine {code(engine(graph, database))}.",
                f"{code(database.address)} does not enable Performance Insights on a class without it",
                attribute="performance_insights_enabled",
                related=(f"{database.address}.instance_class", *variable_behind(graph, database, "instance_class")),
                source=pages[engine(graph, database)],
            )


def _orderable(graph: Graph, database: Declaration) -> list[str]:
    """Return the class that a data source takes, the first of a list that is offered; none where it asks for Performance Insights."""
    found: list[str] = []
    for source in graph.targets(database.block.value("instance_class"), database.module):
        if source.type == "aws_rds_orderable_db_instance" and "supports_performance_insights" not in source.block.attributes:
            wanted = graph.argument(source, "preferred_instance_classes")
            offered = [c for c in wanted if isinstance(c, str) and not _is_lacking(graph, database, c)] if isinstance(wanted, list) else []
            found += offered[:1]
    return found


def class_not_offered(graph: Graph) -> Iterator[Hit]:
    """An instance class that Aurora does not offer."""
    for instance in graph.of_type("aws_rds_cluster_instance"):
        name, class_ = engine(graph, instance), graph.argument(instance, "instance_class")
        if isinstance(class_, str) and _is_lacking(graph, instance, class_) and not _has_small_classes(graph, instance):
            yield Hit(
                instance.address,
                f"{code(instance.address)} uses the class {code(class_)}, which Aurora does not offer for {code(name)}.",
                f"{code(instance.address)} does not use the class {code(class_)} with {code(name)}",
                attribute="instance_class",
                related=variable_behind(graph, instance, "instance_class"),
                impact=_WITHOUT_INSTANCES if _has_no_other(graph, instance) else (),
                message="InvalidParameterCombination: RDS does not support creating a DB instance with the following combination: "
                f"DBInstanceClass={class_}, Engine={name}",
                prescribed=class_,
            )


_WITHOUT_INSTANCES = (("Deployment", "The instances of the cluster are not created: the cluster has no endpoint that answers."),)


def _has_no_other(graph: Graph, instance: Declaration) -> bool:
    """Whether a cluster of the tree has no instance of a class that Aurora may offer."""
    cluster = cluster_of(graph, instance)
    every = [i for i in graph.of_type("aws_rds_cluster_instance") if cluster is not None and cluster_of(graph, i) == cluster]
    classes = [graph.argument(i, "instance_class") for i in every]
    return bool(every) and all(isinstance(c, str) and _is_lacking(graph, i, c) for i, c in zip(every, classes, strict=True))


def _is_lacking(graph: Graph, instance: Declaration, class_: str) -> bool:
    """Whether Aurora lacks a class for the engine of an instance; of version 2 of Aurora MySQL it is not certain."""
    rows = [r["not_offered"] for r in tables.rows("aurora_classes") if r["engine"] == engine(graph, instance)]
    return any(class_.startswith(c) if c.endswith(".") else class_ == c for names in rows for c in names)


def _has_small_classes(graph: Graph, instance: Declaration) -> bool:
    """Whether an instance is, or may be, of Aurora MySQL 2, which offers small burstable classes that version 3 does not."""
    cluster = cluster_of(graph, instance)
    versions = [
        graph.argument(d, "engine_version") for d in (instance, cluster) if d is not None and "engine_version" in d.block.attributes
    ]
    return any(not isinstance(v, str) or v.startswith("5.7") for v in versions) and engine(graph, instance) == "aurora-mysql"


def reserved_user(graph: Graph) -> Iterator[Hit]:
    """A master user name that the engine keeps for itself."""
    for database in graph.of_type("aws_db_instance", *CLUSTERS):
        for argument in ("master_username", "username"):
            name, user = engine(graph, database), graph.argument(database, argument)
            for row in tables.rows("rds_users"):
                if row["engine"] == name and isinstance(user, str) and user.lower() in row["reserved"] and not is_copy(graph, database):
                    yield Hit(
                        database.address,
                        f"{code(database.address)} names its master user {code(user)}, a reserved word of the engine {code(name)}.",
                        f"{code(database.address)} does not name its master user {code(user)} on the engine {code(name)}",
                        attribute=argument,
                        related=(*variable_behind(graph, database, argument), f"{database.address}.engine"),
                        message=f"InvalidParameterValue: MasterUsername {user} cannot be used as it is a reserved word used by the engine",
                        source=CREATION_PAGES[database.type],
                    )


# What a master password must not hold: RDS says "only printable ASCII characters besides '/', '@', '\"', ' '".
_FORBIDDEN = frozenset('/@" ')
# What the default set holds beside those; RDS for Oracle takes no ampersand either.
_SAFE = "!#$%&*()-_=+[]{}<>:?"
_DEPLOYMENT = "Deployment"
_DRAWN = "Whether the database can be created depends on what the generator draws; a longer password makes failure likelier."
# What is made from a snapshot has its old password first.
_RESTORED = "Whether the database gets its new password depends on what the generator draws; a longer password makes failure likelier."
_PASSWORDS = {"aws_db_instance": "password", "aws_rds_cluster": "master_password"}


def random_password_characters(graph: Graph) -> Iterator[Hit]:
    """A generated master password, of one database or several, that may hold a character that RDS refuses."""
    users: dict[str, list[tuple[Declaration, str]]] = {}
    passwords: dict[str, Declaration] = {}
    for type_, argument in _PASSWORDS.items():
        for database in graph.of_type(type_):
            for password in generators(graph, database, argument):
                passwords[password.address] = password
                users.setdefault(password.address, []).append((database, argument))
    for address, password in passwords.items():
        if _may_be_refused(graph, password):
            yield _refused_password(graph, users[address], password)


def _may_be_refused(graph: Graph, password: Declaration) -> bool:
    if "special" in password.block.attributes and graph.argument(password, "special") is not True:
        return False
    if "override_special" not in password.block.attributes:
        return True
    allowed = graph.argument(password, "override_special")
    return isinstance(allowed, str) and bool(_FORBIDDEN & set(allowed))


def _refused_password(graph: Graph, users: list[tuple[Declaration, str]], password: Declaration) -> Hit:
    allowed = graph.argument(password, "override_special")
    refused = sorted(_FORBIDDEN & set(allowed), key='@/" '.index) if isinstance(allowed, str) else []
    draws = (
        f"its `override_special` holds {series(['a space' if c == ' ' else code(c) for c in refused])}"
        if refused
        else "it has no `override_special`, and the default set holds `@`"
    )
    never = "&" if any(engine(graph, database).startswith("oracle") for database, _ in users) else ""
    one_of = all(is_one_of(graph, database, argument, password) for database, argument in users)
    return Hit(
        password.address,
        f"{code(password.address)} {'can generate' if one_of else 'generates'} the master password of "
        f"{listed([d.address for d, _ in users])} from a set with characters that RDS refuses: {draws}.{_chance(graph, password)}",
        f"{code(password.address)} generates no master password from characters that RDS refuses",
        attribute="special" if "special" in password.block.attributes else "override_special",
        related=(*(f"{database.address}.{argument}" for database, argument in users), f"{password.address}.override_special"),
        impact=_drawn(one_of, restored=all(is_copy(graph, database) for database, _ in users)),
        recommendation=Recommendation(
            f"Set a safe `override_special` on {code(password.address)}.",
            f'override_special = "{"".join(c for c in _SAFE if c not in never)}"',
        ),
        source=CREATION_PAGES[users[0][0].type],
        needs=tuple(database.address for database, _ in users),
    )


def _drawn(one_of: bool, *, restored: bool) -> tuple[tuple[str, str], ...]:
    """Return what follows where the rule's own words are not true of the databases."""
    what = _RESTORED if restored else _DRAWN
    said = f"Where the password is generated, {what[0].lower()}{what[1:]}" if one_of else what
    return ((_DEPLOYMENT, said),) if one_of or restored else ()


# Letters, digits and the 21 special characters from which random_password draws unless told otherwise.
_DEFAULT_SET = 83


def _chance(graph: Graph, password: Declaration) -> str:
    """Say how often a password of the given length holds ``@`` when nothing but the length is set."""
    length = number(graph.argument(password, "length"))
    others = {"override_special", "upper", "lower", "numeric", "number", "min_special", "min_upper", "min_lower", "min_numeric"}
    if length is None or others & set(password.block.attributes):
        return ""
    share = round(100 * (1 - (1 - 1 / _DEFAULT_SET) ** length))
    return f" With {int(length)} characters about {share} % of all values contain one."


RULES = (
    Rule(
        "RG203",
        "rds-version-retired",
        "Database engine version is no longer offered",
        Category.BLOCKER,
        Severity.CRITICAL,
        retired_version,
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html",
        stage=Stage.APPLY,
        impact=(
            ("Deployment", "The database is not created, and neither is anything that depends on it."),
            ("Operations", "Pinned minor versions end: RDS withdraws most about a year or two after their release."),
        ),
        lesson="RDS withdraws minor versions: pin the major version only, or look an offered version up with `aws_rds_engine_version`.",
        advice="Name the major version only, or read a version from the data source `aws_rds_engine_version`.",
    ),
    Rule(
        "RG204",
        "rds-monitoring-without-role",
        "Enhanced Monitoring without a role",
        Category.BLOCKER,
        Severity.CRITICAL,
        monitoring_without_role,
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html",
        stage=Stage.APPLY,
        message="InvalidParameterCombination: A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.",
        impact=(("Deployment", "An instance with such an interval is not created."),),
        lesson="Enhanced Monitoring writes to CloudWatch Logs through a role of the account: interval and role belong together.",
        advice="Create a role for `monitoring.rds.amazonaws.com` with `AmazonRDSEnhancedMonitoringRole` and set `monitoring_role_arn`.",
    ),
    Rule(
        "RG205",
        "rds-insights-unsupported-class",
        "Performance Insights on an instance class without it",
        Category.BLOCKER,
        Severity.CRITICAL,
        insights_on_small_class,
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html",
        stage=Stage.APPLY,
        message="InvalidParameterCombination: Performance Insights not supported for this configuration.",
        impact=(("Deployment", "The database instance is not created."),),
        lesson="Performance Insights depends on engine and class: the smallest of MySQL and MariaDB lack it, and so does each `db.t3` of Aurora MySQL.",
        advice="Choose a class that has it, or leave Performance Insights off.",
    ),
    Rule(
        "RG206",
        "aurora-class-not-offered",
        "Instance class that Aurora does not offer",
        Category.BLOCKER,
        Severity.CRITICAL,
        class_not_offered,
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.SupportAurora.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The instance is not created."),),
        lesson="Aurora offers fewer classes than RDS: burstable classes begin at `db.t3.medium` and `db.t4g.medium`.",
        advice="Use `db.t4g.medium` or a class of the `db.r` families.",
    ),
    Rule(
        "RG207",
        "rds-reserved-user",
        "Reserved name for the master user",
        Category.BLOCKER,
        Severity.CRITICAL,
        reserved_user,
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The database is not created."),),
        lesson="Each engine keeps some names for itself: `admin` is fine for MySQL and refused for PostgreSQL.",
        advice="Choose another name, such as `dbadmin`.",
    ),
    Rule(
        "RG208",
        "rds-random-password-characters",
        "Generated database password may hold characters that RDS refuses",
        Category.BLOCKER,
        Severity.HIGH,
        random_password_characters,
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
        stage=Stage.APPLY,
        message="InvalidParameterValue: The parameter MasterUserPassword is not a valid password. "
        "Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.",
        impact=((_DEPLOYMENT, _DRAWN),),
        lesson='RDS refuses `/`, `@`, `"` and spaces in a master password, and the default special characters of the generators include `@`.',
        advice="Set `override_special` to a set without `/`, `@`, quotes and space, or let RDS manage the password.",
    ),
)
