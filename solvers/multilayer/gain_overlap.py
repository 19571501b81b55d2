"""How strongly gain in a layer acts on a planar mode, to first order: its modal overlap."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from solvers.multilayer.modal_field import ModalField
from solvers.multilayer.mode_derivative import field_slopes

__all__ = ["gain_overlaps"]


def gain_overlaps(field: ModalField) -> dict[str, float]:
    """Return Gamma_1 of each region: threshold gain = 2 pi n/(Gamma_1 lambda Q) to first order.

    Gamma_1 = 2 n' d(Im k0)/dg summed over the region's layers, with n = n' - i g/(2 k0). The
    derivative is that of the quasi-normal mode, an overlap without complex conjugation: it holds
    between dispersive mirrors and in dispersive films, where the energy fraction does not. In a
    mode of high Q it lies between 0 and 1. Layers with Re eps <= 0 are left out.

    Source: P. T. Leung, S. Y. Liu and K. Young, Phys. Rev. A 49, 3982 (1994),
    doi:10.1103/PhysRevA.49.3982.
    """
    slopes = field_slopes(field)
    overlaps: dict[str, float] = defaultdict(float)
    for place, layer in enumerate(field.stack.stack.layers, start=1):
        eps = complex(field.media[place].eps)
        if eps.real <= 0:
            continue
        index = complex(np.sqrt(eps))
        by_gain = slopes.by_permittivity[place] * -1j * index / field.k  # d eps/dg = -i n/k0
        overlaps[layer.name] += float(2 * index.real * (-by_gain / slopes.by_wavenumber).imag)
    return dict(overlaps)
