"""Every mode of a window is found: counted again with other code on 100 random cavities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from cavities import Layer, PlanarStack
from solvers import solve_modes

Complexes = NDArray[np.complex128]


def characteristic(
    k: Complexes, indices: list[complex], thick: list[float], kx: float, name: str
) -> Complexes:
    """M_22-like function from complex exponentials, unscaled; radiating outer media."""

    def wave(n: complex) -> tuple[Complexes, Complexes]:
        q = np.sqrt((n * k) ** 2 - kx**2 + 0j)
        return q, (q if name == "TE" else q / n**2)

    def outgoing(n: complex) -> Complexes:
        q, y = wave(n)
        return np.where(q.real > 0, y, -y)

    u, v = np.ones_like(k), -outgoing(indices[0])
    for n, d in zip(indices[1:-1], thick, strict=True):
        q, y = wave(n)
        up, down = np.exp(1j * q * d), np.exp(-1j * q * d)
        forward, backward = (u + v / y) / 2 * up, (u - v / y) / 2 * down
        u, v = forward + backward, y * (forward - backward)
    return v - outgoing(indices[-1]) * u


def windings(path: Complexes, *args: object) -> float:
    values = characteristic(path, *args)  # type: ignore[arg-type]
    steps = np.angle(values[1:] / values[:-1])
    assert np.abs(steps).max() < 1.5, "the path is too coarse to count on"
    return float(steps.sum() / (2 * math.pi))


@pytest.mark.parametrize("seed", range(100))
def test_as_many_modes_as_the_argument_principle_counts(seed: int) -> None:
    """Trapezium of all k0 in the window with abs(Q) > floor, walked in 60000 steps."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 26))
    inner: list[complex] = [
        complex(rng.uniform(1.3, 3.5), rng.choice([0.0, 0.0, 0.02, -0.004]) * rng.uniform())
        for _ in range(count)
    ]
    if rng.uniform() < 0.5:  # a periodic mirror on both sides
        inner = [inner[i % 2] for i in range(count)]
    thick = rng.uniform(0.02, 0.4, count)
    thick[rng.integers(count)] = rng.uniform(0.3, 6.0)
    indices: list[complex] = [complex(rng.uniform(1, 2)), *inner, complex(rng.uniform(1, 1.6))]
    low, high, floor = 0.5, float(rng.uniform(0.55, 0.9)), float(rng.uniform(5, 60))
    left, right = 2 * math.pi / high, 2 * math.pi / low
    kx = float(rng.uniform(0, 0.95) * left * min(indices[0].real, indices[-1].real))
    name = str(rng.choice(["TE", "TM"]))
    stack = PlanarStack(
        substrate=indices[0],
        layers=tuple(
            Layer(name=f"layer {i}", material=n, thickness=float(d))
            for i, (n, d) in enumerate(zip(inner, thick, strict=True))
        ),
        superstrate=indices[-1],
    )
    modes = solve_modes(
        stack, (low, high), in_plane_wavenumber=kx, polarization=name, quality_factor_floor=floor
    )
    slope = 1 / (2 * floor)
    corners = [
        left * (1 - 1j * slope),
        right * (1 - 1j * slope),
        right * (1 + 1j * slope),
        left * (1 + 1j * slope),
    ]
    path = np.concatenate(
        [a + (b - a) * np.linspace(0, 1, 15000, endpoint=False)
         for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)] + [corners[:1]]
    )  # fmt: skip
    counted = windings(path, indices, list(thick), kx, name)
    assert counted == pytest.approx(len(modes), abs=1e-6)
    assert len({round(mode.wavenumber.real, 9) for mode in modes}) == len(modes)
    for mode in modes:
        around = mode.wavenumber + 1e-5 * np.exp(2j * np.pi * np.linspace(0, 1, 65))
        assert windings(around, indices, list(thick), kx, name) == pytest.approx(1, abs=1e-6)
