"""What moving an interface, or changing a permittivity, does to a mode: x^T (dT) x.

T(k) = A - k^2 M(k) is the pencil of `solvers.axisymmetric.pencil`, x the mode's eigenvector.
Under a smooth displacement V of the plane, with the unknowns carried along (E_t and grad w as
1-forms, curl E as a density), the form x^T T x changes by

    int (B_e + C - A_u - W) V_r / r + (A_u + B_e - C + W) div V
        - 2 sum_ij D_i (u_i u_j / r - k^2 eps r e_i e_j) d_i V_j

with u = grad w - m e, A_u = D u.u / r, B_e = -k^2 eps r D e.e, C = r curl(e)^2 / (s_r s_z) and
W = -k^2 eps s_r s_z w^2 / r: the exact derivative of the discrete problem on the moving mesh.
V vanishes in the absorbing layer, but for vertical motion beside the body, where the layers of
the background move out to infinity.

V solves Laplace's equation with its normal component given on the interfaces (by a penalty).
One adjoint solution gives the weight of every interface point at once; then any number of
parameters cost no more than the motion of the outlines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ngsolve as ng
import numpy as np
from numpy.typing import NDArray

from solvers.axisymmetric.mesh import AxisymmetricMesh
from solvers.axisymmetric.pencil import continued_permittivity, stretch
from solvers.axisymmetric.settings import AxisymmetricSettings
from solvers.axisymmetric.system import System

__all__ = ["ShapeGradient", "mass_shares", "shape_gradient"]

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

# Stiffness of the springs that hold the interfaces, in units of 1/element size.
_PENALTY = 1e8


@dataclass(frozen=True, kw_only=True, eq=False)
class ShapeGradient:
    """The change of x^T T x with the normal displacement of the interfaces.

    Attributes:
        points: Gauss points (edges, points, 2) on the mesh edges between materials (um).
        normals: unit normals there, same shape; their sign varies from edge to edge.
        weights: (edges, points); x^T dT x = sum(weights * normal displacement).
    """

    points: Floats
    normals: Floats
    weights: Complex

    def change(self, displacements: Floats) -> complex:
        """Return x^T dT x for the normal displacements (edges, points) in um."""
        return complex(np.sum(self.weights * displacements))


def mass_shares(system: System, vector: Complex) -> dict[tuple[str, str], complex]:
    """Return x^T M_j x at unit permittivity by (region, content hash of the material)."""
    e, w = _field(system, vector)
    r, s_r, s_z = stretch(system.mesh, system.settings)
    density = r * (s_z / s_r * e[0] * e[0] + s_r / s_z * e[1] * e[1]) + s_r * s_z / r * w * w
    mesh = system.mesh.mesh
    order = 2 * system.settings.order + 4
    integrals = ng.Integrate(density, mesh, order=order, region_wise=True)
    parts = {part.label: part for part in system.mesh.parts}
    shares: dict[tuple[str, str], complex] = {}
    for label, share in zip(mesh.GetMaterials(), integrals, strict=True):
        key = (parts[label].region, parts[label].material.content_hash())
        shares[key] = shares.get(key, 0j) + complex(share)
    return shares


def shape_gradient(
    system: System, vector: Complex, azimuthal_order: int, wavenumber: complex
) -> ShapeGradient:
    """Return the shape gradient of x^T T x of an eigenvector at k = `wavenumber` (rad/um)."""
    eps = {
        part.label: complex(continued_permittivity(part.material, np.array([wavenumber**2]))[0][0])
        for part in system.mesh.parts
    }
    mesh = system.mesh.mesh
    edges = _interfaces(mesh, eps)
    space = ng.VectorH1(mesh, order=system.settings.order + 1)
    functional = _functional(system, vector, azimuthal_order, wavenumber, eps)
    adjoint = _adjoint(system.mesh, space, edges, functional)
    return _on_interfaces(mesh, edges, adjoint, system.settings)


def _field(system: System, vector: Complex) -> Any:
    field = ng.GridFunction(system.space)
    field.vec.FV().NumPy()[:] = vector
    return field.components


def _functional(
    system: System, vector: Complex, azimuthal_order: int, k: complex, eps: dict[str, complex]
) -> Complex:
    """Return the change of x^T T x for every basis function of the displacement."""
    mesh, order = system.mesh.mesh, system.settings.order
    field = _field(system, vector)
    electric = -(complex(k) ** 2) * mesh.MaterialCF(eps)
    space = ng.VectorH1(mesh, order=order + 1, complex=True)
    v = space.TestFunction()
    form = ng.LinearForm(space)
    one = ng.CF(1.0)
    for pml in (False, True):
        stretches = stretch(system.mesh, system.settings) if pml else (ng.x, one, one)
        where = "|".join(part.label for part in system.mesh.parts if part.pml is pml)
        change = _change(field, v, float(azimuthal_order), electric, *stretches)
        form += change * ng.dx(definedon=mesh.Materials(where), bonus_intorder=order)
    form.Assemble()
    return np.array(form.vec.FV().NumPy(), copy=True)


def _change(field: Any, v: Any, m: float, electric: Any, r: Any, s_r: Any, s_z: Any) -> Any:
    """Return the integrand of the change of x^T T x under the displacement v."""
    e, w = field
    u = ng.grad(w) - m * e
    scale = (s_z / s_r, s_r / s_z)
    across = [scale[i] * u[i] / r for i in range(2)]
    along = [scale[i] * electric * r * e[i] for i in range(2)]
    magnetic = across[0] * u[0] + across[1] * u[1]
    meridional = along[0] * e[0] + along[1] * e[1]
    azimuthal = electric * s_r * s_z / r * w * w
    curl = r / (s_r * s_z) * ng.curl(e) * ng.curl(e)
    slope = ng.Grad(v)
    change = (meridional + curl - magnetic - azimuthal) / r * v[0]
    change += (magnetic + meridional - curl + azimuthal) * (slope[0, 0] + slope[1, 1])
    for i in range(2):
        for j in range(2):
            change += -2 * (across[i] * u[j] + along[i] * e[j]) * slope[j, i]
    return change


def _interfaces(mesh: Any, eps: dict[str, complex]) -> list[int]:
    """Return the numbers of the boundary elements between different permittivities."""
    sides: dict[int, list[complex]] = {}
    for element in mesh.Elements(ng.VOL):
        for edge in element.edges:
            sides.setdefault(edge.nr, []).append(eps[element.mat])
    return [
        element.nr for element in mesh.Elements(ng.BND) if len(set(sides[element.edges[0].nr])) == 2
    ]


def _adjoint(mesh: AxisymmetricMesh, space: Any, edges: list[int], functional: Complex) -> Any:
    """Return the adjoint displacement times the penalty: real and imaginary part."""
    u, v = space.TnT()
    held = ng.BitArray(mesh.mesh.GetNE(ng.BND))
    held.Clear()
    for number in edges:
        held.Set(number)
    normal = ng.specialcf.normal(2)
    spring = _PENALTY / ng.specialcf.mesh_size
    form = ng.BilinearForm(space, symmetric=True)
    form += ng.InnerProduct(ng.Grad(u), ng.Grad(v)) * ng.dx
    form += spring * (u * normal) * (v * normal) * ng.ds(definedonelements=held, bonus_intorder=4)
    form.Assemble()
    inverse = form.mat.Inverse(_free(mesh, space), inverse="sparsecholesky")
    right = form.mat.CreateColVector()
    parts = []
    for values in (functional.real, functional.imag):
        part = ng.GridFunction(space)
        right.FV().NumPy()[:] = values
        part.vec.data = inverse * right
        parts.append(part)
    return parts


def _free(mesh: AxisymmetricMesh, space: Any) -> Any:
    """Return which displacements are free: see the module's text."""
    domain, scalar = mesh.domain, space.components[0]
    corners = np.asarray([vertex.point for vertex in mesh.mesh.vertices])
    slack = 1e-9 * (1 + domain.outer)
    vertical = corners[:, 1] > domain.top - slack
    vertical |= corners[:, 1] < domain.bottom + slack
    radial = vertical | (corners[:, 0] > domain.outer - slack)
    radial |= corners[:, 0] < domain.inner + slack
    free = ng.BitArray(space.ndof)
    free.Set()
    for offset, fixed in ((0, radial), (scalar.ndof, vertical)):
        held = [node for node in mesh.mesh.vertices if fixed[node.nr]]
        for nodes in (mesh.mesh.edges, mesh.mesh.faces):
            held += [node for node in nodes if all(fixed[v.nr] for v in node.vertices)]
        for node in held:
            for number in scalar.GetDofNrs(node):
                free.Clear(offset + number)
    return free


