"""The way of the data, in one place: a sample in, a review out. Nothing else composes the stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reviewgen import diff, knowledge, requirements, review, rules, score, terraform
from reviewgen.config import Config
from reviewgen.model.diagnostic import Validation
from reviewgen.model.diff import Diff
from reviewgen.model.requirement import Contradiction, Coverage, Verdict
from reviewgen.model.review import Content, Dismissed, Issue, Minor, Quote, Review, SampleInfo, StepResult, TreeFacts
from reviewgen.model.score import Score
from reviewgen.model.sight import Sight
from reviewgen.model.source import Document, Sample, SampleClass, Turns
from reviewgen.model.tree import Tree
from reviewgen.model.weighed import Weighed
from reviewgen.records import dataclass
from reviewgen.rules import changes
from reviewgen.terraform import Graph, secrets

if TYPE_CHECKING:
    from reviewgen import audit
    from reviewgen.evidence import verify
    from reviewgen.model.evidence import Evidence, TreeRun
    from reviewgen.model.finding import Finding
    from reviewgen.terraform.schema import Schemas


@dataclass(frozen=True)
class _Examined:
    """A sample before anything is made an issue of.

    Attributes:
        inputs: Both trees, compared and validated, with what rules and requirements found in them.
        coverage: PROMPT's requirements against both trees, particulars included.
        contradictions: Requirements of PROMPT that exclude each other.
        content: Which files each answer holds.
        facts: Counts of MODEL's and IDEAL's own trees.
        weighed: What records of real runs make of it.
        notes: What the stages have to say about how the sample was read.
    """

    inputs: review.Inputs
    coverage: tuple[Coverage, ...]
    contradictions: tuple[Contradiction, ...]
    content: Content
    facts: tuple[TreeFacts, TreeFacts]
    weighed: Weighed
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Judged:
    """What is made of an examined sample.

    Attributes:
        about: What is said of the sample itself.
        issues: The issues, worded and scored.
        minor: What only the table of smaller findings tells.
        dismissed: Issues that a person dismissed.
        stale: Decisions of a person that fit no issue any more.
        coverage: PROMPT's requirements with the issues that are about them.
        score: The scores.
        sight: What IDEAL shows of the issues.
        corrections: What the text of IDEAL says of corrections.
    """

    about: SampleInfo
    issues: tuple[Issue, ...]
    minor: tuple[Minor, ...]
    dismissed: tuple[Dismissed, ...]
    stale: tuple[str, ...]
    coverage: tuple[Coverage, ...]
    score: Score
    sight: Sight
    corrections: tuple[Quote, ...]


def review_sample(sample: Sample, config: Config, evidence: Evidence | None = None) -> Review:
    """Return the review of a sample: read both trees, compare, validate, trace requirements, apply rules, weigh evidence, fuse, score.

    Args:
        sample: The sample.
        config: The settings.
        evidence: What really happened when Terraform ran on its trees, and what other tools found; None when nobody knows.
    """
    knowledge.verify()
    examined = _examined(sample, config, evidence)
    judged = _judged(sample, config, examined)
    inputs = examined.inputs
    trees = inputs.model, inputs.ideal
    result = Review(
        sample=judged.about,
        diff=inputs.diff,
        model_validation=inputs.model_validation,
        ideal_validation=inputs.ideal_validation,
        coverage=judged.coverage,
        issues=judged.issues,
        minor=judged.minor,
        strengths=review.strengths(inputs.model, judged.coverage, judged.issues, judged.minor),
        score=judged.score,
        verification=examined.weighed.steps,
        model_facts=examined.facts[0],
        ideal_facts=examined.facts[1],
        assessment=_assessment(examined, judged),
        places=judged.sight.places,
        dismissed=judged.dismissed,
        stale=judged.stale,
        contradictions=examined.contradictions,
        corrections=judged.corrections,
        listings=review.listings(*trees, inputs.diff, judged.issues),
    )
    result = review.called(result, trees)
    return _with_secrets(result, tuple(secret for graph in trees for secret in secrets.literals(graph.tree)), config.redact)


def _judged(sample: Sample, config: Config, examined: _Examined) -> _Judged:
    """Make issues of what was found, see what IDEAL shows of them, and score the pair."""
    rubrics = score.load(config)
    inputs, findings = examined.inputs, examined.weighed.findings
    said = review.said(inputs)
    drafted, minor, dismissed, stale = review.judge(inputs, said, config.max_issues)
    placed = review.places(inputs, ((*findings[0], *said[0]), (*findings[1], *said[1])), drafted, minor)
    about = _info(sample, examined)
    sight = Sight(inputs.class_, inputs.diff, placed, inputs.ideal_validation, described=about.described)
    corrections = review.corrections(sight, sample.ideal, drafted)
    sight = sight.with_words(tuple(quote.text for quote in corrections))
    unseen = any(sight.loses(i) for i in drafted)
    counted = score.facts(inputs.class_, drafted, inputs.coverage, inputs.ideal, rubrics.learning, unseen=unseen)
    issues, points = score.score(drafted, rubrics, counted)
    rows = review.borne_out(review.by_requirement(examined.coverage, issues), issues, minor, (inputs.model_findings, inputs.ideal_findings))
    return _Judged(about, review.worded(issues, rows), minor, dismissed, stale, rows, points, sight, corrections)


def _assessment(examined: _Examined, judged: _Judged) -> tuple[str, ...]:
    """Return the sentences of the final assessment."""
    inputs, issues, sight = examined.inputs, judged.issues, judged.sight
    return review.assessment(
        inputs.class_,
        issues,
        review.told(inputs),
        inputs.diff,
        examined.weighed.deployed,
        untold=review.untold_blocker(inputs, issues),
        idle=review.idle_blockers(inputs, issues),
        unseen=frozenset(i.id for i in issues if sight.loses(i)),
        modules=inputs.diff.hides,
        unsaid=frozenset(i.id for i in issues if sight.is_silent(i)),
        minor=judged.minor,
        spare=bool(examined.facts[1].unreached),
    )


def _info(sample: Sample, examined: _Examined) -> SampleInfo:
    prompt = sample.prompt.name if sample.prompt else None
    class_ = examined.inputs.class_
    told = _described(sample, class_)
    return SampleInfo(sample.id, class_, prompt, sample.model.name, sample.ideal.name, examined.notes, examined.content, told)


def _described(sample: Sample, class_: SampleClass) -> tuple[str, ...]:
    """Return the files of MODEL of which an IDEAL of parts tells in words only."""
    return review.described(sample.model, sample.ideal) if class_ is SampleClass.SNIPPET_IDEAL else ()


def _examined(sample: Sample, config: Config, evidence: Evidence | None) -> _Examined:
    """Read both trees, compare and validate them, hold them against PROMPT and the rules, and weigh the records."""
    model = Graph(terraform.build(sample.model, "model"))
    ideal = Graph(terraform.build(sample.ideal, "ideal"))
    prompt = sample.prompt.text if sample.prompt else ""
    asked = requirements.parse(sample.prompt) if sample.prompt else ()
    excluding = requirements.contradictions(asked)
    coverage = requirements.trace(asked, model, ideal, excluding)
    class_ = review.classify(sample, model.tree, ideal.tree, coverage)
    facts = _facts(model.tree), _facts(ideal.tree)
    content = review.content(sample, model.tree, ideal.tree)
    whole = model.tree if class_ is SampleClass.SNIPPET_IDEAL else None
    checked = _both(sample.model, model, config), _both(sample.ideal, ideal, config, whole)
    delivered = model.tree, ideal.tree
    if class_ is SampleClass.SNIPPET_IDEAL:
        checked = checked[0], replace(checked[1], incomplete=True)
        ideal = Graph(diff.overlay(model.tree, ideal.tree))
        coverage = requirements.trace(asked, model, ideal, excluding)
    answers = requirements.check(asked, prompt, model, ideal, excluding)
    difference = replace(diff.compare(model, ideal), apart=class_ is SampleClass.SNIPPET_IDEAL and diff.stands_apart(ideal))
    ours, theirs = changes.compare(model, ideal, difference, prompt.lower())
    ruled = rules.run_pair(model, ideal, rules.chosen(config))
    found = (*ruled.model, *ours, *answers.model), (*ruled.ideal, *theirs, *answers.ideal)
    weighed = _weighed(evidence, delivered, model, ideal, difference, checked, found)
    refuted = frozenset(row.requirement.id for row in answers.coverage if row.ideal is Verdict.UNMET)
    inputs = review.Inputs(sample, class_, model, ideal, difference, *weighed.validations, coverage, *weighed.findings, refuted)
    read = (*sample.notes, *sample.model.notes, *sample.ideal.notes, *model.tree.notes, *ideal.tree.notes)
    notes = (*read, *difference.notes, *ruled.notes, *review.notes(inputs), *weighed.notes)
    rows = tuple(review.without_described(coverage + answers.coverage, ideal, _described(sample, class_)))
    return _Examined(inputs, rows, excluding, content, facts, weighed, notes)


def _with_secrets(result: Review, found: tuple[str, ...], redact: bool) -> Review:
    """Mask literal secrets in what the review quotes, or say that they stand there; either is a note on the page."""
    known = tuple(sorted(set(found), key=lambda secret: (-len(secret), secret)))
    if not known:
        return result
    number = review.quoted((result.issues, result.diff, result.model_validation, result.ideal_validation, result.listings), known)
    if not number:
        return result
    what = "One literal secret" if number == 1 else f"{number} literal secrets"
    done = "masked" if redact else "reproduced as in the inputs; `--redact` masks such texts"
    note = f"{what} of the code that this document or its `review.json` quotes {'is' if number == 1 else 'are'} {done}."
    noted = replace(result, sample=replace(result.sample, notes=(*result.sample.notes, note)))
    return review.redacted(noted, known) if redact else noted


def check(config: Config) -> None:
    """Raise UserError when a configuration names a rubric, rule or schema that is not there or not valid: no sample could be reviewed."""
    score.load(config)
    rules.chosen(config)
    _schemas(config)


def diff_documents(model: Document, ideal: Document) -> Diff:
    """Return the semantic difference of two documents."""
    return diff.compare(Graph(terraform.build(model, "model")), Graph(terraform.build(ideal, "ideal")))


def validate_document(document: Document, config: Config) -> tuple[Tree, Validation]:
    """Return a document's tree and what Terraform would say of it."""
    graph = Graph(terraform.build(document, "model"))
    return graph.tree, _validate(graph, config)


