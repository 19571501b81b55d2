"""The matrix pencil A(m) - k^2 M(k) of an axisymmetric cavity, for every m and k at once.

With E = (E_r, E_z) e^{i m phi} in H(curl) of order p, w = -i r E_phi in H1 of order p + 1,
complex-stretched r~, z~ (factors s_r, s_z) and D = diag(s_z/s_r, s_r/s_z):

    A(m) = A0 + m A1 + m^2 A2
    A0 = (1/r~) D grad w . grad q + r~/(s_r s_z) curl E curl F
    A1 = -(1/r~) (D E . grad q + D grad w . F)
    A2 = (1/r~) D E . F
    M(k) = sum over parts eps_part(k) [ r~ D E . F + (s_r s_z / r~) w q ]

On the axis a finite field needs m E_r = d_r w, which the weight 1/r of A enforces: the three
parts of A diverge there one by one and cancel point by point, so that they have to be integrated
with one and the same rule (with a rule of its own for each part m = 1 converges like p^-3 only).

All forms are unconjugated, so every matrix is complex symmetric. The H1 order must exceed the
H(curl) order by one: then gradients of w lie in the space of E and the kernel of A(m) is exact;
with equal orders the spectrum fills with spurious modes.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ngsolve
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cavities.material import Material
from solvers.axisymmetric.factorization import Factorization
from solvers.axisymmetric.mesh import AxisymmetricMesh
from solvers.axisymmetric.settings import AxisymmetricSettings
from solvers.axisymmetric.split_matrix import SplitMatrix

__all__ = ["MassPart", "Pencil", "assemble", "continued_permittivity", "spaces"]

Complex = NDArray[np.complex128]
Indices = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class MassPart:
    """The mass form of one part with unit permittivity, as entries of the shared pattern."""

    region: str
    material: Material
    pml: bool
    positions: Indices
    values: Complex


@dataclass(frozen=True, kw_only=True, eq=False)
class Pencil:
    """Sparse matrices that share one pattern, and the order of the space of every unknown."""

    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    stiffness: tuple[Complex, Complex, Complex]
    masses: tuple[MassPart, ...]
    axis_unknowns: tuple[NDArray[np.bool_], NDArray[np.bool_]]

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.indptr) - 1

    def stiffness_entries(self, azimuthal_order: int) -> Complex:
        """Return the entries of A(m)."""
        a0, a1, a2 = self.stiffness
        m = float(azimuthal_order)
        entries = a1 * m
        entries += a0
        entries += a2 * (m * m)
        return entries

    def mass_entries(self, wavenumber: complex) -> Complex:
        """Return the entries of M at the permittivities of the complex wavenumber (rad/um)."""
        return self._weighted_masses(wavenumber, 0.0)

    def inertia_entries(self, wavenumber: complex) -> Complex:
        """Return the entries of d(k^2 M)/d(k^2): M with the materials' dispersion added."""
        return self._weighted_masses(wavenumber, 0.5)

    def _weighted_masses(self, wavenumber: complex, slope_share: float) -> Complex:
        entries = np.zeros(len(self.indices), dtype=np.complex128)
        square = np.asarray([complex(wavenumber) ** 2])
        for part in self.masses:
            eps, slope = continued_permittivity(part.material, square)
            entries[part.positions] += complex(eps[0] + slope_share * slope[0]) * part.values
        return entries

    def matrix(self, entries: Complex) -> sp.csr_matrix:
        """Return the entries as a SciPy matrix (the pattern is shared, not copied)."""
        return sp.csr_matrix((entries, self.indices, self.indptr), shape=(self.size, self.size))

    @functools.cached_property
    def part_matrices(self) -> tuple[SplitMatrix, ...]:
        """Return the compact matrix of every part's mass form with unit permittivity."""
        return tuple(
            SplitMatrix(self._compact(part.positions, part.values)) for part in self.masses
        )

    def stiffness_matrix(self, azimuthal_order: int) -> sp.csr_matrix:
        """Return A(m); the last one is kept."""
        return self._of_order(azimuthal_order).matrix

    def split_stiffness(self, azimuthal_order: int) -> SplitMatrix:
        """Return A(m) for products with blocks of vectors; the last one is kept."""
        return self._of_order(azimuthal_order).split

    def stiffness_slope(self, azimuthal_order: int) -> SplitMatrix:
        """Return dA/dm; the last one is kept."""
        return self._of_order(azimuthal_order).slope

    def _of_order(self, azimuthal_order: int) -> _Stiffness:
        if azimuthal_order not in self._stiffness_cache:
            self._stiffness_cache.clear()
            _, a1, a2 = self.stiffness
            self._stiffness_cache[azimuthal_order] = _Stiffness(
                self.matrix(self.stiffness_entries(azimuthal_order)),
                lambda: a1 + 2.0 * azimuthal_order * a2,
            )
        return self._stiffness_cache[azimuthal_order]

    @functools.cached_property
    def _stiffness_cache(self) -> dict[int, _Stiffness]:
        return {}

    @functools.cached_property
    def material_masses(self) -> tuple[tuple[Material | None, ...], tuple[SplitMatrix, ...]]:
        """Return the mass matrices by dispersive material, unit permittivity.

        The material None stands for all non-dispersive ones together, permittivities included.
        """
        grouped: dict[str, tuple[Material | None, list[tuple[MassPart, complex]]]] = {}
        for part in self.masses:
            if part.material.is_dispersive:
                key, material, eps = part.material.content_hash(), part.material, 1.0 + 0j
            else:
                low, high = part.material.wavelength_range
                key, material = "constant", None
                eps = complex(part.material.permittivity(min(max(1.0, low), high)))
            grouped.setdefault(key, (material, []))[1].append((part, eps))
        matrices = []
        for _, parts in grouped.values():
            positions, place = np.unique(
                np.concatenate([part.positions for part, _ in parts]), return_inverse=True
            )
            values = np.zeros(len(positions), dtype=np.complex128)
            np.add.at(values, place, np.concatenate([eps * part.values for part, eps in parts]))
            matrices.append(SplitMatrix(self._compact(positions, values)))
        return tuple(material for material, _ in grouped.values()), tuple(matrices)

    def restricted(self, unknowns: Indices) -> Pencil:
        """Return the pencil of the subspace that some of the basis functions span."""
        numbers = np.arange(len(self.indices), dtype=np.int64)
        pattern = sp.csr_matrix((numbers, self.indices, self.indptr), shape=(self.size, self.size))
        kept = pattern[unknowns][:, unknowns]
        place = np.full(len(numbers), -1, dtype=np.int64)
        place[kept.data] = np.arange(kept.nnz)
        masses = []
        for part in self.masses:
            positions = place[part.positions]
            order = np.argsort(positions)[np.count_nonzero(positions < 0) :]
            masses.append(
                dataclasses.replace(part, positions=positions[order], values=part.values[order])
            )
        a0, a1, a2 = (entries[kept.data] for entries in self.stiffness)
        azimuthal, longitudinal = (which[unknowns] for which in self.axis_unknowns)
        return Pencil(
            indptr=kept.indptr,
            indices=kept.indices,
            stiffness=(a0, a1, a2),
            masses=tuple(masses),
            axis_unknowns=(azimuthal, longitudinal),
        )

    def _compact(self, positions: Indices, values: Complex) -> sp.csr_matrix:
        rows = np.searchsorted(self.indptr, positions, side="right") - 1
        counts = np.bincount(rows, minlength=self.size)
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(self.indptr.dtype)
        columns = self.indices[positions]
        return sp.csr_matrix((values, columns, indptr), shape=(self.size, self.size))

    def free(self, azimuthal_order: int) -> NDArray[np.bool_]:
        """Return which unknowns are free: on the axis w = 0, and E_z = 0 unless m = 0."""
        azimuthal, longitudinal = self.axis_unknowns
        return ~(azimuthal if azimuthal_order == 0 else azimuthal | longitudinal)

    def factorize(
        self, azimuthal_order: int, wavenumber: complex, *, single: bool = False
    ) -> Factorization:
        """Factorise A(m) - k^2 M(k), in single precision if asked for."""
        entries = self.mass_entries(wavenumber)
        entries *= -(complex(wavenumber) ** 2)
        entries += self.stiffness_matrix(azimuthal_order).data
        return Factorization(self.matrix(entries), self.free(azimuthal_order), single=single)


