"""RG477 to RG480, RG498: ACM certificates and who uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Attr, Conditional, Expression
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import absent_by_default, asked_for_together, delivers_values

from ...base import Hit, Rule
from ...order import waits_for
from ...places import code, listed, region
from ...values import asks_for, variable_behind
from .dns import constant_end, refused_domain, reserved

_DOCS = "https://docs.aws.amazon.com/acm/latest/userguide/"
# PROMPTs to which a made-up certificate will do.
_ALLOWED = r"(?:placeholder|dummy|sample|mock) (?:\w+ ){0,3}certificate|certificate (?:arn )?(?:\w+ )?(?:placeholder|dummy|mock)"
# PROMPTs that leave the validation to somebody.
_BY_HAND = r"(?:manual|by hand|outside|external|existing|already)[^.\n]{0,60}(?:validat|dns)|(?:validat|dns)[^.\n]{0,60}(?:manual|by hand|outside|external)"
# What a validation sets that names its records, or by which it may not be made.
_ELSEWHERE = frozenset(["validation_record_fqdns", "count", "for_each"])
_USES = (
    ("aws_lb_listener", ("certificate_arn",)),
    ("aws_lb_listener_certificate", ("certificate_arn",)),
    ("aws_cloudfront_distribution", ("viewer_certificate", "acm_certificate_arn")),
    ("aws_api_gateway_domain_name", ("regional_certificate_arn",)),
    ("aws_api_gateway_domain_name", ("certificate_arn",)),
    ("aws_apigatewayv2_domain_name", ("domain_name_configuration", "certificate_arn")),
    ("aws_cognito_user_pool_domain", ("certificate_arn",)),
)


# What stands behind the last slash of a certificate's ARN.
_ID = re.compile(r":certificate/(?P<id>[^$]*)$")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")
# Ids that are typed and not issued: one figure, or the figures in their order.
_TYPED = re.compile(
    r"(?P<figure>\w)(?:-|(?P=figure))*|12345678-1234-1234-1234-123456789(?:012|abc)|abcd1234-.*|[\w-]*(?:x{4,}|example)[\w-]*"
)


_WAIT = "aws_acm_certificate_validation"
# Last labels of names for which no public certificate is issued: special-use names (RFC 6761, RFC 6762, RFC 9476) and ICANN's `internal`, and
# what private networks use beside them.
_PRIVATE = ("local", "localhost", "internal", "invalid", "test", "example", "alt", "corp", "home", "lan")
_OF_BALANCERS = ("aws_lb_listener", "aws_lb_listener_certificate")
_BY_BALANCERS = (
    "UnsupportedCertificate: The certificate must have a fully-qualified domain name, a supported signature, and a supported key size"
)
_BY_CLOUDFRONT = (
    "InvalidViewerCertificate: The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't "
    "include a valid certificate chain."
)
_NOT_FOUND = "CertificateNotFound: Certificate not found"
_TIMED_OUT = "waiting for ACM Certificate to be issued: timeout while waiting for state to become 'ISSUED'"
# Where the zone or the certificate itself is refused the apply does not come to the wait, or the wait fails at once.
_NEVER = (("Deployment", "The validation does not succeed, and the apply ends with an error."),)


def _refusal(user: Declaration) -> str:
    """Return what the service of a user says of a certificate that is not issued; empty where that is not known."""
    if user.type == "aws_cloudfront_distribution":
        return _BY_CLOUDFRONT
    return _BY_BALANCERS if user.type in _OF_BALANCERS else ""


@dataclass(frozen=True, eq=False)
class _Use:
    user: Declaration
    argument: str
    certificate: Declaration
    waits: bool
    by_default: bool


def _uses(graph: Graph) -> Iterator[_Use]:
    """Yield who names which requested certificate, and whether it waits for a validation of it."""
    for type_, path in _USES:
        for user in graph.of_type(type_):
            for block in user.block.nested(*path[:-1]):
                taken, by_default = _taken(graph, user, block.value(path[-1]))
                validations = [v for v in graph.of_type(_WAIT) if not by_default or not absent_by_default(graph, v)]
                found = graph.targets(taken, user.module)
                behind = [t for v in found if v.type == _WAIT for t in _certificates(graph, v)]
                waiting = [v for v in (*found, *graph.targets(user.block.value("depends_on"), user.module)) if v.type == _WAIT]
                waits = any(v in validations for v in waiting) or waits_for(graph, user, validations)
                for certificate in {c.address: c for c in (*found, *behind) if _requested(c)}.values():
                    yield _Use(user, ".".join(path), certificate, waits, by_default)


def _taken(graph: Graph, user: Declaration, value: Expression | None) -> tuple[Expression | None, bool]:
    """Return which ARN a user takes with the defaults of the variables, and whether it takes another with other values.

    Where that one is not of a certificate that the defaults create, and where values are delivered, all that it may take counts.
    """
    taken = value
    while isinstance(taken, Conditional) and isinstance(known := graph.constant(taken.condition, user.module), bool):
        taken = taken.yes if known else taken.no
    found = graph.targets(taken, user.module)
    made = found and all(_requested(t) and not absent_by_default(graph, t) for t in found)
    other = taken is not value and made and not absent_by_default(graph, user) and not delivers_values(graph)
    return (taken, True) if other else (value, False)


def _certificates(graph: Graph, validation: Declaration) -> tuple[Declaration, ...]:
    return graph.targets(validation.block.value("certificate_arn"), validation.module)


def _requested(declaration: Declaration) -> bool:
    """A certificate that ACM issues; an imported one brings its own body."""
    attributes = declaration.block.attributes
    managed = declaration.type == "aws_acm_certificate" and declaration.kind == "resource"
    return managed and "certificate_body" not in attributes and "certificate_authority_arn" not in attributes


def _validated(graph: Graph, certificate: Declaration) -> tuple[list[Declaration], bool]:
    """Return the validation resources of a certificate, and whether a record proves the domain.

    ACM asks for the same record for every certificate of a domain in an account, so one proof serves them all.
    """
    validations = [v for v in graph.of_type("aws_acm_certificate_validation") if certificate in _certificates(graph, v)]
    domain = certificate.block.value("domain_name")
    twins = [c for c in graph.of_type("aws_acm_certificate") if c is certificate or c.block.value("domain_name") == domain]
    return validations, any(_proofs(graph, c) for c in twins)


def _proofs(graph: Graph, certificate: Declaration) -> bool:
    """Whether something takes the validation options of a certificate; an output of the root module leaves the record to others."""
    return any(not source.startswith("output.") for source in _takers(graph, certificate))


def _takers(graph: Graph, certificate: Declaration) -> Iterator[str]:
    """Yield the addresses of what takes the validation options of a certificate."""
    for reference in graph.incoming.get(certificate.address, ()):
        if any(isinstance(step, Attr) and step.name == "domain_validation_options" for step in reference.traversal.steps):
            yield reference.source


def never_validated(graph: Graph) -> Iterator[Hit]:
    """A certificate in use that nothing validates."""
    if graph.tree.incomplete:
        return
    seen: set[str] = set()
    uses = list(_uses(graph))
    for use in uses:
        validations, proved = _validated(graph, use.certificate)
        if proved or use.certificate.address in seen or graph.argument(use.certificate, "validation_method") == "EMAIL":
            continue
        seen.add(use.certificate.address)
        if validations:
            yield from _in_vain(graph, use.certificate, validations)
            continue
        yield Hit(
            use.certificate.address,
            f"{code(use.user.address)} uses {code(use.certificate.address)}, but no DNS record proves the domain and nothing waits for the "
            "validation: it is not issued when it is used.",
            f"where ACM has to validate {code(use.certificate.address)}, nothing uses it without a DNS record for it or a wait for its validation",
            related=(f"{use.user.address}.{use.argument}",),
            needs=tuple(other.user.address for other in uses if other.certificate is use.certificate),
            message="" if _is_refused(graph, use.certificate) else _refusal(use.user),
        )


def _in_vain(graph: Graph, certificate: Declaration, validations: list[Declaration]) -> Iterator[Hit]:
    """A validation that waits for a record which the tree does not make, and of which it tells nobody."""
    waiting, *others = validations
    # Who gives the record's data out leaves it to others; one that is no alias may be the proof, written out.
    records = [d for d in graph.of_kind("resource") if d.type.endswith(("_record", "_records")) and not any(d.block.nested("alias"))]
    if (
        others
        or records
        or graph.has_remote_modules
        or _ELSEWHERE.intersection(waiting.block.attributes)
        or any(_takers(graph, certificate))
    ):
        return
    yield Hit(
        waiting.address,
        f"{code(waiting.address)} waits until {code(certificate.address)} is issued, but no resource makes the DNS record that proves the "
        "domain: unless that record is there already or somebody adds it meanwhile, the certificate is not issued.",
        f"{code(waiting.address)} does not wait for {code(certificate.address)} without a DNS record that proves its domain",
        title="Certificate is waited for that the code does not validate",
        related=(certificate.address,),
        unless=_BY_HAND,
    )


def _is_refused(graph: Graph, certificate: Declaration) -> bool:
    """Whether a name is one for which ACM fails the request (INVALID_PUBLIC_DOMAIN): the apply may not come as far as the user."""
    name = constant_end(graph, certificate, "domain_name")
    return bool(reserved(name)) or name.rpartition(".")[2].lower() in _PRIVATE


def used_before_validation(graph: Graph) -> Iterator[Hit]:
    """A user that takes a certificate without waiting for its validation."""
    for use in _uses(graph):
        validations, proved = _validated(graph, use.certificate)
        if not use.waits and (validations or proved):
            other = f"{listed([v.address for v in validations])} does" if validations else "an `aws_acm_certificate_validation` would"
            yield Hit(
                use.user.address,
                f"{'With the defaults of the variables ' if use.by_default else ''}{code(use.user.address)} takes the ARN from "
                f"{code(use.certificate.address)}, which does not wait until the certificate is issued, as {other}.",
                f"{code(use.user.address)} does not take {code(use.certificate.address)} without waiting for its validation",
                attribute=use.argument,
                related=(*(v.address for v in validations), use.certificate.address),
                message="" if _is_refused(graph, use.certificate) else _refusal(use.user),
            )


def wrong_region(graph: Graph) -> Iterator[Hit]:
    """CloudFront takes certificates of us-east-1 only."""
    for use in _uses(graph):
        home = region(graph, use.certificate)
        if use.user.type == "aws_cloudfront_distribution" and home is not None and home != "us-east-1":
            yield Hit(
                use.certificate.address,
                f"{code(use.user.address)} uses {code(use.certificate.address)}, which is requested in {code(home)}; CloudFront takes "
                "certificates of `us-east-1` only.",
                f"{code(use.user.address)} does not use a certificate of {code(home)}",
                attribute="provider",
                related=(f"{use.user.address}.{use.argument}",),
                needs=(use.user.address,),
                message="" if _is_refused(graph, use.certificate) else _BY_CLOUDFRONT,
            )


def undelegated(graph: Graph) -> Iterator[Hit]:
    """A validation in a public zone that the same apply creates and nobody has delegated to."""
    delegations = [r for r in graph.of_type("aws_route53_record") if graph.argument(r, "type") == "NS"]
    for validation in graph.of_type("aws_acm_certificate_validation"):
        records = graph.targets(validation.block.value("validation_record_fqdns"), validation.module)
        for record in (r for r in records if r.type == "aws_route53_record"):
            for zone in graph.targets(record.block.value("zone_id"), record.module):
                # The name servers of a delegation set are known before the zone is.
                own = zone.kind == "resource" and "delegation_set_id" not in zone.block.attributes
                public = zone.type == "aws_route53_zone" and own and not any(zone.block.nested("vpc"))
                known = any(zone in graph.targets(r.block.value("records"), r.module) for r in delegations) or _is_told_on(graph, zone)
                # Who is to switch a wait on can do so once the zone that is there is delegated, but not where it comes with the zone.
                late = absent_by_default(graph, validation)
                made = absent_by_default(graph, zone) is late and (not late or asked_for_together(graph, validation, zone))
                if public and made and not known and not graph.of_type("aws_route53domains_registered_domain"):
                    refused = bool(refused_domain(graph, zone)) or any(_is_refused(graph, c) for c in _certificates(graph, validation))
                    yield Hit(
                        validation.address,
                        f"{code(validation.address)} waits for a record in {code(zone.address)}, a public zone that the same apply "
                        f"{'is to create' if refused else 'creates'}. Until the parent domain points to the zone's new name servers, which "
                        "nothing here does, nobody sees the record.",
                        f"{code(validation.address)} does not wait for a record in a public zone of this tree that nothing delegates to",
                        attribute="validation_record_fqdns",
                        related=(zone.address, record.address),
                        message="" if refused else _TIMED_OUT,
                        impact=_NEVER if refused else (),
                    )


def _is_told_on(graph: Graph, zone: Declaration) -> bool:
    """Whether a resource takes the name servers of a zone, as one of another provider does that keeps the parent domain."""
    taking = (r for r in graph.references if any(isinstance(step, Attr) and step.name == "name_servers" for step in r.traversal.steps))
    return any(
        (source := graph.get(r.source)) is not None and source.kind == "resource" and zone in graph.targets(r.traversal, r.module)
        for r in taking
    )


def placeholder(graph: Graph) -> Iterator[Hit]:
    """A certificate by an ARN that ACM never gives out: a word in place of the id, or an id that was typed.

    What stands in a file of values for an input without a default shows readers where to write theirs.
    """
    for type_, path in _USES:
        for user in graph.of_type(type_):
            values = [v for block in user.block.nested(*path[:-1]) if (v := block.value(path[-1])) is not None]
            for text in (t for v in values if not asks_for(graph, v, user.module) for t in graph.policies.texts(v, user.module)):
                match = _ID.search(text.text)
                if match is None or (_UUID.fullmatch(match["id"]) and not _TYPED.fullmatch(match["id"])):
                    continue
                yield Hit(
                    user.address,
                    f"{code(user.address)} names the certificate {code(text.text)}; {code(match['id'])} is no id that ACM gives out.",
                    f"{code(user.address)} does not name {code(text.text)}",
                    attribute=".".join(path),
                    related=variable_behind(graph, user, *path) if len(path) == 1 else (),
                    unless=_ALLOWED,
                    message=_NOT_FOUND if user.type in _OF_BALANCERS and _UUID.fullmatch(match["id"]) else "",
                )


RULES = (
    Rule(
        "RG477",
        "certificate-never-validated",
        "Certificate in use that the code does not validate",
        Category.BLOCKER,
        Severity.CRITICAL,
        never_validated,
        _DOCS + "dns-validation.html",
        fix_class="A",
        stage=Stage.APPLY,
        impact=(("Deployment", "What uses the certificate cannot be created before it is issued."),),
        lesson="ACM issues a certificate only after the domain is proved; the request alone is no certificate.",
        advice="Request it for a domain that is yours, create the validation records there, and let the users take the ARN from "
        "`aws_acm_certificate_validation`.",
        cures=("aws_acm_certificate_validation", "aws_route53_record"),
    ),
    Rule(
        "RG478",
        "certificate-used-before-validation",
        "Certificate is used before it is issued",
        Category.CRITICAL,
        Severity.HIGH,
        used_before_validation,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/acm_certificate_validation",
        stage=Stage.APPLY,
        impact=(("Deployment", "The first apply fails when the certificate is not yet issued."),),
        lesson="The validation resource exists to be waited for.",
        advice="Take the ARN from `aws_acm_certificate_validation`.",
    ),
    Rule(
        "RG479",
        "cloudfront-certificate-region",
        "CloudFront certificate outside us-east-1",
        Category.BLOCKER,
        Severity.CRITICAL,
        wrong_region,
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The distribution cannot be created."),),
        lesson="CloudFront is global and reads certificates from one region.",
        advice="Request the certificate with a provider for `us-east-1`.",
    ),
    Rule(
        "RG480",
        "certificate-zone-undelegated",
        "Certificate validation in a zone that is not delegated",
        Category.BLOCKER,
        Severity.HIGH,
        undelegated,
        _DOCS + "dns-validation.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The apply waits until its time limit and fails."),),
        lesson="A new hosted zone answers nobody until its parent delegates to it.",
        advice="Use an existing zone, delegate with an NS record in the parent zone, or leave the wait out of the first apply.",
    ),
    Rule(
        "RG498",
        "certificate-placeholder",
        "Placeholder in place of a certificate",
        Category.BLOCKER,
        Severity.HIGH,
        placeholder,
        "https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateSummary.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "What names the certificate cannot be created."),),
        lesson="A certificate is requested in the stack, looked up, or an input without a default.",
        advice="Request it with `aws_acm_certificate`, look it up with a data source, or take the ARN as a variable without default.",
    ),
)
