"""What is said twice of one mistake: drafts that stand for each other become one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.review import Status

from ..draft import Draft

# The arguments of a function that name its package.
_PACKAGE = ("filename", "source_code_hash")
# What Terraform says beside it of a provider configuration that is to be made in a loop: of its alias, and of what refers to one by an index.
_OF_A_LOOP = (tf.INVALID_PROVIDER_CONFIGURATION_ALIAS, tf.PROVIDER_REFERENCE)
_UNSET = (tf.MISSING_ARGUMENT, tf.MISSING_BLOCK)
# What a rule of the catalogue says of what PROMPT forbids as well.
_FORBIDDEN = {"RG411": "forbidden-construct:open-egress", "RG217": "forbidden-construct:final-snapshot"}


def joined(found: Iterable[Draft]) -> list[Draft]:
    """Return the drafts, those that stand for each other joined: the more telling one leads, the words of the other are its evidence."""
    told = _multiplied_providers(_unknown_values(list(found)))
    return _forbidden(_invented_images(_undelivered_packages(_wrong_names(told))))


def unset(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield (address, argument path) of what a block lacks, of a finding that says so."""
    if finding.rule in _UNSET:
        yield from ((finding.address, f"{finding.attribute}.{name}".strip(".")) for name in finding.names)


def _rule(draft: Draft) -> str:
    return draft.lead.rule if draft.lead is not None else ""


def _blocks(draft: Draft, inside: bool) -> frozenset[tuple[str, str]]:
    """Return (address, path of the block) of a draft's places; ``inside``: they are arguments or blocks inside of it."""
    return frozenset((a, path.rpartition(".")[0] if inside else path) for a, path in draft.places)


def _taken_in(found: list[Draft], guests: Collection[str], takes: Callable[[Draft, Draft], bool]) -> list[Draft]:
    """Join each draft of the guests' rules with the first other one of the same status that takes it in; one that none takes in stands for itself.

    Args:
        found: All drafts.
        guests: Rules.
        takes: Whether a draft, given first, takes in a guest.
    """
    result = [d for d in found if _rule(d) not in guests]
    for guest in found:
        if _rule(guest) not in guests:
            continue
        host = next((n for n, h in enumerate(result) if h.status is guest.status and takes(h, guest)), None)
        if host is None:
            result.append(guest)
        else:
            result[host] = _with(result[host], (d.finding for d in guest.defects))
    return result


def _unknown_values(found: list[Draft]) -> list[Draft]:
    """Join what Terraform says twice of a variable where only a constant may stand: that it is not allowed, and has no value yet."""

    def takes(host: Draft, guest: Draft) -> bool:
        return _rule(host) == tf.VARIABLES_NOT_ALLOWED and set(guest.places) <= set(host.places)

    return _taken_in(found, (tf.UNSUITABLE_VALUE_TYPE,), takes)


def _multiplied_providers(found: list[Draft]) -> list[Draft]:
    """Join what follows from one `for_each` in a provider block: the alias made from it, and the references by an index."""
    result = list(found)
    for position, host in enumerate(found):
        if _rule(host) != tf.MULTIPLIED_PROVIDER:
            continue
        blocks = {address for address, _ in host.places}
        twins = [
            d for d in result
            if d.status is host.status and (_rule(d) in _OF_A_LOOP or (_rule(d) == tf.VARIABLES_NOT_ALLOWED and {a for a, _ in d.places} <= blocks))
        ]  # fmt: skip
        result[position] = _with(host, (d.finding for twin in twins for d in twin.defects))
        result = [d for d in result if d not in twins]
    return result


def _wrong_names(found: list[Draft]) -> list[Draft]:
    """Join what a block lacks with what it has instead of it."""

    def takes(host: Draft, guest: Draft) -> bool:
        # A wrong name in a block leaves the right one unset: Terraform complains about both.
        # Where only a newer version than the tree's calls it wrong, what every version misses is a mistake of its own.
        versions = {draft.lead.version for draft in (host, guest) if draft.lead is not None}
        return tf.is_unsupported(_rule(host)) and len(versions) == 1 and _blocks(guest, False) <= _blocks(host, True)

    return _taken_in(found, _UNSET, takes)


def _with(draft: Draft, said: Iterable[Finding]) -> Draft:
    return replace(draft, others=(*draft.others, *said))


def _forbidden(found: list[Draft]) -> list[Draft]:
    """Join what a rule says with the prohibition of PROMPT that the same blocks violate: one change puts both right."""

    def takes(host: Draft, guest: Draft) -> bool:
        return _rule(host) == _FORBIDDEN[_rule(guest)] and all(_is_about(host, block) for block, _ in guest.places)

    return _taken_in(found, _FORBIDDEN, takes)


def _is_about(draft: Draft, block: str) -> bool:
    """Whether findings of a draft are about a block, or name one of its arguments beside that."""
    return any(f"{place}.".startswith(f"{block}.") for d in draft.defects for place in (d.finding.address, *d.finding.related))


def _invented_images(found: list[Draft]) -> list[Draft]:
    """Drop that an image id is fixed where it is called a placeholder, with the same fate: it is a fixed one of those that do not exist.

    Where MODEL's was given out and IDEAL's is new, "left" would say of a placeholder that it is withdrawn in time.
    """
    told = {(d.status, place) for d in found if _rule(d) == "RG501" for place in d.places}
    told |= {(Status.LEFT, place) for status, place in told if status is Status.INTRODUCED}
    result = []
    for draft in found:
        if _rule(draft) == "RG502":
            draft = replace(
                draft, defects=tuple(d for d in draft.defects if (d.status, (d.finding.address, d.finding.attribute)) not in told)
            )
        result.append(draft)
    return [d for d in result if d.defects or d.need]


def _undelivered_packages(found: list[Draft]) -> list[Draft]:
    """Drop what Terraform says of packages that IDEAL does not deliver either, or of new functions, when IDEAL alone reads them to validate."""
    missing = {a for d in found if d.status is not Status.FIXED and _rule(d) == "RG324" for a, _ in d.places}

    def untold(draft: Draft) -> Draft:
        if _rule(draft) != tf.MISSING_FILE or draft.status is not Status.INTRODUCED:
            return draft
        kept = (d for d in draft.defects if d.finding.address not in missing or d.finding.attribute not in _PACKAGE)
        return replace(draft, defects=tuple(kept))

    return [d for d in map(untold, found) if d.defects or d.need]
