"""Over which parameters a prediction holds: a claim tested on a sample of a parameter box.

A claim is any function of named parameters that returns True or False (or 1, 0, or a number that
is kept as it is), nan where it does not apply. Sobol points or a grid fill the box; the result
says in which share of it the claim holds, and in which sub-box it holds nearly always.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from cavities.spec import Spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ParameterRange", "SensitivityMap", "map_sensitivity"]

Floats = NDArray[np.float64]


class ParameterRange(Spec):
    """The range of one parameter.

    Attributes:
        name: argument of the claim.
        low, high: ends.
        scale: "linear" or "log": how samples spread.
        label: text for axes, with the unit; empty: the name.

    Errors: ValueError unless low < high, and both positive on a log scale.
    """

    name: str
    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"
    label: str = Field(default="")

    @model_validator(mode="after")
    def _ends(self) -> ParameterRange:
        if not self.low < self.high or (self.scale == "log" and self.low <= 0):
            raise ValueError(
                f"range of {self.name}: must have low < high (and low > 0 on a log scale), got "
                f"{self.low:g} and {self.high:g}; swap or shift them"
            )
        return self

    @property
    def text(self) -> str:
        """Label for axes."""
        return self.label or self.name

    def at(self, unit: Floats) -> Floats:
        """Return values for positions from 0 to 1."""
        if self.scale == "log":
            return np.asarray(self.low * (self.high / self.low) ** unit)
        return np.asarray(self.low + (self.high - self.low) * unit)

    def position(self, value: Floats) -> Floats:
        """Return positions from 0 to 1 of values: the inverse of `at`."""
        if self.scale == "log":
            return np.asarray(np.log(value / self.low) / math.log(self.high / self.low))
        return np.asarray((value - self.low) / (self.high - self.low))


@dataclass(frozen=True, kw_only=True, eq=False)
class SensitivityMap:
    """A claim over a sample of its parameters.

    Attributes:
        claim: what is claimed, in words.
        ranges: of the parameters.
        samples: parameters (points, parameters).
        values: 1 where the claim holds, 0 where not, nan where it does not apply (points,).
    """

    claim: str
    ranges: tuple[ParameterRange, ...]
    samples: Floats
    values: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return tuple(one.name for one in self.ranges)

    @property
    def applies(self) -> NDArray[np.bool_]:
        """Whether the claim applies, (points,)."""
        return ~np.isnan(self.values)

    @property
    def applicable_fraction(self) -> float:
        """Share of the box in which the claim applies at all."""
        return float(np.mean(self.applies))

    @property
    def fraction(self) -> float:
        """Share of the points where it applies in which the claim holds; nan if nowhere."""
        applies = self.applies
        return float(np.mean(self.values[applies])) if applies.any() else math.nan

    def interval(self, *, confidence: float = 0.95) -> tuple[float, float]:
        """Return Wilson's interval of the fraction, as if the points were independent.

        Errors: ValueError for a confidence outside 0 to 1.
        """
        from scipy.special import ndtri

        if not 0 < confidence < 1:
            raise ValueError(f"confidence: must lie in 0 to 1, got {confidence:g}; try 0.95")
        count, share = int(np.sum(self.applies)), self.fraction
        if count == 0:
            return 0.0, 1.0
        z = float(ndtri(0.5 + confidence / 2))
        middle = (share + z * z / (2 * count)) / (1 + z * z / count)
        inside = share * (1 - share) / count + (z / (2 * count)) ** 2
        half = z * math.sqrt(inside) / (1 + z * z / count)
        return max(0.0, middle - half), min(1.0, middle + half)

    def column(self, name: str) -> Floats:
        """Return the sampled values of one parameter (points,).

        Errors: ValueError listing the parameters for an unknown one.
        """
        if name not in self.names:
            raise ValueError(f"name: must be one of {', '.join(self.names)}, got {name!r}")
        return np.asarray(self.samples[:, self.names.index(name)])

    def by_parameter(self, name: str, *, bins: int = 8) -> tuple[Floats, Floats]:
        """Return bin edges (bins + 1,) and the fraction in each bin of one parameter (bins,).

        nan in a bin where the claim applies nowhere.
        """
        values = self.column(name)
        own = self.ranges[self.names.index(name)]
        place = np.clip((own.position(values) * bins).astype(int), 0, bins - 1)
        counts = np.bincount(place[self.applies], minlength=bins)
        held = np.bincount(place[self.applies], self.values[self.applies], minlength=bins)
        with np.errstate(invalid="ignore"):
            share = np.where(counts > 0, held / counts, np.nan)
        return own.at(np.linspace(0, 1, bins + 1)), share

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per point: the parameters and "holds"."""
        import pandas as pd

        table = dict(zip(self.names, self.samples.T, strict=True))
        return pd.DataFrame({**table, "holds": self.values})

    def report(self) -> str:
        """Return the claim, its fraction and its dependence on each parameter, as text."""
        low, high = self.interval()
        lines = [
            f"{self.claim}",
            f"holds in {self.fraction:.1%} of the box ({low:.1%} to {high:.1%}), applies in "
            f"{self.applicable_fraction:.1%} of {len(self.values)} points.",
        ]
        for one in self.ranges:
            _, shares = self.by_parameter(one.name, bins=4)
            quarters = ", ".join("-" if np.isnan(x) else f"{x:.0%}" for x in shares)
            lines.append(f"  {one.text} {one.low:g} to {one.high:g}: {quarters} by quarters")
        return "\n".join(lines)


