"""`finite_spectrum`: the modes of a finite area by their threshold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from solvers.coupled_wave.finite_losses import described
from solvers.coupled_wave.finite_mode import FiniteMode
from solvers.coupled_wave.finite_operator import FiniteOperator, finite_operator
from solvers.coupled_wave.gain_response import gain_response
from solvers.coupled_wave.line_limit import line_limit
from solvers.coupled_wave.solve_coupling import Coupling, coupling

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["FiniteSpectrum", "finite_spectrum", "legendre_tail"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_RESOLVED = 1e-3
_SMOOTH = 1e-6
_SAME = 1e-6
_NODES = (12, 16, 20)


@dataclass(frozen=True, kw_only=True, eq=False)
class FiniteSpectrum(Sequence[FiniteMode]):
    """Modes of one finite area, lowest threshold first.

    Attributes:
        coupling: of the infinite structure.
        lengths: sides of the area (um).
        nodes: grid points along each side.
        modes: resolved modes by threshold; those of a single lobe at each band edge are among
            them, however high their threshold.
        unresolved: eigenvalues of the grid that were left out because their envelopes change
            faster than it can follow; they are either no modes or modes with many lobes.
        line_limit_per_cm: amplitude threshold (1/cm) that envelopes of ever more lobes tend to,
            that of a laser along one axis; see `line_limit`. nan on a triangular lattice.
        notes: where the theory is known to be off.
    """

    coupling: Coupling
    lengths: tuple[float, float]
    nodes: int
    modes: tuple[FiniteMode, ...]
    unresolved: int
    line_limit_per_cm: float
    notes: tuple[str, ...]

    @overload
    def __getitem__(self, index: int) -> FiniteMode: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[FiniteMode, ...]: ...
    def __getitem__(self, index: int | slice) -> FiniteMode | tuple[FiniteMode, ...]:
        """Return one mode or several."""
        return self.modes[index]

    def __len__(self) -> int:
        return len(self.modes)

    def __iter__(self) -> Iterator[FiniteMode]:
        return iter(self.modes)

    def of(self, band_edge: str) -> FiniteMode:
        """Return the mode of a single lobe at a band edge.

        Raises:
            ValueError: there is no such band edge.
        """
        for mode in self.modes:
            if band_edge in mode.fundamental:
                return mode
        names = sorted({name for mode in self.modes for name in mode.fundamental})
        raise ValueError(f"band_edge: must be one of {names}, got {band_edge!r}; name a band edge")

    @property
    def selectivity_per_cm(self) -> float:
        """Margin of amplitude gain between the lasing mode and what would lase next (1/cm).

        The next one is another mode, a degenerate partner not counted, or the threshold at which
        envelopes of many lobes accumulate (`line_limit_per_cm`); 0 if that is lowest.
        """
        first = self.modes[0].alpha_per_cm
        others = [mode.alpha_per_cm for mode in self.modes]
        if not math.isnan(self.line_limit_per_cm):
            others.append(self.line_limit_per_cm)
        if min(others) < first:
            return 0.0
        higher = [value for value in others if value > first * (1 + _SAME)]
        return min(higher) - first if higher else math.nan

    def to_dataframe(self) -> pd.DataFrame:
        """Return the modes as a table, units in the column names."""
        from solvers.coupled_wave.report import finite_table

        return finite_table(self)

    def report(self) -> str:
        """Return the modes and their losses as text."""
        from solvers.coupled_wave.report import finite_report

        return finite_report(self)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the thresholds over wavelength."""
        from solvers.coupled_wave.plot_finite import plot_finite_spectrum

        return plot_finite_spectrum(self, ax=ax)


