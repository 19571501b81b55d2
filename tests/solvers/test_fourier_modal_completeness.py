"""The blind search against a count that knows nothing of it: the argument principle."""

import math

import numpy as np
import pytest

from cavities.cell_shape import Circle, Polygon, Shape
from cavities.lattice import Lattice
from cavities.material import Material
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
from solvers.fourier_modal.cell_problem import SectorProblem
from solvers.fourier_modal.pole_equation import mismatch_matrix
from solvers.fourier_modal.prepare import cell_problem
from solvers.fourier_modal.refine import refine
from solvers.fourier_modal.search import find_candidates, search_grid
from tests.solvers.periodic_cases import covered_slab, slab_in_glass


def winding(problem: SectorProblem, low: float, high: float, depth: float, rise: float) -> float:
    """Return the turns of det M around a rectangle: its zeros less its poles inside."""
    corners = [complex(low, -depth), complex(high, -depth), complex(high, rise), complex(low, rise)]
    total = 0.0
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        count = 24
        while True:
            points = start + (end - start) * np.linspace(0, 1, count + 1)
            signs = np.array(
                [np.linalg.slogdet(mismatch_matrix(problem.sides(complex(k))))[0] for k in points]
            )
            turns = np.angle(signs[1:] / signs[:-1])
            if np.abs(turns).max() < 0.7:
                break
            count *= 2
        total += turns.sum()
    return total / (2 * math.pi)


def pillars(shape: Shape, substrate: str | float) -> PeriodicStack:
    part = Inclusion(shape=shape, material=2.6, name="pillar")
    layer = PatternedLayer(name="film", material=1.5, thickness=0.25, inclusions=(part,))
    return PeriodicStack(
        lattice=Lattice.square(0.37),
        substrate=Material.named(substrate) if isinstance(substrate, str) else substrate,
        layers=(layer,),
        superstrate=1.0,
    )


@pytest.mark.parametrize(
    ("stack", "window"),
    [
        (slab_in_glass(), (0.54, 0.6)),
        (covered_slab(), (0.6, 0.7)),
        (covered_slab(1.9 + 0.05j), (0.6, 0.7)),
        (pillars(Circle(radius=0.11), 1.46), (0.55, 0.75)),
        (pillars(Polygon.rectangle(0.2, 0.12), 1.8), (0.6, 0.7)),
    ],
    ids=["slab", "covered", "lossy", "pillars", "bricks"],
)
def test_count_of_every_sector(stack: PeriodicStack, window: tuple[float, float]) -> None:
    """Q above 40 in the window; M has no poles there, so the count is that of the modes."""
    low, high = 2 * math.pi / window[1], 2 * math.pi / window[0]
    depth = high / 80
    cell = cell_problem(stack, np.zeros(2), 13, (low + high) / 2)
    for number in range(len(cell.sectors)):
        problem = cell.sector_problem(number)
        poles, _ = refine(problem, find_candidates(problem, low, high, depth))
        for stretch in search_grid(problem, low, high):
            left, right = float(stretch[0]), float(stretch[-1])
            inside = [p for p in poles if left < p.k.real < right and -depth < p.k.imag < 0.01]
            counted = winding(problem, left, right, depth, 0.01)
            assert counted == pytest.approx(len(inside), abs=1e-6)
