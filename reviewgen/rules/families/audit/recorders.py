"""RG71x: AWS Config that is refused, or that records nothing; standards of Security Hub."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import absent_by_default

from ...base import Hit, Rule
from ...buckets import bucket_of, denied_deliveries
from ...keys import created
from ...order import outermost, waits_for
from ...places import code, given_values, listed, provider
from ...rights import role_of
from ...roles import managed_name

_RECORDER = "aws_config_configuration_recorder"
_CHANNEL = "aws_config_delivery_channel"
_STATUS = "aws_config_configuration_recorder_status"
_STANDARD = "aws_securityhub_standards_subscription"
_RULES = ("aws_config_config_rule", "aws_config_conformance_pack")
_NO_RECORDER = "NoAvailableConfigurationRecorderException"
_PROVIDER = "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources"


_CHANNEL_TOO = ", and declare a delivery channel for it to depend on"


def recorder_off(graph: Graph) -> Iterator[Hit]:
    """A recorder of AWS Config that nothing starts; which status starts which of several recorders is not asked, only whether any does."""
    if not graph.policies.all_seen:
        return
    declared = [s.address for s in graph.of_type(_STATUS)]
    states = [graph.constant(s.block.value("is_enabled"), s.module) for s in graph.of_type(_STATUS)]
    if any(state not in (False, "false") for state in states):
        return
    channel = "" if graph.of_type(_CHANNEL) else ", and there is no delivery channel, without which it cannot be started"
    for recorder in graph.of_type(_RECORDER):
        if created(graph, recorder):
            yield Hit(
                recorder.address,
                f"{'No' if not states else 'A disabled'} {code(_STATUS)} goes with {code(recorder.address)}: AWS Config creates recorders "
                f"stopped, and nothing starts this one{channel}.",
                f"{code(recorder.address)} is declared together with a status that is not off",
                key="status",
                recommendation=Recommendation(f"Set `is_enabled` of {listed(declared)} to `true`{_CHANNEL_TOO if channel else ''}.")
                if declared
                else None,
                related=tuple(d.address for d in graph.of_type(_STATUS, _CHANNEL)),
            )


def recorder_after_channel(graph: Graph) -> Iterator[Hit]:
    """A recorder that waits for its delivery channel, which cannot exist without a recorder."""
    for recorder in graph.of_type(_RECORDER):
        channel = next((c for c in _beside(graph, recorder, _CHANNEL) if waits_for(graph, recorder, [c])), None)
        if channel is not None:
            yield Hit(
                recorder.address,
                f"{code(recorder.address)} depends on {code(channel.address)}, so that the channel is created first; AWS Config "
                "accepts no delivery channel before there is a recorder.",
                f"{code(recorder.address)} does not wait for a delivery channel",
                attribute="depends_on",
                related=(channel.address,),
            )


def unordered(graph: Graph) -> Iterator[Hit]:
    """A part of AWS Config that does not wait for the part that it needs: channel and rules for the recorder, the start for the channel."""
    channels = graph.of_type(_CHANNEL)
    needs = [(c, _beside(graph, c, _RECORDER), "no recorder", _NO_RECORDER) for c in channels]
    needs += [
        (s, _beside(graph, s, _CHANNEL), "no delivery channel", "NoAvailableDeliveryChannelException") for s in graph.of_type(_STATUS)
    ]
    needs += [(r, _beside(graph, r, _RECORDER), "no recorder", _NO_RECORDER) for r in graph.of_type(*_RULES)]
    missing = [n for n in needs if n[1] and not waits_for(graph, n[0], n[1]) and not waits_for(graph, n[1][0], [n[0]])]
    waiting: dict[str, list[str]] = {}
    for later, earlier, _, _ in missing:
        needed, waits = _in_one_module(graph, earlier[0], later)
        if waits not in waiting.setdefault(needed, []):
            waiting[needed].append(waits)
    parts = [f"to {listed(names)} (for {code(needed)})" for needed, names in waiting.items()]
    for later, earlier, what, message in missing:
        yield Hit(
            later.address,
            f"{code(later.address)} does not wait for {code(earlier[0].address)}. AWS Config refuses it while there is {what}, "
            "and Terraform may create both at the same time.",
            f"{code(later.address)} waits for {code(earlier[0].address)}",
            attribute="depends_on",
            related=(earlier[0].address,),
            message=message,
            source=f"{_PROVIDER}/{later.type.removeprefix('aws_')}",
            recommendation=Recommendation(f"Add `depends_on` {' and '.join(parts)}."),
            needs=tuple(d.address for d in earlier),
        )


def _in_one_module(graph: Graph, *parts: Declaration) -> list[str]:
    """Return the addresses of parts of one module, and of those of several the calls by which the root has them: no block names another module's."""
    if len({part.module for part in parts}) > 1:
        called = [next(iter(outermost(graph, part)), part) for part in parts]
        if len({part.address for part in called}) == len(parts):
            return [part.address for part in called]
    return [part.address for part in parts]


