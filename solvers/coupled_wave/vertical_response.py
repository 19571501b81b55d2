"""Green functions of the mean stack: how a source Theta(z) in one slice drives an order.

(d^2/dz^2 + k^2 eps - G^2) u = -Theta in the source slice. As Theta itself obeys
Theta'' = -(k^2 eps - beta^2) Theta, a particular solution is -Theta/(beta^2 - G^2), and the rest
are exponentials: nothing is discretised, and the outer media are exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.coupled_wave.mean_stack import outgoing
from solvers.coupled_wave.vertical_mode import VerticalMode

__all__ = ["Response", "vertical_response"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_NEAR_ZERO = 1e-7


class Response(NamedTuple):
    """Answers to sources Theta in the patterned slices.

    Attributes:
        overlap: int Theta u dz over slice l for a source in slice m, (orders, P, P), um^2.
        bottom, top: u at the lowest and the uppermost interface (orders, P), um^3/2.
    """

    overlap: Complexes
    bottom: Complexes
    top: Complexes


def vertical_response(mode: VerticalMode, squares: Floats, patterned: tuple[int, ...]) -> Response:
    """Return the response of orders with given |G|^2.

    Args:
        mode: the vertical mode that drives.
        squares: |G|^2 (S,), rad^2/um^2; none equal to beta^2.
        patterned: slices with sources.

    Returns:
        The response, S orders.
    """
    stack, k = mode.stack, mode.k
    d, count, size = stack.thickness, len(stack.thickness), len(squares)
    q = outgoing(k**2 * stack.permittivity - squares[:, None])
    small = _NEAR_ZERO * abs(k)
    q = np.where(np.abs(q) < small, small, q)
    low, high = outgoing(k**2 * stack.outer - squares[:, None]).T
    fade = np.exp(1j * q * d)
    iq = 1j * q
    matrix = np.zeros((size, 2 * count, 2 * count), dtype=np.complex128)
    matrix[:, 0, 0] = iq[:, 0] + 1j * low
    matrix[:, 0, 1] = fade[:, 0] * (1j * low - iq[:, 0])
    for layer in range(count - 1):
        row, column = 2 * layer + 1, 2 * layer
        matrix[:, row, column] = fade[:, layer]
        matrix[:, row, column + 1] = 1.0
        matrix[:, row, column + 2] = -1.0
        matrix[:, row, column + 3] = -fade[:, layer + 1]
        matrix[:, row + 1, column] = iq[:, layer] * fade[:, layer]
        matrix[:, row + 1, column + 1] = -iq[:, layer]
        matrix[:, row + 1, column + 2] = -iq[:, layer + 1]
        matrix[:, row + 1, column + 3] = iq[:, layer + 1] * fade[:, layer + 1]
    matrix[:, -1, -2] = fade[:, -1] * (iq[:, -1] - 1j * high)
    matrix[:, -1, -1] = -iq[:, -1] - 1j * high
    particular = -1.0 / (mode.beta**2 - squares)
    ground, ground_slope, roof, roof_slope = mode.interface_values()
    right = np.zeros((size, 2 * count, len(patterned)), dtype=np.complex128)
    for column, layer in enumerate(patterned):
        if layer == 0:
            right[:, 0, column] = -particular * (ground_slope[0] + 1j * low * ground[0])
        else:
            right[:, 2 * layer - 1, column] += particular * ground[layer]
            right[:, 2 * layer, column] += particular * ground_slope[layer]
        if layer == count - 1:
            right[:, -1, column] = -particular * (roof_slope[-1] - 1j * high * roof[-1])
        else:
            right[:, 2 * layer + 1, column] -= particular * roof[layer]
            right[:, 2 * layer + 2, column] -= particular * roof_slope[layer]
    waves = np.linalg.solve(matrix, right).reshape(size, count, 2, len(patterned))
    overlap = np.zeros((size, len(patterned), len(patterned)), dtype=np.complex128)
    for row, layer in enumerate(patterned):
        p, own = mode.q[layer], q[:, layer]
        a, b = mode.forward[layer], mode.backward[layer]
        same = np.expm1(1j * (p + own) * d[layer]) / (1j * (p + own))
        cross = (np.exp(1j * p * d[layer]) - fade[:, layer]) / (1j * (p - own))
        overlap[:, row] = (a * same + b * cross)[:, None] * waves[:, layer, 0]
        overlap[:, row] += (b * same + a * cross)[:, None] * waves[:, layer, 1]
        overlap[:, row, row] += particular * mode.shares[layer]
    bottom = waves[:, 0, 0] + fade[:, :1] * waves[:, 0, 1]
    top = fade[:, -1:] * waves[:, -1, 0] + waves[:, -1, 1]
    if patterned[0] == 0:
        bottom[:, 0] += particular * ground[0]
    if patterned[-1] == count - 1:
        top[:, -1] += particular * roof[-1]
    return Response(overlap=overlap, bottom=bottom, top=top)
