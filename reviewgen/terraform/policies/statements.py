"""What a policy says: frozen statements, and the three-valued questions one can ask of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from reviewgen.records import dataclass

_HOLE = re.compile(r"\$\{[^}]*\}")
_SERVICE = re.compile(r"(?P<name>[a-z0-9-]+(?:\.[a-z0-9-]+)*)\.amazonaws\.com(?:\.cn)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a policy.

    Attributes:
        text: The text; each part that is not constant stands as ``${expression}``.
        refs: Addresses of the resources and data sources that the text is made from.
    """

    text: str
    refs: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether no part is unknown."""
        return "${" not in self.text

    @property
    def anything(self) -> bool:
        """Whether it is ``*``."""
        return self.text == "*"

    def matches(self, value: str) -> bool | None:
        """Whether this text, as a pattern with ``*`` and ``?``, matches a value (in any case of letters); None when a hole decides."""
        if not _pattern(self.text).fullmatch(value):
            return False
        return True if self.known or _pattern(_HOLE.sub("", self.text)).fullmatch(value) else None


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    pieces = (re.escape(piece).replace(r"\*", ".*").replace(r"\?", ".") for piece in _HOLE.split(text))
    return re.compile(".*".join(pieces), re.IGNORECASE | re.DOTALL)


def some(answers: Iterable[bool | None]) -> bool | None:
    """Return True when one answer is True, otherwise None when one is unknown, otherwise False."""
    unknown = False
    for answer in answers:
        if answer:
            return True
        unknown = unknown or answer is None
    return None if unknown else False


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: ``StringEquals`` on ``aws:SourceAccount`` with some values."""

    test: str
    variable: str
    values: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy.

    Attributes:
        effect: ``Allow`` or ``Deny``.
        actions: Action patterns.
        not_actions: Patterns of ``NotAction``.
        resources: Resources; empty in a trust policy.
        not_resources: Patterns of ``NotResource``.
        principals: (type, value): type ``Service``, ``AWS``, ``Federated``, ``CanonicalUser`` or ``*`` for ``"Principal": "*"``.
        not_principals: Those of ``NotPrincipal``.
        conditions: Conditions, all of which must hold.
        sid: Its id, empty for none.
        certain: Whether it stands in the policy for certain, with an effect that is known.
    """

    effect: str
    actions: tuple[Text, ...] = ()
    not_actions: tuple[Text, ...] = ()
    resources: tuple[Text, ...] = ()
    not_resources: tuple[Text, ...] = ()
    principals: tuple[tuple[str, Text], ...] = ()
    not_principals: tuple[tuple[str, Text], ...] = ()
    conditions: tuple[Condition, ...] = ()
    sid: str = ""
    certain: bool = True

    def names(self, action: str) -> bool | None:
        """Whether the statement is about an action."""
        if self.not_actions:
            named = some(p.matches(action) for p in self.not_actions)
            return None if named is None else not named
        return some(p.matches(action) for p in self.actions)

    def addresses(self, service: str) -> bool | None:
        """Whether its principals include an AWS service (``logs``, ``delivery.logs``, with or without region) or everybody."""
        if self.not_principals:
            return None
        return some(_is_service(kind, value, service) for kind, value in self.principals)

    def covers(self, address: str) -> bool | None:
        """Whether its resources include what a declaration stands for: ``*`` or a reference to it.

        A resource that is written as text, or that refers to something whose address is not certain, gives None.
        """
        if self.not_resources:
            return None
        return some(_covers(resource, address) for resource in self.resources)

    def allows(self, action: str) -> bool | None:
        """Whether it allows an action on something, whatever its conditions say."""
        answer = self.names(action) if self.effect == "Allow" else False
        return answer if self.certain or answer is False else None


def _is_service(kind: str, value: Text, service: str) -> bool | None:
    if value.anything and kind in ("*", "AWS"):
        return True
    if kind != "Service":
        return None if "${" in kind else False
    # A hole inside the name of a service is its region: logs.${data.aws_region.current.name}.amazonaws.com
    match = _SERVICE.fullmatch(_HOLE.sub("region", value.text))
    if match is None:
        return False if value.known else None
    name = match["name"].lower()
    return name == service or name.startswith(service + ".")


def _covers(resource: Text, address: str) -> bool | None:
    if resource.anything or address in resource.refs:
        return True
    return False if resource.refs and not any(ref.startswith("data.") for ref in resource.refs) else None


@dataclass(frozen=True, slots=True)
class Policy:
    """The statements of one policy, or of all policies of a role.

    Attributes:
        statements: What could be read.
        complete: Whether that is all beside ``managed``: nothing else of the policy is unknown.
        origins: Where they stand: addresses with argument path (``aws_kms_key.main.policy``), the first the most particular.
        managed: ARNs of managed policies whose statements are not in the tree.
    """

    statements: tuple[Statement, ...] = ()
    complete: bool = True
    origins: tuple[str, ...] = ()
    managed: tuple[Text, ...] = ()

    def allows(self, action: str, *, service: str = "", on: str = "") -> bool | None:
        """Whether a statement allows an action.

        Args:
            action: Such as ``kms:Decrypt``.
            service: Only statements whose principals include this service.
            on: Only statements whose resources include what this address declares.
        """
        found = some(_allows(s, action, service, on) for s in self.statements)
        return found if found or (self.complete and not self.managed) else None

    def allowing(self, action: str) -> list[Statement]:
        """Return the statements that may allow an action."""
        return [s for s in self.statements if s.allows(action) is not False]

    def services(self) -> set[str]:
        """Return the service principals that are allowed, as they are written: ``lambda.amazonaws.com``, with a hole for the region, too."""
        named = (v for s in self.statements if s.effect == "Allow" for kind, v in s.principals if kind == "Service")
        return {v.text for v in named if v.known or _SERVICE.fullmatch(_HOLE.sub("region", v.text))}

    def with_origin(self, *origins: str) -> Policy:
        """Return the policy as standing at other places."""
        return replace(self, origins=origins)

    def __add__(self, other: Policy) -> Policy:
        """Return both together."""
        return Policy(
            self.statements + other.statements,
            self.complete and other.complete,
            tuple(dict.fromkeys(self.origins + other.origins)),
            tuple(dict.fromkeys(self.managed + other.managed)),
        )


def _allows(statement: Statement, action: str, service: str, on: str) -> bool | None:
    answers = [statement.allows(action)]
    if service:
        answers.append(statement.addresses(service))
    if on:
        answers.append(statement.covers(on))
    if False in answers:
        return False
    return None if None in answers else True


UNREAD = Policy(complete=False)
"""A policy of which nothing is known."""
