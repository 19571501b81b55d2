"""Nanoplatelets: how many excitons fill the band edge of a platelet.

At room temperature an exciton is coherent over an area smaller than the platelet; a platelet of
M such areas holds 2M excitons before its band edge is full and is transparent near N = M.
"""

from __future__ import annotations

__all__ = ["coherence_areas"]


def coherence_areas(lateral_area_nm2: float, coherence_area_nm2: float = 6.1) -> int:
    """Return M = lateral area/coherence area, at least 1, for `NanocrystalMedium.coherence_areas`.

    Args:
        lateral_area_nm2: area of one platelet in its plane (nm^2).
        coherence_area_nm2: area of one exciton's centre-of-mass coherence (nm^2): 6.1 measured
            at room temperature, doi:10.1038/s41377-021-00548-z.

    Errors: ValueError for areas that are not positive.

    Example:
        >>> coherence_areas(100.0), coherence_areas(3.0)
        (16, 1)
    """
    for name, area in (
        ("lateral_area_nm2", lateral_area_nm2),
        ("coherence_area_nm2", coherence_area_nm2),
    ):
        if not area > 0:
            raise ValueError(f"{name}: must be positive, got {area:g}; give an area in nm^2")
    return max(1, round(lateral_area_nm2 / coherence_area_nm2))
