"""Which azimuthal orders can carry a mode in a wavelength window."""

from __future__ import annotations

import math

from cavities.body_of_revolution import BodyOfRevolution

__all__ = ["highest_order", "order_groups"]


def highest_order(body: BodyOfRevolution, shortest_wavelength: float) -> int:
    """Return the largest m whose caustic m/(n k) still lies inside a dielectric region.

    A mode of higher order would be evanescent everywhere in the body.
    """
    k = 2 * math.pi / shortest_wavelength
    reach = 0.0
    for region in body.regions:
        eps = complex(region.material.permittivity(shortest_wavelength))
        if eps.real > 0:
            radius = region.outline.polygon(1e-3).bounds[2]
            reach = max(reach, math.sqrt(eps.real) * radius)
    return max(math.floor(k * reach), 0)


def order_groups(orders: list[int]) -> list[list[int]]:
    """Split ascending orders into runs that share one mesh, made for the lowest of each.

    A run spans at most 5 % in m, which bounds the part of the mesh that is needlessly large.
    """
    groups: list[list[int]] = []
    for order in orders:
        if groups and order <= max(groups[-1][0] * 1.05, groups[-1][0] + 1) and order > 3:
            groups[-1].append(order)
        else:
            groups.append([order])
    return groups
