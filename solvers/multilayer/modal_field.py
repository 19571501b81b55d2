"""The field of one quasi-normal mode, and how well it solves the stack."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solvers.multilayer.layered_field import LayeredField, State

__all__ = ["ModalField"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class ModalField(LayeredField):
    """The field of a mode, 1 in U or V where it is strongest."""

    @cached_property
    def _sides(self) -> tuple[list[State], list[State]]:
        """Solutions that leave through the substrate and the superstrate at all interfaces."""
        return self.chain(upwards=True), self.chain(upwards=False)

    @cached_property
    def interface(self) -> int:
        """Interface at which both solutions together are strongest: there they are joined."""
        low, high = self._sides
        strength = [
            a.log_scale + b.log_scale + math.log(self._size(a) * self._size(b))
            for a, b in zip(low, high, strict=True)
        ]
        return int(np.argmax(strength))

    def _size(self, state: State) -> float:
        return abs(self.k * state.u) + abs(state.v)

    @cached_property
    def residual(self) -> float:
        """Mismatch of the two solutions where they are joined, relative to their size."""
        low, high = (side[self.interface] for side in self._sides)
        wronskian = low.u * high.v - low.v * high.u
        return float(abs(self.k * wronskian) / (self._size(low) * self._size(high)))

    @cached_property
    def scaled_states(self) -> tuple[Complexes, Floats]:
        """U and V at all interfaces, 1 for the larger of them where the solutions are joined."""
        low, high = self._sides
        meet = self.interface
        a, b = low[meet], high[meet]
        larger = 0 if abs(self.k * a.u) >= abs(a.v) else 1
        rows = np.empty((len(low), 2), dtype=np.complex128)
        log_scale = np.empty(len(low))
        for i in range(len(low)):
            state, joint = (low[i], a) if i <= meet else (high[i], b)
            top = (joint.u, joint.v)[larger]
            rows[i] = state.u / top, state.v / top
            log_scale[i] = state.log_scale - joint.log_scale
        return rows, log_scale
