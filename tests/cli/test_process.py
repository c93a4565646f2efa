"""What only a process shows: start, streams, signals, exit codes."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reviewgen import __version__
from reviewgen.cli import main as entry
from reviewgen.cli.main import run
from tests.command_line import MODEL, Cli, MakeSample


def start(*arguments: object, **variables: str) -> subprocess.Popen[bytes]:
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith("REVIEWGEN_")}, "REVIEWGEN_CACHE": "off"}
    command = [sys.executable, "-m", "reviewgen", *map(str, arguments)]
    return subprocess.Popen(  # a session of its own, as in a terminal: Ctrl-C reaches the workers, too
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment | variables, start_new_session=True
    )


def finished(*arguments: object, **variables: str) -> tuple[int, bytes, bytes]:
    with start(*arguments, **variables) as process:
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err


def test_version() -> None:
    assert finished("--version") == (0, f"reviewgen {__version__}\n".encode(), b"")


def test_help_of_every_command_has_examples_and_needs_nothing_heavy(cli: Cli) -> None:
    for command in ("report", "diff", "validate", "batch", "config", "schema list", "schema show", "schema build"):
        shown = cli(*command.split(), "--help")
        assert shown.code == 0
        assert f"reviewgen {command}" in shown.out.partition("Examples:")[2]
    code = "import sys, reviewgen.cli.app as a; a.command(); print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "typer" in loaded
    assert not {"hcl2", "tree_sitter", "jinja2", "markdown_it", "rich"} & set(loaded)


def test_a_report_imports_nothing_that_it_does_not_need(make_sample: MakeSample, tmp_path: Path) -> None:
    code = "import sys; from reviewgen.cli.main import run; run(sys.argv[1:]); print(*sys.modules)"
    command = [sys.executable, "-c", code, "report", make_sample(), "-o", tmp_path / "review.md", "--quiet"]
    modules = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "reviewgen.pipeline" in modules
    assert {"markdown_it", "reviewgen.documents", "reviewgen.audit"}.isdisjoint(modules)


def test_exit_codes_are_frozen() -> None:
    from reviewgen.cli import exits

    codes = {name: value for name, value in vars(exits).items() if name.isupper()}
    assert codes == {"DONE": 0, "GATE": 1, "USAGE": 2, "FAILED_SAMPLES": 3, "INTERNAL": 70, "INTERRUPTED": 130}


def test_a_bug_keeps_its_traceback(cli: Cli, monkeypatch: pytest.MonkeyPatch, make_sample: MakeSample) -> None:
    from reviewgen import pipeline

    monkeypatch.setattr(pipeline, "review_sample", lambda *_: 1 / 0)
    run = cli("report", make_sample())
    assert (run.code, run.out) == (70, "")
    assert "ZeroDivisionError" in run.err
    assert run.err.splitlines()[-1] == "error: this is a bug in reviewgen; please report it with the lines above"


def test_interrupt_has_no_traceback(cli: Cli, monkeypatch: pytest.MonkeyPatch, make_sample: MakeSample) -> None:
    from reviewgen import pipeline

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "review_sample", interrupted)
    assert cli("report", make_sample()) == (130, "", "error: interrupted\n")


@pytest.mark.parametrize("width", [0, 1, 12, 200])
def test_progress_on_a_terminal_of_any_width(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, make_sample: MakeSample, tmp_path: Path, width: int
) -> None:
    make_sample()
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((width, 24)))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "fileno", lambda: 2)
    run = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "--jobs", "1")
    assert run.code == 0
    assert "1/1 ("[: width - 1 if width else None] in run.err
    assert all(len(part) <= (width or 80) for part in run.err.splitlines()[0].split("\r"))


def test_every_command_is_summed_up_in_the_help(cli: Cli) -> None:
    for command in ([], ["schema"], ["rules"]):
        _, _, commands = cli(*command, "--help").out.partition("Commands:\n")
        assert commands and "..." not in commands


def test_entry_point_exits(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        entry(["--version"])
    assert raised.value.code == 0


def test_output_is_utf8_in_any_locale(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text('locals {\n  a = "grün"\n}\n', "utf-8")
    (tmp_path / "b.tf").write_text('locals {\n  a = "blåu"\n}\n', "utf-8")
    code, out, err = finished("diff", tmp_path / "a.tf", tmp_path / "b.tf", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (code, err) == (0, b"")
    assert "grün" in out.decode("utf-8") and "blåu" in out.decode("utf-8")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    for name in ("a", "b"):
        lines = "".join(f'  {name}{n} = "{"x" * 50}"\n' for n in range(3000))  # more than a pipe holds
        (tmp_path / f"{name}.tf").write_text(f"locals {{\n{lines}}}\n", "utf-8")
    with start("diff", tmp_path / "a.tf", tmp_path / "b.tf") as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["--help", "--version", "config", "rules show RG101"])
def test_what_cannot_be_written_is_said(command: str) -> None:
    expected = (2, b"error: cannot write to standard output: No space left on device\n")
    assert _redirected(f"{command} >/dev/full") == expected


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("config >&-", 2, b"error: cannot write to standard output: it is closed\n"),
        ("validate - <&-", 2, b"error: standard input is closed (give a file)\n"),
        ("rules list 2>&- | head -c 1 >&2", 0, b"R"),
        ("validate nowhere 2>&-", 2, b""),
    ],
)
def test_closed_streams(command: str, code: int, said: bytes) -> None:
    assert _redirected(command) == (code, said)


def _redirected(command: str) -> tuple[int, bytes]:
    """Return exit code and stderr of a command as a shell starts it."""
    run = subprocess.run(["sh", "-c", f'"$0" -m reviewgen {command}', sys.executable], capture_output=True, check=False)
    assert run.stdout == b""
    return run.returncode, run.stderr


def test_a_reader_of_the_help_that_goes_away_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> int:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    monkeypatch.setattr(sys, "stderr", sys.stderr)  # typer replaces both
    monkeypatch.setattr(sys.stdout, "write", gone)
    assert run(["--help"]) == 0


@pytest.mark.slow
def test_ctrl_c_stops_a_batch_at_once(tmp_path: Path) -> None:
    for number in range(400):
        folder = tmp_path / "samples" / str(number)
        folder.mkdir(parents=True)
        (folder / "MODEL_RESPONSE.md").write_text(MODEL * 5, "utf-8")
        (folder / "IDEAL_RESPONSE.md").write_text(MODEL, "utf-8")
    out = tmp_path / "out"
    with start("batch", tmp_path / "samples", "-o", out, "--jobs", "2") as process:
        while not list(out.glob("*/review.json")) and process.poll() is None:
            pass
        begun = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=10)
        assert process.returncode == 130 and time.monotonic() - begun < 2
        stopped, last, rest = err.decode().split("\n")
        assert re.fullmatch(rf"stopped after \d+ of 400 samples; go on with: reviewgen batch --resume -o {re.escape(str(out))}", stopped)
        assert (last, rest) == ("error: interrupted", "")
    assert all({p.name for p in folder.iterdir()} <= {"MODEL_FAILURES.md", "review.json"} for folder in out.glob("[0-9]*"))
