"""The wheel, away from the clone: everything that the tool reads is inside of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.paths import ROOT

SAMPLE = ROOT / "samples" / "payment-dr"
DATA = ("*.j2", "*.toml", "*.json", "*.gz", "py.typed")


def call(*command: object, at: Path) -> str:
    """Run a program without any trace of this clone in its environment; return what it prints."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "REVIEWGEN_", "VIRTUAL_ENV"))}
    done = subprocess.run([str(part) for part in command], cwd=at, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    call(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT, at=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has the wheel, and of everything that runs these tests only the dependencies."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    found = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    call(sys.executable, "-m", "pip", "--python", found, "install", "--quiet", "--no-index", "--no-deps", wheel, at=home)
    site = Path(call(found, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", at=home).strip())
    # Paths of a .pth file come last and their own .pth files do not count: the clone's editable install stays out.
    (site / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n", "utf-8")
    return found


@pytest.mark.slow
def test_all_data_files_are_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    source = [p for pattern in DATA for p in (ROOT / "reviewgen").rglob(pattern) if p.parent.name != "__pycache__"]
    wanted = {p.relative_to(ROOT).as_posix() for p in source}
    wanted |= {f"reviewgen/{p.relative_to(ROOT).as_posix()}" for p in (ROOT / "templates").rglob("*.j2")}
    assert len(wanted) > 20
    assert wanted <= packed
    assert not [name for name in packed if name.startswith(("tests/", "samples/", "docs/")) or "__pycache__" in name]


@pytest.mark.slow
def test_an_installed_wheel_writes_what_the_clone_writes(python: Path, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / SAMPLE.name)
    place = Path(call(python, "-c", "import reviewgen; print(reviewgen.__file__)", at=tmp_path).strip())
    assert place.is_relative_to(python.parent.parent)
    call(python.parent / "reviewgen", "report", SAMPLE.name, "-o", "out/", at=tmp_path)
    for written, expected in (("MODEL_FAILURES.md", "EXPECTED.md"), ("review.json", "EXPECTED.json")):
        assert (tmp_path / "out" / written).read_text("utf-8") == (SAMPLE / expected).read_text("utf-8")
    assert call(python.parent / "reviewgen", "schema", "list", at=tmp_path)
