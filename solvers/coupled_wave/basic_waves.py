"""The guided waves that the second-order Gamma point couples: Rx, Sx, Ry, Sy and their kin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cavities.lattice import Lattice
from solvers.fourier_modal.orders import Orders, chosen_orders

__all__ = ["BasicWaves", "basic_waves"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_SQUARE_NAMES = ("Rx", "Sx", "Ry", "Sy")


@dataclass(frozen=True, kw_only=True, eq=False)
class BasicWaves:
    """The shortest reciprocal vectors and the orders beside them.

    Attributes:
        names: of the waves; Rx and Sx run along +x and -x in a square lattice.
        vectors: reciprocal vectors (n, 2), rad/um, all of one length.
        polarization: unit vectors of E (n, 2), across the vectors; the same for G and -G.
        others: all further orders (N, 2), rad/um, without zero and without the basic ones.
    """

    names: tuple[str, ...]
    vectors: Floats
    polarization: Floats
    others: Floats

    @property
    def bragg(self) -> float:
        """Length of the basic vectors (rad/um): 2 pi over the period of a square lattice."""
        return float(np.hypot(*self.vectors[0]))

    @cached_property
    def direction(self) -> Floats:
        """Unit vectors along the waves (n, 2)."""
        return self.vectors / self.bragg

    @cached_property
    def reverse(self) -> Integers:
        """Place of the wave that runs the other way (n,)."""
        return self.image(-np.eye(2))

    def image(self, turn: Floats) -> Integers:
        """Return the place of every wave after an orthogonal map (2, 2) of the plane."""
        moved = self.vectors @ turn.T
        gaps = np.hypot(*(moved[:, None] - self.vectors).transpose(2, 0, 1))
        return np.asarray(np.argmin(gaps, axis=1))


def basic_waves(lattice: Lattice, truncation: int) -> BasicWaves:
    """Return the basic waves of a lattice and the orders up to a truncation.

    Args:
        lattice: square (four waves) or triangular (six).
        truncation: largest order kept, in units of the shortest reciprocal vector.

    Raises:
        ValueError: another lattice, or a truncation below 2.

    Example:
        >>> waves = basic_waves(Lattice.square(0.3), 5)
        >>> waves.names, waves.polarization.round().tolist()
        (('Rx', 'Sx', 'Ry', 'Sy'), [[0.0, 1.0], [0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    """
    if lattice.symmetry not in ("square", "triangular"):
        raise ValueError(
            f"lattice: must be square or triangular, got {lattice.symmetry}; its shortest "
            "reciprocal vectors have several lengths, use the Fourier modal solver"
        )
    if truncation < 2:
        raise ValueError(f"truncation: must be at least 2, got {truncation}; 10 or more is usual")
    orders = _orders(lattice, truncation)
    length = orders.lengths
    bragg = float(length[length > 0].min())
    first = orders.reciprocal[np.isclose(length, bragg)]
    # along +a1 first: waves in pairs that run against each other
    start = np.arctan2(*_nearest_to_x(first)[::-1])
    angle = np.mod(np.arctan2(first[:, 1], first[:, 0]) - start + 1e-6, 2 * np.pi)
    first = first[np.argsort(angle)]
    half = len(first) // 2
    pairs = [wave for i in range(half) for wave in (i, i + half)]
    first = first[pairs]
    across = np.stack([-first[:, 1], first[:, 0]], axis=1) / bragg
    flip = (across[:, 0] < -1e-9) | ((np.abs(across[:, 0]) < 1e-9) & (across[:, 1] < 0))
    across[flip] *= -1
    across += 0.0  # no -0.0
    names = (
        _SQUARE_NAMES
        if half == 2
        else tuple(f"{side}{i + 1}" for i in range(half) for side in ("R", "S"))
    )
    far = (length > bragg * 1.001) & (length <= truncation * bragg * (1 + 1e-9))
    return BasicWaves(
        names=names, vectors=first, polarization=across, others=orders.reciprocal[far]
    )


def _orders(lattice: Lattice, truncation: int) -> Orders:
    cells = np.pi * (truncation + 1.0) ** 2 * (1.0 if lattice.symmetry == "square" else 1.16)
    return chosen_orders(lattice, np.zeros(2), int(cells) + 1)


def _nearest_to_x(vectors: Floats) -> Floats:
    angle = np.arctan2(vectors[:, 1], vectors[:, 0])
    return np.asarray(vectors[np.argmin(np.abs(angle - 1e-9))])
