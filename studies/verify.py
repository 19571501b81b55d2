"""`lasewright verify`: the modes of a design by its own method and by an engine, side by side."""

from __future__ import annotations

import dataclasses
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studies.cavity_table import is_planar
from studies.design import Design
from studies.errors import DesignError

if TYPE_CHECKING:
    from solvers.engines.run_worker import RunOptions
    from solvers.fdtd.settings import FdtdSettings
    from solvers.modes import Mode, ModeSet
    from studies.store import Store

__all__ = [
    "Comparison",
    "Verification",
    "compare_modes",
    "throttled",
    "verify",
    "write_verification",
]

WAVELENGTH_GOAL, QUALITY_GOAL = 2e-3, 5e-2
"""What an engine should reach: 0.2 % in wavelength, 5 % in Q."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Comparison:
    """One mode of the default method beside the engine's.

    Attributes:
        default: by the default method; engine: by the engine, None where it saw none;
        note: why there is none.
    """

    default: Mode
    engine: Mode | None
    note: str = ""

    @property
    def wavelength_difference(self) -> float:
        """Relative difference of the wavelengths, engine minus default; nan without."""
        if self.engine is None:
            return math.nan
        return self.engine.wavelength / self.default.wavelength - 1

    @property
    def quality_difference(self) -> float:
        """Relative difference of Q, engine minus default; nan without."""
        if self.engine is None:
            return math.nan
        return self.engine.quality_factor / self.default.quality_factor - 1

    @property
    def wavelength_error(self) -> float:
        """Both error estimates of the wavelength together, relative."""
        if self.engine is None:
            return math.nan
        errors = (self.default.wavelength_error, self.engine.wavelength_error)
        return sum(e for e in errors if not math.isnan(e)) / self.default.wavelength

    @property
    def quality_error(self) -> float:
        """Both error estimates of Q together, relative."""
        if self.engine is None:
            return math.nan
        errors = (self.default.quality_factor_error, self.engine.quality_factor_error)
        return sum(e for e in errors if not math.isnan(e))

    @property
    def confinement_difference(self) -> float:
        """Largest difference of an energy fraction of a part of the cavity; nan without.

        The media outside are left out: methods cut them at different distances.
        """
        if self.engine is None or not self.engine.confinement:
            return math.nan
        outside = ("substrate", "superstrate", "background")
        one, other = (
            {k: v for k, v in m.confinement.items() if k not in outside}
            for m in (self.default, self.engine)
        )
        totals = sum(one.values()) or 1.0, sum(other.values()) or 1.0
        names = {*one, *other}
        return max(
            (abs(one.get(n, 0.0) / totals[0] - other.get(n, 0.0) / totals[1]) for n in names),
            default=math.nan,
        )

    @property
    def verdict(self) -> str:
        """Verdict: "agree", "agree within the errors", "differ" or "not found".

        "agree": within 0.2 % in wavelength and 5 % in Q.
        """
        if self.engine is None:
            return "not found"
        apart, q_apart = abs(self.wavelength_difference), abs(self.quality_difference)
        if apart <= WAVELENGTH_GOAL and q_apart <= QUALITY_GOAL:
            return "agree"
        near = apart <= max(self.wavelength_error, WAVELENGTH_GOAL)
        if near and q_apart <= max(self.quality_error, QUALITY_GOAL):
            return "agree within the errors"
        return "differ"

    def report(self) -> dict[str, Any]:
        """Return every number, None where there is none."""

        def one(mode: Mode | None) -> dict[str, Any] | None:
            if mode is None:
                return None
            return {
                "wavelength_um": mode.wavelength,
                "wavelength_error_um": _plain(mode.wavelength_error),
                "q": _plain(mode.quality_factor),
                "q_relative_error": _plain(mode.quality_factor_error),
                "q_parts": {k: _plain(v) for k, v in mode.quality_factors.items()},
                "confinement": dict(mode.confinement),
                "label": mode.label,
                "method": mode.method,
            }

        return {
            "default": one(self.default),
            "engine": one(self.engine),
            "wavelength_difference": _plain(self.wavelength_difference),
            "wavelength_errors_together": _plain(self.wavelength_error),
            "q_difference": _plain(self.quality_difference),
            "q_errors_together": _plain(self.quality_error),
            "confinement_difference": _plain(self.confinement_difference),
            "verdict": self.verdict,
            "note": self.note,
        }


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verification:
    """A design's modes by two methods.

    Attributes:
        design: what was solved; default, engine: both mode sets;
        rows: mode by mode, highest Q first; extra: modes that only the engine has;
        wall_s: seconds by method.
    """

    design: Design
    default: ModeSet
    engine: ModeSet
    rows: tuple[Comparison, ...]
    extra: tuple[Mode, ...]
    wall_s: dict[str, float]

    @property
    def verdict(self) -> str:
        """One line on all modes."""
        counts: dict[str, int] = {}
        for row in self.rows:
            counts[row.verdict] = counts.get(row.verdict, 0) + 1
        parts = [f"{count} {name}" for name, count in counts.items()]
        if self.extra:
            parts.append(f"{len(self.extra)} seen by the engine alone")
        return f"{len(self.rows)} modes: " + ", ".join(parts)

    @property
    def agrees(self) -> bool:
        """Whether no mode differs and none is missing."""
        return all(row.verdict.startswith("agree") for row in self.rows)


def verify(
    design: Design,
    store: Store,
    *,
    azimuthal_order: int | None = None,
    wavelength: tuple[float, float] | None = None,
    settings: FdtdSettings | None = None,
    options: RunOptions | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Verification:
    """Solve a design by its default method and by Meep, and compare.

    Args:
        design: any design; store: of results of the default method.
        azimuthal_order: the one to compare, for bodies of revolution; None: the design's.
        wavelength: a narrower window (um); None: the design's.
        settings, options: of the FDTD runs.
        say: told what goes on.

    Raises:
        DesignError: a body of revolution without one azimuthal order.
        EngineError: the engine is missing, the job too large, a run ended badly.
    """
    from solvers.solve import solve_modes
    from studies.mode_stage import find_modes

    narrowed = _narrowed(design, azimuthal_order, wavelength)
    say("default method")
    started = time.perf_counter()
    default, _ = find_modes(narrowed, store, fresh=True)
    default_wall = time.perf_counter() - started
    say("Meep")
    solver = narrowed.solver
    engine = solve_modes(
        narrowed.cavity,
        solver.wavelength,
        method="fdtd",
        azimuthal_order=solver.azimuthal_order
        if callable(getattr(narrowed.cavity, "body", None)) and not is_planar(narrowed.cavity)
        else None,  # type: ignore[arg-type]
        bloch=solver.bloch,
        quality_factor_floor=solver.quality_factor_floor,
        settings=settings,
        engine=options,
    )
    rows, extra = compare_modes(default, engine)
    walls = {"default": default_wall, "engine": float(engine.provenance["engine_time_s"])}
    return Verification(
        design=narrowed, default=default, engine=engine, rows=rows, extra=extra, wall_s=walls
    )


def throttled(say: Callable[[str], None], seconds: float = 5.0) -> Callable[[Any], None]:
    """Return a progress callback that speaks at every new run and every few seconds."""
    title, spoken = "", 0.0

    def progress(event: Any) -> None:
        nonlocal title, spoken
        now = time.monotonic()
        if event.title != title or now - spoken > seconds:
            title, spoken = event.title, now
            say(str(event))

    return progress


def _narrowed(design: Design, order: int | None, wavelength: tuple[float, float] | None) -> Design:
    """Return the design at the order and in the window to compare."""
    changes: dict[str, Any] = {}
    if wavelength is not None:
        changes["wavelength"] = wavelength
    body = callable(getattr(design.cavity, "body", None)) and not is_planar(design.cavity)
    if order is not None:
        changes["azimuthal_order"] = order
    elif body and design.solver.azimuthal_order == "all":
        raise DesignError(
            "must be one order for the engine, got all of them; choose one with --order",
            key="solver.azimuthal_order",
        )
    narrowed: Design = design.changed(solver=design.solver.changed(**changes))
    return narrowed


def compare_modes(
    default: ModeSet, engine: ModeSet
) -> tuple[tuple[Comparison, ...], tuple[Mode, ...]]:
    """Return the default modes with their partners, highest Q first, and the engine's rest.

    Partners have the same azimuthal order and are near in wavelength, Q and confinement; each is
    taken once.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    far = 1e6
    cost = np.full((len(default), max(len(engine), 1)), far)
    for row, one in enumerate(default):
        for column, other in enumerate(engine):
            cost[row, column] = min(_distance(one, other), far)
    rows, columns = linear_sum_assignment(cost)
    partner = {int(r): int(c) for r, c in zip(rows, columns, strict=True) if cost[r, c] < far}
    rejected = list(engine.provenance.get("rejected", ()))
    comparisons = []
    for row, mode in enumerate(default):
        found = engine[partner[row]] if row in partner else None
        note = "" if found is not None else _why_missing(mode, rejected)
        comparisons.append(Comparison(default=mode, engine=found, note=note))
    comparisons.sort(key=lambda one: 1 / one.default.quality_factor)
    taken = set(partner.values())
    extra = tuple(mode for number, mode in enumerate(engine) if number not in taken)
    return tuple(comparisons), extra


