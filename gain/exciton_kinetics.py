"""How fast nanocrystals with N excitons lose one: radiation, Auger recombination, trapping.

    k_N = N^a k_r + N k_t + k_A f(N),    k_1 = k_r/QY_X,    f(2) = 1,

a is free: 2 when every electron may recombine with every hole ("quadruple scaling" of the
biexciton), 1 for excitons that keep to themselves. Auger recombination needs two excitons;
three laws for f, all equal to 1 for the biexciton:

    statistical    N^2 (N - 1)/4    every triple electron-electron-hole and hole-hole-electron
    superposition  N (N - 1)/2      every pair of excitons decays like a biexciton
    cubic          (N/2)^3          the law C n^3 of bulk material

Source: doi:10.1039/D4NR04653F (quadruple scaling, yields); V. I. Klimov, Annu. Rev. Condens.
Matter Phys. 5, 285 (2014), doi:10.1146/annurev-conmatphys-031113-133900 (statistical scaling).
"""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from cavities.spec import Spec

__all__ = ["AugerScaling", "ExcitonKinetics", "auger_factor"]

Floats = NDArray[np.float64]

AugerScaling = Literal["statistical", "superposition", "cubic"]
"""Law of the Auger rate with the number of excitons, see `auger_factor`."""

_NEEDED: Final = {
    "radiative_lifetime_ns": "the radiative lifetime of one exciton in ns",
    "auger_lifetime_ns": "the Auger lifetime of the biexciton in ns, or None for no Auger decay",
}


def auger_factor(excitons: ArrayLike, scaling: AugerScaling = "statistical") -> Floats:
    """Return the Auger rate of N excitons over that of two, same shape.

    Example:
        >>> [auger_factor([1, 2, 3, 4], law).tolist() for law in ("statistical", "superposition")]
        [[0.0, 1.0, 4.5, 12.0], [0.0, 1.0, 3.0, 6.0]]
    """
    n = np.asarray(excitons, dtype=np.float64)
    if scaling == "statistical":
        return np.asarray(n * n * (n - 1) / 4)
    if scaling == "superposition":
        return np.asarray(n * (n - 1) / 2)
    return np.asarray(np.where(n > 1, (n / 2) ** 3, 0.0))


