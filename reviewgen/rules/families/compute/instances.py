"""RG50x: EC2 instances and launch templates: images, keys, metadata, volumes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Block, Call, Expression, Literal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments

from ...base import Hit, Rule
from ...launches import unknown_image, unknown_key
from ...placement import script
from ...places import code, listed
from ...public_keys import flaw
from ...values import asks_for, variable_behind

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


# How PROMPTs ask for a variable with an image as its default, which has to be a text; one that is looked up is none.
_ASKED_IMAGE = r"\b(?:ami|image)s?(?: ids?)?\b(?![^\n]*\b(?:latest|look|data sources?|ssm)\b)[^\n.;]{0,30}\bdefaults? to\b"


def literal_image(graph: Graph) -> Iterator[Hit]:
    """An image id of one region; a placeholder is a fixed id too."""
    for holder, argument, image in _images(graph):
        behind = variable_behind(graph, holder, argument)
        variable = graph.get(behind[0].removesuffix(".default")) if behind else None
        default = variable.block.value("default") if variable else None
        kept = f", the default of {code(variable.address)}" if variable and isinstance(default, Literal) and default.value == image else ""
        yield Hit(
            holder.address,
            f"{code(holder.address)} starts from the fixed image {code(image)}{kept}. "
            "An image id belongs to one region and is withdrawn in time.",
            f"{code(holder.address)} does not start from a fixed image id",
            attribute=argument,
            related=behind,
            message=unknown_image(graph, holder, image) if _INVENTED.match(image) else "",  # an image that was given out may still be there
            prescribed=image,
            unless=_ASKED_IMAGE if kept else "",
        )


# PROMPTs that say where the key comes from, or that a name of no key will do.
_GIVEN_KEY = (
    r"placeholder (?:ssh )?key|key (?:pair )?(?:name )?placeholder|existing (?:ec2 |ssh )?key ?pair|key ?pair (?:that )?(?:already )?exists"
)


def missing_key_pair(graph: Graph) -> Iterator[Hit]:
    """A key pair by a fixed name that the tree does not create; a name that whoever applies the stack has to give is theirs."""
    pairs = graph.of_type("aws_key_pair")
    names = [graph.argument(p, "key_name") for p in pairs]
    if graph.tree.incomplete or any(not isinstance(n, str) for n in names) or graph.data_of_type("aws_key_pair"):
        return
    users: dict[tuple[str, str, str], list[Declaration]] = {}
    for holder in graph.of_type("aws_instance", *_TEMPLATES):
        name, value = graph.argument(holder, "key_name"), holder.block.value("key_name")
        if value is not None and asks_for(graph, value, holder.module):
            continue
        if isinstance(name, str) and name and name not in names and not graph.targets(value, holder.module):
            # A name that a default gives is one defect, whatever uses it.
            default = next(iter(variable_behind(graph, holder, "key_name")), f"{holder.address}.key_name")
            address, _, argument = default.rpartition(".")
            users.setdefault((address, argument, name), []).append(holder)
    for (address, argument, name), holders in users.items():
        addresses = [h.address for h in holders]
        yield Hit(
            address,
            f"{listed(addresses)} {'uses' if len(holders) == 1 else 'use'} the key pair {code(name)}, which the tree does not create.",
            f"nothing uses the key pair {code(name)}, or the tree creates it",
            attribute=argument,
            related=tuple(f"{a}.key_name" for a in addresses) if address not in addresses else (),
            message=next((m for h in holders if (m := unknown_key(graph, h, name))), ""),
            unless=_GIVEN_KEY,
            needs=tuple(addresses),
        )


def local_public_key(graph: Graph) -> Iterator[Hit]:
    """A public key from the home directory of whoever runs Terraform."""
    for pair in graph.of_type("aws_key_pair"):
        path = _read_path(pair.block.value("public_key"))
        if path.startswith(("~", "/")):
            yield Hit(
                pair.address,
                f"{code(pair.address)} reads its public key from {code(path)} on the machine that runs Terraform.",
                f"{code(pair.address)} does not read a file outside of the configuration",
                attribute="public_key",
                message='Invalid value for "path" parameter: no file exists at',
            )


def _read_path(expr: Expression | None) -> str:
    """Return the literal path that ``file`` reads, through ``pathexpand`` and ``trimspace``; empty otherwise."""
    while isinstance(expr, Call) and expr.name in ("file", "pathexpand", "trimspace", "chomp") and len(expr.args) == 1:
        expr = expr.args[0]
        if isinstance(expr, Literal):
            return str(expr.value)
    return ""


_PUBLIC_KEY = re.compile(r"(?:ssh-rsa AAAAB3NzaC1yc2E|ssh-ed25519 AAAAC3NzaC1lZDI1NTE5)[A-Za-z0-9+/=]{40,}(?:\s|$)")


# Beginnings of keys in other forms, and of other kinds, about which this says nothing.
_OTHER_KEYS = ("---- BEGIN", "MII", "ecdsa-", "ssh-dss", "sk-")


def invalid_public_key(graph: Graph) -> Iterator[Hit]:
    """A public key that is none."""
    for pair in graph.of_type("aws_key_pair"):
        value = graph.argument(pair, "public_key")
        # An empty text is what a variable holds until somebody gives a key.
        if not isinstance(value, str) or not value.strip() or value.lstrip().startswith(_OTHER_KEYS):
            continue
        placeholder = not _PUBLIC_KEY.match(value.strip())
        broken = "" if placeholder else flaw(value)
        if placeholder or broken:
            yield Hit(
                pair.address,
                f"The public key of {code(pair.address)} is no OpenSSH public key but a placeholder."
                if placeholder
                else f"The public key of {code(pair.address)} begins as one of OpenSSH does, and its data {broken}: it is made up or cut short.",
                f"{code(pair.address)} has a valid public key",
                attribute="public_key",
                related=variable_behind(graph, pair, "public_key"),
                title="" if placeholder else "Public key that is none",
            )


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
    images = graph.targets(holder.block.value(_image_argument(holder)), holder.module)
    return any("al2023" in str([a.expr for _, _, a in arguments(image.block)]) for image in images)


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
        if not any(_may_encrypt(graph, holder, b) for b in _root_volumes(graph, holder)):
            yield Hit(
                holder.address,
                f"{code(holder.address)} does not ask for encryption of its root volume; "
                "whether it is encrypted depends on the account's default.",
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
        impact=(("Deployment", "No instance can be started."),),
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
                "An image id is one of a single region: elsewhere, and once the image is withdrawn, no instance can be started.",
            ),
            ("Security", "A fixed image never gets the patches of later ones."),
        ),
        lesson="Image ids are looked up: they differ by region and change with every release.",
        advice="Look the image up with `aws_ami` or a public SSM parameter.",
    ),
    Rule(
        "RG503",
        "key-pair-missing",
        "Key pair that nothing creates",
        Category.CRITICAL,
        Severity.HIGH,
        missing_key_pair,
        f"{_EC2}/ec2-key-pairs.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "Unless a key pair of this name exists in the region, no instance that uses it is started."),),
        lesson="What a stack needs it creates or takes as an input without a default.",
        advice="Create the key pair in the stack, or use Session Manager and no key.",
    ),
    Rule(
        "RG504",
        "key-pair-local-file",
        "Public key from the local machine",
        Category.BLOCKER,
        Severity.HIGH,
        local_public_key,
        "https://developer.hashicorp.com/terraform/language/functions/file",
        stage=Stage.VALIDATE,
        impact=(("Deployment", "Validation and plan fail on every machine, and in every pipeline, that has no such file."),),
        lesson="`file` is read where Terraform runs: only files of the configuration are there for everybody.",
        advice="Take the key as a variable, or generate it with `tls_private_key`.",
    ),
    Rule(
        "RG505",
        "key-pair-invalid",
        "Public key that is a placeholder",
        Category.BLOCKER,
        Severity.HIGH,
        invalid_public_key,
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html",
        stage=Stage.APPLY,
        message="InvalidKey.Format: Key is not in valid OpenSSH public key format",
        impact=(("Deployment", "The key pair is refused, and no instance that uses it is started."),),
        lesson="A key is an input of whoever deploys, not a text to be made up.",
        advice="Take the key as a variable without default, or generate it with `tls_private_key`.",
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
        advice='Add `metadata_options { http_tokens = "required" }`.',
    ),
    Rule(
        "RG511",
        "root-volume-unencrypted",
        "Encryption of root volumes is left to the account's default",
        Category.WARNING,
        Severity.HIGH,
        plain_root_volume,
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
        tier=2,
        stage=Stage.RUNTIME,
        impact=(("Security", "What the instances write to disk, and the snapshots of it, may lie in clear."),),
        lesson="EBS encrypts by default only where the account says so: ask for it in the launch template or instance.",
        advice="Add a block device with `encrypted = true`.",
    ),
)
