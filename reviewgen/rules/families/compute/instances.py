"""RG501, RG502, RG509 to RG511: EC2 instances and launch templates: images, metadata, volumes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Access, Block, Call, Expression, Index, Literal, Traversal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments

from ...base import Hit, Rule
from ...launches import unknown_image
from ...placement import script
from ...places import code, listed
from ...values import behind_locals, variable_behind

_IMAGE = {
    "aws_instance": "ami",
    "aws_launch_template": "image_id",
    "aws_launch_configuration": "image_id",
    "aws_spot_instance_request": "ami",
}
_TEMPLATES = ("aws_launch_template", "aws_launch_configuration")
# Ids that are obviously counted and not given: ascending hexadecimal digits, one digit repeated.
_INVENTED = re.compile(r"ami-(?:0?1234567|0?abcdef|x+$|([0-9a-f])\1+$|0*$|your|placeholder|example|replace)", re.IGNORECASE)

# A line of a script that reads the metadata, and is no remark.
_METADATA = re.compile(r"^(?!\s*#).*169\.254\.169\.254/latest/(?!api/token)", re.MULTILINE)


def _images(graph: Graph) -> Iterator[tuple[Declaration, str, str]]:
    """Yield (instance or template, argument, image id) where the id is a constant."""
    for type_, argument in _IMAGE.items():
        for holder in graph.of_type(type_):
            value = graph.argument(holder, argument)
            if isinstance(value, str) and value.startswith("ami-"):
                yield holder, argument, value


def invented_image(graph: Graph) -> Iterator[Hit]:
    """An image id that is a placeholder."""
    for holder, argument, image in _images(graph):
        if _INVENTED.match(image):
            yield Hit(
                holder.address,
                f"{code(holder.address)} starts from the image {code(image)}, a placeholder and no image that exists.",
                f"{code(holder.address)} starts from an image whose id is no placeholder",
                attribute=argument,
                related=variable_behind(graph, holder, argument),
                message=unknown_image(graph, holder, image),
                prescribed=image,
            )


_UNPATCHED = ("Security", "A fixed image never gets the patches of later ones.")
# How PROMPTs ask for a variable with an image as its default, which has to be a text; one that is looked up is none.
_ASKED_IMAGE = r"\b(?:ami|image)s?(?: ids?)?\b(?![^\n]*\b(?:latest|look|data sources?|ssm)\b)[^\n.;]{0,30}\bdefaults? to\b"


def literal_image(graph: Graph) -> Iterator[Hit]:
    """An image id of one region; a placeholder is a fixed id too."""
    for holder, argument, image in _images(graph):
        behind = variable_behind(graph, holder, argument)
        variable = graph.get(behind[0].removesuffix(".default")) if behind else None
        default = variable.block.value("default") if variable else None
        kept = f", the default of {code(variable.address)}" if variable and isinstance(default, Literal) and default.value == image else ""
        everywhere = _has_several(graph, holder, argument)
        why = "An image may be withdrawn." if everywhere else "An image id belongs to one region, and an image may be withdrawn."
        yield Hit(
            holder.address,
            f"{code(holder.address)} starts from the fixed image {code(image)}{kept}. {why}",
            f"{code(holder.address)} does not start from a fixed image id",
            attribute=argument,
            related=behind,
            message=unknown_image(graph, holder, image) if _INVENTED.match(image) else "",  # an image that was given out may still be there
            prescribed=image,
            unless=_ASKED_IMAGE if kept else "",
            impact=(("Deployment", "Once the image is withdrawn, no instance can be started from it."), _UNPATCHED) if everywhere else (),
        )


def _has_several(graph: Graph, holder: Declaration, argument: str) -> bool:
    """Whether an image is taken out of a table of several, as there is one for each region."""
    expr, module = behind_locals(graph, holder.block.value(argument), holder.module)
    table: Expression | None = None
    if isinstance(expr, Call) and expr.name == "lookup":
        table = expr.args[0] if expr.args else None
    elif isinstance(expr, Traversal) and expr.steps and isinstance(expr.steps[-1], Index):
        table = Traversal(expr.start, expr.end, expr.root, expr.steps[:-1])
    elif isinstance(expr, Access):
        table = expr.base
    images = graph.constant(table, module)
    return isinstance(images, dict) and sum(str(image).startswith("ami-") for image in images.values()) > 1


def optional_tokens(graph: Graph) -> Iterator[Hit]:
    """Metadata without tokens, said outright."""
    for holder in graph.of_type("aws_instance", *_TEMPLATES):
        if graph.argument(holder, "metadata_options", "http_tokens") == "optional" and not _unreachable(graph, holder):
            yield Hit(
                holder.address,
                f"{code(holder.address)} sets `http_tokens` to `optional`: the instance metadata answers requests without a token (IMDSv1).",
                f"{code(holder.address)} does not set `http_tokens` to `optional`",
                attribute="metadata_options.http_tokens",
                further=_scripts_without_token(graph),
            )


def _unreachable(graph: Graph, holder: Declaration) -> bool:
    """Whether an instance's metadata is switched off."""
    return bool(graph.argument(holder, "metadata_options", "http_endpoint") == "disabled")


