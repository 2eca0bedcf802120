"""The built-in data set: sourced facts on materials, suppliers, programmes and controls, as CSV."""

import hashlib
from pathlib import Path

from matdeps._version import __version__
from matdeps.graph.schema import compute_digest

DATASET = "reference"


def get_reference_folder() -> Path:
    """Get the folder that holds the CSV files of the built-in data set."""
    return Path(__file__).parent


def compute_stamp() -> str:
    """Compute what tells one state of the built-in files from another, by version, sizes and times.

    The files are not read: the stamp is computed for each question.
    """
    files = sorted(get_reference_folder().iterdir())
    stats = [
        (file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.suffix in {".csv", ".json"}
    ]
    return hashlib.sha256(
        repr((__version__, compute_digest(), str(get_reference_folder()), stats)).encode()
    ).hexdigest()[:16]