def _beside(graph: Graph, part: Declaration, type_: str) -> list[Declaration]:
    """Return what a part of AWS Config may need: each region has its own; what another module calls its providers is not asked.

    What the values do not create is no matter of order for a part that they do create: that one lacks it.
    """
    found = [
        d
        for d in graph.of_type(type_)
        if (provider(d) == provider(part) if d.module == part.module else graph.tree.modules[d.module].reached)
    ]
    return found if absent_by_default(graph, part) else [d for d in found if not absent_by_default(graph, d)]


_BY_DEFAULT = (
    "Create the recorder, its delivery channel and its status by default, or the rules under the same condition as these, and let each wait for "
    "what it needs."
)


def rules_without_recorder(graph: Graph) -> Iterator[Hit]:
    """Rules of AWS Config in a tree that declares no recorder, or creates none with its values."""
    rules, recorders = graph.of_type(*_RULES), graph.of_type(_RECORDER)
    optional = bool(recorders) and all(absent_by_default(graph, r) for r in recorders)
    if optional:  # who switches it on has both
        rules = [r for r in rules if not absent_by_default(graph, r)]
    if not rules or not graph.policies.all_seen or (recorders and not optional):
        return
    absent = f"with the {given_values(graph)} {listed([r.address for r in recorders])} {'is' if len(recorders) == 1 else 'are'} not created"
    yield Hit(
        rules[0].address,
        f"{listed([r.address for r in rules])} need{'s' if len(rules) == 1 else ''} a configuration recorder, and "
        f"{absent if optional else 'the tree declares none'}: in an account without a recorder AWS Config refuses "
        f"{'the rule' if len(rules) == 1 else 'them'}.",
        f"a configuration recorder is {'created with the values as they are' if optional else 'declared'}",
        key="recorder",
        related=(
            *(f"{r.address}.{'for_each' if 'for_each' in r.block.attributes else 'count'}" for r in recorders),
            *(r.address for r in rules[1:]),
        ),
        recommendation=Recommendation(_BY_DEFAULT) if optional else None,
    )


def undeliverable(graph: Graph) -> Iterator[Hit]:
    """A delivery channel of AWS Config whose bucket neither the service nor the recorder's role may write to."""
    roles = [role for r in graph.of_type(_RECORDER) if (role := role_of(graph, r, "role_arn")) is not None]
    for channel in graph.of_type(_CHANNEL):
        buckets = bucket_of(graph, channel, "s3_bucket_name")
        if len(buckets) != 1 or not created(graph, channel) or len(roles) != len(graph.of_type(_RECORDER)) or len(roles) != 1:
            continue
        policy = graph.policies.on(buckets[0])
        if (policy is None or _shut(graph, policy.origins, buckets[0])) and _may_not_write(graph, roles[0], buckets[0]):
            yield Hit(
                channel.address,
                f"{code(channel.address)} delivers to {code(buckets[0].address)}; "
                + (
                    "it has no bucket policy"
                    if policy is None
                    else "its policy admits neither `config.amazonaws.com` nor the recorder's role"
                )
                + f", and {code(roles[0].address)} is not allowed `s3:PutObject` there.",
                f"{code(channel.address)} does not deliver to {code(buckets[0].address)} while AWS Config may not write there",
                attribute="s3_bucket_name",
                related=(*(policy.origins if policy else ()), buckets[0].address, roles[0].address),
                further=denied_deliveries(policy, channel, "config"),
            )


