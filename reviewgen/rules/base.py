"""What a rule is: metadata that holds for every hit, and a check that yields the hits of one tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Impact, Quote, Recommendation, Severity, Stage
from reviewgen.records import dataclass
from reviewgen.terraform import Graph


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule's defect stands in a tree.

    Attributes:
        address: The declaration that has the defect.
        problem: One to three sentences about it, true for this tree, with the values that matter.
        check: Assertion about the address that is true once the defect is gone: ``"`aws_x.y` sets `z`"``.
        attribute: Argument path inside the declaration; empty when a whole block is missing or superfluous.
        key: Tells several hits of one rule at one place apart.
        related: Further addresses that take part.
        title: Replaces the rule's title where the hit can say more; an issue of hits with several titles has the rule's.
        present: What the tree has for this.
        absent: What it lacks.
        quotes: The tree's own words.
        message: Replaces the rule's message where the hit can say more.
        stage: Replaces the rule's stage where what the hit stands on is known earlier or later.
        category: Replaces the rule's category where what the hit stands on weighs more, unless a configuration gives the rule one.
        severity: Replaces the rule's rank along with that.
        impact: Replaces the rule's impact where what the hit stands on does something else.
        recommendation: How to repair it.
        further: What the repair takes beside that here, a sentence behind the recommendation or the rule's advice.
        unless: See ``Finding.unless``.
        source: Replaces the rule's source where another page says it of this hit.
        granted: See ``Finding.granted``.
        prescribed: See ``Finding.prescribed``.
        needs: See ``Finding.needs``.
        users: See ``Finding.users``.
        names: See ``Finding.names``.
        targets: See ``Finding.targets``.
        shut_out: See ``Finding.shut_out``.
        topics: Further words by which PROMPT speaks of what this hit is about, beside the rule's.
        group: See ``Finding.group``.
    """

    address: str
    problem: str
    check: str
    attribute: str = ""
    key: str = ""
    related: tuple[str, ...] = ()
    title: str = ""
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    message: str = ""
    stage: Stage | None = None
    category: Category | None = None
    severity: Severity | None = None
    impact: tuple[tuple[str, str], ...] = ()
    recommendation: Recommendation | None = None
    further: str = ""
    unless: str = ""
    source: str = ""
    granted: str = ""
    prescribed: str = ""
    needs: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    shut_out: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    group: str = ""
    line: int = 0


Check = Callable[[Graph], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the catalogue.

    Attributes:
        id: ``RG`` and three digits; never reused. The hundreds tell the family (``docs/rules/README.md``).
        slug: Name in kebab case.
        title: What is wrong, without a name of the tree; at most 90 characters.
        category: Of the tree that has the defect.
        severity: Rank.
        check: Yields the hits of a tree.
        source: Link to the documentation behind the fact.
        fix_class: ``A``, ``B`` or ``C`` (learning-value rubric).
        tier: See ``Finding.tier``.
        topics: See ``Finding.topics``.
        stage: Where it shows.
        message: Known message at that stage, as Terraform or AWS word it.
        impact: (aspect, sentence) pairs, each true for every hit.
        lesson: Root cause as a sentence that transfers.
        advice: How to repair it in general.
        cures: See ``Finding.cures``.
        asked: See ``Finding.asked``.
        in_code: What it tells of has its impact as code, whether or not anything is created.
        configured: The category is the one that a configuration gives: no hit replaces it.
    """

    id: str
    slug: str
    title: str
    category: Category
    severity: Severity
    check: Check
    source: str
    fix_class: str = "B"
    tier: int = 1
    topics: tuple[str, ...] = ()
    stage: Stage | None = None
    message: str = ""
    impact: tuple[tuple[str, str], ...] = ()
    lesson: str = ""
    advice: str = ""
    cures: tuple[str, ...] = ()
    asked: Category | None = None
    in_code: bool = False
    configured: bool = False

    def findings(self, graph: Graph) -> Iterable[Finding]:
        """Yield the rule's findings in a tree."""
        for hit in self.check(graph):
            advice = hit.recommendation or (Recommendation(self.advice) if self.advice else None)
            if advice is not None and hit.further:
                advice = replace(advice, text=f"{advice.text} {hit.further}")
            yield Finding(
                self.id,
                hit.title or self.title,
                (not self.configured and hit.category) or self.category,
                (not self.configured and hit.severity) or self.severity,
                hit.address,
                hit.problem,
                hit.check,
                hit.attribute,
                hit.key,
                self.fix_class,
                hit.related,
                self.tier,
                (*self.topics, *hit.topics),
                hit.stage or self.stage,
                hit.message or self.message,
                hit.present,
                hit.absent,
                hit.quotes,
                tuple(Impact(aspect, text) for aspect, text in hit.impact or self.impact),
                self.lesson,
                advice,
                hit.source or self.source,
                self.cures,
                asked=self.asked,
                group=hit.group,
                many=self.title if hit.title else "",
                unless=hit.unless,
                granted=hit.granted,
                prescribed=hit.prescribed,
                needs=hit.needs,
                users=hit.users,
                names=hit.names,
                targets=hit.targets,
                shut_out=hit.shut_out,
                line=hit.line,
            )