def _both(document: Document, graph: Graph, config: Config, whole: Tree | None = None) -> Validation:
    """Return what the static validator says of a tree as it is read and, where that differs, of the files as delivered."""
    if not document.delivered:
        return _validate(graph, config, whole)
    delivered = terraform.build(replace(document, files=document.delivered), graph.tree.side)
    return replace(_validate(graph, config, whole), delivered=_validate(Graph(delivered), config, whole))


def _validate(graph: Graph, config: Config, whole: Tree | None = None) -> Validation:
    """Return what the static validator says of a tree; of a part the versions hold that the whole names."""
    from reviewgen.terraform.validate import validate

    return validate(graph.tree, graph, _schemas(config), whole)


def _schemas(config: Config) -> Schemas:
    from reviewgen.terraform.schema import shipped

    return shipped(tuple(map(Path, config.schemas)))


def _weighed(
    evidence: Evidence | None,
    delivered: tuple[Tree, Tree],
    model: Graph,
    ideal: Graph,
    difference: Diff,
    checked: tuple[Validation, Validation],
    found: tuple[tuple[Finding, ...], tuple[Finding, ...]],
) -> Weighed:
    """Return verdicts, findings and steps with what the records say; without records that nothing was run."""
    if evidence is not None:
        from reviewgen.evidence.weigh import Sides, weigh

        return weigh(evidence, Sides(delivered, (model, ideal), difference, checked, found))
    word = {True: "passed", False: "failed"}
    check = StepResult("validate", word[checked[0].valid], word[checked[1].valid], "static")
    steps = (check, *(StepResult(step, "not run", "not run") for step in ("plan", "apply", "destroy")))
    return Weighed(checked, found, steps)


