"""Reflection, transmission, diffraction and absorption of periodic stacks."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.periodic_stack import PeriodicStack
from solvers.fourier_modal.cell_problem import (
    OUTER_FLOOR,
    CellProblem,
    Factorization,
    SectorProblem,
)
from solvers.fourier_modal.cell_symmetry import cell_symmetry
from solvers.fourier_modal.driven_field import DrivenField
from solvers.fourier_modal.media import Media
from solvers.fourier_modal.prepare import as_unit_cell, cell_problem
from solvers.fourier_modal.sections import UniformSection
from solvers.fourier_modal.spectrum_result import PeriodicSpectrum

__all__ = ["spectrum"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


def spectrum(
    cavity: Any,
    wavelength: ArrayLike,
    *,
    angle_deg: float = 0.0,
    azimuth_deg: float = 0.0,
    polarization: str | Sequence[str] = ("TE", "TM"),
    side: Literal["top", "bottom"] = "top",
    orders: int = 121,
    use_symmetry: bool = True,
    factorization: Factorization = "normal-vector",
    media: Media | None = None,
) -> PeriodicSpectrum:
    """Return what a plane wave does at a periodic stack.

    Args:
        cavity: a PeriodicStack, or a cavity with `.unit_cell()`.
        wavelength: vacuum wavelengths (um), a number or (W,).
        angle_deg: angle of incidence in the medium on `side`, which must not absorb.
        azimuth_deg: direction of the plane of incidence: the wave runs along
            (cos azimuth, sin azimuth).
        polarization: "TE" (E across the plane of incidence), "TM" (E in it), or both.
        side: "top": the light comes from the superstrate; "bottom": from the substrate.
        orders: plane waves; rounded down to whole shells.
        use_symmetry: whether to use the little group of the incident wave.
        factorization: "normal-vector", or "laurent" for comparison with simpler programs.
        media: additional gain or index shifts by region.

    Returns:
        The spectra. Reflectance + transmittance + absorption = 1 to rounding at any truncation.

    Raises:
        ValueError: an angle outside 0 <= angle < 90, or an absorbing medium of incidence.

    Example:
        >>> from cavities.body_of_revolution import Layer
        >>> from cavities.lattice import Lattice
        >>> film = PeriodicStack(lattice=Lattice.square(0.3), substrate=1.5, superstrate=1.0,
        ...                      layers=(Layer(name="film", material=1.5, thickness=0.1),))
        >>> spectrum(film, 0.6).reflectance.round(6).tolist()
        [[0.04], [0.04]]
    """
    from solvers.multilayer.incidence import checked_polarizations, checked_wavelengths

    stack = as_unit_cell(cavity)
    names = checked_polarizations(polarization)
    waves = np.atleast_1d(checked_wavelengths(wavelength))
    if side not in ("top", "bottom"):
        raise ValueError(f'side: must be "top" or "bottom", got {side!r}; z points upwards')
    if not 0 <= angle_deg < 90:
        raise ValueError(
            f"angle_deg: must satisfy 0 <= angle < 90 degrees, got {angle_deg:g}; angles are "
            "measured from the normal in the medium of incidence"
        )
    entrance = (stack.superstrate if side == "top" else stack.substrate).index(waves)
    if np.any(entrance.imag != 0):
        raise ValueError(
            f"side: the medium of incidence must not absorb, got n = {entrance[0]:.4g} on the "
            f"{side}; send the light from the other side"
        )
    turn = math.radians(azimuth_deg)
    along = np.array([math.cos(turn), math.sin(turn)])
    sine = math.sin(math.radians(angle_deg))
    incidence = _Incidence(
        stack,
        orders,
        use_symmetry,
        media or Media(),
        side,
        along,
        factorization,
        first=2 * math.pi / float(waves[0]),
    )
    found = [
        incidence.response(2 * math.pi / wave, float(index.real) * sine, names)
        for wave, index in zip(waves, entrance, strict=True)
    ]
    absorbing = list(dict.fromkeys(region for one in found for region in one.absorption))
    zero = np.zeros(len(names))
    return PeriodicSpectrum(
        wavelength=waves,
        polarizations=names,
        angle_deg=float(angle_deg),
        azimuth_deg=float(azimuth_deg),
        side=side,
        reflectance=_column([one.reflected.sum(axis=1) for one in found]),
        transmittance=_column([one.transmitted.sum(axis=1) for one in found]),
        r=_column([one.r for one in found]),
        t=_column([one.t for one in found]),
        orders=incidence.indices,
        order_reflectance=_column([one.reflected for one in found]),
        order_transmittance=_column([one.transmitted for one in found]),
        region_absorption={
            region: _column([one.absorption.get(region, zero) for one in found])
            for region in absorbing
        },
    )


def _column(rows: list[NDArray[Any]]) -> NDArray[Any]:
    return np.stack(rows, axis=1)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Response:
    reflected: Floats
    transmitted: Floats
    r: Complexes
    t: Complexes
    absorption: dict[str, Floats]


class _Incidence:
    """Problems of one stack at the Bloch vectors of a plane wave; the patterns are kept."""

    def __init__(
        self,
        stack: PeriodicStack,
        count: int,
        use_symmetry: bool,
        media: Media,
        side: str,
        along: Floats,
        factorization: Factorization,
        first: float,
    ) -> None:
        self.stack = stack
        self.count = count
        self.use_symmetry = use_symmetry
        self.media = media
        self.side = side
        self.along = along
        self.factorization = factorization
        self.symmetry = cell_symmetry(stack)
        self.last: tuple[float, CellProblem, list[SectorProblem]] | None = None
        self.indices = self._problem(0.0, first)[0].orders.indices

    def _problem(self, in_plane: float, k: float) -> tuple[CellProblem, list[SectorProblem]]:
        if self.last is not None and self.last[0] == in_plane:
            return self.last[1:]
        previous = None if self.last is None else self.last[1]
        cell = cell_problem(
            self.stack,
            in_plane * self.along,
            self.count,
            k,
            use_symmetry=self.use_symmetry,
            symmetry=self.symmetry,
            media=self.media,
            like=previous,
            factorization=self.factorization,
        )
        incident = _incident_order(cell)
        sectors = [
            cell.sector_problem(number)
            for number, sector in enumerate(cell.sectors)
            if np.any(np.abs(sector.bases[0][:, incident]) > 1e-9)
        ]
        self.last = (in_plane, cell, sectors)
        return cell, sectors

    def response(self, k: float, sine: float, names: Sequence[str]) -> _Response:
        """Return what a wave with k_parallel = sine k0 does, for each polarisation."""
        cell, sectors = self._problem(sine * k, k)
        count, incident = len(cell.orders), _incident_order(cell)
        wanted = np.stack([_direction(name, sine, self.along) for name in names], axis=1)
        back, through = np.zeros((2, 2, count, len(names)), dtype=np.complex128)
        absorbed: dict[str, Floats] = defaultdict(lambda: np.zeros(len(names)))
        for problem in sectors:
            bases = problem.sector.bases
            columns = [basis[:, incident].conj().T @ wanted for basis in bases]
            driven = DrivenField.of(
                problem, k, np.concatenate(columns, axis=1), top=self.side == "top"
            )
            for partner, basis in enumerate(bases):
                part = slice(partner * len(names), (partner + 1) * len(names))
                back += np.einsum("qan,nm->qam", basis, driven.reflected[:, part])
                through += np.einsum("qan,nm->qam", basis, driven.transmitted[:, part])
                for region, values in driven.absorption.items():
                    absorbed[region] += values[part]
        entrance, leaving = _outer_waves(cell, self.media, k, top=self.side == "top")
        power = np.einsum("qm,q->m", np.abs(wanted) ** 2, entrance.admittance[:, incident].real)
        tilt = entrance.cosine(incident) / leaving.cosine(incident)
        r, t = (np.einsum("qm,qm->m", wanted, wave[:, incident]) for wave in (back, through))
        is_tm = np.array([name == "TM" for name in names])
        return _Response(
            reflected=entrance.fluxes(back).T / power[:, None],
            transmitted=leaving.fluxes(through).T / power[:, None],
            r=np.where(is_tm, -r, r),
            t=np.where(is_tm, t * tilt, t),
            absorption={region: values / power for region, values in absorbed.items()},
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _OuterWaves:
    """Admittances (2, N) and cosines of all orders in an outer medium; open: those that leave."""

    admittance: Complexes
    q: Complexes
    index: complex
    k: float

    def fluxes(self, amplitude: Complexes) -> Floats:
        """Return the power (N, m) that amplitudes (2, N, m) of the p and s waves carry."""
        return np.asarray(np.einsum("qam,qa->am", np.abs(amplitude) ** 2, self.admittance.real))

    def cosine(self, order: int) -> complex:
        """Return the cosine of an order's angle to the normal."""
        return complex(self.q[order] / (self.index * self.k))


