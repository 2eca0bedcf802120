"""Loops among states: the least fixed point from below, and straight to it where rounds would take too long."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matdeps.queries.availability.terms import Key, Term, Value

STEP = 1e-14
"""A loop is solved when a round moves no bound by more: far below what is promised of the value."""
SETTLED = 1e-12
"""A loop that took many rounds is solved when the rest of the way is shorter."""
PATIENCE = 300
"""Rounds before the rest of the way is tried at once."""
ROUNDS = 200_000
LARGEST = 400
"""Most states of a loop for which that is tried: it takes the square of their number."""
_NUDGE = 2.0**-20
_BOUNDS = 4


def solve_loop(component: Sequence[Key], terms: Mapping[Key, Term], values: dict[Key, Value], first: Value) -> None:
    """Solve the states of one loop.

    Parameters
    ----------
    values
        The values of all that the loop needs from outside; the loop's own are put in.
    first
        Where to start: nothing, so that the loop does not feed itself; or everything, for one that nobody traced.

    Notes
    -----
    Each round moves every bound one way only, toward the fixed point. Where shares just short of 1 lead round the loop,
    that takes long: the terms are linear as long as no other minimum or maximum decides, so their fixed point there is
    the solution of a linear system, and it is taken where it lies ahead and is one of the true terms, too.
    """
    values.update(dict.fromkeys(component, first))
    for count in range(1, ROUNDS + 1):
        is_still = _go_round(component, terms, values) <= STEP
        if is_still and count < PATIENCE:
            return
        if (is_still or count % PATIENCE == 0) and len(component) <= LARGEST:
            # A small step after many rounds says little of the value: it is solved where the leap is small, too.
            leap = _leap(component, terms, values, forward=first.high == 0)
            if is_still and leap <= SETTLED:
                return


def _go_round(component: Sequence[Key], terms: Mapping[Key, Term], values: dict[Key, Value]) -> float:
    """Work out every state once; how far the furthest moved."""
    moved = 0.0
    for key in component:
        old, new = values[key], terms[key].value(values.__getitem__)
        values[key] = new
        steps = (abs(after - before) for after, before in zip(new[:_BOUNDS], old[:_BOUNDS], strict=True))
        moved = max(moved, *steps, float(new.is_below != old.is_below))
    return moved


def _leap(component: Sequence[Key], terms: Mapping[Key, Term], values: dict[Key, Value], *, forward: bool) -> float:
    """Put in the fixed point of the terms as they are linear here, where it is a true one; say how far it was."""
    furthest = 0.0
    for bound in range(_BOUNDS):
        here = np.array([values[key][bound] for key in component])
        out = _evaluate(component, terms, values, bound, here)
        slopes = np.empty((len(here), len(here)))
        for place in range(len(here)):
            nudged = here.copy()
            # Back to where the rounds come from: a step ahead might already be where another minimum decides.
            nudged[place] -= _NUDGE if forward else -_NUDGE
            change = _evaluate(component, terms, values, bound, nudged) - out
            slopes[:, place] = change / (nudged[place] - here[place])
        try:
            ahead = here + np.linalg.solve(np.eye(len(here)) - slopes, out - here)
        except np.linalg.LinAlgError:
            continue
        way = ahead - here if forward else here - ahead
        is_ahead = bool((way >= -STEP).all() and (ahead >= -STEP).all() and (ahead <= 1 + STEP).all())
        if is_ahead and np.abs(_evaluate(component, terms, values, bound, ahead) - ahead).max() <= 1e-13:
            furthest = max(furthest, float(np.abs(way).max()))
            _put(component, values, bound, np.clip(ahead, 0.0, 1.0))
    return furthest


def _evaluate(
    component: Sequence[Key], terms: Mapping[Key, Term], values: dict[Key, Value], bound: int, at: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Work out one bound of all states at given values of the loop's own."""
    known = {key: values[key] for key in component}
    _put(component, known, bound, at)

    def get(key: Key) -> Value:
        return known[key] if key in known else values[key]

    return np.array([terms[key].value(get)[bound] for key in component])


def _put(component: Sequence[Key], values: dict[Key, Value], bound: int, at: NDArray[np.float64]) -> None:
    for key, one in zip(component, at.tolist(), strict=True):
        values[key] = values[key]._replace(**{Value._fields[bound]: one})