class _Stiffness:
    """The stiffness of one azimuthal order, each form of it made when it is first asked for.

    It does not refer to the pencil: in a circle both would live until the next full collection.
    """

    def __init__(self, matrix: sp.csr_matrix, slope_entries: Callable[[], Complex]) -> None:
        self.matrix, self._slope_entries = matrix, slope_entries

    @functools.cached_property
    def split(self) -> SplitMatrix:
        return SplitMatrix(self.matrix)

    @functools.cached_property
    def slope(self) -> SplitMatrix:
        return SplitMatrix(
            sp.csr_matrix(
                (self._slope_entries(), self.matrix.indices, self.matrix.indptr),
                shape=self.matrix.shape,
            )
        )


def continued_permittivity(material: Material, squares: Complex) -> tuple[Complex, Complex]:
    """Return eps (n,) at complex k^2 (n,), and its slope k d eps/dk.

    eps is continued from the real axis to first order in Im k,
    eps(k' + i k'') = eps(k') + i (k''/k') (d(omega Re eps)/d omega - Re eps):
    with it Q is the photon lifetime of the dispersive medium, not of a frozen one.
    """
    k = np.sqrt(squares)
    wavelengths = 2 * math.pi / k.real
    eps = np.asarray(material.permittivity(wavelengths), dtype=np.complex128)
    if not material.is_dispersive:
        return eps, np.zeros_like(eps)
    slope = np.asarray(material.group_permittivity(wavelengths)) - eps.real
    return np.asarray(eps + 1j * k.imag / k.real * slope), slope.astype(np.complex128)


