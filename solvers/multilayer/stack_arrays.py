"""A stack, or a batch of them, as arrays: what the multilayer kernels compute with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.planar_stack import PlanarStack

__all__ = ["StackArrays", "as_stack", "stack_arrays"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class StackArrays:
    """S stacks of L layers at W wavelengths, from bottom to top.

    Attributes:
        permittivity: one array for each of L + 2 media (substrate, layers, superstrate), each
            of shape (S or 1, 1, W or 1), float where it is real. Equal media share the array.
        thickness: (S or 1, L) (um).
        names: region of each layer (L,).
        batched: whether the caller gave several stacks.
        index_shift: (S or 1, L) what was added to the indices, None: nothing.
    """

    permittivity: tuple[NDArray[Any], ...]
    thickness: Floats
    names: tuple[str, ...]
    batched: bool
    index_shift: Complexes | None = None

    @property
    def count(self) -> int:
        """Number of stacks S."""
        return max(len(self.thickness), *(len(eps) for eps in self.permittivity))

    def upside_down(self) -> StackArrays:
        """Return the stacks seen from the other side."""
        return StackArrays(
            permittivity=self.permittivity[::-1],
            thickness=self.thickness[:, ::-1],
            names=self.names[::-1],
            batched=self.batched,
        )

    def absorbing(self) -> tuple[int, ...]:
        """Return the layers with Im eps != 0 anywhere."""
        inner = self.permittivity[1:-1]
        return tuple(i for i, eps in enumerate(inner) if np.iscomplexobj(eps))

    def amplifying(self) -> bool:
        """Whether any layer has Im eps < 0 anywhere."""
        inner = [eps for eps in self.permittivity[1:-1] if np.iscomplexobj(eps)]
        return any(bool(np.any(eps.imag < 0)) for eps in inner)


def as_stack(cavity: Any) -> PlanarStack:
    """Return the PlanarStack of a planar cavity.

    Raises:
        TypeError: the object has no `stack()`.
    """
    if isinstance(cavity, PlanarStack):
        return cavity
    if not callable(getattr(cavity, "stack", None)):
        raise TypeError(
            "stack: must be a PlanarStack or a cavity with .stack() (PlanarMicrocavity, "
            f"TwoMirrorCavity), got {type(cavity).__name__}"
        )
    stack = cavity.stack()
    assert isinstance(stack, PlanarStack)
    return stack


def stack_arrays(
    stack: Any,
    wavelength: Floats,
    *,
    thickness: ArrayLike | None = None,
    index_shift: ArrayLike | None = None,
) -> StackArrays:
    """Return the arrays of one stack, of one stack with perturbed layers, or of several stacks.

    Args:
        stack: PlanarStack, planar cavity, StackArrays, or a sequence of stacks. Stacks with
            fewer layers than the longest get layers of no thickness on top.
        wavelength: vacuum wavelengths (um) (W,).
        thickness: layer thicknesses (um) instead of the stack's own, (S, L) or (L,).
        index_shift: added to the layers' indices, real or complex, (S, L) or (L,).

    Raises:
        ValueError: arrays that do not fit the layers, a negative thickness, or perturbations of
            several stacks at once.
        TypeError: not a planar stack.
    """
    if isinstance(stack, StackArrays):
        return _checked_arrays(stack, wavelength)
    if isinstance(stack, Sequence):
        if thickness is not None or index_shift is not None:
            raise ValueError(
                "thickness, index_shift: must be left out with several stacks, got both; "
                "perturb the stacks themselves"
            )
        return _several([as_stack(one) for one in stack], wavelength)
    return _one(as_stack(stack), wavelength, thickness, index_shift)


def _one(
    stack: PlanarStack,
    wavelength: Floats,
    thickness: ArrayLike | None,
    index_shift: ArrayLike | None,
) -> StackArrays:
    count = len(stack.layers)
    known: dict[Any, NDArray[Any]] = {}
    for medium in stack.media:
        if medium not in known:
            known[medium] = _plain(np.asarray(medium.permittivity(wavelength)).reshape(1, 1, -1))
    media = [known[medium] for medium in stack.media]
    own = np.array([[layer.thickness for layer in stack.layers]]).reshape(1, count)
    thick = own if thickness is None else _table(thickness, count, "thickness", np.float64)
    if np.any(~(thick >= 0)):
        raise ValueError(
            f"thickness: must be >= 0 um in every layer, got {np.min(thick):g}; "
            "check the perturbation against the thinnest layer"
        )
    batched = thickness is not None and np.ndim(thickness) == 2
    shift = None
    if index_shift is not None:
        shift = _table(index_shift, count, "index_shift", np.complex128)
        batched = batched or np.ndim(index_shift) == 2
        for i in range(count):
            if np.any(shift[:, i] != 0):
                index = np.sqrt(media[i + 1].astype(np.complex128)) + shift[:, i].reshape(-1, 1, 1)
                media[i + 1] = _plain(index**2)
        if len(thick) != len(shift) and 1 not in (len(thick), len(shift)):
            raise ValueError(
                f"index_shift: must have as many rows as thickness ({len(thick)}), "
                f"got {len(shift)}; give one row per stack"
            )
    names = tuple(layer.name for layer in stack.layers)
    return StackArrays(
        permittivity=tuple(media),
        thickness=thick,
        names=names,
        batched=batched,
        index_shift=shift,
    )


def _several(stacks: list[PlanarStack], wavelength: Floats) -> StackArrays:
    if not stacks:
        raise ValueError("stack: must hold at least one stack, got none; give a PlanarStack")
    count = max(len(stack.layers) for stack in stacks)
    known: dict[Any, NDArray[np.complex128]] = {}
    for medium in {medium for stack in stacks for medium in stack.media}:
        known[medium] = np.asarray(medium.permittivity(wavelength)).ravel()
    rows, thick, names = [], np.zeros((len(stacks), count)), [""] * count
    for number, stack in enumerate(stacks):
        media = stack.media
        padded = [*media[:-1], *[media[-1]] * (count - len(stack.layers)), media[-1]]
        rows.append([known[medium] for medium in padded])
        for i, layer in enumerate(stack.layers):
            thick[number, i] = layer.thickness
            names[i] = names[i] or layer.name
    arrays: dict[tuple[int, ...], NDArray[Any]] = {}
    media_arrays = []
    for column in zip(*rows, strict=True):
        key = tuple(id(array) for array in column)
        if key not in arrays:
            same = len(set(key)) == 1
            values = column[0][None] if same else np.stack(column)
            arrays[key] = _plain(values.reshape(len(values), 1, -1))
        media_arrays.append(arrays[key])
    return StackArrays(
        permittivity=tuple(media_arrays), thickness=thick, names=tuple(names), batched=True
    )


def _plain(eps: NDArray[np.complex128]) -> NDArray[Any]:
    """Return real permittivity as floats, and one value where all wavelengths agree."""
    if eps.shape[-1] > 1 and bool(np.all(eps == eps[..., :1])):
        eps = eps[..., :1]
    return np.ascontiguousarray(eps.real) if not np.any(eps.imag) else np.ascontiguousarray(eps)


def _table(values: ArrayLike, count: int, name: str, kind: type) -> NDArray[Any]:
    table: NDArray[Any] = np.atleast_2d(np.asarray(values, dtype=kind))
    if table.ndim != 2 or table.shape[1] != count or not np.all(np.isfinite(table)):
        raise ValueError(
            f"{name}: must be finite with one column per layer ({count}), got shape "
            f"{np.shape(values)}; give (stacks, layers)"
        )
    return table


def _checked_arrays(arrays: StackArrays, wavelength: Floats) -> StackArrays:
    if len(arrays.permittivity) != arrays.thickness.shape[1] + 2:
        raise ValueError(
            "permittivity: must have one array per layer and two more "
            f"({arrays.thickness.shape[1] + 2}), got {len(arrays.permittivity)}; "
            "add the outer media"
        )
    for eps in arrays.permittivity:
        if eps.ndim != 3 or eps.shape[1] != 1 or eps.shape[2] not in (1, len(wavelength)):
            raise ValueError(
                f"permittivity: must have shape (S or 1, 1, {len(wavelength)} or 1), got "
                f"{eps.shape}; give one value per wavelength"
            )
    return arrays
