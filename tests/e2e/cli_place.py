"""Where the tests of the command line run it: a home of its own, in a process or in this one."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from matdeps.cli.main import run

FACTS = {
    "sources.csv": "id,title,publisher,date,url,kind,how_verified\r\n"
    "memo,Our own memo,Us,2026-05-01,,company,read_in_search\r\n",
    "nodes.csv": "id,kind,name,aliases,attributes,sources\r\n"
    "material:unobtainium,material,Unobtainium,Uo,{},memo\r\n"
    "product:own-magnet,product,Own magnet,PN-4711,{},memo\r\n"
    "customer:own-customer,customer,Own customer,,{},memo\r\n",
    "relationships.csv": "from,type,to,properties,confidence,sources\r\n"
    "material:unobtainium,INPUT_TO,product:own-magnet,{},confirmed,memo\r\n"
    "product:own-magnet,SOLD_TO,customer:own-customer,{},reported,memo\r\n",
}


@dataclass(frozen=True)
class Place:
    """A home folder of its own, and a folder to work in."""

    home: Path
    work: Path

    def make_environment(self, **more: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MATDEPS_", "XDG_")) and name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}
        }
        paths = [str(Path(path).resolve()) for path in kept.get("PYTHONPATH", "").split(os.pathsep) if path]
        folders = {
            "HOME": self.home,
            "USERPROFILE": self.home,
            "LOCALAPPDATA": self.home / "data",
            "XDG_DATA_HOME": self.home / "data",
            "XDG_CACHE_HOME": self.home / "cache",
        }
        return {
            **kept,
            **{name: str(folder) for name, folder in folders.items()},
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONWARNINGS": "error",
            **more,
        }

    def run(self, *arguments: str, stdin: bytes | None = None, **environment: str) -> "Done":
        done = subprocess.run(
            [sys.executable, "-m", "matdeps", *arguments],
            input=b"" if stdin is None else stdin,
            capture_output=True,
            cwd=self.work,
            env=self.make_environment(**environment),
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    def call(self, *arguments: str) -> "Done":
        """Do the same within this process: no time is lost on starting one."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
        environment = self.make_environment()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in set(os.environ) - set(environment):
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.chdir(self.work)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
            with pytest.raises(SystemExit) as end:
                run(list(arguments))
        texts = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err) if not stream.flush()]
        return Done(end.value.code, *texts)

    def ask(self, *arguments: str) -> dict:
        done = self.call(*arguments, "--format", "json")
        assert done.code == 0, done.err
        return json.loads(done.out)


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    def check_error(self, code: int, *words: str) -> None:
        assert self.code == code, self.out + self.err
        assert self.err.startswith("Error: "), self.err
        assert "Traceback" not in self.err
        for word in words:
            assert word in self.err
        assert len(self.err.splitlines()) <= 2 or "can mean" in self.err, self.err


def write_facts(folder: Path, **changed: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in {**FACTS, **{f"{key}.csv": text for key, text in changed.items()}}.items():
        (folder / name).write_text(text, "utf-8", newline="")
    return folder