def no_tokens(graph: Graph) -> Iterator[Hit]:
    """Metadata options left out, or without a word of tokens."""
    if graph.of_type("aws_ec2_instance_metadata_defaults"):
        return
    templated = {r.source for t in graph.of_type("aws_launch_template") for r in graph.incoming.get(t.address, ())}
    for holder in graph.of_type("aws_instance", *_TEMPLATES):
        if (holder.type == "aws_instance" and holder.address in templated) or _unreachable(graph, holder):
            continue
        options = list(holder.block.nested("metadata_options"))
        said = any("http_tokens" in b.attributes for b in options)
        if not said and not _image_asks_for_tokens(graph, holder) and not _image_is_lost(graph, holder):
            lacks = "sets no `http_tokens` in its `metadata_options`" if options else "has no `metadata_options`"
            yield Hit(
                holder.address,
                f"{code(holder.address)} {lacks}: whether requests need a token (IMDSv2) depends on the image and on the default of the account.",
                f"{code(holder.address)} sets `http_tokens`, or its image or the stack asks for tokens",
                attribute="metadata_options",
                related=(f"{holder.address}.{_image_argument(holder)}",),
                further=_scripts_without_token(graph),
            )


def _scripts_without_token(graph: Graph) -> str:
    """Say whose start-up scripts read the metadata by a request without a token: it is refused once tokens are required."""
    holders = graph.of_type("aws_instance", *_TEMPLATES)
    found = [h.address for h in holders if _METADATA.search(text := script(graph, h)) and "metadata-token" not in text.lower()]
    reads = "reads" if len(found) == 1 else "read"
    return f"The user data of {listed(found)} {reads} the metadata without a token: let it ask for one first." if found else ""


def _image_argument(holder: Declaration) -> str:
    return "ami" if holder.type == "aws_instance" else "image_id"


def _image_asks_for_tokens(graph: Graph, holder: Declaration) -> bool:
    """Whether the image asks for them where nobody says otherwise: those of Amazon Linux 2023 are registered so."""
    value = holder.block.value(_image_argument(holder))
    said = [a.expr for image in graph.targets(value, holder.module) for _, _, a in arguments(image.block)]
    return "al2023" in str(said) or any("al2023" in str(graph.constant(expr, holder.module)) for expr in (value, *said))


def _image_is_lost(graph: Graph, holder: Declaration) -> bool:
    """Whether nobody declares where the image comes from, as in a file that does not parse: what that would ask for is not known."""
    mentions = graph.outgoing.get(holder.address, ())
    return any(not r.declared and r.path == _image_argument(holder) for r in mentions)


def plain_root_volume(graph: Graph) -> Iterator[Hit]:
    """A root volume whose encryption nobody asks for."""
    if any(graph.argument(d, "enabled") is not False for d in graph.of_type("aws_ebs_encryption_by_default")):
        return
    templated = {r.source for t in graph.of_type("aws_launch_template") for r in graph.incoming.get(t.address, ())}
    for holder in graph.of_type("aws_instance", *_TEMPLATES):
        if holder.type == "aws_instance" and holder.address in templated:
            continue
        if not _is_of_encrypted_image(graph, holder) and not any(_may_encrypt(graph, holder, b) for b in _root_volumes(graph, holder)):
            yield Hit(
                holder.address,
                f"{code(holder.address)} does not ask for encryption of its root volume; "
                "whether it is encrypted depends on the image and on the account's default.",
                f"{code(holder.address)} asks for encryption of its root volume, or the stack makes it the account's default",
                attribute="block_device_mappings" if holder.type == "aws_launch_template" else "root_block_device",
            )


