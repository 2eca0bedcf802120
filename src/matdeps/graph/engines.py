"""From a store to something that queries can ask: the image opened or made anew, the exchange graph built."""

from datetime import date
from pathlib import Path

from matdeps.graph.errors import ConfigError
from matdeps.graph.image import Image, LinkRow, NodeRow, make_image
from matdeps.graph.image_files import open_image, save_image
from matdeps.graph.model import GraphInfo
from matdeps.graph.reader import Reader
from matdeps.graph.store import Store, name_damage

ENGINES = ("embedded", "networkx")
IMAGE_FOLDER = "image"


def open_reader(store: Store, *, engine: str = "embedded", loaded_as_of: str | None = None) -> Reader:
    """Open a store for questions.

    Parameters
    ----------
    engine
        embedded: the arrays of the compact image; networkx: the same in plain NetworkX.
    loaded_as_of
        ISO date: the graph as the loads up to and including that day (UTC) made it; None: as it is.

    Raises
    ------
    ConfigError
        If there is no such engine, or nothing was loaded by that day.
    """
    if engine not in ENGINES:
        raise ConfigError(f"there is no engine {engine!r}", remedy=f"Engines: {', '.join(ENGINES)}.")
    if loaded_as_of is not None:
        try:
            date.fromisoformat(loaded_as_of)
        except ValueError:
            raise ConfigError(
                f"{loaded_as_of!r} is no date", remedy="Dates are written year-month-day: 2026-07-01."
            ) from None
    with store.snapshot() as generation:
        loads = [
            record.load for record in store.loads() if loaded_as_of is None or record.loaded_at[:10] <= loaded_as_of
        ]
        if not loads and loaded_as_of is not None:
            raise ConfigError(f"nothing was loaded by {loaded_as_of}", remedy="See: matdeps loads")
        load = max(loads, default=0)
        is_current = loaded_as_of is None or load == max((record.load for record in store.loads()), default=0)
        if engine == "networkx":
            from matdeps.graph.interchange import to_networkx
            from matdeps.graph.networkx_reader import NetworkXReader

            # Sizes are those of the graph itself: read once it is there.
            with name_damage(store.path):
                graph = to_networkx(store, _describe(store, load, 0, 0, ()), load=load)
                graph.graph["info"] = _describe(store, load, graph.number_of_nodes(), graph.number_of_edges(), ())
                return NetworkXReader(graph)
        from matdeps.graph.compact import CompactReader

        image, notices = _get_image(store, generation, load, is_current=is_current)
        sizes = (int(image.about["nodes"]), int(image.about["relationships"]))
        return CompactReader(store, image, _describe(store, load, *sizes, notices), load=load)


def _describe(store: Store, load: int, nodes: int, links: int, notices: tuple[str, ...]) -> GraphInfo:
    datasets = tuple(store.datasets(load))
    name = "+".join(dataset.name for dataset in datasets) or "empty"
    version = "+".join(dataset.version for dataset in datasets)
    days = [dataset.knowledge_until for dataset in datasets if dataset.knowledge_until]
    return GraphInfo(name, version, nodes, links, max(days, default=None), datasets, notices)


def _get_image(store: Store, generation: int, load: int, *, is_current: bool) -> tuple[Image, tuple[str, ...]]:
    folder = Path(store.path) / IMAGE_FOLDER
    if is_current:
        image = open_image(folder, store_id=store.store_id, generation=generation)
        if image is not None:
            return image, ()
    image = build_image(store, generation, load)
    if not is_current:
        return image, ()
    try:
        save_image(image, folder)
    except OSError as error:
        reason = error.strerror or str(error)
        return image, (f"The compact image cannot be kept in {folder} ({reason}): it is made anew for each question.",)
    return image, ()


def build_image(store: Store, generation: int, load: int) -> Image:
    """Make the image of a store as it was after a load.

    Raises
    ------
    StoreError
        The tables hold what no load writes: a type, kind, confidence, date or JSON text that cannot be read.
    """
    # One place for every such value: the image is where all of them are read first.
    with name_damage(store.path):
        return _build_image(store, generation, load)


def _build_image(store: Store, generation: int, load: int) -> Image:
    precedence = {record.load: (record.dataset == "reference", record.dataset) for record in store.loads()}
    nodes = list(store.iter_nodes(load, columns=("key", "id", "kind", "valid_from", "valid_to", "since")))
    if len(store.datasets(load)) > 1:
        nodes.sort(key=lambda row: precedence[row[5]])
    rows: list[NodeRow] = [row[:5] for row in nodes]
    links: list[LinkRow] | object = store.iter_links(
        load, columns=("link", "tail", "type", "head", "properties", "confidence", "checked")
    )
    about = {"store_id": store.store_id, "generation": generation, "load": load}
    return make_image(rows, links, store.find_properties, about)  # type: ignore[arg-type]