def spaces(mesh: Any, order: int, *, complex_valued: bool) -> Any:
    """Return the product space H(curl) of order p for (E_r, E_z) times H1 of p + 1 for w."""
    return ngsolve.HCurl(mesh, order=order, complex=complex_valued) * ngsolve.H1(
        mesh, order=order + 1, complex=complex_valued
    )


def assemble(mesh: AxisymmetricMesh, settings: AxisymmetricSettings) -> Pencil:
    """Assemble the pencil on the mesh.

    The physical domain is integrated in real arithmetic (its forms are real), the absorbing
    layer in complex arithmetic; both spaces number their unknowns alike.
    """
    real_space = spaces(mesh.mesh, settings.order, complex_valued=False)
    complex_space = spaces(mesh.mesh, settings.order, complex_valued=True)
    pattern = _pattern(real_space, settings.order)
    places: dict[str, Indices] = {}
    # One rule for all forms: near the axis their 1/r parts cancel point by point only.
    rules = {ngsolve.TRIG: ngsolve.IntegrationRule(ngsolve.TRIG, 2 * settings.order + 4)}

    def scattered(space: Any, integral: Any, where: str) -> tuple[Indices, NDArray[Any]]:
        form = ngsolve.BilinearForm(space, check_unused=False)
        form += integral
        form.Assemble()
        values, columns, indptr = (np.array(a, copy=True) for a in form.mat.CSR())
        if where not in places:
            own = sp.csr_matrix((np.ones(len(values)), columns, indptr), shape=pattern.shape)
            places[where] = pattern.multiply(own).tocsr().data.astype(np.int64) - 1
        return places[where], values

    def volume(build: Any, pml: bool, labels: list[str]) -> tuple[Indices, NDArray[Any]]:
        where = "|".join(labels)
        space = complex_space if pml else real_space
        factors = stretch(mesh, settings) if pml else (ngsolve.x, 1.0, 1.0)
        (e, w), (f, q) = space.TnT()
        region = ngsolve.dx(definedon=mesh.mesh.Materials(where), intrules=rules)
        return scattered(space, build(e, w, f, q, *factors) * region, where)

    stiffness = []
    for build in (_curl_curl, _cross, _transverse):
        entries = np.zeros(pattern.nnz, dtype=np.complex128)
        for pml in (False, True):
            labels = [part.label for part in mesh.parts if part.pml is pml]
            positions, values = volume(build, pml, labels)
            entries[positions] += values
        stiffness.append(entries)
    masses = []
    for region, material, pml, labels in _groups(mesh):
        positions, values = volume(_mass, pml, labels)
        masses.append(
            MassPart(
                region=region,
                material=material,
                pml=pml,
                positions=positions,
                values=values.astype(np.complex128),
            )
        )
    return Pencil(
        indptr=pattern.indptr.astype(np.int32),
        indices=pattern.indices.astype(np.int32),
        stiffness=(stiffness[0], stiffness[1], stiffness[2]),
        masses=tuple(masses),
        axis_unknowns=_axis_unknowns(mesh, complex_space),
    )


