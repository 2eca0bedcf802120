"""The loader of a folder of facts in CSV: the format of the built-in data, and of any graph kept by hand."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matdeps.graph.errors import ConfigError, SchemaError
from matdeps.graph.store import Store
from matdeps.loaders import fact_schemas as schemas
from matdeps.loaders.audit import LoadReport, RowAudit, suggest
from matdeps.loaders.csv_file import Progress, hash_text
from matdeps.loaders.fact_reader import FactReader
from matdeps.loaders.values import check_day, read_object, shows_something

LOADER = "graph"
ABOUT_FILE = "dataset.json"
_ABOUT_KEYS = ("name", "title", "version", "knowledge_until")
_PLAIN = re.compile(r"\w(?:[\w .-]*[\w.-])?")
"""A name of a dataset, which is typed, stands in lists and becomes part of file names."""
_PLAIN_REMEDY = "A name has letters, digits, spaces, '.', '_' and '-', and begins with a letter or digit."


@dataclass(frozen=True, slots=True)
class _About:
    """What a folder says of itself; None where it does not."""

    name: str | None = None
    title: str | None = None
    version: str | None = None
    knowledge_until: str | None = None


class _DryRunEndsError(Exception):
    """Rolls a dry run back; never leaves this module."""


def load_graph(
    store: Store,
    folder: Path | str,
    *,
    dataset: str | None = None,
    max_rejects: int = 0,
    dry_run: bool = False,
    progress: Progress | None = None,
    loader: str = LOADER,
) -> LoadReport:
    """Load a folder of facts as one dataset, in one commit; an earlier load of the dataset is replaced.

    Parameters
    ----------
    folder
        Holds nodes.csv, relationships.csv and sources.csv, and may hold production.csv, controls.csv,
        disruptions.csv, claims.csv and dataset.json.
    dataset
        Name of the dataset; None: that of dataset.json, else that of the folder.
    max_rejects
        How many rejected rows the load survives.
    dry_run
        Check everything and write nothing.
    progress
        Called now and then with the name of a file and the number of rows read.
    loader
        What the history of loads calls the loader.

    Returns
    -------
    LoadReport
        What was written; nothing, where the same input is already loaded.

    Raises
    ------
    ConfigError
        There is no such folder, or `dataset` is no plain name.
    DataError
        The input cannot be used; the store is as it was.
    StoreError
        The store cannot be written.
    """
    path = Path(folder)
    names = _list_files(path)
    about = _read_about(path)
    name = _choose_name(dataset, about, path)
    mark = _compute_fingerprint(path, names)
    tolerant = f"{mark}+{max_rejects}"
    audit = RowAudit(max_rejects)
    _notice_ignored(path, audit)
    load: int | None = None
    counts: dict[str, int] = {}
    try:
        with store.write() as transaction:
            if not dry_run and transaction.find_current_fingerprint(name) in {mark, tolerant}:
                notice = f"{name!r} is loaded already from the same input; nothing was changed"
                return LoadReport(name, None, notices=(notice,), is_unchanged=True)
            load = transaction.begin_load(
                name,
                loader=loader,
                title=about.title or name,
                version=about.version or mark[:12],
                knowledge_until=about.knowledge_until,
                fingerprint=mark,
            )
            reader = FactReader(path, transaction, audit, progress)
            reader.read()
            audit.settle()
            counts = transaction.end_load(
                audit.notices,
                knowledge_until=about.knowledge_until or reader.references.find_newest_date(),
                fingerprint=tolerant if audit.total else None,
            )
            if dry_run:
                raise _DryRunEndsError
    except _DryRunEndsError:
        load = None
    return LoadReport(
        name,
        load,
        counts,
        audit.files,
        tuple(audit.notices),
        tuple(audit.errors),
        audit.total,
        is_dry_run=dry_run,
    )


# -- the folder ------------------------------------------------------------------------------------------
def _list_files(folder: Path) -> list[str]:
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise ConfigError(f"the folder {folder} {what}", remedy="Name a folder with nodes.csv and relationships.csv.")
    names = [name for name in (*schemas.FILES, ABOUT_FILE) if (folder / name).is_file()]
    for name in schemas.REQUIRED_FILES:
        if name not in names:
            near = suggest(name, (path.name for path in folder.glob("*.csv") if path.name not in schemas.FILES))
            raise SchemaError(
                f"the file is missing in {folder}{near}",
                file=name,
                remedy=f"A folder of facts has {', '.join(schemas.REQUIRED_FILES)}; each may hold its header only.",
            )
    return names


def _choose_name(dataset: str | None, about: _About, folder: Path) -> str:
    if dataset and dataset.strip():
        if not _PLAIN.fullmatch(dataset.strip()):
            raise ConfigError(f"{dataset!r} is no plain name of a dataset", remedy=_PLAIN_REMEDY)
        return dataset.strip()
    # A folder may be called anything; what no name may have is replaced.
    return (about.name or re.sub(r"[^\w .-]+", "-", folder.resolve().name)).strip(" -.") or LOADER


def _notice_ignored(folder: Path, audit: RowAudit) -> None:
    others = sorted(path.name for path in folder.glob("*.csv") if path.name not in schemas.FILES)
    if others:
        audit.notice(f"not read, because the format has no such file: {', '.join(others)}")


def _read_about(folder: Path) -> _About:
    path = folder / ABOUT_FILE
    if not path.is_file():
        return _About()
    remedy = f"It is a JSON object with the texts {', '.join(_ABOUT_KEYS)}, all of them optional."
    try:
        found = read_object(path.read_text("utf-8-sig"))
    except ValueError as error:
        raise SchemaError(str(error), file=ABOUT_FILE, remedy=remedy) from error
    for key, value in found.items():
        if key not in _ABOUT_KEYS:
            raise SchemaError(
                f"unknown key {key!r}{suggest(key, _ABOUT_KEYS)}", file=ABOUT_FILE, column=key, remedy=remedy
            )
        if value is not None and not (isinstance(value, str) and shows_something(value)):
            raise SchemaError(f"{value!r} is no text", file=ABOUT_FILE, column=key, remedy=remedy)
    about = _About(**found)
    if about.name and not _PLAIN.fullmatch(about.name.strip()):
        text = f"{about.name!r} is no plain name"
        raise SchemaError(text, file=ABOUT_FILE, column="name", remedy=_PLAIN_REMEDY)
    if about.knowledge_until:
        try:
            check_day(about.knowledge_until)
        except ValueError as error:
            raise SchemaError(
                str(error), file=ABOUT_FILE, column="knowledge_until", remedy="ISO: year-month-day."
            ) from error
    return about


def _compute_fingerprint(folder: Path, names: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(names):
        path = folder / name
        digest.update(f"{name}\0{path.stat().st_size}\0".encode())
        hash_text(path, digest)
    return digest.hexdigest()
