"""Colours of regions in the pictures of cavities."""

from __future__ import annotations

import numpy as np

__all__ = ["RegionPalette"]

_KNOWN = {
    "substrate": "#c9d6df",
    "superstrate": "#ffffff",
    "background": "#ffffff",
    "adhesion": "#6b6b6b",
    "reflector": "#d9a520",
    "resist": "#f2c6a0",
    "disk": "#f2c6a0",
    "sphere": "#f2c6a0",
    "torus": "#f2c6a0",
    "pedestal": "#9fb3c1",
    "gain": "#b5322a",
    "bottom_mirror": "#7fa7c9",
    "top_mirror": "#5f8fb8",
    "cavity": "#f2c6a0",
    "oxide": "#4c4c6d",
    "slab": "#7fa7c9",
    "pillar": "#f2c6a0",
    "residual": "#dfb48c",
    "opening": "#ffffff",
}
_CYCLE = ("#8fbf8f", "#b79fcb", "#e0b0c0", "#8fc7c7", "#cbbf8a")


class RegionPalette:
    """Colours by region name, paler for every further material of the same name.

    Example:
        >>> [round(part, 2) for part in RegionPalette().color("gain", "film")]
        [0.71, 0.2, 0.16]
    """

    def __init__(self) -> None:
        self._materials: dict[str, list[str]] = {}

    def color(self, name: str, material: str) -> tuple[float, float, float]:
        """Return red, green and blue (0 to 1) of a region made of a material."""
        from matplotlib.colors import to_rgb

        unknown = [key for key in self._materials if key not in _KNOWN]
        known = self._materials.setdefault(name, [])
        if material not in known:
            known.append(material)
        index = unknown.index(name) if name in unknown else len(unknown)
        base = np.array(to_rgb(_KNOWN.get(name, _CYCLE[index % len(_CYCLE)])))
        pale = 1 - (1 - base) * 0.55 ** known.index(material)
        return float(pale[0]), float(pale[1]), float(pale[2])