def _pattern(space: Any, order: int) -> sp.csr_matrix:
    """Return the space's full sparsity pattern with its entries numbered from 1."""
    _, w = space.TrialFunction()
    _, q = space.TestFunction()
    form = ngsolve.BilinearForm(space)
    form += ngsolve.CF(0.0) * w * q * ngsolve.dx(bonus_intorder=-2 * order)
    form.Assemble()
    _, columns, indptr = form.mat.CSR()
    numbers = np.arange(1, len(columns) + 1, dtype=np.float64)
    arrays = (numbers, np.array(columns, copy=True), np.array(indptr, copy=True))
    return sp.csr_matrix(arrays, shape=(space.ndof, space.ndof))


def stretch(mesh: AxisymmetricMesh, settings: AxisymmetricSettings) -> tuple[Any, Any, Any]:
    """Return stretched radius r~ and the factors s_r = dr~/dr, s_z = dz~/dz."""
    domain, strength = mesh.domain, settings.pml_strength
    zero = ngsolve.CF(0.0)

    def depth(distance: Any) -> Any:
        return ngsolve.IfPos(distance, distance / domain.pml, zero)

    radial = depth(ngsolve.x - domain.outer)
    vertical = depth(ngsolve.y - domain.top)
    if domain.pml_below > 0:
        vertical += depth(domain.bottom - ngsolve.y)
    r = ngsolve.x + 1j * strength * domain.pml / 3 * radial**3
    return r, 1 + 1j * strength * radial**2, 1 + 1j * strength * vertical**2


def _groups(mesh: AxisymmetricMesh) -> list[tuple[str, Material, bool, list[str]]]:
    groups: dict[tuple[str, str, bool], tuple[str, Material, bool, list[str]]] = {}
    for part in mesh.parts:
        key = (part.region, part.material.content_hash(), part.pml)
        groups.setdefault(key, (part.region, part.material, part.pml, []))[3].append(part.label)
    return list(groups.values())


def _weighted(vector: Any, s_r: Any, s_z: Any) -> Any:
    return ngsolve.CF((s_z / s_r * vector[0], s_r / s_z * vector[1]))


def _curl_curl(e: Any, w: Any, f: Any, q: Any, r: Any, s_r: Any, s_z: Any) -> Any:
    gradients = _weighted(ngsolve.grad(w), s_r, s_z) * ngsolve.grad(q)
    return gradients / r + r / (s_r * s_z) * ngsolve.curl(e) * ngsolve.curl(f)


def _cross(e: Any, w: Any, f: Any, q: Any, r: Any, s_r: Any, s_z: Any) -> Any:
    return (
        -(_weighted(e, s_r, s_z) * ngsolve.grad(q) + _weighted(ngsolve.grad(w), s_r, s_z) * f) / r
    )


def _transverse(e: Any, w: Any, f: Any, q: Any, r: Any, s_r: Any, s_z: Any) -> Any:
    return _weighted(e, s_r, s_z) * f / r


def _mass(e: Any, w: Any, f: Any, q: Any, r: Any, s_r: Any, s_z: Any) -> Any:
    return r * (_weighted(e, s_r, s_z) * f) + s_r * s_z / r * w * q


def _axis_unknowns(
    mesh: AxisymmetricMesh, space: Any
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    azimuthal = np.zeros(space.ndof, dtype=bool)
    longitudinal = np.zeros(space.ndof, dtype=bool)
    if mesh.domain.has_axis:
        axis = mesh.mesh.Boundaries("axis")
        split = space.components[0].ndof
        longitudinal[:split] = list(space.components[0].GetDofs(axis))
        azimuthal[split:] = list(space.components[1].GetDofs(axis))
    return azimuthal, longitudinal
