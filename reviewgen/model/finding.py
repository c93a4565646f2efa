"""What is wrong in one tree, before the two trees are compared: the common form of rule hits, diagnostics and unmet requirements."""

from __future__ import annotations

from reviewgen.records import dataclass

from .requirement import Requirement
from .review import Category, Impact, Quote, Recommendation, Severity, Stage


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect at one place of one tree.

    Attributes:
        rule: Id of the rule (``RG204``), of the capability (``need:route53-failover``) or kind of diagnostic (``tf:unsupported-argument``).
        title: Names the flaw or what is missing; at most about 90 characters.
        category: How bad it is.
        severity: Rank within and across categories.
        fix_class: ``A``, ``B`` or ``C`` of the learning-value rubric, if it gets fixed.
        address: The declaration that has the defect; empty when nothing is declared that could have it.
        attribute: Argument path inside the declaration; empty when it is about the whole of it.
        key: Tells two findings of one rule at one place apart; part of what makes a finding the same in both trees.
        problem: One to three sentences about this tree.
        check: Assertion that is true where the defect is absent: ``"`aws_x.y` sets `z`"``.
        related: Further addresses that take part, the most important first, with argument paths where an argument is meant.
        tier: 1 is always reported; 2 only when IDEAL repairs it, IDEAL introduces it or PROMPT asks, and in the closing table of a short
            document; 3 only when IDEAL changed it and PROMPT asks; 4 only when PROMPT asks, whatever IDEAL did.
        topics: Words of which PROMPT must contain one to count as asking (tiers 2 to 4); lower case.
        stage: Where the defect shows.
        message: The known message at that stage.
        present: What the tree has for this, phrases.
        absent: What it lacks, phrases.
        quotes: The tree's own words.
        impact: Consequences.
        lesson: Root cause as a sentence that transfers.
        recommendation: How to repair it.
        source: Documentation behind the fact.
        cures: Types of resources that repair the defect by referring to the address, when something beside it is missing; ``*`` for any.
        signals: What speaks for it, as in ``Issue.signals``.
        asked: Category in place of ``category`` when PROMPT names one of ``topics`` and IDEAL repairs or introduces it; None for the same.
        group: What tells several root causes of one rule apart; findings with one group become one issue.
        many: Title of the one issue that more than a few groups, or places with several titles, become; empty when they never do.
        names: What the finding is about, for a title that names all places: ``{name}`` in ``title`` stands for the names of an issue's findings.
        targets: Addresses that it refers to and its own tree does not declare; named first where the other tree declares them.
        granted: A pattern for PROMPT in lower case: what it finds is asked for there; the finding then warns of it and says so.
        prescribed: A value; where PROMPT names it the finding says so.
        unless: A pattern for PROMPT in lower case: what it finds is given or asked for there, and so no defect.
        shut_out: Whom a policy does not admit: services with a dot behind them (``logs.``), or the end of a service-linked role's name.
        needs: Addresses without any of which nobody meets the defect, although its own address is created.
        users: Addresses of those who meet it, whatever their names: a tree without anything of their types has nobody who does.
        observed: True when a real run gave ``message``.
        line: Line of the block that is meant where ``attribute`` leads to several of one type; 0 where the rule does not tell.
        version: The major version of its provider that has it so, where the tree holds an older one; 0 where its own has.
        requirement: What PROMPT asks and the tree answers otherwise; None when the finding does not come from PROMPT.
    """

    rule: str
    title: str
    category: Category
    severity: Severity
    address: str
    problem: str
    check: str
    attribute: str = ""
    key: str = ""
    fix_class: str = "B"
    related: tuple[str, ...] = ()
    tier: int = 1
    topics: tuple[str, ...] = ()
    stage: Stage | None = None
    message: str = ""
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    impact: tuple[Impact, ...] = ()
    lesson: str = ""
    recommendation: Recommendation | None = None
    source: str = ""
    cures: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    asked: Category | None = None
    group: str = ""
    many: str = ""
    names: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    shut_out: tuple[str, ...] = ()
    unless: str = ""
    granted: str = ""
    prescribed: str = ""
    needs: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    requirement: Requirement | None = None
    observed: bool = False
    line: int = 0
    version: int = 0
