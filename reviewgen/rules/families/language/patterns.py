"""RG642: patterns that the regular expressions of Terraform do not know, behind ``can``."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Binary, Call, Expression, Literal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph
from reviewgen.terraform.validate.evaluation.refusals.patterns import BadPattern, parse

from ...base import Hit, Rule
from ...places import code

_MATCHING = ("regex", "regexall")


def never_matched(graph: Graph) -> Iterator[Hit]:
    """A validation of a variable whose pattern Terraform refuses: ``can`` makes that false, whatever the value is."""
    for variable in graph.of_kind("variable"):
        for block in variable.block.nested("validation"):
            condition = block.value("condition")
            for part, alone in _parts(condition, True) if condition is not None else ():
                pattern = _pattern(part)
                wrong = _refused(pattern) if pattern else ""
                if not wrong:
                    continue
                which = "every value" if alone else "every value for which what stands beside it does not hold"
                yield Hit(
                    variable.address,
                    f"A validation of {code(variable.address)} wants a value that fits {code(pattern)}. Terraform's `regex` does not know "
                    f"{code(wrong)}, and `can` turns its error into false, so the validation refuses {which}.",
                    f"no validation of {code(variable.address)} has a pattern that `regex` does not take",
                    attribute="validation.condition",
                    key=pattern,
                    line=block.line,
                    message=_message(block.value("error_message")) if alone else "",
                )


def _parts(condition: Expression, alone: bool) -> Iterator[tuple[Expression, bool]]:
    """Yield what a condition is joined of, and whether it refuses every value where that part is false."""
    if isinstance(condition, Binary) and condition.op in ("&&", "||"):
        for side in (condition.left, condition.right):
            yield from _parts(side, alone and condition.op == "&&")
    else:
        yield condition, alone


def _pattern(part: Expression) -> str:
    """Return the pattern of ``can(regex("...", text))``; empty for anything else."""
    inner = part.args[0] if isinstance(part, Call) and part.name == "can" and len(part.args) == 1 else None
    first = inner.args[0] if isinstance(inner, Call) and inner.name in _MATCHING and len(inner.args) == 2 else None
    return first.value if isinstance(first, Literal) and isinstance(first.value, str) else ""


def _refused(pattern: str) -> str:
    """Return the part of a pattern that Go does not take; empty where it takes all of it."""
    try:
        parse(pattern)
    except BadPattern as bad:
        return bad.part
    return ""


def _message(said: Expression | None) -> str:
    own = f"\n{said.value}" if isinstance(said, Literal) and isinstance(said.value, str) else ""
    return f"Error: Invalid value for variable{own}"


RULES = (
    Rule(
        "RG642",
        "validation-pattern-unknown",
        "Validation with a pattern that Terraform does not take",
        Category.CRITICAL,
        Severity.HIGH,
        never_matched,
        "https://developer.hashicorp.com/terraform/language/functions/regex",
        fix_class="C",
        stage=Stage.PLAN,
        impact=(("Deployment", "Values that are meant to pass are refused."),),
        lesson="Terraform's expressions are those of RE2: they know neither lookaheads nor lookbehinds nor backreferences.",
        advice="Say what is not to stand there with `!can(regex(...))` and a pattern without a lookahead.",
    ),
)
