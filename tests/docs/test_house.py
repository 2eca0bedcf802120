"""The house stands: links at the top that nothing depends on, a wheel that holds the tree once, one way to import."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from tests.docs.pages import ROOT

PACKAGES = ("graph", "loaders", "queries", "views", "cli")
SOURCE = ROOT / "src" / "matdeps"


def run(*words: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def list_own_files() -> list[str]:
    """List the files of the package as a checkout has them."""
    return sorted(
        file.relative_to(SOURCE.parent).as_posix()
        for file in SOURCE.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    )


@pytest.mark.parametrize("name", PACKAGES)
def test_links_at_the_top_are_relative(name: str) -> None:
    link = ROOT / name
    # A clone made with core.symlinks=false has a text file that holds the target.
    target = link.readlink() if link.is_symlink() else Path(link.read_text("utf-8").strip())
    assert target.as_posix() == f"src/matdeps/{name}"
    assert (ROOT / target / "__init__.py").is_file()


@pytest.fixture(scope="module")
def plain_clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clone what is here with core.symlinks=false, into a folder with a blank in its name."""
    if not (ROOT / ".git").exists():
        pytest.skip("NOT A GIT CHECKOUT: whether a clone without symbolic links works was not tested")
    folder = tmp_path_factory.mktemp("plain")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    assert listed.returncode == 0, listed.stderr
    work = folder / "work"
    for name in filter(None, listed.stdout.split("\0")):
        if not os.path.lexists(ROOT / name):
            continue
        target = work / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    for words in (
        ("git", "init", "-q", "."),
        ("git", "-c", "core.hooksPath=/dev/null", "add", "-A"),
        ("git", *who, "-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "As it is here"),
    ):
        done = run(*words, cwd=work)
        assert done.returncode == 0, done.stderr
    clone = folder / "a plain clone"
    done = run("git", "clone", "-q", "-c", "core.symlinks=false", work, clone, cwd=folder)
    assert done.returncode == 0, done.stderr
    return clone


def test_a_clone_without_symbolic_links_has_files_in_their_place(plain_clone: Path) -> None:
    for name in PACKAGES:
        assert not (plain_clone / name).is_symlink()
        assert (plain_clone / name).read_text("utf-8") == f"src/matdeps/{name}"


def test_a_clone_without_symbolic_links_answers(plain_clone: Path) -> None:
    words = ("-m", "matdeps", "ask", "what depends on terbium", "--as-of", "2026-07-01", "--format", "json")
    done = run(sys.executable, *words, "--graph", "reference", cwd=plain_clone, PYTHONPATH=str(plain_clone / "src"))
    assert done.returncode == 0, done.stderr
    assert '"id": "program:f-15j-upgrade"' in done.stdout
    where = run(sys.executable, "-c", "import matdeps; print(matdeps.__file__)", cwd=plain_clone,
                PYTHONPATH=str(plain_clone / "src"))  # fmt: skip
    assert Path(where.stdout.strip()).is_relative_to(plain_clone)


def test_a_clone_without_symbolic_links_passes_the_linter(plain_clone: Path) -> None:
    done = run(sys.executable, "-m", "ruff", "check", "--no-cache", "src", cwd=plain_clone)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_data_of_a_clone_keeps_its_bytes(plain_clone: Path) -> None:
    for file in (SOURCE / "loaders" / "reference").glob("*.csv"):
        assert (plain_clone / file.relative_to(ROOT)).read_bytes() == file.read_bytes(), file.name


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution, and the wheel from it."""
    out = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def test_the_wheel_made_from_the_sdist_holds_the_tree_once(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert len(names) == len(set(names))
    assert sorted(names) == list_own_files()


def test_the_wheel_ships_the_type_marker_and_each_table_once(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert names.count("matdeps/py.typed") == 1
    for table in ("nodes", "relationships", "production", "controls", "disruptions", "claims", "sources"):
        assert [name for name in names if name.endswith(f"/{table}.csv")] == [f"matdeps/loaders/reference/{table}.csv"]


def test_the_sdist_holds_the_source_the_tests_and_root_files_only(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    tops = {member.name.split("/")[1] for member in members if "/" in member.name}
    files = {"pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"}
    # PKG-INFO and .gitignore are the build backend's own.
    assert tops - {"PKG-INFO", ".gitignore"} == files | {"src", "tests"}
    assert not [member.name for member in members if member.issym() or member.islnk()]


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.parametrize("where", ["src/matdeps/x.py", "tests/x.py"])
@pytest.mark.parametrize("form", ["import {0}\n", "from {0} import model\n", "import {0}.model\n"])
def test_importing_a_link_as_a_package_is_a_lint_error(name: str, where: str, form: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251", "--stdin-filename", where, "-"],
        cwd=ROOT, input=form.format(name), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "TID251" in done.stdout


def test_checks_read_the_source_and_the_tests_not_the_links() -> None:
    listed = run(sys.executable, "-m", "ruff", "check", "--show-files", ".", cwd=ROOT).stdout.splitlines()
    tops = {Path(line).relative_to(ROOT).parts[0] for line in listed}
    assert tops >= {"src", "tests"}
    assert not tops & set(PACKAGES)


def test_no_module_of_the_package_is_too_long_to_be_read() -> None:
    long = {
        file.name: lines for file in SOURCE.rglob("*.py") if (lines := len(file.read_text("utf-8").splitlines())) > 450
    }
    assert not long
