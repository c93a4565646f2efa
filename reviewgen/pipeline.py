"""The way of the data, in one place: a sample in, a review out. Nothing else composes the stages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reviewgen import diff, requirements, review, rules, score, terraform
from reviewgen.config import Config
from reviewgen.model.diff import Diff
from reviewgen.model.review import Review, SampleInfo, StepResult, TreeFacts, Validation
from reviewgen.model.source import Document, Sample, SampleClass, Turns
from reviewgen.model.tree import Tree
from reviewgen.rules import changes
from reviewgen.terraform import Graph, secrets

if TYPE_CHECKING:
    from reviewgen import audit
    from reviewgen.terraform.schema import Schemas


def review_sample(sample: Sample, config: Config) -> Review:
    """Return the review of a sample: read both trees, compare, validate, trace requirements, apply rules, fuse, score."""
    rubrics = score.load(config)
    model = Graph(terraform.build(sample.model, "model"))
    ideal = Graph(terraform.build(sample.ideal, "ideal"))
    asked = requirements.parse(sample.prompt) if sample.prompt else ()
    excluding = requirements.contradictions(asked)
    coverage = requirements.trace(asked, model, ideal, excluding)
    class_ = review.classify(sample, model.tree, ideal.tree, coverage)
    facts = _facts(model.tree), _facts(ideal.tree)
    content = review.content(sample, model.tree, ideal.tree)
    checked = _both(sample.model, model, config), _both(sample.ideal, ideal, config)
    if class_ is SampleClass.SNIPPET_IDEAL:
        checked = checked[0], replace(checked[1], incomplete=True)
        ideal = Graph(diff.overlay(model.tree, ideal.tree))
        coverage = requirements.trace(asked, model, ideal, excluding)
    answers = requirements.check(asked, sample.prompt.text if sample.prompt else "", model, ideal, excluding)
    difference = diff.compare(model, ideal)
    ours, theirs = changes.compare(model, ideal, difference, sample.prompt.text.lower() if sample.prompt else "")
    ruled = rules.run_pair(model, ideal, rules.chosen(config))
    found = (*ruled.model, *ours, *answers.model), (*ruled.ideal, *theirs, *answers.ideal)
    inputs = review.Inputs(sample, class_, model, ideal, difference, *checked, coverage, *found)
    judged, minor, dismissed, stale = review.judge(inputs, config.max_issues)
    counted = score.facts(class_, judged, coverage, ideal, rubrics.learning)
    issues, points = score.score(judged, rubrics, counted)
    rows = review.by_requirement(coverage + answers.coverage, issues)
    notes = (
        *sample.notes,
        *sample.model.notes,
        *sample.ideal.notes,
        *model.tree.notes,
        *ideal.tree.notes,
        *difference.notes,
        *ruled.notes,
        *review.notes(inputs),
    )
    result = Review(
        sample=SampleInfo(
            sample.id, class_, sample.prompt.name if sample.prompt else None, sample.model.name, sample.ideal.name, notes, content
        ),
        diff=difference,
        model_validation=checked[0],
        ideal_validation=checked[1],
        coverage=rows,
        issues=issues,
        minor=minor,
        strengths=review.strengths(model, rows),
        score=points,
        verification=_steps(*checked),
        model_facts=facts[0],
        ideal_facts=facts[1],
        assessment=review.assessment(class_, issues, checked[1], difference),
        places=review.places(model, ideal, issues, minor),
        dismissed=dismissed,
        stale=stale,
        contradictions=excluding,
        corrections=review.corrections(class_, sample.ideal),
        listings=review.listings(model, ideal, difference, issues),
    )
    return _with_secrets(result, (*secrets.literals(model.tree), *secrets.literals(ideal.tree)), config.redact)


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


def _both(document: Document, graph: Graph, config: Config) -> Validation:
    """Return what the static validator says of a tree as it is read and, where that differs, of the files as delivered."""
    if not document.delivered:
        return _validate(graph, config)
    delivered = terraform.build(replace(document, files=document.delivered), graph.tree.side)
    return replace(_validate(graph, config), delivered=_validate(Graph(delivered), config))


def _validate(graph: Graph, config: Config) -> Validation:
    """Return what the static validator says of a tree."""
    from reviewgen.terraform.validate import validate

    return validate(graph.tree, graph, _schemas(config))


def _schemas(config: Config) -> Schemas:
    from reviewgen.terraform.schema import shipped

    return shipped(tuple(map(Path, config.schemas)))


def _steps(model: Validation, ideal: Validation) -> tuple[StepResult, ...]:
    """Return what is known of each Terraform step: the static check, and that nothing was run."""
    word = {True: "passed", False: "failed"}
    check = StepResult("validate", word[model.valid], word[ideal.valid], "static")
    return (check, *(StepResult(step, "not run", "not run") for step in ("plan", "apply", "destroy")))


def _facts(tree: Tree) -> TreeFacts:
    """Return the counts of a tree's configuration files, and the services of its resources."""
    code = [f for path, f in tree.files.items() if terraform.is_configuration(path)]
    kinds = [d.kind for d in tree.declarations.values()]
    lines = sum(f.text.rstrip("\n").count("\n") + 1 for f in code if f.text)
    services = score.services(d.type for d in tree.declarations.values() if d.kind == "resource")
    return TreeFacts(len(code), lines, kinds.count("resource"), kinds.count("data"), len(tree.modules), services)


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
