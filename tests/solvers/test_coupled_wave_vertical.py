"""The vertical mode and the Green functions of the mean stack."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_bvp
from scipy.linalg import eigh_tridiagonal
from scipy.optimize import brentq

from solvers.coupled_wave.mean_stack import MeanStack, outgoing
from solvers.coupled_wave.vertical_mode import vertical_mode
from solvers.coupled_wave.vertical_response import vertical_response


def stack_of(
    thickness: list[float], eps: list[complex], below: complex, above: complex
) -> MeanStack:
    zero = np.zeros(len(eps), dtype=complex)
    return MeanStack(
        thickness=np.array(thickness),
        permittivity=np.array(eps, dtype=complex),
        slope=zero,
        outer=np.array([below, above], dtype=complex),
        outer_slope=np.zeros(2, dtype=complex),
    )


def test_symmetric_film_has_the_textbook_mode() -> None:
    """TE0 of a film of thickness d: q tan(q d/2) = kappa."""
    k, d, core, clad = 10.0, 0.2, 4.0, 2.25
    mode = vertical_mode(stack_of([d], [core], clad, clad), k)

    def mismatch(beta: float) -> float:
        q, kappa = np.sqrt(core * k**2 - beta**2), np.sqrt(beta**2 - clad * k**2)
        return float(q * np.tan(q * d / 2) - kappa)

    exact = brentq(mismatch, 1.5 * k + 1e-9, 2.0 * k - 1e-9, xtol=1e-14)
    assert mode.beta == pytest.approx(exact, rel=1e-13)
    assert mode.residual < 1e-12


@settings(max_examples=25, deadline=None)
@given(
    hundredths=st.lists(st.integers(5, 40), min_size=1, max_size=6),
    index=st.lists(st.floats(1.6, 3.5), min_size=6, max_size=6),
)
def test_random_stacks_against_finite_differences(
    hundredths: list[int], index: list[float]
) -> None:
    """The largest eigenvalue of d^2/dz^2 + k^2 eps on a fine grid, where it is well bound."""
    thickness = [value / 100 for value in hundredths]
    k, eps = 9.0, np.array(index[: len(thickness)]) ** 2
    step = 1e-3
    z = np.arange(-2000, 10 * sum(hundredths) + 2000) * step + step / 2
    edges = np.concatenate([[0.0], np.cumsum(thickness)])
    whole = np.concatenate([[2.1], eps, [2.1]])[np.searchsorted(edges, z, side="right")]
    side = np.full(len(z) - 1, 1 / step**2)
    top = len(z) - 1
    value = eigh_tridiagonal(
        k**2 * whole - 2 / step**2, side, eigvals_only=True, select="i", select_range=(top, top)
    )[0]
    if value < (1.02 * k) ** 2 * 2.1:
        return
    mode = vertical_mode(stack_of(thickness, list(eps), 2.1, 2.1), k)
    assert mode.beta.real == pytest.approx(np.sqrt(value), rel=2e-4)


def test_profile_is_normalised_and_obeys_its_equation() -> None:
    stack = stack_of([0.1, 0.15, 0.3], [3.0, 5.0 + 0.02j, 3.4], 2.1, 1.0)
    mode = vertical_mode(stack, 9.0)
    z = np.linspace(-6.0, 8.0, 400_001)
    theta = mode.profile(z)
    assert complex(np.trapezoid(theta**2, z)) == pytest.approx(1.0, abs=1e-8)
    assert complex(mode.shares.sum() + mode.outer_shares.sum()) == pytest.approx(1.0, abs=1e-12)
    here = (z > 0.12) & (z < 0.24)
    step = z[1] - z[0]
    bent = (theta[2:] - 2 * theta[1:-1] + theta[:-2])[here[1:-1]] / step**2
    wanted = -(81 * (5.0 + 0.02j) - mode.beta**2) * theta[here]
    assert np.abs(bent - wanted).max() < 1e-3 * np.abs(wanted).max()


def test_absorption_shifts_beta_to_first_order() -> None:
    """d(beta^2) = k^2 d(eps) times the share of the layer."""
    clear = vertical_mode(stack_of([0.1, 0.2], [4.0, 3.0], 2.1, 1.0), 9.0)
    lossy = vertical_mode(stack_of([0.1, 0.2], [4.0, 3.0 + 1e-5j], 2.1, 1.0), 9.0)
    change = 81e-5 * clear.shares[1].real / (2 * clear.beta.real)
    assert (lossy.beta - clear.beta).imag == pytest.approx(change, rel=1e-4)


def test_group_index_is_the_derivative_with_dispersive_media() -> None:
    def at(k: float) -> MeanStack:
        eps = np.array([4.0 + 0.02 * (k - 9.0), 3.0], dtype=complex)
        return MeanStack(
            thickness=np.array([0.2, 0.1]),
            permittivity=eps,
            slope=np.array([0.02, 0.0], dtype=complex),
            outer=np.array([2.1 + 0.01 * (k - 9.0), 1.0], dtype=complex),
            outer_slope=np.array([0.01, 0.0], dtype=complex),
        )

    h = 1e-4
    slope = (
        vertical_mode(at(9.0 + h), 9.0 + h).beta - vertical_mode(at(9.0 - h), 9.0 - h).beta
    ) / (2 * h)
    assert vertical_mode(at(9.0), 9.0).group_index == pytest.approx(slope, rel=1e-8)


def test_no_guided_mode_is_an_error() -> None:
    with pytest.raises(ValueError, match="must guide a TE mode"):
        vertical_mode(stack_of([0.1], [2.0], 2.25, 1.0), 9.0)
    with pytest.raises(ValueError, match="must guide a TE mode"):
        vertical_mode(stack_of([0.02], [2.3], 2.25, 1.0), 9.0)  # below the cut-off


@pytest.mark.parametrize("square", [0.0, 2 * 15.0**2, 40 * 15.0**2])
def test_response_against_a_boundary_value_solver(square: float) -> None:
    """u'' + (k^2 eps - G^2) u = -Theta in the middle layer, outgoing on both sides."""
    k = 9.0
    stack = stack_of([0.1, 0.2, 0.15], [3.0, 4.4, 3.4], 2.1, 1.0)
    mode = vertical_mode(stack, k)
    found = vertical_response(mode, np.array([square]), (1,))
    edges = np.concatenate([[0.0], np.cumsum(stack.thickness)])
    low, high = outgoing(k**2 * stack.outer - square)

    # one unit interval for each layer: u and u' of all three side by side
    def rate(s: np.ndarray, y: np.ndarray) -> np.ndarray:
        out = np.empty_like(y)
        for layer, (d, eps) in enumerate(zip(stack.thickness, stack.permittivity, strict=True)):
            source = mode.profile(edges[layer] + s * d) if layer == 1 else 0.0
            out[2 * layer] = d * y[2 * layer + 1]
            out[2 * layer + 1] = d * (-(k**2 * eps - square) * y[2 * layer] - source)
        return out

    def ends(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.array(
            [
                a[1] + 1j * low * a[0],
                b[0] - a[2],
                b[1] - a[3],
                b[2] - a[4],
                b[3] - a[5],
                b[5] - 1j * high * b[4],
            ]
        )

    s = np.linspace(0, 1, 41)
    solved = solve_bvp(
        rate, ends, s, np.zeros((6, len(s)), dtype=complex), tol=1e-9, max_nodes=9000
    )
    fine = np.linspace(0, 1, 4001)
    u = solved.sol(fine)
    overlap = np.trapezoid(mode.profile(0.1 + 0.2 * fine) * u[2], fine) * 0.2
    assert found.overlap[0, 0, 0] == pytest.approx(overlap, rel=1e-6)
    assert found.bottom[0, 0] == pytest.approx(u[0, 0], rel=1e-5, abs=1e-12)
    assert found.top[0, 0] == pytest.approx(u[4, -1], rel=1e-5, abs=1e-12)


def test_response_is_reciprocal_and_does_not_depend_on_how_a_layer_is_cut() -> None:
    whole = vertical_mode(stack_of([0.3, 0.1], [4.4, 3.0], 2.1, 1.0), 9.0)
    cut = vertical_mode(stack_of([0.05, 0.13, 0.12, 0.1], [4.4, 4.4, 4.4, 3.0], 2.1, 1.0), 9.0)
    squares = np.array([0.0, 300.0, 2000.0, 50_000.0])
    one = vertical_response(whole, squares, (0,)).overlap
    many = vertical_response(cut, squares, (0, 1, 2)).overlap
    assert np.allclose(many, many.transpose(0, 2, 1), rtol=1e-10, atol=1e-16)
    assert np.allclose(many.sum(axis=(1, 2)), one[:, 0, 0], rtol=1e-10)
