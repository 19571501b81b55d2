"""The one microdisk that our solver and Meep both compute, and its two modes.

Radius 2.5 um, height 1 um, n = 1.58, straight wall, on glass (n = 1.5), in air; all indices
constant; azimuthal order 30. Two modes near 700 nm, E_z-like and E_r-like, leak into the glass
(Q about 150 and 110).
"""

from __future__ import annotations

__all__ = [
    "AZIMUTHAL_ORDER",
    "HEIGHT",
    "INDEX",
    "MODES",
    "RADIUS",
    "SUBSTRATE_INDEX",
    "TOLERANCES",
    "WINDOW",
]

RADIUS, HEIGHT = 2.5, 1.0
INDEX, SUBSTRATE_INDEX = 1.58, 1.5
AZIMUTHAL_ORDER = 30
WINDOW = (0.67, 0.735)
# Where to look for each mode (um): 12 nm apart, each good to a nanometre.
MODES = {"E_z-like": 0.7052, "E_r-like": 0.6920}
TOLERANCES = (1e-3, 3e-4, 1e-4)
