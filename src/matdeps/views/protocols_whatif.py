"""What the views know of the rows of `whatif`."""

from collections.abc import Sequence
from typing import Protocol

from matdeps.views.protocols import RowLike


class BoundsLike(Protocol):
    """How much is left of something, each 0..1."""

    @property
    def low(self) -> float:
        """The strict reading."""

    @property
    def high(self) -> float:
        """The generous reading."""

    @property
    def estimate(self) -> float:
        """Between the two."""


class WhatIfRowLike(RowLike, Protocol):
    """A row of `whatif`."""

    @property
    def verdict(self) -> str:
        """What the scenario does to it."""

    @property
    def as_recorded(self) -> bool | None:
        """Where lost: whether it rests on a list of makers that nobody marked complete."""

    @property
    def leans(self) -> str | None:
        """Where unknown: the verdict of the estimate."""

    @property
    def availability(self) -> BoundsLike:
        """How much is left."""

    @property
    def explanation(self) -> Sequence[str]:
        """The reason in sentences."""
