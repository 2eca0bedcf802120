"""Run processes side by side and tell their medians; imports nothing heavy, so that peaks are those of the children."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

BENCH = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Run:
    """What one process took: seconds on the clock, seconds of processors, peak memory in MB."""

    wall: float
    cpu: float
    peak: float


def run(command: Sequence[str], *, output: Path | None = None) -> Run:
    """Run a process to its end."""
    # Compiled modules are kept, as on any user's machine.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    target = output.open("wb") if output is not None else subprocess.DEVNULL
    begin = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=target, stderr=subprocess.PIPE)
    assert child.stderr is not None
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stderr.close()
    if output is not None:
        target.close()  # type: ignore[union-attr]
    if child.returncode:
        raise SystemExit(f"{' '.join(command)}\n{errors.decode(errors='replace')}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def compare(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Run]:
    """Run each command once a round, in turn, after a round that does not count; give the medians."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            one = run(command)
            if number:
                runs[name].append(one)
    return {
        name: Run(*(median(getattr(one, column) for one in found) for column in ("wall", "cpu", "peak")))
        for name, found in runs.items()
    }


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def matdeps(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "matdeps", *arguments]


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table."""
    print(f"\n### {title}\n\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    sys.stdout.flush()


def judge(value: float, goal: float, *, least: bool = False, unit: str = "x") -> str:
    """Say whether a value meets its goal: at most, or at least (`least`)."""
    met = value >= goal if least else value <= goal
    return f"{'at least' if least else 'at most'} {goal:g} {unit}: {'met' if met else '**missed**'}"


def get_size(path: Path) -> float:
    """Sum up a file or a folder, in MB."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6
