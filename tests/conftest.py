"""Shared fixtures: homes of their own for every test, and no silent skip where everything must run."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep the user's own store and cache out of the tests; the cache is shared by the run."""
    cache = Path(os.environ.get("MATDEPS_TEST_CACHE") or tmp_path_factory.getbasetemp() / "cache")
    home = tmp_path_factory.mktemp("home")
    for name in ("MATDEPS_GRAPH", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    yield home


def pytest_collection_finish(session: pytest.Session) -> None:
    """Fail where nothing was collected: a suite that runs no test proves nothing."""
    if IN_CI and not session.items and not session.config.option.collectonly:
        raise pytest.UsageError("no test was collected")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Turn a skip into a failure in CI: there, every part must be present."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and a skip in CI is a failure: {report.longrepr}"
    return report
