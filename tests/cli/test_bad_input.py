"""What a new user does wrong: one line that names the file and the remedy, exit 2, no traceback, nothing written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli, MakeSample

Spoil = Callable[[Path], object]
LONG = "x" * 300  # more than a name may have


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(51 * 1024 * 1024)


def _unreadable(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)  # a link to itself: no one can read it, root included


SPOILED: dict[str, tuple[str, Spoil, str]] = {
    "no model": ("MODEL_RESPONSE.md", Path.unlink, "no MODEL_RESPONSE in the sample"),
    "no ideal": ("IDEAL_RESPONSE.md", Path.unlink, "no IDEAL_RESPONSE in the sample"),
    "binary": ("MODEL_RESPONSE.md", lambda p: p.write_bytes(b"\x7fELF\x00\x01\x02"), "the file is binary"),
    "huge": ("IDEAL_RESPONSE.md", _sparse, "larger than 50 MB"),
    "link to itself": ("MODEL_RESPONSE.md", _unreadable, ""),
}


@pytest.mark.parametrize("what", SPOILED)
def test_spoiled_sample(cli: Cli, make_sample: MakeSample, tmp_path: Path, what: str) -> None:
    name, spoil, message = SPOILED[what]
    sample, out = make_sample(), tmp_path / "out"
    spoil(sample / name)
    run = cli("report", sample, "-o", f"{out}/")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("error: ") and len(run.err.splitlines()) == 1
    assert str(sample) in run.err and message in run.err and "(" in run.err
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["report"],
        ["report", "nowhere"],
        ["report", "EMPTY"],
        ["report", "SAMPLE/MODEL_RESPONSE.md"],
        ["report", "SAMPLE", "--model", "nowhere.md"],
        ["report", "SAMPLE", "--prompt", "nowhere.md"],
        ["report", "--model", "SAMPLE/MODEL_RESPONSE.md"],
        ["report", "SAMPLE", "--model", "-", "--ideal", "-"],
        ["report", "SAMPLE", "--template", "no-such-template"],
        ["report", "SAMPLE", "-o", "SAMPLE/PROMPT.md/"],
        ["report", "SAMPLE", "-o", "SAMPLE/PROMPT.md/out.md"],
        ["report", "SAMPLE", "-o", "SAMPLE/IDEAL_RESPONSE.md"],
        ["report", "--model", "SAMPLE/MODEL_RESPONSE.md", "--ideal", "SAMPLE/IDEAL_RESPONSE.md", "-o", "SAMPLE/../audit/MODEL_RESPONSE.md"],
        ["report", "SAMPLE", "-o", LONG],
        ["report", LONG],
        ["report", "SAMPLE", "--overrides", LONG],
        ["report", "SAMPLE", "--update", LONG],
        ["report", ""],
        ["report", "SAMPLE", "-o", ""],
        ["report", "SAMPLE", "--model="],
        ["diff", "nowhere.md", "SAMPLE/MODEL_RESPONSE.md"],
        ["diff", "-", "-"],
        ["validate", "nowhere"],
        ["validate", LONG],
        ["validate", "/dev/zero"],
        ["batch", "nowhere", "-o", "OUT"],
        ["batch", "EMPTY", "-o", "OUT"],
        ["batch", LONG, "-o", "OUT"],
        ["batch", "", "-o", "OUT"],
        ["batch", "SAMPLE", "-o", ""],
        ["batch", "SAMPLE", "-o", "SAMPLE/PROMPT.md"],
        ["batch", "SAMPLE", "SAMPLE", "-o", "OUT"],
        ["schema", "show", "aws_no_such_type"],
        ["schema", "build", "nowhere.json", "-o", "OUT", "--provider-version", "a/b=1"],
        ["schema", "build", "SAMPLE/PROMPT.md", "-o", "OUT", "--provider-version", "a/b=1"],
        ["schema", "build", "SAMPLE/PROMPT.md", "-o", "OUT", "--provider-version", "a/b"],
    ],
    ids=lambda arguments: " ".join(arguments).replace(LONG, "LONG"),
)
def test_wrong_input_is_one_line(cli: Cli, make_sample: MakeSample, tmp_path: Path, arguments: list[str]) -> None:
    sample, empty, out = make_sample(), tmp_path / "empty", tmp_path / "out"
    empty.mkdir()
    given = [a.replace("SAMPLE", str(sample)).replace("EMPTY", str(empty)).replace("OUT", str(out)) for a in arguments]
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    run = cli(*given)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("error: ") and len(run.err.splitlines()) == 1
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Usage: reviewgen [OPTIONS] COMMAND"),
        (["repotr", "x"], "Did you mean 'report'?"),
        (["report", "x", "--fromat", "json"], "--format"),
        (["report", "x", "--format", "pdf"], "markdown"),
        (["report", "x", "--fail-on", "error"], "blocker"),
        (["report", "x", "y"], "unexpected extra argument"),
        (["report", "x", "-q", "-v"], "exclude each other"),
        (["diff", "x"], "Missing argument"),
        (["batch", "x"], "--output"),
        (["batch", "x", "-o", "y", "--jobs", "two"], "--jobs"),
        (["schema"], "Usage: reviewgen schema"),
    ],
)
def test_wrong_usage(cli: Cli, arguments: list[str], message: str) -> None:
    run = cli(*arguments)
    assert (run.code, run.out) == (2, "")
    assert message in run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize("jobs", ["-1", "513"])
def test_jobs_out_of_range(cli: Cli, make_sample: MakeSample, tmp_path: Path, jobs: str) -> None:
    run = cli("batch", make_sample(), "-o", tmp_path / "out", "--jobs", jobs)
    assert (run.code, run.err) == (2, f"error: --jobs: jobs must be from 0 to 512, not {jobs}\n")


def test_terminal_controls_in_names_are_not_repeated(cli: Cli) -> None:
    run = cli("report", "evil\x1b[2Jname\u202e")
    assert run.code == 2
    assert "\x1b" not in run.err and "\u202e" not in run.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(cli: Cli, make_sample: MakeSample) -> None:
    sample = make_sample()
    (sample / "MODEL_RESPONSE.md").chmod(0)
    run = cli("report", sample)
    assert run.code == 2
    assert "cannot read the file: Permission denied" in run.err


@pytest.mark.parametrize("command", ["report SEALED", "diff SEALED SAMPLE", "validate SEALED", "report SAMPLE --ideal TREE"])
def test_a_folder_without_rights_is_never_taken_for_an_empty_one(
    cli: Cli, make_sample: MakeSample, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    sealed, sample = make_sample("tree/sealed"), make_sample()
    _seal(sealed, monkeypatch)
    run = cli(*command.replace("SEALED", str(sealed)).replace("TREE", str(sealed.parent)).replace("SAMPLE", str(sample)).split())
    assert (run.code, run.out) == (2, "")
    assert "Permission denied" in run.err and len(run.err.splitlines()) == 1


def test_a_folder_without_rights_costs_a_batch_no_other_sample(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sample("good")
    _seal(make_sample("sealed"), monkeypatch)
    run = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "--jobs", "1")
    assert run.code == 3
    assert "error: sealed: " in run.err and "Permission denied" in run.err and "1 of 2 samples reviewed" in run.err


def _seal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the right to list a folder away, also from root."""

    def sealed(listing: Callable[..., Any]) -> Callable[..., Any]:
        def listed(path: Any = ".") -> Any:
            if not isinstance(path, int) and Path(path) == folder:
                raise PermissionError(13, "Permission denied", str(path))
            return listing(path)

        return listed

    for name in ("listdir", "scandir"):
        monkeypatch.setattr(os, name, sealed(getattr(os, name)))


def test_what_is_no_file_in_a_tree_is_left_out_with_a_note(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "main.tf").write_text('resource "aws_sqs_queue" "jobs" {}\n', "utf-8")
    (tree / "nothing.tf").symlink_to("absent.tf")
    (tree / "circle.tf").symlink_to("circle.tf")
    (tree / "around").symlink_to(".")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tree / "pipe.tf")
    run = cli("report", make_sample(), "--model", tree, "--verbose")
    assert run.code == 0
    for name in [path.name for path in tree.glob("*.tf") if path.name != "main.tf"]:
        assert f"note: `{name}` of `tree/` is no regular file; it is not read.\n" in run.err


@pytest.mark.parametrize("command", ["diff EMPTY SAMPLE", "validate EMPTY"])
def test_a_tree_without_terraform_may_be_a_wrong_path(cli: Cli, make_sample: MakeSample, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty").mkdir()
    names = {"EMPTY": tmp_path / "empty", "SAMPLE": make_sample() / "MODEL_RESPONSE.md"}
    run = cli(*(names.get(word, word) for word in command.split()))
    assert (run.code, run.err) == (0, f"warning: {tmp_path / 'empty'}: no Terraform files in it\n")
