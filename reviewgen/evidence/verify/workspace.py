"""A private copy of a tree, with a home of its own, and what is laid over the tree so that nothing real is touched."""

from __future__ import annotations

import contextlib
import posixpath
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reviewgen.model.source import SourceFile
from reviewgen.model.tree import Declaration, Tree
from reviewgen.records import dataclass

# Sorts behind the override files of a tree, so that it has the last word (Terraform, "Override Files").
_OVERRIDE = "zzzz_reviewgen_override.tf"
# Providers listen on sockets there, whose whole path may have about a hundred characters.
_LONGEST_SCRATCH = 75
_BACKEND = 'terraform {\n  backend "local" {\n  }\n}\n'
# Arguments of the AWS provider that choose an account, credentials or a way into the network.
_ACCOUNT = (
    "profile", "token", "shared_config_files", "shared_credentials_file", "shared_credentials_files", "allowed_account_ids",
    "forbidden_account_ids", "http_proxy", "https_proxy", "no_proxy", "custom_ca_bundle", "use_fips_endpoint", "use_dualstack_endpoint",
    "sts_region", "ec2_metadata_service_endpoint", "skip_credentials_validation", "skip_requesting_account_id", "insecure",
    "max_retries",
)  # fmt: skip
_ROLES = ("assume_role", "assume_role_with_web_identity")


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where one tree is run.

    Attributes:
        top: The private folder with everything in it; removed at the end.
        tree: The copy.
        root: The directory of the copy in which Terraform runs.
        home: An empty home.
        scratch: Where programs put what they need for a moment.
    """

    top: Path
    tree: Path
    root: Path
    home: Path
    scratch: Path

    @property
    def plan(self) -> Path:
        """Where the plan is kept."""
        return self.top / "plan"

    def public(self, text: str) -> str:
        """Return a text without the places of this machine."""
        for place, shown in ((self.root, ""), (self.tree, ""), (self.top, "~")):
            text = text.replace(f"{place.resolve()}/", f"{shown}/" if shown else "").replace(f"{place}/", f"{shown}/" if shown else "")
            text = text.replace(str(place.resolve()), shown or ".").replace(str(place), shown or ".")
        return text


@contextlib.contextmanager
def private(tree: Tree, originals: Iterable[Path] = ()) -> Iterator[Workspace]:
    """Give a private copy of a tree; removed with everything in it at the end, whatever happens.

    Args:
        tree: The tree.
        originals: Folders that its files may come from: what is no text is copied from there.
    """
    top = Path(tempfile.mkdtemp(prefix="reviewgen-"))
    scratch = top / "tmp"
    try:
        if len(str(scratch)) > _LONGEST_SCRATCH:
            scratch = Path(tempfile.mkdtemp(prefix="rg-", dir="/tmp"))
        found = Workspace(top, top / "tree", top / "tree" / tree.root, top / "home", scratch)
        for folder in (found.root, found.home, scratch):
            folder.mkdir(parents=True, exist_ok=True)
        for path, file in tree.files.items():
            _write(found.tree, path, file, tuple(originals))
        yield found
    finally:
        for folder in (top, scratch):
            shutil.rmtree(folder, ignore_errors=True)


def _write(top: Path, path: str, file: SourceFile, originals: tuple[Path, ...]) -> None:
    """Write a file of the tree; one whose name leads out of it is left out."""
    inside = posixpath.normpath(path)
    if inside.startswith(("/", "..")) or "\0" in inside:
        return
    target = top / inside
    with contextlib.suppress(OSError):  # a name that this system does not take
        target.parent.mkdir(parents=True, exist_ok=True)
        original = next((f / inside for f in originals if not file.text and _is_plain(f / inside)), None)
        if original is not None:
            shutil.copyfile(original, target)
        else:
            target.write_bytes(file.data)
        if inside.endswith(".sh"):
            target.chmod(0o700)


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def lay_over(space: Workspace, tree: Tree) -> None:
    """Give the copy a local state and AWS providers without an account, whatever the tree says."""
    for directory, module in tree.modules.items():
        providers = [d for d in (*module.declarations.values(), *module.duplicates) if d.kind == "provider" and d.type == "aws"]
        text = "\n".join(dict.fromkeys(map(_provider, providers)))
        if directory == tree.root:
            text = f"{_BACKEND}\n{text}"
        if text:
            (space.tree / directory / _OVERRIDE).write_text(text, "utf-8")


def _provider(declaration: Declaration) -> str:
    """Return what a provider block of a tree is overridden with: credentials that open nothing, and nothing that leads elsewhere."""
    block = declaration.block
    alias = declaration.local.removeprefix(f"provider.{declaration.type}").lstrip(".")
    given = {b.labels[0] if b.type == "dynamic" and b.labels else b.type for b in block.blocks} | set(block.attributes)  # in JSON all are
    lines = ['provider "aws" {', *([f'  alias = "{alias}"'] if alias else []), '  access_key = "testing"', '  secret_key = "testing"']
    lines += [f"  {name} = null" for name in _ACCOUNT if name in block.attributes]
    lines += ["  endpoints {\n  }"] if "endpoints" in given else []
    lines += [f'  dynamic "{role}" {{\n    for_each = []\n    content {{\n    }}\n  }}' for role in _ROLES if role in given]
    return "\n".join([*lines, "}", ""])


# What a user's Terraform needs to find its providers, and nothing that opens an account.
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SSL_CERT_FILE", "SSL_CERT_DIR", "TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR")
_NETWORK = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
# Port 9 is "discard": nothing listens there, so that what is not on this machine cannot be reached.
_NOWHERE = "http://127.0.0.1:9"
_HERE = "127.0.0.1,localhost,::1"
# Where Terraform looks for providers below a home (Terraform, "Implied Local Mirror Directories").
_PLUGINS = (".terraform.d/plugins", ".local/share/terraform/plugins", ".local/share/opentofu/plugins")


def environment(space: Workspace, inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the environment in which Terraform fetches providers and checks a tree: what the user's own configuration says of that, no more.

    The home is an empty one, with links to the user's folders of providers.
    """
    found = {name: inherited[name] for name in (*_KEPT, *_NETWORK) if inherited.get(name)}
    own = Path(inherited["HOME"]) if inherited.get("HOME") else None
    if own is not None:
        for name in (".terraformrc", ".tofurc"):
            if "TF_CLI_CONFIG_FILE" not in found and (own / name).is_file():
                found["TF_CLI_CONFIG_FILE"] = str(own / name)
        for place in _PLUGINS:
            link = space.home / place
            if (own / place).is_dir() and not link.exists():
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(own / place, target_is_directory=True)
    fixed = {"HOME": space.home, "TMPDIR": space.scratch, "TF_IN_AUTOMATION": 1, "TF_INPUT": 0, "CHECKPOINT_DISABLE": 1}
    return found | {name: str(value) for name, value in fixed.items()}


def emulated(checking: Mapping[str, str], url: str) -> dict[str, str]:
    """Return the environment in which Terraform plans and applies: AWS is an emulator, and nothing else can be reached."""
    found = {name: value for name, value in checking.items() if name not in _NETWORK}
    found |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), _NOWHERE) | {"NO_PROXY": _HERE, "no_proxy": _HERE}
    return found | {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_S3_USE_PATH_STYLE": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
        # The provider tries an operation that an emulator does not have 25 times, unless it is told otherwise.
        "AWS_MAX_ATTEMPTS": "4",
        "AWS_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(Path(found["HOME"]) / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(Path(found["HOME"]) / "none"),
    }
