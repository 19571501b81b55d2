"""Table 1 of the CW ASE study of CdZnSe/ZnSe dots, as data, with its errors flagged.

P. K. Das et al., Opt. Mater. Express (2023): tri-exponential fits of the bleach at 639 nm after
a 370 nm pulse. The amplitudes are in absorbance, the fit's offset is called A_0 there.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from gain.bleach_decay import BleachDecay

__all__ = [
    "CDZNSE_TABLE",
    "PRINTED_FRACTIONS",
    "TABLE_FLAGS",
    "TRANSPARENT_DELAY_PS",
    "unexcited_absorbance",
]

CDZNSE_TABLE: Final = MappingProxyType(
    {
        1: BleachDecay(
            offset=-0.00651,
            amplitudes=(-0.00686, -0.00677, -0.00658),
            lifetimes_ps=(14.0, 615.0, 3374.0),
        ),
        3: BleachDecay(
            offset=-0.00647,
            amplitudes=(-0.00664, -0.00834, -0.00251),
            lifetimes_ps=(37.0, 587.0, 3548.0),
        ),
    }
)
"""The printed fits by their nominal mean excitation."""

PRINTED_FRACTIONS: Final = MappingProxyType({1: (0.376, 0.335, 0.325), 3: (0.380, 0.477, 0.144)})
"""The printed percentages of the amplitudes."""

TRANSPARENT_DELAY_PS: Final = 2.3
"""Delay at which the text has the sample of <N> ~ 1 transparent at 639 nm (ps)."""

TABLE_FLAGS: Final = (
    "The fractions of <N> ~ 1 add up to 103.6 %: the first is 33.9 %, not 37.6 %.",
    "The bleach fitted at <N> ~ 3 is smaller than at <N> ~ 1 at every delay, so with the A_0 that "
    "makes <N> ~ 1 transparent at 2.3 ps the table has no gain at <N> ~ 3, which figure 2c shows. "
    "Do not use the amplitudes as an absolute test of gain.",
)
"""What is wrong with the table."""


def unexcited_absorbance(*, delay_ps: float = TRANSPARENT_DELAY_PS) -> float:
    """Return the A_0 at 639 nm that follows from the table: A_0 = -dA(2.3 ps, <N> ~ 1).

    The absorption spectrum itself is not given in absolute units.

    Example:
        >>> round(unexcited_absorbance(), 5)
        0.02565
    """
    return -float(CDZNSE_TABLE[1].absorbance_change(delay_ps))
