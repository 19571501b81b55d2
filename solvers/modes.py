"""Modes: the result types that every solver of the suite returns."""

from __future__ import annotations

import dataclasses
import math
import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["POLARIZATIONS", "FieldSampler", "Mode", "ModeSet"]

FieldSampler = Callable[[NDArray[np.float64], NDArray[np.float64]], Mapping[str, NDArray[Any]]]

POLARIZATIONS = ("TE", "TM", "hybrid")


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Mode:
    """One resonance of an open cavity.

    Fields vary as exp(i m phi - i omega t): a decaying mode has Im k0 < 0.

    A copy of a mode is the mode itself (it is immutable). A saved mode leaves its `sampler`
    behind; a pickled one keeps it, so that worker processes can send modes with fields.

    Attributes:
        wavenumber: complex vacuum wavenumber k0 = omega/c (rad/um), Im < 0 when it decays.
        quality_factors: Q by loss channel: "radiation", "absorption:<region>", ...
            Their inverses add up to 1/quality_factor.
        confinement: electric energy fraction by region (conjugated, physical domain, sums to 1).
        gain_overlap: first-order modal overlap Gamma_1 by region: the mode's threshold is at the
            material gain 2 pi n/(Gamma_1 lambda Q), that is, Gamma_1 = 2 n d(Im k0)/dg. It
            differs from the energy fraction where media are dispersive; empty where unknown.
        mode_volume: int(eps |E|^2) / max(eps |E|^2) (um^3), nan where not defined.
        mode_length: mode volume per area (um) of a mode without end in the plane; nan for others.
        in_plane_wavenumber: k_x (rad/um) of a mode without end in the plane; None for others.
        free_spectral_range: distance in wavelength (um) between neighbouring azimuthal orders of
            the mode's family, lambda^2/(2 pi) d Re k0/dm; nan where not defined.
        polarization: "TE", "TM" or "hybrid" (fields along / across the cavity's normal).
        azimuthal_order, radial_order, axial_order: from symmetry and from counting nodes;
            None where they have no meaning.
        lattice_point: of a periodic cavity's mode: "Gamma", "X", ..., or its Bloch vector as text.
        band: number of such a mode, from 1 at the longest wavelength of the searched window,
            among those of its polarisation.
        symmetry: its irreducible representation: "A1", "B2", "E", ...
        residual: relative norm of the eigenvalue equation's residual.
        wavelength_error: estimate of the absolute error of `wavelength` (um).
        quality_factor_error: estimate of the relative error of `quality_factor`.
        method: the solver, e.g. "axisymmetric-fem".
        settings: the solver's settings (JSON-able).
        sampler: callable that takes the r and z (um) of n points, two arrays (n,), and
            returns a mapping with complex arrays (n,) "E_r", "E_phi", "E_z" (arbitrary
            common scale) and "eps" (relative permittivity), nan outside the domain.

    Raises:
        ValueError: wavenumber not finite or Re k0 <= 0; a partial Q of zero.

    Example:
        >>> mode = Mode(wavenumber=10 - 5e-5j, polarization="TE", azimuthal_order=75)
        >>> round(mode.wavelength, 6), round(mode.quality_factor)
        (0.628319, 100000)
    """

    wavenumber: complex
    quality_factors: Mapping[str, float] = dataclasses.field(default_factory=dict)
    confinement: Mapping[str, float] = dataclasses.field(default_factory=dict)
    gain_overlap: Mapping[str, float] = dataclasses.field(default_factory=dict)
    mode_volume: float = float("nan")
    mode_length: float = float("nan")
    in_plane_wavenumber: float | None = None
    free_spectral_range: float = float("nan")
    polarization: str = "hybrid"
    azimuthal_order: int | None = None
    radial_order: int | None = None
    axial_order: int | None = None
    lattice_point: str | None = None
    band: int | None = None
    symmetry: str | None = None
    residual: float = float("nan")
    wavelength_error: float = float("nan")
    quality_factor_error: float = float("nan")
    method: str = ""
    settings: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    sampler: FieldSampler | None = None

    def __post_init__(self) -> None:
        wavenumber = complex(self.wavenumber)
        if not (np.isfinite(wavenumber) and wavenumber.real > 0):
            raise ValueError(
                "wavenumber: must be finite with a real part > 0 (rad/um), "
                f"got {wavenumber}; give k0 = omega/c = 2 pi / wavelength"
            )
        object.__setattr__(self, "wavenumber", wavenumber)
        for name in ("quality_factors", "confinement", "gain_overlap"):
            numbers = {str(key): float(value) for key, value in getattr(self, name).items()}
            object.__setattr__(self, name, MappingProxyType(numbers))
        for channel, value in self.quality_factors.items():
            if value == 0:
                raise ValueError(
                    f"quality_factors: every Q must differ from 0, got 0 for {channel!r}; "
                    "leave out a channel that is unknown"
                )
        for name in ("azimuthal_order", "radial_order", "axial_order", "band"):
            if (order := getattr(self, name)) is not None:
                object.__setattr__(self, name, operator.index(order))
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    def __repr__(self) -> str:
        method = f", {self.method}" if self.method else ""
        return f"Mode({self.label}, {self.wavelength:.7g} um, Q={self.quality_factor:.4g}{method})"

    def __copy__(self) -> Mode:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Mode:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), _plain(self))

    @property
    def wavelength(self) -> float:
        """Vacuum wavelength 2 pi / Re k0 (um)."""
        return 2 * math.pi / self.wavenumber.real

    @property
    def quality_factor(self) -> float:
        """Q = -Re k0 / (2 Im k0); inf without loss, negative with gain."""
        if self.wavenumber.imag == 0:
            return float("inf")
        return -self.wavenumber.real / (2 * self.wavenumber.imag)

    @property
    def label(self) -> str:
        """Text label such as "TE m=75 (1, 0)": polarisation, m, (radial, axial) order.

        A planar mode has its axial order and k_x (rad/um): "TE q=9 kx=3.1"; one of a periodic
        cavity its lattice point, representation and band: "TE Gamma A2 1".
        """
        text = self.polarization
        if self.azimuthal_order is not None:
            text += f" m={self.azimuthal_order}"
        if self.radial_order is not None:
            axial = "" if self.axial_order is None else f", {self.axial_order}"
            text += f" ({self.radial_order}{axial})"
        elif self.axial_order is not None:
            text += f" q={self.axial_order}"
        if self.in_plane_wavenumber:
            text += f" kx={self.in_plane_wavenumber:.4g}"
        if self.lattice_point is not None:
            band = None if self.band is None else str(self.band)
            text = " ".join(filter(None, [text, self.lattice_point, self.symmetry, band]))
        return text

    def quality_factor_balance(self) -> float:
        """Return how far the loss channels miss the total: abs(Q sum_i 1/Q_i - 1).

        Returns:
            0 when 1/Q = sum_i 1/Q_i exactly; nan when the mode lists no channels; inf when
            the total is lossless and the channels are not.

        Example:
            >>> parts = {"radiation": 2e4, "absorption:gold": 2e4}
            >>> Mode(wavenumber=10 - 5e-4j, quality_factors=parts).quality_factor_balance()
            0.0
        """
        if not self.quality_factors:
            return float("nan")
        loss = math.fsum(1 / value for value in self.quality_factors.values())
        if math.isinf(self.quality_factor):
            return 0.0 if loss == 0 else float("inf")
        return abs(self.quality_factor * loss - 1)

    def field(self, r: ArrayLike, z: ArrayLike) -> xr.Dataset:
        """Sample the field on the grid r x z.

        Args:
            r: distances from the axis (um), a number or an array (nr,), >= 0.
            z: heights (um), a number or an array (nz,).

        Returns:
            Dataset over (r, z) with complex E_r, E_phi, E_z (one arbitrary common scale)
            and eps (complex relative permittivity); nan outside the computational domain.

        Raises:
            ValueError: the mode carries no field (it was loaded from a file or a table),
                or the grid is empty or has r < 0.
        """
        from solvers.mode_field import sample_field

        return sample_field(self, r, z)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ModeSet(Sequence[Mode]):
    """Modes of one cavity with their provenance; solvers sort them by wavelength.

    Attributes:
        modes: the modes.
        cavity: JSON-able description of the cavity.
        window: wavelength window (um) that was searched; (nan, nan) where there is none.
        settings: solver settings (JSON-able).
        provenance: versions, wall time, warnings (JSON-able).

    Example:
        >>> comb = [Mode(wavenumber=0.13 * m, polarization="TE", azimuthal_order=m)
        ...         for m in (77, 76, 75)]
        >>> modes = ModeSet(modes=tuple(comb))
        >>> modes.select(azimuthal_order=range(76, 80))
        ModeSet(2 modes, 0.6276908-0.6359499 um, m = 76-77, TE, Q inf)
    """

    modes: tuple[Mode, ...]
    cavity: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    window: tuple[float, float] = (float("nan"), float("nan"))
    settings: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    provenance: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        modes = tuple(self.modes)
        for mode in modes:
            if not isinstance(mode, Mode):
                raise TypeError(f"modes: must hold Mode objects, got {type(mode).__name__}")
        object.__setattr__(self, "modes", modes)
        low, high = (float(edge) for edge in self.window)
        if low > high:
            raise ValueError(
                f"window: must be (low, high) wavelengths (um), got {self.window}; swap them"
            )
        object.__setattr__(self, "window", (low, high))
        for name in ("cavity", "settings", "provenance"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __len__(self) -> int:
        return len(self.modes)

    @overload
    def __getitem__(self, index: int) -> Mode: ...
    @overload
    def __getitem__(self, index: slice) -> ModeSet: ...
    def __getitem__(self, index: int | slice) -> Mode | ModeSet:
        if isinstance(index, slice):
            return dataclasses.replace(self, modes=self.modes[index])
        return self.modes[index]

    def __iter__(self) -> Iterator[Mode]:
        return iter(self.modes)

    def __repr__(self) -> str:
        return f"ModeSet({self.summary()})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), _plain(self))

    def __copy__(self) -> ModeSet:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> ModeSet:
        return self

    def summary(self) -> str:
        """Return one line: how many modes, their wavelengths (um), m, polarisation and Q."""
        parts = ["1 mode" if len(self) == 1 else f"{len(self)} modes"]
        if self.modes:
            parts.append(f"{_span([mode.wavelength for mode in self], '.7g')} um")
            orders = [m.azimuthal_order for m in self if m.azimuthal_order is not None]
            if orders:
                parts.append(f"m = {_span(orders, 'd')}")
            parts.append("/".join(sorted({mode.polarization for mode in self})))
            worst_first = self.sorted_by("quality_factor")
            ends = [f"{mode.quality_factor:.3g}" for mode in (worst_first[0], worst_first[-1])]
            parts.append("Q " + " to ".join(dict.fromkeys(ends)))
        elif not math.isnan(self.window[0]):
            parts.append(f"searched {self.window[0]:.7g}-{self.window[1]:.7g} um")
        return ", ".join(parts)

    def select(
        self,
        *,
        polarization: str | Collection[str] | None = None,
        azimuthal_order: int | Collection[int] | None = None,
        radial_order: int | Collection[int] | None = None,
        axial_order: int | Collection[int] | None = None,
        min_quality_factor: float | None = None,
        wavelength: tuple[float, float] | None = None,
    ) -> ModeSet:
        """Return the modes that meet every given condition, in the same order.

        Args:
            polarization: one name or several, of "TE", "TM", "hybrid".
            azimuthal_order, radial_order, axial_order: one order or several (a range, a list).
            min_quality_factor: keep 1/Q <= 1/min_quality_factor; lossless modes and modes
                with net gain (Q < 0) stay.
            wavelength: (low, high) vacuum wavelength (um), both included.

        Raises:
            ValueError: unknown polarization, min_quality_factor <= 0, or low > high.
        """
        from solvers.mode_selection import select_modes

        return select_modes(
            self,
            polarization=polarization,
            azimuthal_order=azimuthal_order,
            radial_order=radial_order,
            axial_order=axial_order,
            min_quality_factor=min_quality_factor,
            wavelength=wavelength,
        )

    def sorted_by(self, key: str, *, reverse: bool = False) -> ModeSet:
        """Return the modes in rising order of a property (falling with `reverse`).

        Args:
            key: a property of `Mode` ("wavelength", "quality_factor", "azimuthal_order",
                "mode_volume", ...), or "confinement:<region>", "gain_overlap:<region>",
                "quality_factors:<channel>".
                Quality factors go by falling loss 1/Q: lossless modes come after every
                lossy one, and modes with net gain (Q < 0) after those.
            reverse: falling order. Modes without the property stay last either way.

        Raises:
            ValueError: unknown key.
        """
        from solvers.mode_selection import sort_modes

        return sort_modes(self, key, reverse=reverse)

    def merged(self, other: ModeSet, *, tolerance: float = 1e-6) -> ModeSet:
        """Return the modes of both sets, sorted by wavelength, without duplicates.

        A mode of `other` is left out when this set has one of the same polarisation and
        orders within `tolerance`; each mode stands for one duplicate at most.

        Args:
            other: modes of the same cavity (other orders, or another window).
            tolerance: largest relative difference of the complex wavenumbers of duplicates.

        Returns:
            The union. Its window is the joint one where the two touch, else (nan, nan).
            Settings and provenance that differ are kept side by side under "merged".

        Raises:
            ValueError: the sets describe different cavities.
        """
        from solvers.mode_selection import merge_modes

        return merge_modes(self, other, tolerance=tolerance)

    def to_dataset(self) -> xr.Dataset:
        """Return the modes as an xarray Dataset over the dimension "mode", units in attrs.

        Partial quality factors lie over (mode, channel), confinement and gain_overlap over
        (mode, region), nan where a mode has no such entry. Samplers are left out.
        """
        from solvers.modes_io import dataset_from_modes

        return dataset_from_modes(self)

    @classmethod
    def from_dataset(cls, dataset: xr.Dataset) -> ModeSet:
        """Return the modes of a Dataset made by `to_dataset` (or a selection of one)."""
        from solvers.modes_io import modes_from_dataset

        return modes_from_dataset(dataset)

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per mode; `.attrs["units"]` holds the unit of every column."""
        from solvers.modes_table import dataframe_from_modes

        return dataframe_from_modes(self)

    @classmethod
    def from_dataframe(cls, table: pd.DataFrame) -> ModeSet:
        """Return modes from a table with columns `wavelength` (um) and `quality_factor`.

        Every further column that `to_dataframe` writes is understood and optional, so that
        measured modes, or those of another program, can enter gain and threshold analyses.

        Raises:
            ValueError: a column is missing or unknown.
        """
        from solvers.modes_table import modes_from_dataframe

        return modes_from_dataframe(table)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the modes to an HDF5 (netCDF-4) file, whole or not at all.

        Field samplers are not saved: a loaded mode has numbers and labels, no field.

        Raises:
            ValueError: settings, cavity or provenance are not JSON-able.
            FileNotFoundError: the folder does not exist.
        """
        from solvers.modes_io import save_modes

        save_modes(self, path)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> ModeSet:
        """Read the modes that `save` wrote.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: not a mode file, truncated, or of a newer format.
        """
        from solvers.modes_io import load_modes

        return load_modes(path)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot wavelength (um) versus azimuthal order; colour is Q, marker is polarisation."""
        from solvers.plot_modes import plot_spectrum

        return plot_spectrum(self, ax=ax)

    def _repr_html_(self) -> str:
        from solvers.modes_html import modes_to_html

        return modes_to_html(self)


def _span(values: Sequence[float], spec: str) -> str:
    """Return "low-high", or one number when they are equal."""
    ends = (format(min(values), spec), format(max(values), spec))
    return "-".join(dict.fromkeys(ends))


def _plain(item: Mode | ModeSet) -> dict[str, Any]:
    """Return the fields with plain dicts for the read-only mappings, which do not pickle."""
    state = {field.name: getattr(item, field.name) for field in dataclasses.fields(item)}
    return {
        name: dict(value) if isinstance(value, MappingProxyType) else value
        for name, value in state.items()
    }


def _rebuilt(kind: Callable[..., Any], state: dict[str, Any]) -> Any:
    """Return the unpickled object, validated afresh."""
    return kind(**state)