def map_sensitivity(
    claim: Callable[..., Any],
    ranges: Sequence[ParameterRange],
    *,
    count: int = 256,
    sampling: Literal["sobol", "grid"] = "sobol",
    seed: int = 0,
    fixed: Mapping[str, Any] | None = None,
    description: str = "",
) -> SensitivityMap:
    """Return a claim evaluated over a box of parameters.

    Args:
        claim: called with the parameters by keyword, one point at a time; returns True, False,
            a number, or nan where the claim does not apply.
        ranges: parameters and their ranges.
        count: number of points: for "sobol" rounded up to a power of 2 (its balance needs
            one), for "grid" at most this many, the same along each parameter.
        sampling: "sobol" (scrambled) or "grid" (ends included).
        seed: of the scrambling: same seed, same points.
        fixed: further keyword arguments.
        description: the claim in words; default: the first line of its docstring.

    Errors: ValueError for no ranges, a name twice, a count below 2, or another sampling.
    Source: I. M. Sobol, USSR Comput. Math. Math. Phys. 7, 86 (1967),
        doi:10.1016/0041-5553(67)90144-9.

    Example:
        >>> box = [ParameterRange(name="x", low=0, high=1), ParameterRange(name="y", low=0, high=1)]
        >>> found = map_sensitivity(lambda x, y: x + y < 1, box, count=1024)
        >>> abs(found.fraction - 0.5) < 0.01
        True
    """
    names = [one.name for one in ranges]
    if not names or len(set(names)) != len(names):
        raise ValueError(f"ranges: must name each parameter once, got {names}; give one range each")
    if count < 2:
        raise ValueError(f"count: must be at least 2, got {count}; 256 is a good start")
    unit = _points(len(names), count, sampling, seed)
    samples = np.column_stack([one.at(unit[:, i]) for i, one in enumerate(ranges)])
    values = np.array(
        [
            float(claim(**dict(zip(names, map(float, row), strict=True)), **(fixed or {})))
            for row in samples
        ]
    )
    text = description or (claim.__doc__ or "the claim").strip().splitlines()[0]
    return SensitivityMap(claim=text, ranges=tuple(ranges), samples=samples, values=values)


def _points(dimensions: int, count: int, sampling: str, seed: int) -> Floats:
    if sampling == "sobol":
        from scipy.stats import qmc

        engine = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
        return np.asarray(engine.random_base2(max(1, math.ceil(math.log2(count)))))
    if sampling == "grid":
        side = max(2, int(count ** (1 / dimensions) + 1e-9))
        axes = np.meshgrid(*[np.linspace(0, 1, side)] * dimensions, indexing="ij")
        return np.column_stack([axis.ravel() for axis in axes])
    raise ValueError(f"sampling: must be 'sobol' or 'grid', got {sampling!r}; choose one")
