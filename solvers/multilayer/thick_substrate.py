"""A substrate thicker than the coherence length: intensities instead of amplitudes.

The layers reflect and transmit coherently; between them and the back face the beams add in
power, R = R_f + T_f P^2 R_b T_f'/(1 - P^2 R_b R_f'), P = exp(-2 k0 Im(w) d).

Source: C. C. Katsidis and D. I. Siapkas, Appl. Opt. 41, 3978 (2002), doi:10.1364/AO.41.003978.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solvers.multilayer.incidence import Polarization, Side, outgoing
from solvers.multilayer.stack_arrays import StackArrays
from solvers.multilayer.sweep import Amplitudes, amplitudes

__all__ = ["with_thick_substrate"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


def with_thick_substrate(
    layers: StackArrays,
    thickness: float,
    backside: Complexes,
    wavenumber: Floats,
    sine: Floats,
    polarizations: Sequence[Polarization],
    *,
    side: Side,
    chunk: int,
) -> tuple[Amplitudes, Floats]:
    """Return the spectra with the back face, and the absorption in the substrate.

    Args:
        layers: the coherent layers on the substrate.
        thickness: of the substrate (um).
        backside: permittivity behind it (1, 1, W).
        wavenumber: k0 (rad/um) (W,).
        sine: k_x/k0, three dimensions.
        polarizations: names.
        side: where the light comes from.
        chunk: points per block.
    """
    substrate = layers.permittivity[0]
    face = StackArrays(
        permittivity=(backside, substrate),
        thickness=np.zeros((1, 0)),
        names=(),
        batched=False,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        runs = [
            amplitudes(one, wavenumber, sine, polarizations, chunk=chunk)
            for one in (layers, layers.upside_down(), face, face.upside_down())
        ]
    down, up, inner, outer = runs
    # Where the wave is evanescent in the substrate no power crosses it.
    dark = np.broadcast_to((substrate.real - sine**2) <= 0, down.reflectance.shape[1:])
    for run in runs:
        for array in (run.reflectance, run.transmittance, run.absorption):
            assert array is not None
            array[:, dark] = np.nan_to_num(array[:, dark], nan=0.0, posinf=0.0, neginf=0.0)
    down.transmittance[:, dark] = 0.0
    outer.transmittance[:, dark] = 0.0
    for run in (up, inner):
        run.reflectance[:, dark] = 0.0
        run.transmittance[:, dark] = 0.0
    w = outgoing(substrate - sine**2)
    passed = np.exp(-2 * wavenumber * w.imag * thickness)
    echoes = 1 / (1 - passed**2 * inner.reflectance * up.reflectance)
    assert down.absorption is not None
    assert up.absorption is not None
    flipped = up.absorption[..., ::-1]
    if side == "top":
        entering = down.transmittance * echoes
        returned = entering * passed**2 * inner.reflectance
        reflectance = down.reflectance + returned * up.transmittance
        transmittance = entering * passed * inner.transmittance
        absorption = down.absorption + returned[..., None] * flipped
        lost = entering * (1 - passed) * (1 + passed * inner.reflectance)
    else:
        entering = outer.transmittance * echoes
        arriving = entering * passed
        reflectance = outer.reflectance + arriving * up.reflectance * passed * inner.transmittance
        transmittance = arriving * up.transmittance
        absorption = arriving[..., None] * flipped
        lost = entering * (1 - passed) * (1 + passed * up.reflectance)
    unknown = np.full(reflectance.shape, complex(np.nan, np.nan))
    found = Amplitudes(
        r=unknown,
        t=unknown.copy(),
        reflectance=reflectance,
        transmittance=transmittance,
        absorption=absorption,
    )
    return found, lost