def _shut(graph: Graph, origins: tuple[str, ...], bucket: Declaration) -> bool:
    """Whether a bucket's policy certainly lets neither AWS Config nor any principal of an account write."""
    policy = graph.policies.on(bucket)
    if policy is None or not policy.complete or not origins:
        return False
    writing = [s for s in policy.allowing("s3:PutObject")]
    return not any(s.addresses("config") is not False or any(kind != "Service" for kind, _ in s.principals) for s in writing)


def recorder_may_not_write(graph: Graph, bucket: Declaration) -> bool:
    """Whether the role of the tree's recorder certainly has no right of its own to write to a bucket; False where there is not exactly one."""
    roles = [role for r in graph.of_type(_RECORDER) if (role := role_of(graph, r, "role_arn")) is not None]
    return len(roles) == len(graph.of_type(_RECORDER)) == 1 and _may_not_write(graph, roles[0], bucket)


def _may_not_write(graph: Graph, role: Declaration, bucket: Declaration) -> bool:
    """Whether a role certainly may not write; the managed policy of AWS Config allows no writing."""
    policy = graph.policies.of_role(role)
    others = tuple(arn for arn in policy.managed if (name := managed_name(arn)) is None or "Config" not in name[1])
    return replace(policy, managed=others).allows("s3:PutObject", on=bucket.address) is False


def early_standards(graph: Graph) -> Iterator[Hit]:
    """A standard of Security Hub that does not wait for Security Hub to be switched on."""
    for standard in graph.of_type(_STANDARD, "aws_securityhub_product_subscription"):
        accounts = _beside(graph, standard, "aws_securityhub_account")
        if accounts and not waits_for(graph, standard, accounts):
            yield Hit(
                standard.address,
                f"{code(standard.address)} does not wait for {code(accounts[0].address)}; Security Hub refuses it while the account is not "
                "subscribed, and Terraform may create both at the same time.",
                f"{code(standard.address)} waits for {code(accounts[0].address)}",
                attribute="depends_on",
                title="" if standard.type == _STANDARD else "Product subscriptions do not wait for Security Hub",
                related=(accounts[0].address,),
            )


def wrong_standards(graph: Graph) -> Iterator[Hit]:
    """An ARN of a Security Hub standard that has a region where it must have none, or none where it must have one."""
    for standard in graph.of_type(_STANDARD):
        for arn in graph.policies.texts(standard.block.value("standards_arn"), standard.module):
            parts = arn.text.split(":", 5)
            if len(parts) != 6 or parts[2] != "securityhub":
                continue
            regional, kind = bool(parts[3]), parts[5]
            if (kind.startswith("ruleset/") and regional) or (kind.startswith("standards/") and not regional):
                yield Hit(
                    standard.address,
                    f"{code(standard.address)} names `{kind}` {'with' if regional else 'without'} a region; the ARN of this standard has "
                    f"{'none' if regional else 'one'}.",
                    f"{code(standard.address)} does not name `{kind}` {'with' if regional else 'without'} a region",
                    attribute="standards_arn",
                )


_DOCS = "https://docs.aws.amazon.com/config/latest/developerguide"
_SILENT = ("Audit", "The recorder records no configuration.")

