"""Populations of the excitonic states right after the pump: the Poisson ladder."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["poisson_populations", "population_inversion", "relaxed_populations"]


def _mean(absorbed_photons: ArrayLike) -> NDArray[np.float64]:
    mean = np.asarray(absorbed_photons, dtype=np.float64)
    if not np.all(mean >= 0):
        raise ValueError(
            f"absorbed_photons: must be >= 0, got {np.min(mean):g}; give a mean number of photons"
        )
    return mean


def _check_states(states: int) -> None:
    if states < 2:
        raise ValueError(f"states: must be at least 2, got {states}; use 3 for 0, X and XX")


def poisson_populations(absorbed_photons: ArrayLike, *, states: int = 3) -> NDArray[np.float64]:
    """Return the populations p_0, p_1, ... just after a short pump pulse.

    Each nanocrystal absorbs a Poisson number of photons and nothing has decayed yet. The
    same holds in the steady state under CW pumping when state N decays N times faster than
    state 1 (no Auger recombination), with the mean sigma_p I tau/(h nu).

    Args:
        absorbed_photons: mean number of absorbed photons per nanocrystal, (...).
        states: number of states; the last one holds every larger number of excitons.

    Returns:
        Populations (..., states); they sum to 1.

    Errors: ValueError for a negative mean or fewer than two states.

    Example:
        >>> poisson_populations(1.0).round(4).tolist()
        [0.3679, 0.3679, 0.2642]
    """
    from scipy.special import gammainc

    _check_states(states)
    mean = _mean(absorbed_photons)
    columns = [np.exp(-mean)]
    for k in range(1, states - 1):
        columns.append(columns[-1] * mean / k)
    columns.append(gammainc(states - 1, mean))
    return np.stack(columns, axis=-1)


def relaxed_populations(absorbed_photons: ArrayLike, *, states: int = 3) -> NDArray[np.float64]:
    """Return the populations once every multi-exciton has decayed to one exciton.

    p_1 = 1 - exp(-N): what is left between the Auger time and the exciton lifetime.

    Args, returns, errors: as for `poisson_populations`.

    Example:
        >>> relaxed_populations(1.0986122887).round(6).tolist()
        [0.333333, 0.666667, 0.0]
    """
    _check_states(states)
    mean = _mean(absorbed_photons)
    result = np.zeros((*mean.shape, states))
    result[..., 0] = np.exp(-mean)
    result[..., 1] = -np.expm1(-mean)
    return result


def population_inversion(
    absorbed_photons: ArrayLike, transition: Literal["X-0", "XX-X"] = "X-0"
) -> NDArray[np.float64]:
    """Return the bare population difference of a transition, without its degeneracy.

    X-0: p_1 - p_0 = exp(-N)(N - 1), at most exp(-2) = 0.135, at N = 2. XX-X: p_2 - p_1, at most
    1. This is the argument in the text of the source, kept for comparison only: it leaves out
    the factor 1/2 of equations (4) and (5), with which the X-0 gain is exp(-N)(N/2 - 1), at
    most exp(-3)/2 = 0.0249, at N = 3. Thresholds never use this function.

    Args:
        absorbed_photons: mean number of absorbed photons per nanocrystal, (...).
        transition: "X-0" or "XX-X".

    Errors: ValueError for a negative mean or another transition.

    Example:
        >>> round(float(population_inversion(2.0)), 4)
        0.1353
    """
    p = poisson_populations(absorbed_photons)
    if transition == "X-0":
        return np.asarray(p[..., 1] - p[..., 0])
    if transition == "XX-X":
        return np.asarray(p[..., 2] - p[..., 1])
    raise ValueError(f"transition: must be 'X-0' or 'XX-X', got {transition!r}; choose one")