def evidence_of(folder: Path | None, given: Sequence[str] = ()) -> Evidence | None:
    """Return the records of a sample: those that are given, and those in its folder; None when there are none.

    Args:
        folder: The sample's folder, where it has one.
        given: Files and folders that the user names; see ``evidence.collect``.

    Raises:
        InputError: One of them is no record, or does not tell which tree it is about.
    """
    if not given and (folder is None or not any((folder / name).exists() for name in ("evidence.json", "evidence"))):
        return None  # most samples have none, and need not load what reads them
    from reviewgen.evidence.collect import collect

    return collect(folder, given)


def _facts(tree: Tree) -> TreeFacts:
    """Return the counts of a tree's configuration files, and the services of its resources."""
    code = [f for path, f in tree.files.items() if terraform.is_configuration(path)]
    kinds = [d.kind for d in tree.declarations.values()]
    lines = sum(f.text.rstrip("\n").count("\n") + 1 for f in code if f.text)
    services = score.services(d.type for d in tree.declarations.values() if d.kind == "resource")
    unreached = sum(not module.reached for module in tree.modules.values())
    return TreeFacts(len(code), lines, kinds.count("resource"), kinds.count("data"), len(tree.modules), services, unreached)


def audit_sample(sample: Sample, turns: Turns, document: str, name: str, config: Config) -> tuple[audit.Case, tuple[audit.Finding, ...]]:
    """Return a person's document held against the trees, PROMPT and our review.

    Args:
        sample: The sample.
        turns: The texts of its further turns.
        document: The document's text.
        name: What messages call it.
        config: The settings.
    """
    from reviewgen import audit, documents

    reading = documents.read_failures(document, name)
    model = Graph(terraform.build(sample.model, "model"))
    ideal = Graph(terraform.build(sample.ideal, "ideal"))
    texts = [audit.Text(text) for text in (_whole(sample.model), *turns.model)]
    case = audit.Case(
        reading=reading,
        document=document,
        sample=sample,
        review=review_sample(sample, config),
        model=model,
        ideal=ideal,
        model_text=audit.Text.joined(text.text for text in texts),
        ideal_text=audit.Text.joined((_whole(sample.ideal), *turns.ideal)),
        prompt_text=audit.Text.joined((_whole(sample.prompt) if sample.prompt else "", *turns.prompt)),
        turns=tuple(texts),
    )
    return case, audit.audit(case)