def _on_interfaces(
    mesh: Any, edges: list[int], adjoint: Any, settings: AxisymmetricSettings
) -> ShapeGradient:
    nodes, gauss = np.polynomial.legendre.leggauss(settings.order + 4)
    rule = ng.IntegrationRule(
        points=[(float(t),) for t in (nodes + 1) / 2], weights=[float(g) / 2 for g in gauss]
    )
    real, imag = adjoint
    everything = ng.CF((ng.x, ng.y, ng.specialcf.mesh_size, real, imag))
    values = np.asarray(everything(mesh.MapToAllElements(rule, ng.BND)))
    values = values.reshape(mesh.GetNE(ng.BND), len(nodes), 7)[edges]
    points = values[..., :2]
    tangents = _derivative_matrix(nodes) @ points
    lengths = np.hypot(tangents[..., 0], tangents[..., 1])
    normals = np.stack([tangents[..., 1], -tangents[..., 0]], axis=-1) / lengths[..., None]
    pull = values[..., 3:5] + 1j * values[..., 5:7]
    weights = np.sum(pull * normals, axis=-1) * _PENALTY / values[..., 2] * lengths * gauss
    return ShapeGradient(points=points, normals=normals, weights=weights)


def _derivative_matrix(nodes: Floats) -> Floats:
    """Return the matrix that differentiates a polynomial given at Gauss nodes of (-1, 1)."""
    legendre = np.polynomial.legendre
    vandermonde = legendre.legvander(nodes, len(nodes) - 1)
    slopes = np.stack([legendre.legval(nodes, legendre.legder(row)) for row in np.eye(len(nodes))])
    return np.asarray(np.linalg.solve(vandermonde.T, slopes).T)