# Names of the root device in the images of Amazon and of others.
_ROOT_DEVICES = ("/dev/xvda", "/dev/sda1")


def _root_volumes(graph: Graph, holder: Declaration) -> Iterator[Block]:
    """Yield the blocks that are, or may be, about the root volume."""
    yield from holder.block.nested("root_block_device")
    for kind in ("ebs_block_device", "block_device_mappings"):
        for mapping in holder.block.nested(kind):
            device = graph.constant(mapping.value("device_name"), holder.module)
            if not isinstance(device, str) or device in _ROOT_DEVICES:
                yield from (mapping,) if kind == "ebs_block_device" else mapping.nested("ebs")


def _is_of_encrypted_image(graph: Graph, holder: Declaration) -> bool:
    """Whether an image is a copy that may have been encrypted as it was made: so are the volumes that are made of it."""
    images = graph.targets(holder.block.value(_image_argument(holder)), holder.module)
    return any(image.type == "aws_ami_copy" and _may_encrypt(graph, image, image.block) for image in images)


def _may_encrypt(graph: Graph, holder: Declaration, block: Block) -> bool:
    return "encrypted" in block.attributes and graph.constant(block.value("encrypted"), holder.module) not in (False, "false")


_FORGED = "A request that somebody else makes the instance send"
_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide"

RULES = (
    Rule(
        "RG501",
        "ami-placeholder",
        "Image id that does not exist",
        Category.BLOCKER,
        Severity.CRITICAL,
        invented_image,
        f"{_EC2}/finding-an-ami.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "No instance can be started from it."),),
        lesson="Image ids are looked up, never made up: they differ by region and change with every release.",
        advice="Look the image up with `aws_ami` or a public SSM parameter.",
    ),
    Rule(
        "RG502",
        "ami-literal",
        "Fixed image id",
        Category.CRITICAL,
        Severity.HIGH,
        literal_image,
        f"{_EC2}/finding-an-ami.html",
        stage=Stage.APPLY,
        impact=(
            (
                "Deployment",
                "An image id is one of a single region: elsewhere, and once the image is withdrawn, no instance can be started from it.",
            ),
            _UNPATCHED,
        ),
        lesson="Image ids are looked up: they differ by region and change with every release.",
        advice="Look the image up with `aws_ami` or a public SSM parameter.",
    ),
    Rule(
        "RG509",
        "imds-optional",
        "Instance metadata without tokens",
        Category.WARNING,
        Severity.MEDIUM,
        optional_tokens,
        f"{_EC2}/configuring-instance-metadata-service.html",
        stage=Stage.RUNTIME,
        impact=(("Security", f"{_FORGED} is enough to read what the metadata holds, such as the credentials of a role."),),
        lesson="IMDSv2 stops server-side request forgery from reaching the role of an instance.",
        advice='Set `http_tokens = "required"`.',
    ),
    Rule(
        "RG510",
        "imds-not-required",
        "Whether instances require IMDSv2 is left open",
        Category.WARNING,
        Severity.MEDIUM,
        no_tokens,
        f"{_EC2}/configuring-instance-metadata-service.html",
        tier=2,
        topics=("security best practice", "hardened", "hardening"),
        stage=Stage.RUNTIME,
        impact=(
            (
                "Security",
                f"Where no token is needed, {_FORGED[0].lower()}{_FORGED[1:]} is enough to read what the metadata holds, such as the "
                "credentials of a role.",
            ),
        ),
        lesson="IMDSv2 stops server-side request forgery from reaching the role of an instance.",
        advice='Set `http_tokens = "required"` in `metadata_options`.',
    ),
    Rule(
        "RG511",
        "root-volume-unencrypted",
        "Root volume whose encryption nobody asks for",
        Category.WARNING,
        Severity.HIGH,
        plain_root_volume,
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
        tier=2,
        stage=Stage.RUNTIME,
        impact=(("Security", "What the instances write to disk, and the snapshots of it, may lie in clear."),),
        lesson="EBS encrypts a volume of a clear image only where somebody asks for it: in the launch template or instance, or for the account.",
        advice="Set `encrypted = true` in the block of the root volume, and add one where there is none.",
    ),
)
