"""`solve_guided_modes`: modes of a periodic slab by guided-mode expansion (legume).

L. C. Andreani and D. Gerace, Phys. Rev. B 73, 235114 (2006), doi:10.1103/PhysRevB.73.235114;
M. Minkov et al., ACS Photonics 7, 1729 (2020), doi:10.1021/acsphotonics.0c00327.
"""

from __future__ import annotations

import math
import time
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.bloch_point import BlochInput, bloch_vector, point_name
from solvers.fourier_modal.mode_set import bloch_mode_set
from solvers.fourier_modal.prepare import as_unit_cell
from solvers.guided_modes.crystal import legume_crystal, legume_module
from solvers.guided_modes.settings import GuidedModeAccuracy, GuidedModeSettings
from solvers.modes import Mode, ModeSet

__all__ = ["METHOD", "solve_guided_modes"]

METHOD = "guided-mode-expansion"

# Loss below this share of the frequency is rounding.
_DARK = 1e-12

# Eigenvalues at first.
_FIRST = 16


def solve_guided_modes(
    cavity: Any,
    wavelength: tuple[float, float],
    *,
    bloch: BlochInput = "Gamma",
    quality_factor_floor: float = 100.0,
    accuracy: GuidedModeAccuracy = "default",
    settings: GuidedModeSettings | None = None,
) -> ModeSet:
    """Return the modes of a periodic cavity in a window at one Bloch vector, estimated fast.

    The field is expanded in guided modes of the layers' averages; radiation is a perturbation
    of it by Fermi's golden rule.

    Args:
        cavity: a PeriodicStack, or a cavity with `.unit_cell()`.
        wavelength: window (um), low and high.
        bloch: "Gamma", "X", ... or (kx, ky) in rad/um.
        quality_factor_floor: modes of lower Q are left out.
        accuracy: "fast", "default" or "reference": truncation of the basis.
        settings: all numerical settings at once, instead of `accuracy`.

    Returns:
        Modes by wavelength with their radiative Q. No confinement, no field; errors are nan,
        for the method's own error cannot be read off its truncation.

    Raises:
        ValueError: what the method cannot represent: loss, gain, metals, outer media of higher
            index than the layers.
        ImportError: legume is not installed.

    Validity: dispersive media are taken at the middle of the window. Measured on slabs of index 2:
    0.3 nm and 15 % in Q with filled holes; 1 nm to 7 nm and up to ten times in Q with deep
    contrast (`docs/unit_cell_fem.md`).
    """
    started = time.perf_counter()
    stack = as_unit_cell(cavity)
    chosen = settings or GuidedModeSettings.for_accuracy(accuracy)
    low, high = wavelength
    for material in stack.media:
        material.index([low, high])
    vector = bloch_vector(stack.lattice, bloch)
    name = point_name(stack.lattice, vector)
    legume = legume_module()
    period = stack.lattice.period
    crystal = legume_crystal(stack, 2 / (1 / low + 1 / high))
    # just off a whole number, where waves would lie exactly on the limit
    expansion = legume.GuidedModeExp(crystal, gmax=chosen.largest_wave + 1e-4)
    ends = period / high, period / low
    frequencies = _eigenfrequencies(expansion, vector * period, ends, chosen)
    inside = np.flatnonzero((frequencies >= ends[0]) & (frequencies <= ends[1]))
    modes = []
    if len(inside):
        damping, couplings, _ = expansion.compute_rad(0, inside.tolist())
        for place, number in enumerate(inside.tolist()):
            k = complex(frequencies[number], -float(damping[place]))
            if -k.imag < _DARK * k.real:
                k = complex(k.real)
            if k.imag and -k.real / (2 * k.imag) < quality_factor_floor:
                continue
            modes.append(
                Mode(
                    wavenumber=2 * math.pi / period * k,
                    quality_factors=_channels(k, couplings, place),
                    polarization="TE" if _te_share(expansion, number) >= 0.5 else "TM",
                    lattice_point=name,
                    method=METHOD,
                    settings={"method": METHOD, "bloch": [float(x) for x in vector]},
                )
            )
    return bloch_mode_set(
        cavity,
        modes,
        window=(low, high),
        method=METHOD,
        bloch=vector,
        lattice_point=name,
        quality_factor_floor=quality_factor_floor,
        settings=chosen,
        started=started,
        provenance={"legume": version("legume-gme")},
    )


def _eigenfrequencies(
    expansion: Any,
    bloch: NDArray[np.float64],
    ends: tuple[float, float],
    settings: GuidedModeSettings,
) -> NDArray[np.float64]:
    """Return the frequencies (c over the period) of the window and around it; fills `expansion`.

    As many as it takes for the farthest of them to lie outside the window.
    """
    middle = (ends[0] + ends[1]) / 2
    count = _FIRST
    while True:
        try:
            expansion.run(
                kpoints=bloch[:, None],
                gmode_inds=list(range(settings.guided_modes)),
                gmode_step=settings.search_step,
                numeig=count,
                eig_sigma=middle,
                compute_im=False,
                verbose=False,
            )
        except ValueError as error:
            if "numeig" not in str(error):
                raise
            raise ValueError(
                f"largest_wave: must give a basis of more than {count} guided modes, got "
                f"{settings.largest_wave:g}; raise it or guided_modes, or narrow the window"
            ) from None
        found = np.asarray(expansion.freqs[0], dtype=np.float64)
        if np.abs(found - middle).max() > (ends[1] - ends[0]) / 2:
            return found
        count *= 2


def _channels(k: complex, couplings: Any, place: int) -> dict[str, float]:
    """Return Q by channel from legume's couplings to the waves of both outer media."""
    names = {"l": "radiation:substrate", "u": "radiation:superstrate"}
    shares = {
        name: sum(
            float(np.sum(np.abs(couplings[f"{side}_{polarization}"][place]) ** 2))
            for polarization in ("te", "tm")
        )
        for side, name in names.items()
    }
    total = math.fsum(shares.values())
    loss = -2 * k.imag / k.real
    if not loss or not total:
        return dict.fromkeys(shares, math.inf)
    return {name: total / (loss * part) if part else math.inf for name, part in shares.items()}


def _te_share(expansion: Any, number: int) -> float:
    """Return the share of the TE guided modes (even numbers) in an eigenvector."""
    weights: NDArray[np.float64] = np.abs(expansion.eigvecs[0][:, number]) ** 2
    total = te = 0.0
    start = 0
    for order, count in zip(expansion.gmode_include[0], expansion.modes_numg[0], strict=True):
        part = float(weights[start : start + int(count)].sum())
        total += part
        te += part if int(order) % 2 == 0 else 0.0
        start += int(count)
    return te / total
