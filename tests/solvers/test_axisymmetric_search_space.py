"""Modes are searched for in a space of lower order, and corrected in the full one."""

from __future__ import annotations

import gc
import math
import weakref

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cavities import Sphere
from solvers import solve_modes
from solvers.axisymmetric.pencil import assemble
from solvers.axisymmetric.refine import corrected
from solvers.axisymmetric.search import Window, search_window
from solvers.axisymmetric.settings import AxisymmetricSettings
from solvers.axisymmetric.system import System, build_system

WINDOW = (0.375, 0.39)
ORDER = 20
# First TE mode of the sphere n = 1.5, l = m = 20 (spherical Bessel functions).
EXACT = 16.233530946 - 0.009525120j


def system_of_sphere() -> System:
    """Return the unit sphere at the fast level."""
    settings = AxisymmetricSettings.for_accuracy("fast")
    return build_system(Sphere(radius=1.0, material=1.5).body(), WINDOW, ORDER, settings)


def test_restricted_pencil_is_the_one_assembled_at_the_lower_order() -> None:
    """Entry by entry: the bases are nested, and numbered alike."""
    system = system_of_sphere()
    low = system.settings.model_copy(update={"order": 3})
    direct, restricted = assemble(system.mesh, low), system.lower_pencil(3)
    assert restricted.size == direct.size < 0.7 * system.pencil.size
    for entries in ("stiffness_entries", "mass_entries"):
        argument = ORDER if entries == "stiffness_entries" else 16.2
        ours = restricted.matrix(getattr(restricted, entries)(argument))
        theirs = direct.matrix(getattr(direct, entries)(argument))
        # The rules of integration differ, which shows in curved elements only.
        assert abs(ours - theirs).max() < 1e-4 * abs(theirs).max()
    assert (restricted.free(ORDER) == direct.free(ORDER)).all()


def test_one_step_in_the_full_space_corrects_the_search() -> None:
    """From some 1e-4 to some 1e-6 of the exact k."""
    system = system_of_sphere()
    window = Window(
        low=2 * math.pi / WINDOW[1], high=2 * math.pi / WINDOW[0], quality_factor_floor=100.0
    )
    (disc,) = search_window(system.lower_pencil(3), ORDER, window)
    place = np.abs(disc.wavenumbers - EXACT).argmin()
    start = disc.wavenumbers[[place]]
    vectors = np.zeros((system.pencil.size, 1), dtype=np.complex128)
    vectors[system.nested(3), 0] = disc.vectors[:, place]
    inverse = system.pencil.factorize(ORDER, 16.3 + 0.03j, single=True)
    k, better = corrected(system.pencil, ORDER, inverse, start, vectors)
    before, after = (abs(one - EXACT) / abs(EXACT) for one in (start[0], k[0]))
    assert 3e-5 < before < 1e-3
    assert after < before / 20
    assert np.linalg.norm(better) == pytest.approx(1)


def test_a_mesh_too_coarse_for_the_search_is_told() -> None:
    """The full space may still be good where that of the search is not."""
    ball = Sphere(radius=1.0, material=1.5)
    settings = AxisymmetricSettings.for_accuracy("fast")
    texts = {}
    for size in (settings.mesh_size, 2.0):
        changed = settings.model_copy(update={"mesh_size": size})
        found = solve_modes(ball, WINDOW, azimuthal_order=20, settings=changed)
        texts[size] = [text for text in found.provenance["warnings"] if "mesh_size" in text]
    assert texts[settings.mesh_size] == []
    assert len(texts[2.0]) >= 1


def test_a_system_is_freed_when_the_next_one_is_built() -> None:
    """Without waiting for a collection of circles: a system at the reference level is 1 GB."""
    gc.disable()
    try:
        first = weakref.ref(system_of_sphere().pencil)
        for radius in (1.0, 1.1):
            solve_modes(
                Sphere(radius=radius, material=1.5), WINDOW, azimuthal_order=20, accuracy="fast"
            )
        assert first() is None
    finally:
        gc.enable()


@given(
    real=st.floats(8.0, 12.0),
    quality=st.floats(30.0, 1e6),
    floor=st.floats(50.0, 1e3),
)
def test_distance_to_the_window_vanishes_inside(real: float, quality: float, floor: float) -> None:
    """And is the relative distance to the nearest edge outside."""
    assume(abs(quality / floor - 1) > 1e-9)
    window = Window(low=9.0, high=11.0, quality_factor_floor=floor)
    k = complex(real, -real / (2 * quality))
    distance = float(window.distance(np.asarray([k]))[0])
    assert (distance == 0) == window.contains(k)
    if quality > floor and real > 11:
        assert distance == pytest.approx((real - 11) / real)
    if quality < floor and 9 <= real <= 11:
        assert distance == pytest.approx(1 / (2 * quality) - 1 / (2 * floor), rel=1e-6, abs=1e-12)
