"""The multilayer recursion over blocks of points that fit in the cache.

A unit wave in the exit medium is carried back through the layers to the entrance
(`layer_matrix`). That is the direction in which the physical solution grows, so rounding errors
decay against it; what has been scaled out is kept as a logarithm, so that nothing overflows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.multilayer.incidence import Polarization, outgoing
from solvers.multilayer.layer_matrix import LayerMatrix, Workspace, layer_matrix
from solvers.multilayer.stack_arrays import StackArrays

__all__ = ["CHUNK", "Amplitudes", "amplitudes"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

CHUNK = 8192
"""Points per block: two dozen arrays of them fit in the second-level cache."""

_LAYERS_PER_RESCALING = 12
_CACHED_LAYERS = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Amplitudes:
    """What leaves the stacks; arrays (P, S, A, W).

    Attributes:
        r, t: amplitudes of U (E_y in TE, H_y in TM) relative to the incident wave.
        reflectance, transmittance: fractions of the incident power.
        absorption: the same, for each absorbing layer in the order of the stack: (P, S, A, W, K);
            None if not asked for.
    """

    r: Complexes
    t: Complexes
    reflectance: Floats
    transmittance: Floats
    absorption: Floats | None


def amplitudes(
    stacks: StackArrays,
    wavenumber: Floats,
    sine: Floats,
    polarizations: Sequence[Polarization],
    *,
    absorption: bool = True,
    chunk: int = CHUNK,
) -> Amplitudes:
    """Return reflection, transmission and absorption of a wave that comes from the top.

    Args:
        stacks: S stacks.
        wavenumber: k0 (rad/um) (W,).
        sine: s = k_x/k0, real, broadcastable to (S, A, W), three dimensions.
        polarizations: P names.
        absorption: whether to return the absorption of each absorbing layer.
        chunk: points per block.
    """
    lossy = stacks.absorbing() if absorption else ()
    shape = (len(polarizations), stacks.count, sine.shape[1], len(wavenumber))
    result = Amplitudes(
        r=np.empty(shape, dtype=np.complex128),
        t=np.empty(shape, dtype=np.complex128),
        reflectance=np.empty(shape),
        transmittance=np.empty(shape),
        absorption=np.empty((*shape, len(lossy))) if absorption else None,
    )
    workspaces: dict[tuple[int, ...], _Block] = {}
    for part in _parts(shape[1:], chunk):
        size = tuple(p.stop - p.start for p in part)
        if size not in workspaces:
            workspaces[size] = _Block(size, stacks, polarizations, lossy)
        workspaces[size].run(part, wavenumber, sine, result)
    return result


def _parts(shape: tuple[int, ...], chunk: int) -> Iterator[tuple[slice, ...]]:
    """Yield slices of (S, A, W) with at most `chunk` points each, wavelengths first."""
    steps, room = [], max(chunk, 1)
    for length in shape[::-1]:
        # Equal blocks: few shapes, no short remainder.
        parts = math.ceil(length / min(length, room))
        steps.append(math.ceil(length / parts))
        room = max(room // steps[-1], 1)
    cuts = [
        [slice(i, min(i + step, length)) for i in range(0, length, step)]
        for length, step in zip(shape, steps[::-1], strict=True)
    ]
    for first in cuts[0]:
        for second in cuts[1]:
            for third in cuts[2]:
                yield first, second, third


def _take(array: NDArray[Any], part: tuple[slice, ...]) -> NDArray[Any]:
    """Return a block of an array whose lengths may be 1 for "all the same"."""
    whole = slice(None)
    return array[tuple(p if n > 1 else whole for p, n in zip(part, array.shape, strict=True))]


class _Block:
    """The recursion on blocks of one shape."""

    def __init__(
        self,
        size: tuple[int, ...],
        stacks: StackArrays,
        polarizations: Sequence[Polarization],
        lossy: tuple[int, ...],
    ) -> None:
        self.stacks, self.polarizations, self.lossy = stacks, polarizations, lossy
        self.work = Workspace(size)
        self.real_entries, self.complex_entries = self.work.entries(), self.work.entries()
        self.state = np.empty((len(polarizations), 2, *size), dtype=np.complex128)
        self.next = np.empty_like(self.state)
        self.product = np.empty(size, dtype=np.complex128)
        self.entry = np.empty(size, dtype=np.complex128)
        self.log_scale = np.empty((len(polarizations), *size))
        self.flux = np.empty((len(polarizations), len(lossy), *size))
        self.flux_scale = np.empty_like(self.flux)
        thick = stacks.thickness
        # Layers of one medium and thickness share their matrices, if they come again.
        self.keys = [
            (id(eps), float(thick[0, i])) if len(thick) == 1 else (i, math.nan)
            for i, eps in enumerate(stacks.permittivity[1:-1])
        ]
        often = [key for key, n in Counter(self.keys).most_common(_CACHED_LAYERS) if n > 1]
        self.shared = {key: self.work.entries() for key in often}

    def run(
        self, part: tuple[slice, ...], wavenumber: Floats, sine: Floats, result: Amplitudes
    ) -> None:
        stacks, work = self.stacks, self.work
        media = [_take(eps, part) for eps in stacks.permittivity]
        k0 = wavenumber[part[2]].reshape(1, 1, -1)
        square = np.ascontiguousarray(np.broadcast_to(_take(sine, part) ** 2, work.shape))
        ends = [np.asarray(outgoing(media[i] - square)) for i in (0, -1)]
        exits = [self._admittance(ends[0], media[0], p) for p in self.polarizations]
        for number, y in enumerate(exits):
            self.state[number, 0] = 1.0
            self.state[number, 1] = -1j * y
        self.log_scale[...] = 0.0
        done: dict[Any, LayerMatrix] = {}
        for i in range(len(media) - 2):
            thick = _take(stacks.thickness[:, i, None, None], part)
            matrix = self._matrix(i, media[i + 1], square, k0 * thick, done)
            self._step(i, media[i + 1], matrix)
            if (i + 1) % _LAYERS_PER_RESCALING == 0:
                self._rescale()
        self._finish(part, media, ends, exits, result)

    @staticmethod
    def _admittance(w: Complexes, eps: NDArray[Any], polarization: Polarization) -> Complexes:
        return w if polarization == "TE" else np.asarray(w / eps)

    def _matrix(
        self,
        layer: int,
        eps: NDArray[Any],
        square: Floats,
        phase: Floats,
        done: dict[Any, LayerMatrix],
    ) -> LayerMatrix:
        key = self.keys[layer]
        if key in done:
            return done[key]
        real = not np.iscomplexobj(eps)
        entries = self.shared.get(key) or (self.real_entries if real else self.complex_entries)
        matrix = layer_matrix(eps, square, phase, self.work, entries, real=real)
        if key in self.shared:
            scale = None if matrix.log_scale is None else matrix.log_scale.copy()
            matrix = done[key] = matrix._replace(log_scale=scale)
        return matrix

    def _step(self, layer: int, eps: NDArray[Any], matrix: LayerMatrix) -> None:
        """Carry the states of all polarisations back through one layer."""
        for number, polarization in enumerate(self.polarizations):
            u, v = self.state[number]
            new_u, new_v = self.next[number]
            before = _flux(u, v) if layer in self.lossy else None
            over, times = matrix.over, matrix.times
            if polarization == "TM":
                over = np.multiply(over, eps.astype(np.complex128), out=self.entry)
            np.multiply(over, v, out=new_u)
            if polarization == "TM":
                times = np.multiply(times, 1 / eps.astype(np.complex128), out=self.entry)
            np.multiply(times, u, out=new_v)
            new_u += np.multiply(matrix.cosine, u, out=self.product)
            np.subtract(np.multiply(matrix.cosine, v, out=self.product), new_v, out=new_v)
            if matrix.log_scale is not None:
                self.log_scale[number] += matrix.log_scale
            if before is not None:
                if matrix.log_scale is not None:
                    before *= np.exp(-2 * matrix.log_scale)
                place = self.lossy.index(layer)
                np.subtract(_flux(new_u, new_v), before, out=self.flux[number, place])
                self.flux_scale[number, place] = self.log_scale[number]
        self.state, self.next = self.next, self.state

    def _rescale(self) -> None:
        for number in range(len(self.polarizations)):
            u, v = self.state[number]
            size = np.abs(u.real) + np.abs(u.imag) + np.abs(v.real) + np.abs(v.imag)
            inverse = 1 / size
            u.real *= inverse
            u.imag *= inverse
            v.real *= inverse
            v.imag *= inverse
            self.log_scale[number] += np.log(size)

    def _finish(
        self,
        part: tuple[slice, ...],
        media: list[NDArray[Any]],
        ends: list[Complexes],
        exits: list[Complexes],
        result: Amplitudes,
    ) -> None:
        for number, polarization in enumerate(self.polarizations):
            at: tuple[Any, ...] = (number, *part)
            u, v = self.state[number]
            y = self._admittance(ends[1], media[-1], polarization)
            incident = 0.5 * (u + 1j * v / y)
            result.r[at] = u / incident - 1
            result.t[at] = np.exp(-self.log_scale[number]) / incident
            result.reflectance[at] = _square(result.r[at])
            result.transmittance[at] = exits[number].real / y.real * _square(result.t[at])
            if result.absorption is not None:
                power = y.real * _square(incident)
                for place in range(len(self.lossy)):
                    scale = self.flux_scale[number, place] - self.log_scale[number]
                    result.absorption[(*at, place)] = (
                        self.flux[number, place] * np.exp(2 * scale) / power
                    )


def _flux(u: Complexes, v: Complexes) -> Floats:
    """Return Re(U conj V) with V = i V~."""
    return np.asarray(u.imag * v.real - u.real * v.imag)


def _square(z: Complexes) -> Floats:
    return np.asarray(z.real**2 + z.imag**2)
