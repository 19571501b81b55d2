"""Finished groups of azimuthal orders on disk, so that a run that dies loses none of them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path

from cavities.body_of_revolution import BodyOfRevolution
from solvers.axisymmetric.fields import ResolvedField
from solvers.axisymmetric.settings import AxisymmetricSettings
from solvers.modes import ModeSet

__all__ = ["Checkpoint"]

_log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A folder that holds one mode file for every finished group of one computation.

    Attributes:
        folder: made when the first group is kept.
        body: body, window, floor and settings: what the groups were computed from. They are
            part of the file names, so that no other computation reads them.
    """

    folder: Path
    body: BodyOfRevolution
    wavelength: tuple[float, float]
    quality_factor_floor: float
    settings: AxisymmetricSettings

    def find(self, orders: Sequence[int]) -> ModeSet | None:
        """Return the kept modes of a group, with their fields; None when they are not there."""
        path = self._path(orders)
        if not path.is_file():
            return None
        try:
            modes = ModeSet.load(path)
        except ValueError as error:
            _log.warning("checkpoint: %s; computing these orders again", error)
            return None
        return dataclasses.replace(
            modes,
            modes=tuple(
                dataclasses.replace(
                    mode,
                    sampler=ResolvedField(
                        body=self.body,
                        wavelength=self.wavelength,
                        azimuthal_order=mode.azimuthal_order,
                        lowest_order=min(orders),
                        settings=self.settings,
                        wavenumber=(mode.wavenumber.real, mode.wavenumber.imag),
                    ),
                )
                for mode in modes
            ),
        )

    def keep(self, orders: Sequence[int], modes: ModeSet) -> None:
        """Write the modes of a group, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        modes.save(self._path(orders))

    def _path(self, orders: Sequence[int]) -> Path:
        content = {
            "body": self.body.model_dump(mode="json"),
            "wavelength": self.wavelength,
            "quality_factor_floor": self.quality_factor_floor,
            "settings": self.settings.model_dump(mode="json"),
            "orders": list(orders),
        }
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        return self.folder / f"m{min(orders):04d}-{digest[:24]}.h5"
