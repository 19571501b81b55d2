"""Populations behind a pump that is absorbed on its way (Beer-Lambert), averaged over depth.

With N(z) = N_0 exp(-alpha z) over a depth d, optical depth a = alpha d, the mean of the Poisson
populations is exact (dz = -dN/(alpha N)):

    <p_0> = [E_1(N_0 e^-a) - E_1(N_0)]/a
    <p_k> = [P(k, N_0) - P(k, N_0 e^-a)]/(k a),   P: regularised lower incomplete gamma function

Averaging the populations is not the same as taking the populations of the mean N: the front is
inverted while the back still absorbs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.populations import poisson_populations

__all__ = ["depleted_mean", "depleted_populations"]

Floats = NDArray[np.float64]

# Below this optical depth the closed form loses digits and the quadrature is exact to rounding.
_THIN = 0.1
_NODES = 8
_TINY = -40.0


def depleted_mean(front_photons: ArrayLike, optical_depth: ArrayLike) -> Floats:
    """Return the mean of N over depth, N_0 (1 - exp(-a))/a; broadcasts.

    Args:
        front_photons: N_0, mean absorbed photons per nanocrystal where the pump enters.
        optical_depth: a = alpha d of the pump (napierian).

    Errors: ValueError for negative values.

    Example:
        >>> round(float(depleted_mean(2.0, 1.0)), 4)
        1.2642
    """
    from scipy.special import exprel

    front, depth = _checked(front_photons, optical_depth)
    return np.asarray(front * exprel(-depth))


def depleted_populations(
    front_photons: ArrayLike, optical_depth: ArrayLike, *, states: int = 3
) -> Floats:
    """Return the Poisson populations averaged over the depth of the pump.

    Args:
        front_photons: N_0 where the pump enters (...).
        optical_depth: a = alpha d of the pump (napierian), broadcast against N_0; 0: no depletion.
        states: number of states; the last holds every larger number of excitons.

    Returns:
        Populations (..., states); they sum to 1.

    Errors: ValueError for negative values or fewer than two states.
    Validity: absorption that does not saturate (pumping far above the band edge), a pump
        uniform across the other directions.

    Example:
        >>> depleted_populations(2.0, 0.0).round(4).tolist()
        [0.1353, 0.2707, 0.594]
        >>> depleted_populations(2.0, 1.0).round(4).tolist()
        [0.3006, 0.3438, 0.3556]
    """
    from scipy.special import exp1, gammainc

    front, depth = np.broadcast_arrays(*_checked(front_photons, optical_depth))
    result = np.array(poisson_populations(front, states=states))
    thin = (depth > 0) & (depth < _THIN) & (front > 0)
    if np.any(thin):
        node, weight = np.polynomial.legendre.leggauss(_NODES)
        local = front[thin, None] * np.exp(-depth[thin, None] * (1 + node) / 2)
        result[thin] = np.einsum("q,rqk->rk", weight / 2, poisson_populations(local, states=states))
    thick = (depth >= _THIN) & (front > 0)
    if np.any(thick):
        high, a = front[thick], depth[thick]
        low = high * np.exp(-a)
        columns = [(_exp1_back(high, a) - exp1(high)) / a]
        columns += [(gammainc(k, high) - gammainc(k, low)) / (k * a) for k in range(1, states - 1)]
        columns.append(1 - np.sum(columns, axis=0))
        result[thick] = np.maximum(np.stack(columns, axis=-1), 0.0)
    return result


def _exp1_back(front: Floats, depth: Floats) -> Floats:
    """Return E_1(N_0 exp(-a)), from its logarithm where N_0 exp(-a) is tiny or underflows."""
    from scipy.special import exp1

    log = np.log(front) - depth
    tiny = log < _TINY
    return np.asarray(np.where(tiny, -np.euler_gamma - log, exp1(np.exp(np.maximum(log, _TINY)))))


def _checked(front_photons: ArrayLike, optical_depth: ArrayLike) -> tuple[Floats, Floats]:
    front = np.asarray(front_photons, dtype=np.float64)
    depth = np.asarray(optical_depth, dtype=np.float64)
    for name, value in (("front_photons", front), ("optical_depth", depth)):
        if not np.all(value >= 0):
            raise ValueError(f"{name}: must be >= 0, got {np.min(value):g}; check the sign")
    return front, depth
