"""A resonance from other Fourier modal programs: transmission at real wavelengths, then its pole.

They solve for given real wavelengths only. A rational function (AAA, Nakatsukasa et al., SIAM J.
Sci. Comput. 40, A1494 (2018), doi:10.1137/16M1106122) through the complex amplitude at a few
wavelengths has its poles at the modes: the cheapest way to them that we know.
"""

from __future__ import annotations

import importlib
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRID", "SPECTRA", "peer_resonance"]

PERIOD, RADIUS, THICKNESS, INDEX, AROUND = 0.336, 0.08, 0.18, 2.02, 1.46
WINDOW = (0.563, 0.582)
POINTS = 16
GRID = 256

Amplitude = Callable[[float], complex]


def peer_resonance(program: str, orders: int, near: float) -> dict[str, float]:
    """Return wavelength (um) and Q of the mode nearest to `near`, and processor seconds.

    What a program compiles at its first call is not counted, in its favour.
    """
    amplitude = SPECTRA[program](orders)
    ends = 2 * math.pi / np.array(WINDOW)
    nodes = np.cos(math.pi * (np.arange(POINTS) + 0.5) / POINTS)
    k = ends.mean() + (ends[0] - ends[1]) / 2 * nodes
    amplitude(2 * math.pi / float(ends.mean()))
    started = time.process_time()
    values = np.array([amplitude(2 * math.pi / float(one)) for one in k])
    pole = _nearest_pole(k, values, 2 * math.pi / near)
    spent = time.process_time() - started
    return {
        "wavelength": 2 * math.pi / pole.real,
        "q": -pole.real / (2 * pole.imag),
        "cpu_s": spent,
    }


def _nearest_pole(k: NDArray[np.float64], values: NDArray[Any], near: float) -> complex:
    from scipy.interpolate import AAA

    poles = np.asarray(AAA(k, values, rtol=1e-9).poles())
    # of a resonance with Q of some hundred: not the doublets of a rational function's noise
    kept = poles[(np.abs(poles.imag) > 1e-4 * near) & (np.abs(poles.imag) < 0.01 * near)]
    if not len(kept):
        raise ValueError(f"values: must have a resonance near {near:.4g} rad/um, got none")
    pole = complex(kept[np.argmin(np.abs(kept.real - near))])
    return complex(pole.real, -abs(pole.imag))


def _pattern() -> NDArray[np.float64]:
    """Return the permittivity of the slab on a grid, averaged over sub-pixels at the wall."""
    fine = 8
    places = (np.arange(GRID * fine) + 0.5) / (GRID * fine) - 0.5
    inside = (places[:, None] ** 2 + places**2 < (RADIUS / PERIOD) ** 2).astype(float)
    share = inside.reshape(GRID, fine, GRID, fine).mean(axis=(1, 3))
    return np.asarray(INDEX**2 + share * (AROUND**2 - INDEX**2))


def _grcwa(orders: int) -> Amplitude:
    grcwa = importlib.import_module("grcwa")
    pattern = _pattern()

    def amplitude(wavelength: float) -> complex:
        cell = grcwa.obj(orders, [PERIOD, 0.0], [0.0, PERIOD], 1 / wavelength, 0.0, 0.0, verbose=0)
        cell.Add_LayerUniform(1.0, AROUND**2)
        cell.Add_LayerGrid(THICKNESS, GRID, GRID)
        cell.Add_LayerUniform(1.0, AROUND**2)
        cell.Init_Setup()
        cell.GridLayer_geteps(pattern.ravel())
        cell.MakeExcitationPlanewave(1.0, 0.0, 0.0, 0.0, order=0)
        forward, _ = cell.GetAmplitudes(2, 0.0)
        waves = np.asarray(forward)
        # x and y parts of order 0: the one that was sent in is the larger
        return complex(max(waves[0], waves[len(waves) // 2], key=abs))

    return amplitude


def _fmmax(orders: int) -> Amplitude:
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    jnp = importlib.import_module("jax.numpy")
    basis, fmm, scattering = (
        importlib.import_module(f"fmmax.{name}") for name in ("basis", "fmm", "scattering")
    )
    vectors = basis.LatticeVectors(u=PERIOD * basis.X, v=PERIOD * basis.Y)
    expansion = basis.generate_expansion(
        primitive_lattice_vectors=vectors,
        approximate_num_terms=orders,
        truncation=basis.Truncation.CIRCULAR,
    )
    pattern, around = jnp.asarray(_pattern()), jnp.full((1, 1), AROUND**2)
    zero = int(np.flatnonzero(np.all(np.asarray(expansion.basis_coefficients) == 0, axis=1))[0])

    @jax.jit  # type: ignore[untyped-decorator]
    def scattered(wavelength: Any) -> Any:
        layers = [
            fmm.eigensolve_isotropic_media(
                permittivity=eps,
                wavelength=wavelength,
                in_plane_wavevector=jnp.zeros(2),
                primitive_lattice_vectors=vectors,
                expansion=expansion,
                formulation=fmm.Formulation.JONES_DIRECT,
            )
            for eps in (around, pattern, around)
        ]
        thicknesses = [jnp.asarray(d) for d in (0.0, THICKNESS, 0.0)]
        return scattering.stack_s_matrix(layers, thicknesses).s11[zero, zero]

    return lambda wavelength: complex(scattered(jnp.asarray(wavelength)))


SPECTRA: dict[str, Callable[[int], Amplitude]] = {"grcwa": _grcwa, "fmmax": _fmmax}
"""Amplitude of transmission at normal incidence, by program, for a number of plane waves."""
