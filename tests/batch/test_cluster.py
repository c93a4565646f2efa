"""A batch on a Ray cluster: what comes out is what one process writes, whatever becomes of workers."""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from reviewgen.batch import keys
from reviewgen.batch.memory import Task
from reviewgen.config import Config
from reviewgen.errors import UserError
from reviewgen.sample import Folder
from tests.batch import fatal
from tests.batch.test_robust import everything
from tests.command_line import IDEAL, MODEL, PROMPT, Cli, MakeSample

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="ray is not installed: pip install 'reviewgen[ray]'")
# Clusters of the tests let nobody else in.
GUARD = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": uuid.uuid4().hex}
ENVIRONMENT = {**os.environ, "REVIEWGEN_CACHE": "off", "RAY_USAGE_STATS_ENABLED": "0", **GUARD}


@contextmanager
def cluster() -> Iterator[tuple[str, int]]:
    """A cluster with two processors, as a user starts it; its address, and the process that holds it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = [
        "--head",
        f"--port={port}",
        "--node-ip-address=127.0.0.1",
        "--num-cpus=2",
        "--object-store-memory=200000000",
        "--min-worker-port=0",
    ]
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", *place, "--max-worker-port=0", "--include-dashboard=false", "--block"]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if b"Ray runtime started" in line:
                    break
            yield f"127.0.0.1:{port}", process.pid
        finally:
            # Asked to end, Ray waits half a minute for actors that it keeps itself; killed, its workers end with it.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def workers() -> list[int]:
    """Return the processes of Ray that review."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if b"MapWorker(MapBatches(Reviewer))" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return sorted(found)


@pytest.mark.slow
@needs_ray
@pytest.mark.skipif(sys.platform != "linux", reason="workers are found as Linux shows them")
def test_a_cluster_writes_what_one_process_writes_though_a_worker_dies(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for number in range(20):
        make_sample(f"s{number:02}", model=MODEL.replace("audit", f"audit-{number}"))
    (tmp_path / "samples" / "s07" / "IDEAL_RESPONSE.md").write_bytes(b"\x00")
    rows = [{"id": f"row {n}", "prompt": PROMPT, "model": MODEL + "\ud800" * (n == 3), "ideal": IDEAL} for n in range(20)]
    rows[5] = {"id": "row 4", "prompt": PROMPT, "model": "", "ideal": IDEAL}
    (tmp_path / "data.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows) + "{broken\n", "utf-8")
    columns = {"id": [f"p{n}" for n in range(8)], "model": [MODEL] * 8, "ideal": [IDEAL] * 7 + [None], "mark": list(range(8))}
    parquet.write_table(import_module("pyarrow").table(columns), tmp_path / "more.parquet")
    sources = [str(tmp_path / name) for name in ("samples", "data.jsonl", "more.parquet")]
    one = cli("batch", *sources, "-o", tmp_path / "one", "-j", 1)
    assert one.code == 3 and one.err.count("error: ") == 4
    with cluster() as (address, _):
        command = [
            sys.executable,
            "-m",
            "reviewgen",
            "batch",
            *sources,
            "-o",
            str(tmp_path / "out"),
            "--engine",
            "ray",
            "--address",
            address,
        ]
        batch = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not list((tmp_path / "out").glob("*/review.json")) and batch.poll() is None:
            time.sleep(0.01)
        running = workers()
        for pid in running[:1]:
            os.kill(pid, signal.SIGKILL)
        out, err = batch.communicate(timeout=120)
    assert len(running) == 2 and (batch.returncode, out) == (3, one.out), err
    assert everything(tmp_path / "out") == everything(tmp_path / "one")
    assert [line for line in err.splitlines() if line.startswith("error: ")] == [
        line for line in one.err.splitlines() if line.startswith("error: ")
    ]


@pytest.mark.slow
@needs_ray
def test_without_an_address_a_cluster_is_started_and_stopped(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    command = [sys.executable, "-m", "reviewgen", "batch", "samples", "-o", "out", "--engine", "ray", "--jobs", "1"]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stderr.endswith("1 of 1 samples reviewed: out\n"), done.stderr
    found = cli("batch", tmp_path / "samples", "-o", tmp_path / "one", "-j", 1)
    assert done.stdout == found.out
    assert cli("batch", "--resume", "-o", tmp_path / "out").err.startswith("1 of 1 samples reviewed, 1 of them as they were")


@needs_ray
def test_a_cluster_that_does_not_answer_is_named(make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    command = [sys.executable, "-m", "reviewgen", "batch", "samples", "-o", "out", "--engine", "ray", "--address", "127.0.0.1:1"]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    said = "error: no Ray cluster can be used at 127.0.0.1:1: [Errno 111] Connection refused (start one: ray start --head)\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_who_has_no_ray_is_told_how_to_get_it(cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_sample("a")
    monkeypatch.setitem(sys.modules, "ray", None)
    found = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "--engine", "ray")
    assert (found.code, found.err) == (2, "error: Ray is not installed (pip install 'reviewgen[ray]')\n")
    found = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "--address", "auto")
    assert found.code == 2 and "--address goes with --engine ray" in found.err


def test_a_worker_with_another_reviewgen_is_refused() -> None:
    from reviewgen.batch.cluster import Reviewer

    with pytest.raises(UserError, match="another reviewgen, other libraries or other settings' files"):
        Reviewer(os.getcwd(), Config(), {**keys.common(Config()), "tool": "another"})


def test_a_sample_that_ends_a_process_is_one_failure_there_too(make_sample: MakeSample) -> None:
    from reviewgen.batch.cluster import Reviewer, _table

    pytest.importorskip("pyarrow")
    tasks = [Task(Folder(name, make_sample(name)), key=f"key of {name}") for name in ("a", "fatal", "z")]
    reviewer = Reviewer(os.getcwd(), Config(), keys.common(Config()))
    reviewer._work = partial(fatal.review, config=Config())
    (row,) = reviewer(_table(tasks))["of"]
    found = pickle.loads(row.as_py())
    reviewer._stack.close()
    assert [(done.result.id, done.key, done.result.failure) for done in found] == [
        ("a", "key of a", ""), ("fatal", "key of fatal", "worker"), ("z", "key of z", ""),
    ]  # fmt: skip
    assert found[0].document and not found[1].document