def _distance(one: Mode, other: Mode) -> float:
    apart = abs(other.wavelength / one.wavelength - 1)
    if one.azimuthal_order != other.azimuthal_order or apart > 0.05:
        return math.inf
    errors = [e for e in (one.wavelength_error, other.wavelength_error) if not math.isnan(e)]
    scale = WAVELENGTH_GOAL + sum(errors) / one.wavelength
    ratio = abs(math.log(abs(other.quality_factor / one.quality_factor)))
    names = {*one.confinement, *other.confinement} if other.confinement else set()
    moved = sum(abs(one.confinement.get(n, 0) - other.confinement.get(n, 0)) for n in names)
    return apart / scale + ratio + moved


def _why_missing(mode: Mode, rejected: list[dict[str, Any]]) -> str:
    near = [r for r in rejected if abs(r["wavelength_um"] / mode.wavelength - 1) < 5e-3]
    if not near:
        return "the engine saw nothing there"
    best = min(near, key=lambda r: abs(r["wavelength_um"] / mode.wavelength - 1))
    return f"rejected at {best['wavelength_um']:.6g} um: {best['reason']}"


def write_verification(result: Verification, folder: Path) -> list[Path]:
    """Write verify.json and verify.png into a folder; return the files."""
    from studies.files import atomic_path
    from studies.verify_picture import draw_verification

    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "schema": 1,
        "design": result.design.name,
        "verdict": result.verdict,
        "modes": [row.report() for row in result.rows],
        "engine_alone": [
            {"wavelength_um": m.wavelength, "q": _plain(m.quality_factor)} for m in result.extra
        ],
        "wall_s": result.wall_s,
        "engine": {
            "meep": result.engine.provenance.get("meep", ""),
            "settings": dict(result.engine.settings),
            "runs": result.engine.provenance.get("runs", []),
            "rejected": result.engine.provenance.get("rejected", []),
            "material_fits": result.engine.provenance.get("material_fits", []),
            "warnings": result.engine.provenance.get("warnings", []),
        },
    }
    with atomic_path(folder / "verify.json") as path:
        path.write_text(json.dumps(content, indent=1, default=str))
    written = [folder / "verify.json"]
    picture = draw_verification(result, folder / "verify.png")
    return written if picture is None else [*written, picture]


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
