"""Compact images on disk: memory-mapped, checked when they are opened, never written to once they are named.

Each build is a generation folder of its own beside the store, named by a pointer file that is replaced in one step: a
reader keeps the arrays that it opened.
"""

import json
import mmap
import os
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from matdeps.graph.errors import StoreError
from matdeps.graph.image import Array, Image
from matdeps.graph.schema import compute_digest

IMAGE_FORMAT = 2
POINTER = "CURRENT"
FULL_CHECK_BYTES = 32 << 20
"""Up to this size every byte of an image is checked when it is opened; above, the sizes of its files."""


def save_image(image: Image, folder: Path) -> None:
    """Write an image into a generation folder of its own, and point to it.

    Raises
    ------
    OSError
        If the folder cannot be written to; no pointer is changed then.
    """
    # Questions open images by the thousand and hardly ever write one.
    import shutil
    import tempfile

    folder.mkdir(exist_ok=True)
    generation = Path(tempfile.mkdtemp(prefix=f"{image.about['generation']}-", dir=folder))
    try:
        files = {}
        for name, array in image.arrays.items():
            path = generation / f"{name}.npy"
            np.save(path, array, allow_pickle=False)
            files[name] = [path.stat().st_size, _checksum(path), array.dtype.str, len(array)]
        text = json.dumps({**image.about, **_describe_layout(), "files": files}, sort_keys=True)
        (generation / "about.json").write_text(text, "utf-8")
        pointer = folder / f"{POINTER}.{os.getpid()}"
        pointer.write_text(generation.name, "utf-8")
        pointer.replace(folder / POINTER)
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        raise
    for old in folder.iterdir():
        # A reader that still maps an old generation keeps its pages: the files go when it closes them. One of the same
        # number may be another process's, not finished yet.
        number = old.name.partition("-")[0]
        if old.is_dir() and number.isdigit() and int(number) < image.about["generation"]:
            shutil.rmtree(old, ignore_errors=True)


def open_image(folder: Path, *, store_id: str, generation: int) -> Image | None:
    """Open the image that fits a store; None where there is none, or it is stale or damaged."""
    try:
        current = folder / (folder / POINTER).read_text("utf-8").strip()
        about = json.loads((current / "about.json").read_text("utf-8"))
        wanted = {**_describe_layout(), "store_id": store_id, "generation": generation}
        if any(about[name] != value for name, value in wanted.items()):
            return None
        check_all = sum(size for size, *_ in about["files"].values()) <= FULL_CHECK_BYTES
        arrays: dict[str, Array] = {}
        for name, (size, checksum, dtype, length) in about["files"].items():
            path = current / f"{name}.npy"
            if path.stat().st_size != size or (check_all and _checksum(path) != checksum):
                return None
            arrays[name] = _map(path, dtype, length)
        return Image(arrays, about)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _describe_layout() -> dict[str, Any]:
    """Say what an image must have been made with: codes in its arrays stand for kinds and types of the schema."""
    return {"format": IMAGE_FORMAT, "order": sys.byteorder, "schema": compute_digest()}


def _map(path: Path, dtype: str, length: int) -> Array:
    """Map the values of a ``.npy`` file, which stand at its end; `numpy.load` would parse the header of each."""
    kind = np.dtype(dtype)
    with path.open("rb") as file:
        # The array keeps the pages; they go when it does.
        pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(pages, kind, length, offset=len(pages) - length * kind.itemsize)


def _checksum(path: Path) -> int:
    value = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            value = zlib.crc32(block, value)
    return value


def check_image(image: Image) -> None:
    """Check that no array points outside the others.

    Raises
    ------
    StoreError
        If the arrays contradict each other.
    """
    nodes = len(image["node_key"])
    for prefix in ("", "other_"):
        for end in ("tail", "head"):
            ends = image[prefix + end]
            if len(ends) and not (int(ends.min()) >= 0 and int(ends.max()) < nodes):
                raise StoreError(
                    "the compact image is damaged",
                    remedy="Delete the folder 'image' beside the store; it is made again.",
                )