RULES = (
    Rule(
        "RG711",
        "config-recorder-off",
        "AWS Config is set up and never started",
        Category.CRITICAL,
        Severity.HIGH,
        recorder_off,
        f"{_DOCS}/stop-start-recorder.html",
        stage=Stage.RUNTIME,
        impact=(_SILENT,),
        lesson="A recorder is created stopped; it starts when a delivery channel exists and its status says so.",
        advice="Add `aws_config_configuration_recorder_status` with `is_enabled = true`, depending on a delivery channel: without one no recorder starts.",
        cures=(_STATUS,),
    ),
    Rule(
        "RG712",
        "config-recorder-after-channel",
        "The recorder of AWS Config waits for its delivery channel",
        Category.BLOCKER,
        Severity.CRITICAL,
        recorder_after_channel,
        "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/config_delivery_channel",
        stage=Stage.APPLY,
        message="NoAvailableConfigurationRecorderException: Configuration recorder is not available to put delivery channel",
        impact=(("Deployment", "The delivery channel is refused, and the recorder is not created."), _SILENT),
        lesson="The order is recorder, delivery channel, start.",
        advice="Take the channel out of the recorder's `depends_on`, and add the recorder to that of the channel.",
    ),
    Rule(
        "RG713",
        "config-parts-unordered",
        "Parts of AWS Config do not wait for each other",
        Category.CRITICAL,
        Severity.MEDIUM,
        unordered,
        "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/config_delivery_channel",
        stage=Stage.APPLY,
        message=_NO_RECORDER,
        impact=(("Deployment", "The first apply may fail, depending on what Terraform creates first."),),
        lesson="The order is recorder, delivery channel, start; no reference shows it, so `depends_on` must.",
        advice="Add `depends_on` to the channel and the rules (for the recorder) and to the status (for the channel).",
    ),
    Rule(
        "RG714",
        "config-rules-without-recorder",
        "Rules of AWS Config without a recorder",
        Category.CRITICAL,
        Severity.HIGH,
        rules_without_recorder,
        f"{_DOCS}/stop-start-recorder.html",
        stage=Stage.APPLY,
        message="NoAvailableConfigurationRecorderException: Configuration Recorder is not available to put config rule",
        impact=(("Deployment", "The rules are refused in an account that has no recorder."),),
        lesson="Rules evaluate what a recorder has recorded.",
        advice="Declare the recorder, its delivery channel and its status.",
        cures=(_RECORDER,),
    ),
    Rule(
        "RG715",
        "config-bucket-not-writable",
        "AWS Config may not write to the bucket of its delivery channel",
        Category.BLOCKER,
        Severity.HIGH,
        undeliverable,
        f"{_DOCS}/s3-bucket-policy.html",
        stage=Stage.APPLY,
        message="InsufficientDeliveryPolicyException: Insufficient delivery policy to s3 bucket",
        impact=(("Deployment", "The delivery channel is refused, and the recorder cannot be started."),),
        lesson="`AWS_ConfigRole` reads the account and writes to no bucket: the bucket is a permission of its own.",
        advice="Allow the recorder's role, or `config.amazonaws.com` in the bucket policy, `s3:GetBucketAcl` and `s3:PutObject`.",
        cures=("aws_s3_bucket_policy",),
    ),
    Rule(
        "RG716",
        "security-hub-standard-early",
        "Security Hub standards do not wait for Security Hub",
        Category.CRITICAL,
        Severity.MEDIUM,
        early_standards,
        "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/securityhub_standards_subscription",
        stage=Stage.APPLY,
        message="InvalidAccessException: Account is not subscribed to AWS Security Hub",
        impact=(("Deployment", "The first apply may fail, depending on what Terraform creates first."),),
        lesson="What needs a service to be switched on must name the switch in `depends_on`.",
        advice="Add `depends_on = [aws_securityhub_account.<name>]`.",
    ),
    Rule(
        "RG717",
        "security-hub-standard-arn",
        "ARN of a Security Hub standard that does not exist",
        Category.BLOCKER,
        Severity.HIGH,
        wrong_standards,
        "https://docs.aws.amazon.com/securityhub/latest/userguide/enable-standards.html",
        stage=Stage.APPLY,
        message="InvalidInputException: Invalid parameter: StandardsArn",
        impact=(("Deployment", "The subscription is refused."),),
        lesson="CIS 1.2 is `arn:aws:securityhub:::ruleset/...` without a region; newer standards are `standards/...` with one.",
        advice="Use the ARN as `aws securityhub describe-standards` gives it in the region.",
    ),
)
