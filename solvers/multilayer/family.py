"""The characteristic function of many problems at once: angles, polarisations, gains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.multilayer.argument_principle import Function
from solvers.multilayer.characteristic import Characteristic, characteristic
from solvers.multilayer.open_stack import OpenStack

__all__ = ["joint_function"]

Complexes = NDArray[np.complex128]
Numbers = NDArray[np.intp]


def joint_function(problems: Sequence[OpenStack]) -> Function:
    """Return f of points k (N,) and of the numbers of their problems (N,).

    Problems that differ in their in-plane wavenumber only are evaluated in one call.
    """
    groups: dict[Any, int] = {}
    group_of = np.empty(len(problems), dtype=np.intp)
    for number, problem in enumerate(problems):
        alike = replace(problem, in_plane_wavenumber=0.0, sine=0.0)
        key = (id(alike.stack), *(getattr(alike, f.name) for f in fields(alike)[1:]))
        group_of[number] = groups.setdefault(key, len(groups))
    leaders = [int(np.flatnonzero(group_of == i)[0]) for i in range(len(groups))]
    follows = np.array([problem.follows_angle for problem in problems])
    sines = np.array([problem.sine for problem in problems])
    fixed = np.array([problem.in_plane_wavenumber or 0.0 for problem in problems])
    unit = [replace(problems[i], in_plane_wavenumber=None, sine=1.0) for i in leaders]

    def evaluate(k: Complexes, which: Numbers) -> Characteristic:
        columns: dict[str, NDArray[Any]] = {}
        for group, leader in enumerate(leaders):
            here = group_of[which] == group
            if not np.any(here):
                continue
            points, numbers = k[here], which[here]
            in_plane, slope = unit[group].in_plane(points)
            chosen = (
                np.where(follows[numbers], sines[numbers] * in_plane, fixed[numbers]),
                np.where(follows[numbers], sines[numbers] * slope, 0.0),
            )
            part = characteristic(problems[leader], points, in_plane=chosen)
            for field in fields(part):
                values = getattr(part, field.name)
                column = columns.setdefault(field.name, np.empty(k.shape, dtype=values.dtype))
                column[here] = values
        return Characteristic(**columns)

    return evaluate
