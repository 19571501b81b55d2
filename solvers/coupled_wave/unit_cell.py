"""A periodic stack as coupled-wave theory sees it: mean layers and Fourier coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cavities.material import Material
from cavities.periodic_stack import PatternedLayer, PeriodicStack
from solvers.coupled_wave.basic_waves import BasicWaves
from solvers.coupled_wave.mean_stack import MeanStack
from solvers.fourier_modal.media import Media
from solvers.fourier_modal.shape_transform import shape_coefficients

__all__ = ["Pattern", "UnitCell"]

Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Part:
    """An inclusion: what it is made of, what it replaces, and its shape's coefficients."""

    region: str
    material: Material
    replaced: tuple[str, Material]
    share: float
    between: Complexes  # S(G_i - G_j), (n, n)
    zero: Complexes  # S(-G_j), (n,)
    others: Complexes  # S(G - G_j), (N, n)


@dataclass(frozen=True, kw_only=True, eq=False)
class Pattern:
    """Fourier coefficients of the permittivity of the patterned slices.

    Attributes:
        between: eps(G_i - G_j) of the basic waves, (slices, n, n); 0 on the diagonal.
        inward: eps(-G_j), (slices, n): from a basic wave to normal emission.
        outward: eps(G_i), (slices, n): back.
        up: eps(G - G_j), (slices, N, n): from the basic waves to the others.
        down: eps(G_i - G), (slices, n, N): back.
    """

    between: Complexes
    inward: Complexes
    outward: Complexes
    up: Complexes
    down: Complexes


class UnitCell:
    """Slices of a periodic stack with the Fourier transforms of their shapes.

    Args:
        stack: the structure.
        waves: basic waves and further orders.
        media: additional gain or index by region.
    """

    def __init__(self, stack: PeriodicStack, waves: BasicWaves, media: Media | None = None) -> None:
        self.stack = stack
        self.waves = waves
        self.media = media or Media()
        self._slices = stack.slices()
        self.patterned = tuple(
            i for i, piece in enumerate(self._slices) if isinstance(piece, PatternedLayer)
        )
        if not self.patterned:
            raise ValueError(
                "cavity: must have a patterned layer, got uniform layers only; "
                "use solvers.multilayer"
            )
        self._parts: list[list[_Part]] = []
        for index in self.patterned:
            layer = self._slices[index]
            assert isinstance(layer, PatternedLayer)
            self._parts.append(_parts(stack, layer, waves))

    def with_media(self, media: Media) -> UnitCell:
        """Return the same cell with other media; the shapes are not transformed again."""
        other = object.__new__(UnitCell)
        other.__dict__.update(self.__dict__)
        other.media = media
        return other

    def mean(self, k: complex) -> MeanStack:
        """Return the stack with every slice's mean permittivity at k0 (rad/um)."""
        eps, slope = [], []
        place = dict(zip(self.patterned, self._parts, strict=True))
        for index, piece in enumerate(self._slices):
            value, rise = self.media.at(piece.name, piece.material, k)
            for part in place.get(index, []):
                own = self.media.at(part.region, part.material, k)
                base = self.media.at(*part.replaced, k)
                value += part.share * (own.eps - base.eps)
                rise += part.share * (own.slope - base.slope)
            eps.append(value)
            slope.append(rise)
        below = self.media.at("substrate", self.stack.substrate, k)
        above = self.media.at("superstrate", self.stack.superstrate, k)
        return MeanStack(
            thickness=np.array([piece.thickness for piece in self._slices]),
            permittivity=np.array(eps, dtype=np.complex128),
            slope=np.array(slope, dtype=np.complex128),
            outer=np.array([below.eps, above.eps], dtype=np.complex128),
            outer_slope=np.array([below.slope, above.slope], dtype=np.complex128),
        )

    def pattern(self, k: complex) -> Pattern:
        """Return the Fourier coefficients of every patterned slice at k0 (rad/um)."""
        count = len(self.waves.vectors)
        rows: list[tuple[Complexes, ...]] = []
        for parts in self._parts:
            between = np.zeros((count, count), dtype=np.complex128)
            inward, outward = np.zeros((2, count), dtype=np.complex128)
            up = np.zeros((len(self.waves.others), count), dtype=np.complex128)
            down = np.zeros((count, len(self.waves.others)), dtype=np.complex128)
            for part in parts:
                own = self.media.at(part.region, part.material, k).eps
                step = own - self.media.at(*part.replaced, k).eps
                between += step * part.between
                inward += step * part.zero
                outward += step * part.zero.conj()
                up += step * part.others
                down += step * part.others.conj().T
            np.fill_diagonal(between, 0.0)
            rows.append((between, inward, outward, up, down))
        between, inward, outward, up, down = (np.array(part) for part in zip(*rows, strict=True))
        return Pattern(between=between, inward=inward, outward=outward, up=up, down=down)


def _parts(stack: PeriodicStack, layer: PatternedLayer, waves: BasicWaves) -> list[_Part]:
    vectors = waves.vectors
    between = vectors[:, None] - vectors
    others = waves.others[:, None] - vectors
    hosts: Sequence[int] = stack.parents(layer)
    found = []
    for part, host in zip(layer.inclusions, hosts, strict=True):
        inside = layer.inclusions[host] if host >= 0 else layer
        area = stack.lattice.area
        found.append(
            _Part(
                region=part.name,
                material=part.material,
                replaced=(inside.name, inside.material),
                share=part.shape.area / area,
                between=shape_coefficients(part.shape, between, area),
                zero=shape_coefficients(part.shape, -vectors, area),
                others=shape_coefficients(part.shape, others, area),
            )
        )
    return found
