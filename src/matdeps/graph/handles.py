"""Sets of handles as sorted arrays."""

import numpy as np
from numpy.typing import NDArray

from matdeps.graph.reader import Handles


def sort_unique(values: NDArray[np.integer]) -> Handles:
    """Sort handles, each once.

    `numpy.unique` does the same; but it imports `numpy.ma`, a tenth of the time of a short question.
    """
    ordered = np.sort(values).astype(np.int64, copy=False)
    keep = np.ones(len(ordered), np.bool_)
    keep[1:] = ordered[1:] != ordered[:-1]
    unique: Handles = ordered[keep]
    return unique
