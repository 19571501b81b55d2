"""Which unknowns of the order-p space span the space of a lower order.

NGSolve's bases are hierarchical: every low-order basis function is also one of the high order,
so that prolongation copies coefficients and truncation drops them.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["embedding"]

Indices = NDArray[np.int64]


def embedding(mesh: Any, order: int, lower: int) -> Indices:
    """Return, for every unknown of the order-`lower` space, its number in the order-`order` one.

    Args:
        mesh: NGSolve mesh of triangles.
        order: order p of the product space H(curl)_p x H1_{p+1}.
        lower: the lower order, 1 <= lower <= order.
    """
    import ngsolve as ng

    numbers = []
    offset = 0
    for name, degree, coarse in (("HCurl", order, lower), ("H1", order + 1, lower + 1)):
        fine_space = getattr(ng, name)(mesh, order=degree)
        coarse_space = getattr(ng, name)(mesh, order=coarse)
        number = np.empty(coarse_space.ndof, dtype=np.int64)
        patterns = _patterns(name, degree, coarse)
        for nodes, pattern in zip((mesh.vertices, mesh.edges, mesh.faces), patterns, strict=True):
            if len(pattern):
                fine = np.asarray([fine_space.GetDofNrs(node) for node in nodes], dtype=np.int64)
                low = np.asarray([coarse_space.GetDofNrs(node) for node in nodes], dtype=np.int64)
                number[low] = fine[:, pattern]
        numbers.append(number + offset)
        offset += fine_space.ndof
    return np.concatenate(numbers)


@functools.lru_cache(maxsize=32)
def _patterns(name: str, order: int, lower: int) -> tuple[Indices, Indices, Indices]:
    """Return, per vertex, edge and face, where its coarse unknowns sit among its fine ones."""
    import ngsolve as ng
    from ngsolve.meshes import MakeStructured2DMesh

    mesh = MakeStructured2DMesh(quads=False, nx=1, ny=1)
    fine = getattr(ng, name)(mesh, order=order)
    coarse = getattr(ng, name)(mesh, order=lower)
    if order == lower:
        rows = columns = np.arange(fine.ndof)
    else:
        rows, columns, values = (np.asarray(a) for a in ng.ConvertOperator(coarse, fine).COO())
        kept = np.abs(values) > 1e-9
        rows, columns, values = rows[kept], columns[kept], values[kept]
        if len(values) != coarse.ndof or np.abs(values - 1).max() > 1e-9:
            raise RuntimeError(f"{name}: order {lower} is not nested in order {order}")
    place = np.empty(coarse.ndof, dtype=np.int64)
    place[columns] = rows
    patterns = []
    for nodes in (mesh.vertices, mesh.edges, mesh.faces):
        found = []
        for node in nodes:
            own = list(fine.GetDofNrs(node))
            found.append([own.index(place[number]) for number in coarse.GetDofNrs(node)])
        if any(other != found[0] for other in found):
            raise RuntimeError(f"{name}: nested unknowns differ between nodes of one kind")
        patterns.append(np.asarray(found[0], dtype=np.int64))
    return patterns[0], patterns[1], patterns[2]
