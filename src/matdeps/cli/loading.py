"""Bringing data in and taking it out again: `load`, `loaders`, `loads` and `unload`."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matdeps import __version__
from matdeps.cli.command import Command
from matdeps.cli.output import tell
from matdeps.cli.plain import store_options, to_json
from matdeps.graph.errors import ConfigError, StoreConflictError

if TYPE_CHECKING:
    from matdeps.graph.store import LoadRecord, Store
    from matdeps.loaders.audit import LoadReport


class _MadeMeanwhileError(StoreConflictError):
    """Another process was quicker to make the store; what was loaded aside goes into that one."""


_LONG_IMAGE_LINKS = 200_000
"""A load of more links makes an image for over a second, and says so."""


@click.command(
    cls=Command,
    examples=[
        ("matdeps load graph my-facts --dry-run", "check a folder of CSV files and write nothing"),
        ("matdeps load graph my-facts --as ours", "load it beside the reference, under a name of your own"),
        ("matdeps load graph my-facts --no-reference --graph ./store", "a store that holds nothing else"),
    ],
)
@click.argument("source")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--as", "dataset", metavar="DATASET", help="Name of the dataset; default: what the data calls itself.")
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option(
    "--max-rejects",
    type=int,
    default=0,
    metavar="N",
    help="Load although up to N rows are rejected; default 0.",
)
@click.option("--no-reference", is_flag=True, help="Make a new store without the reference graph.")
@store_options
def load(
    graph: str | None,
    quiet: bool,
    format_: str,
    source: str,
    paths: tuple[str, ...],
    dataset: str | None,
    dry_run: bool,
    max_rejects: int,
    no_reference: bool,
) -> None:
    """Load data into a store.

    SOURCE is the name of a loader (see: matdeps loaders). A load is one commit: it is there as a whole, or not at
    all. An earlier load of the same dataset is replaced; the same input changes nothing.
    """
    from matdeps.cli.places import find_store
    from matdeps.cli.progress import RowCounter
    from matdeps.loaders.registry import get_loader

    loader = get_loader(source)
    _check_load(loader.takes, source, paths, dataset, max_rejects)
    path = find_store(graph)
    options: dict[str, Any] = {"max_rejects": max_rejects, "dry_run": dry_run}
    if dataset:
        options["dataset"] = dataset

    def load_all() -> "tuple[list[LoadReport], bool]":
        reports = []
        with _open_target(path, reference=not no_reference, dry_run=dry_run) as (store, is_new):
            if no_reference and not is_new:
                tell("--no-reference counts only where a store is made; this one stays as it is.", quiet=quiet)
            for arguments in [[path] for path in paths] or [[]]:
                with RowCounter(quiet=quiet) as progress:
                    reports.append(loader.load(store, *arguments, **options, progress=progress))
            if not dry_run and any(report.load is not None for report in reports):
                _make_image(store, quiet=quiet)
        return reports, is_new

    try:
        reports, is_new = load_all()
    except _MadeMeanwhileError:
        tell(f"Another process made the store {path} meanwhile: loading into that one.", quiet=quiet)
        reports, is_new = load_all()
    if is_new and not dry_run:
        tell(f"Made the store {path}{'' if no_reference else ', with the reference graph in it'}.", quiet=quiet)
    if format_ == "json":
        click.echo(
            to_json({"generated_by": f"matdeps {__version__}", "loads": [_describe(report) for report in reports]})
        )
        return
    for report in reports:
        click.echo(_read_aloud(report))


def _make_image(store: "Store", *, quiet: bool) -> None:
    """Make the compact image now, so that the first question need not."""
    from matdeps.graph.engines import open_reader

    if store.loads()[-1].relationships > _LONG_IMAGE_LINKS:
        tell("Making the compact image of the graph ...", quiet=quiet)
    open_reader(store)


def _check_load(takes: str | None, source: str, paths: tuple[str, ...], dataset: str | None, max_rejects: int) -> None:
    if max_rejects < 0:
        raise ConfigError(f"--max-rejects {max_rejects} is negative", remedy="It is a number of rows; 0 allows none.")
    if takes is None and paths:
        raise ConfigError(
            f"the loader {source!r} takes no path, and got {paths[0]!r}",
            remedy=f"Type: matdeps load {source}",
        )
    if takes is not None and not paths:
        raise ConfigError(f"nothing to load: no {takes} was named", remedy=f"Type: matdeps load {source} {takes}")
    if dataset is not None and not dataset.strip():
        raise ConfigError("--as names no dataset", remedy="Give it a name: --as ours")
    if dataset is not None and len(paths) > 1:
        raise ConfigError(
            f"--as {dataset} names one dataset, and {len(paths)} paths were given",
            remedy="Load one at a time.",
        )


@contextmanager
def _open_target(path: Path, *, reference: bool, dry_run: bool) -> "Iterator[tuple[Store, bool]]":
    """Open a store; a new one is made aside and put in its place whole, so that a failed load leaves none."""
    from matdeps.graph.errors import StoreUnavailableError
    from matdeps.graph.store import Store
    from matdeps.graph.tables import FILE_NAME
    from matdeps.loaders.registry import fill_empty, make_store

    place = path.parent if path.name == FILE_NAME else path
    if (place.exists() and not place.is_dir()) or _has_store(place):
        with Store.open(place) as store:
            if reference and not dry_run:
                fill_empty(store)
            yield store, False
        return
    made = [] if dry_run else [folder for folder in place.parents if not folder.exists()]
    try:
        if not dry_run:
            place.parent.mkdir(parents=True, exist_ok=True)
        # Beside or in the place itself: what is moved there must come from the same file system.
        near = None if dry_run else place if place.is_dir() else place.parent
        aside = tempfile.mkdtemp(prefix=f".{place.name}-", dir=near)
    except OSError as error:
        raise StoreUnavailableError(
            f"cannot make a store at {place}: {error.strerror}",
            remedy="Name another place with --graph PATH.",
        ) from error
    half = Path(aside) / "store"
    try:
        with make_store(half, reference=reference) as store:
            yield store, True
        if not dry_run:
            _put(half, place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()  # fails, as it should, where the store is in it


def _has_store(place: Path) -> bool:
    from matdeps.graph.tables import FILE_NAME

    file = place / FILE_NAME
    return file.exists() and file.stat().st_size > 0


def _put(half: Path, place: Path) -> None:
    """Put a finished store where it belongs, in one step; one that is there already stays."""
    from matdeps.graph.errors import StoreUnavailableError
    from matdeps.graph.tables import FILE_NAME

    try:
        if _has_store(place):
            raise FileExistsError
        if place.is_dir():
            _put_file(half / FILE_NAME, place / FILE_NAME)
        else:
            half.rename(place)
    except OSError as error:
        if _has_store(place):
            raise _MadeMeanwhileError(
                f"another process made a store at {place} meanwhile",
                remedy="Load again: it goes into that store.",
            ) from error
        raise StoreUnavailableError(
            f"cannot make a store at {place}: {error.strerror}",
            remedy="Name another place with --graph PATH.",
        ) from error


def _put_file(half: Path, place: Path) -> None:
    if not place.exists():
        # A rename would replace what another process puts there in this moment; a link does not.
        try:
            os.link(half, place)
        except FileExistsError:
            raise
        except OSError:
            pass  # some file systems know no links
        else:
            return
    half.replace(place)


def _describe(report: "LoadReport") -> dict[str, Any]:
    return {
        "dataset": report.dataset,
        "load": report.load,
        "unchanged": report.is_unchanged,
        "dry_run": report.is_dry_run,
        "counts": dict(report.counts),
        "files": {
            name: {"read": file.read, "used": file.used, "rejected": file.rejected, "skipped": file.skipped}
            for name, file in report.files.items()
        },
        "rejected": report.rejected_total,
        "notices": list(report.notices),
        "errors": [str(error) for error in report.rejected],
    }


def _read_aloud(report: "LoadReport") -> str:
    if report.is_unchanged:
        return f"Nothing changed: this input is loaded already (dataset {report.dataset!r})."
    how = "Checked, nothing written" if report.is_dry_run else f"Loaded as load {report.load}"
    lines = [f"{how}: dataset {report.dataset!r}."]
    if report.counts:
        lines.append("  " + ", ".join(f"{count:,} {what}" for what, count in report.counts.items()))
    width = max(map(len, report.files), default=0)
    for name, file in report.files.items():
        rejected = f", {file.rejected:,} rejected" if file.rejected else ""
        skipped = f", {file.skipped:,} left out with them" if file.skipped else ""
        ignored = file.read - file.used - file.rejected - file.skipped
        lines.append(
            f"  {name:<{width}}  {file.used:,} of {file.read:,} rows used"
            + rejected
            + skipped
            + (f", {ignored:,} ignored" if ignored > 0 else "")
        )
    lines += [f"  note: {notice}" for notice in report.notices]
    lines += [f"  rejected: {error}".replace("\n", "\n    ") for error in report.rejected]
    return "\n".join(lines)


@click.command(
    cls=Command,
    examples=[("matdeps loaders", "what can be loaded"), ("matdeps load graph --help", "how to load it")],
)
def loaders() -> None:
    """List the loaders."""
    from matdeps.loaders.registry import LOADERS

    width = max(len(f"{loader.name} {loader.takes or ''}") for loader in LOADERS.values())
    for loader in LOADERS.values():
        name = f"{loader.name} {loader.takes or ''}".rstrip()
        click.echo(f"matdeps load {name:<{width}}  {loader.about}")


@click.command(
    cls=Command,
    examples=[
        ("matdeps loads", "the history of your own store"),
        ("matdeps loads --graph ./store --format json", "of another one, as data"),
    ],
)
@store_options
def loads(graph: str | None, quiet: bool, format_: str) -> None:
    """Show the history of loads of a store."""
    from matdeps.cli.places import open_readable

    with open_readable(graph, quiet=quiet) as store:
        history = store.loads()
        current = {dataset.load for dataset in store.datasets()}
    if format_ == "json":
        click.echo(
            to_json(
                {
                    "generated_by": f"matdeps {__version__}",
                    "loads": [_to_entry(entry, current) for entry in history],
                }
            )
        )
        return
    if not history:
        tell("The store is empty.", quiet=quiet)
    for entry in history:
        click.echo(_read_entry(entry, is_current=entry.load in current))


def _to_entry(entry: "LoadRecord", current: set[int]) -> dict[str, Any]:
    names: Callable[[str], Any] = entry.__getattribute__
    fields = {name: names(name) for name in entry.__dataclass_fields__}
    return {**fields, "notices": list(entry.notices), "current": entry.load in current}


def _read_entry(entry: "LoadRecord", *, is_current: bool) -> str:
    text = f"{entry.load:>4}  {entry.loaded_at}  {entry.action:<6}  {entry.dataset}"
    if entry.version:
        text += f" {entry.version}"
    if entry.action == "load":
        text += f": {entry.nodes:,} nodes, {entry.relationships:,} relationships" + (
            "" if is_current else " (no longer current)"
        )
    return "\n".join([text, *(f"      note: {notice}" for notice in entry.notices)])


@click.command(
    cls=Command,
    examples=[
        ("matdeps unload ours", "take a dataset out; the history keeps it"),
        ("matdeps unload ours --graph ./store", "of another store"),
    ],
)
@click.argument("dataset")
@store_options
def unload(graph: str | None, quiet: bool, format_: str, dataset: str) -> None:
    """Take a dataset out of a store.

    Its rows stay as history: --loaded-as-of still sees them.
    """
    from matdeps.cli.places import open_store

    with open_store(graph) as store:
        with store.write() as transaction:
            number = transaction.unload(dataset)
        entry = next(entry for entry in store.loads() if entry.load == number)
        _make_image(store, quiet=quiet)
    if format_ == "json":
        click.echo(
            to_json(
                {
                    "generated_by": f"matdeps {__version__}",
                    "dataset": dataset,
                    "load": number,
                    "notices": list(entry.notices),
                }
            )
        )
        return
    click.echo(f"Taken out: dataset {dataset!r} (load {number}).")
    for notice in entry.notices:
        click.echo(f"  note: {notice}")