class ExcitonKinetics(Spec):
    """Decay rates of nanocrystals with 0 to `max_excitons` excitons.

    Attributes:
        radiative_lifetime_ns: 1/k_r of one exciton (ns).
        auger_lifetime_ns: 1/k_A of the biexciton, Auger channel alone (ns); None: no Auger.
        radiative_exponent: a in k_r,N = N^a k_r.
        quantum_yield: QY_X of one exciton; the rest is trapped, k_t = k_r (1/QY_X - 1).
        auger_scaling: "statistical", "superposition" or "cubic".
        max_excitons: the top state; it is not pumped further.
        name: for reports.

    Errors: ValueError naming the field, the rule and the value.
    Validity: one rate per state (no distribution of lifetimes, no memory); uncharged
        nanocrystals; every exciton is trapped on its own.

    Example:
        >>> shells = ExcitonKinetics(radiative_lifetime_ns=66.4, auger_lifetime_ns=22.0)
        >>> round(shells.biexciton_lifetime_ns, 2), round(shells.yield_ratio, 3)
        (9.46, 0.57)
    """

    name: str = "nanocrystals"
    radiative_lifetime_ns: float = Field(gt=0)
    auger_lifetime_ns: float | None = Field(gt=0)
    radiative_exponent: float = Field(default=2.0, ge=0, le=4)
    quantum_yield: float = Field(default=1.0, gt=0, le=1)
    auger_scaling: AugerScaling = "statistical"
    max_excitons: int = Field(default=8, ge=1, le=400)

    @model_validator(mode="before")
    @classmethod
    def _lifetimes_given(cls, fields: Any) -> Any:
        for name, meaning in _NEEDED.items():
            if isinstance(fields, dict) and name not in fields:
                raise ValueError(f"{name}: must be given, got nothing; set {meaning}")
        return fields

    @classmethod
    def from_lifetimes(
        cls,
        *,
        exciton_lifetime_ns: float,
        biexciton_lifetime_ns: float,
        quantum_yield: float = 1.0,
        radiative_exponent: float = 2.0,
        **fields: Any,
    ) -> ExcitonKinetics:
        """Return the kinetics with these total lifetimes of one and of two excitons.

        Raises:
            ValueError: a biexciton that lives longer than radiation and trapping allow.

        Example:
            >>> kinetics = ExcitonKinetics.from_lifetimes(
            ...     exciton_lifetime_ns=20.0, biexciton_lifetime_ns=2.0)
            >>> round(kinetics.auger_lifetime_ns, 3)
            3.333
        """
        _check_positive("exciton_lifetime_ns", exciton_lifetime_ns)
        _check_positive("biexciton_lifetime_ns", biexciton_lifetime_ns)
        _check_fraction("quantum_yield", quantum_yield)
        radiative = quantum_yield / exciton_lifetime_ns
        trapping = (1 - quantum_yield) / exciton_lifetime_ns
        limit = 1 / (2**radiative_exponent * radiative + 2 * trapping)
        if biexciton_lifetime_ns > limit * (1 + 1e-12):
            raise ValueError(
                f"biexciton_lifetime_ns: must be at most {limit:.4g}, the value without Auger "
                f"recombination, got {biexciton_lifetime_ns:g}; lower it or radiative_exponent"
            )
        auger = 1 / biexciton_lifetime_ns - 1 / limit
        return cls(
            radiative_lifetime_ns=1 / radiative,
            auger_lifetime_ns=1 / auger if auger * limit > 1e-12 else None,
            radiative_exponent=radiative_exponent,
            quantum_yield=quantum_yield,
            **fields,
        )

    @classmethod
    def from_yield_ratio(
        cls,
        *,
        yield_ratio: float,
        auger_lifetime_ns: float,
        radiative_exponent: float = 2.0,
        **fields: Any,
    ) -> ExcitonKinetics:
        """Return the kinetics with QY_XX/QY_X measured by photon correlation, without trapping.

        2^a k_r = k_A r/(1 - r).

        Raises:
            ValueError: a ratio that is not between 0 and 1, a lifetime that is not positive.

        Example:
            >>> kinetics = ExcitonKinetics.from_yield_ratio(yield_ratio=0.57, auger_lifetime_ns=22)
            >>> round(kinetics.radiative_lifetime_ns, 1), round(kinetics.biexciton_lifetime_ns, 2)
            (66.4, 9.46)
        """
        if not 0 < yield_ratio < 1:
            raise ValueError(
                f"yield_ratio: must lie between 0 and 1, got {yield_ratio:g}; give QY_XX/QY_X"
            )
        _check_positive("auger_lifetime_ns", auger_lifetime_ns)
        lifetime = 2**radiative_exponent * auger_lifetime_ns * (1 - yield_ratio) / yield_ratio
        return cls(
            radiative_lifetime_ns=lifetime,
            auger_lifetime_ns=auger_lifetime_ns,
            radiative_exponent=radiative_exponent,
            **fields,
        )

    @property
    def states(self) -> int:
        """Number of states, 0 to `max_excitons`."""
        return self.max_excitons + 1

    def radiative_rates_per_ns(self) -> Floats:
        """Return N^a k_r of each state (1/ns), (states,)."""
        n = np.arange(self.states, dtype=np.float64)
        return np.where(n > 0, n**self.radiative_exponent, 0.0) / self.radiative_lifetime_ns

    def auger_rates_per_ns(self) -> Floats:
        """Return the Auger rate of each state (1/ns), (states,)."""
        if self.auger_lifetime_ns is None:
            return np.zeros(self.states)
        return auger_factor(np.arange(self.states), self.auger_scaling) / self.auger_lifetime_ns

    def trapping_rates_per_ns(self) -> Floats:
        """Return N k_t of each state (1/ns), (states,)."""
        rate = (1 / self.quantum_yield - 1) / self.radiative_lifetime_ns
        return np.arange(self.states, dtype=np.float64) * rate

    def decay_rates_per_ns(self) -> Floats:
        """Return the total rate N -> N-1 of each state (1/ns), (states,); the first is 0."""
        return (
            self.radiative_rates_per_ns() + self.auger_rates_per_ns() + self.trapping_rates_per_ns()
        )

    def quantum_yields(self) -> Floats:
        """Return the share of radiation in the decay of each state, (states,); nan for N = 0."""
        total = self.decay_rates_per_ns()
        total[0] = np.nan
        return self.radiative_rates_per_ns() / total

    @property
    def exciton_lifetime_ns(self) -> float:
        """Total lifetime 1/k_1 of one exciton (ns)."""
        return float(1 / self.decay_rates_per_ns()[1])

    @property
    def biexciton_lifetime_ns(self) -> float:
        """Total lifetime 1/k_2 of the biexciton (ns); nan with one exciton at most."""
        return float(1 / self.decay_rates_per_ns()[2]) if self.max_excitons > 1 else float("nan")

    @property
    def yield_ratio(self) -> float:
        """QY_XX/QY_X, what photon correlation measures; nan with one exciton at most."""
        yields = self.quantum_yields()
        return float(yields[2] / yields[1]) if self.max_excitons > 1 else float("nan")

    def cw_populations(self, excitation_per_ns: ArrayLike) -> Floats:
        """Return the exact steady state under continuous excitation at the rate W.

        p_N is proportional to prod_(j <= N) W/k_j. With k_N = N k (no Auger recombination, a = 1)
        this is the Poisson distribution of mean W/k, cut off at the top state.

        Args:
            excitation_per_ns: W, absorbed photons per nanocrystal and ns, (...), >= 0.

        Returns:
            Populations (..., states).

        Raises:
            ValueError: a negative rate.

        Example:
            >>> kinetics = ExcitonKinetics(
            ...     radiative_lifetime_ns=20.0, auger_lifetime_ns=None, radiative_exponent=1.0)
            >>> kinetics.cw_populations(1 / 20).round(4)[:3].tolist()
            [0.3679, 0.3679, 0.1839]
        """
        rate = np.asarray(excitation_per_ns, dtype=np.float64)
        if not np.all(rate >= 0):
            raise ValueError(
                f"excitation_per_ns: must be >= 0, got {np.min(rate):g}; give sigma_p I/(h nu)"
            )
        with np.errstate(divide="ignore"):
            step = np.log(rate)[..., None] - np.log(self.decay_rates_per_ns()[1:])
        logs = np.concatenate([np.zeros((*rate.shape, 1)), np.cumsum(step, axis=-1)], axis=-1)
        weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _check_positive(name: str, value: float) -> None:
    if not value > 0:
        raise ValueError(f"{name}: must be > 0 (ns), got {value:g}; check the sign")


def _check_fraction(name: str, value: float) -> None:
    if not 0 < value <= 1:
        raise ValueError(f"{name}: must lie in (0, 1], got {value:g}; give a fraction")