def finite_spectrum(
    cavity: Any,
    length: float | tuple[float, float],
    *,
    modes: int = 12,
    gain_region: str = "gain",
    nodes: int | None = None,
) -> FiniteSpectrum:
    """Return the lasing modes of a finite rectangle of the crystal with open edges.

    The whole dense spectrum of the collocated equations, doi:10.1364/OE.20.015945, so that no
    mode is missed; split by the symmetry that the cell has. Envelopes that the grid does not
    resolve are left out.

    Args:
        cavity: periodic cavity, or its `Coupling`.
        length: side of a square, or the two sides along x and y (um).
        modes: how many modes of lowest threshold to return; the ones of a single lobe at each
            band edge come with them.
        gain_region: layer or inclusion that amplifies, for the threshold gain.
        nodes: grid points along each side; None: 12, more if the single-lobed modes need them.

    Raises:
        ValueError: a side that is not > 0, or no resolved mode.

    Example:
        >>> from cavities.periodic_presets import infilled_slab
        >>> found = finite_spectrum(infilled_slab(), 200)
        >>> for name in "AB":
        ...     mode = found.of(name)
        ...     print(name, round(mode.alpha_l, 3), round(mode.slope_parts["edge"], 2))
        A 0.61 0.86
        B 0.325 0.85
    """
    found = cavity if isinstance(cavity, Coupling) else coupling(cavity)
    sides = _sides(length, found)
    for count in _NODES if nodes is None else (nodes,):
        operator = finite_operator(found.matrix.waves, found.matrix.total, sides, count)
        values, fields = operator.eigenpairs()
        tail = legendre_tail(operator, fields)
        good = np.flatnonzero(tail < _RESOLVED)
        order = good[np.argsort(-values.imag[good], kind="stable")]
        single = _fundamentals(found, operator, fields, order)
        if single and tail[min(single, key=lambda i: -values.imag[i])] < _SMOOTH:
            break
    if not len(order):
        raise ValueError(
            f"length: no envelope of {sides[0]:g} x {sides[1]:g} um is resolved with "
            f"{len(operator.grid.nodes)} nodes; give more nodes or a smaller area"
        )
    wanted = [int(i) for place, i in enumerate(order) if place < modes or int(i) in single]
    gain = gain_response(found, gain_region)
    described_modes = tuple(
        described(
            found, operator, complex(values[i]), fields[i], float(tail[i]), gain, single.get(i, ())
        )
        for i in wanted
    )
    return FiniteSpectrum(
        coupling=found,
        lengths=sides,
        nodes=len(operator.grid.nodes),
        modes=described_modes,
        unresolved=int(np.sum(tail >= _RESOLVED)),
        line_limit_per_cm=line_limit(found.matrix, sides),
        notes=(*found.notes, *_lobe_note(described_modes)),
    )


def legendre_tail(operator: FiniteOperator, fields: Complexes) -> Floats:
    """Return the share of the power of fields (m, n, x, y) in the upper third of the degrees."""
    change = operator.grid.to_legendre
    parts = np.einsum("ab,mwbc,dc->mwad", change, fields, change, optimize=True)
    degree = np.arange(len(change))
    power = np.abs(parts) ** 2 / np.multiply.outer(2 * degree + 1, 2 * degree + 1)
    high = degree >= 2 * len(change) // 3
    upper = high[:, None] | high[None, :]
    return np.asarray((power * upper).sum(axis=(1, 2, 3)) / power.sum(axis=(1, 2, 3)))


def _fundamentals(
    found: Coupling, operator: FiniteOperator, fields: Complexes, order: NDArray[np.intp]
) -> dict[int, tuple[str, ...]]:
    """Return which mode holds most of the uniform wave of each band edge."""
    if not len(order):
        return {}
    vectors = np.array([edge.vector for edge in found.band_edges])
    weights = operator.weights
    some = fields[order]
    power = np.einsum("mwxy,xy->m", np.abs(some) ** 2, weights)
    mean = np.einsum("ew,mwxy,xy->em", vectors.conj(), some, weights, optimize=True)
    share = np.abs(mean) ** 2 / power
    chosen: dict[int, tuple[str, ...]] = {}
    for edge, row in zip(found.band_edges, share, strict=True):
        best = int(order[int(np.argmax(row))])
        chosen[best] = (*chosen.get(best, ()), edge.name)
    return chosen


def _lobe_note(modes: tuple[FiniteMode, ...]) -> tuple[str, ...]:
    if modes[0].fundamental:
        return ()
    return (
        "the lowest threshold belongs to an envelope of many lobes, a bundle of lasers along one "
        "axis; the equations have no diffraction across the waves, so take it as a lower limit",
    )


def _sides(length: float | tuple[float, float], found: Coupling) -> tuple[float, float]:
    pair: Floats = np.atleast_1d(np.asarray(length, dtype=np.float64))
    sides = (float(pair[0]), float(pair[-1]))
    period = found.cavity.lattice.period
    if pair.shape not in ((1,), (2,)) or not all(np.isfinite(s) and s > 10 * period for s in sides):
        raise ValueError(
            f"length: must be one or two numbers of more than ten periods ({10 * period:.3g} um), "
            f"got {length}; envelopes must change slowly over a period"
        )
    return sides