def _whole(document: Document) -> str:
    """Return all text of a document: as it stands on disk, or its files when it is a folder."""
    return "\n".join((document.text, *(file.text for file in document.files if not document.text)))


def verify_sample(
    sample: Sample, sides: Sequence[str], environment: Mapping[str, str], endpoint: str, wishes: verify.Wishes, folders: Sequence[Path] = ()
) -> Iterator[TreeRun]:
    """Yield what happens when the real Terraform runs on the trees of a sample.

    Args:
        sample: The sample.
        sides: ``model`` and ``ideal``, or one of them.
        environment: The user's environment, of which only what finds Terraform and its providers is used.
        endpoint: Address of an emulator on this machine; empty to start one, where that is possible.
        wishes: What the user wants.
        folders: Folders that files of the trees may come from.

    Raises:
        InputError: There is no Terraform, or the endpoint is none.
        KeyboardInterrupt: Somebody interrupted; the record of the tree that was being run was yielded before.
    """
    from reviewgen.evidence import verify

    program = verify.find(environment)
    documents = {"model": sample.model, "ideal": sample.ideal}
    with verify.standing_in(endpoint, wishes) as emulator:
        for side in sides:
            graph = Graph(terraform.build(documents[side], side))
            if emulator is not None and not endpoint:
                verify.reset(emulator)
            try:
                yield verify.run_tree(graph, program, environment, emulator, wishes, folders)
            except verify.Interrupted as stopped:
                yield stopped.run
                raise KeyboardInterrupt from None
