"""The wheel, installed where nothing else of the project is, answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it into a folder of its own; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("an installed wheel")
    for command in (
        ["build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        ["pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "--target", str(folder / "site")],
    ):
        wheels = [str(wheel) for wheel in folder.glob("*.whl")] if command[0] == "pip" else []
        done = subprocess.run([sys.executable, "-m", *command, *wheels], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def test_an_installed_wheel_answers(installed: Path, tmp_path: Path):
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "matdeps", "exposed", "铽", "--as-of", "2026-07-01", "--format", "json"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert '"id": "program:f-15j-upgrade"' in done.stdout
    where = subprocess.run(
        [sys.executable, "-c", "import matdeps; print(matdeps.__file__)"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(where.stdout.strip()).is_relative_to(installed)