def _outer_waves(
    cell: CellProblem, media: Media, k: float, *, top: bool
) -> tuple[_OuterWaves, _OuterWaves]:
    """Return the waves of the medium of incidence and of the other one."""
    stack, lengths = cell.stack, cell.orders.lengths
    found = []
    for name, material in (("superstrate", stack.superstrate), ("substrate", stack.substrate)):
        eps = media.at(name, material, complex(k)).eps
        both = np.concatenate([lengths, lengths])
        section = UniformSection.of(complex(k), eps, 0.0, both, len(lengths), floor=OUTER_FLOOR)
        found.append(
            _OuterWaves(
                admittance=section.admittance.reshape(2, -1),
                q=section.q[: len(lengths)],
                index=eps**0.5,
                k=k,
            )
        )
    return (found[0], found[1]) if top else (found[1], found[0])


def _incident_order(cell: CellProblem) -> int:
    return int(np.flatnonzero(~np.any(cell.orders.indices, axis=1))[0])


def _direction(name: str, sine: float, along: Floats) -> Floats:
    """Return the p and s amplitudes (2,) of the incident E; p is x and s is y at sine = 0."""
    if sine == 0:
        return along if name == "TM" else np.array([-along[1], along[0]])
    return np.array([1.0, 0.0]) if name == "TM" else np.array([0.0, 1.0])
