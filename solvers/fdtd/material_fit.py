"""Materials in time domain: fits of our permittivities by Lorentz and Drude poles.

Meep evolves eps(f) = (1 + i s/(2 pi f)) (eps_inf + sum sigma f0^2/(f0^2 - f^2 - i f gamma)), with
f0 absent in the denominator for Drude poles (f in 1/um). Without poles and absorption the fit is
exact; a transparent dispersive medium takes one pole in the ultraviolet, a metal a Drude pole and
up to two Lorentz poles. The fit covers the wavelength window only, which is all that resonances
in it can see.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.material import Material

__all__ = ["MaterialFit", "fit_material", "fitted_permittivity"]

EXACT = 1e-4
"""A model is not refined further when its relative error is below this."""


@dataclass(frozen=True, kw_only=True)
class MaterialFit:
    """A medium as FDTD evolves it.

    Attributes:
        name: of the material; medium: as the worker reads it.
        error: largest relative error of the permittivity in the window.
        loss_error: largest relative error of its imaginary part, 0 where there is none.
    """

    name: str
    medium: dict[str, Any]
    error: float
    loss_error: float = 0.0

    def report(self) -> dict[str, Any]:
        """Return name, errors and poles for the provenance."""
        return {
            "material": self.name,
            "relative_error": self.error,
            "relative_loss_error": self.loss_error,
            "medium": self.medium,
        }


@functools.lru_cache(maxsize=64)
def fit_material(
    material: Material, wavelength: tuple[float, float], *, tolerance: float = 0.05
) -> MaterialFit:
    """Return the fit of a material in a wavelength window (um).

    Args:
        material: dispersive or not; wavelength: low and high (um).
        tolerance: largest relative error of the permittivity.

    Raises:
        ValueError: the material amplifies, or no fit is as good as the tolerance.

    Example:
        >>> fit = fit_material(Material.named("Au"), (0.60, 0.68))
        >>> fit.error < 0.01, sorted(fit.medium)
        (True, ['conductivity', 'epsilon', 'poles'])
    """
    low, high = wavelength
    waves = 1 / np.linspace(1 / high, 1 / low, 25)
    eps = np.asarray(material.permittivity(waves), dtype=np.complex128)
    if np.any(eps.imag < -1e-12):
        raise ValueError(
            f"material: must not amplify in FDTD, got {material.name} with Im eps = "
            f"{eps.imag.min():.3g}; use the default method for media with gain"
        )
    frequency = 1 / waves
    best: MaterialFit | None = None
    for parameters in _candidates(frequency, eps):
        medium = parameters
        fitted = fitted_permittivity(medium, frequency)
        error = float((np.abs(fitted - eps) / np.abs(eps)).max())
        lossy = eps.imag > 1e-9 * np.abs(eps)
        loss = np.abs(fitted.imag - eps.imag)[lossy] / eps.imag[lossy]
        fit = MaterialFit(
            name=material.name,
            medium=medium,
            error=error,
            loss_error=float(loss.max()) if loss.size else 0.0,
        )
        if best is None or fit.error < 0.7 * best.error:
            best = fit
        if best.error < EXACT:
            break
    if best is None or best.error > tolerance:
        found = "no stable fit" if best is None else f"an error of {best.error:.2g}"
        raise ValueError(
            f"material: the permittivity of {material.name} must be fitted within {tolerance:g} "
            f"in {low:g}-{high:g} um, got {found}; narrow the window or raise fit_tolerance"
        )
    return best


def fitted_permittivity(
    medium: dict[str, Any], frequency: NDArray[np.float64]
) -> NDArray[np.complex128]:
    """Return the permittivity of a medium at frequencies (1/um)."""
    eps = np.full(frequency.shape, medium["epsilon"], dtype=np.complex128)
    for pole in medium.get("poles", ()):
        own = pole["frequency"] ** 2
        centre = own if pole["kind"] == "lorentz" else 0.0
        eps += pole["sigma"] * own / (centre - frequency**2 - 1j * frequency * pole["gamma"])
    damping = medium.get("conductivity", 0.0) / (2 * math.pi * frequency)
    return np.asarray(eps * (1 + 1j * damping))


def _candidates(frequency: NDArray[np.float64], eps: NDArray[np.complex128]) -> Any:
    """Yield media of rising complexity."""
    centre = float(frequency.mean())
    mean = complex(np.interp(centre, frequency, eps.real), np.interp(centre, frequency, eps.imag))
    if mean.real >= 1.0 and eps.real.min() >= 1.0:
        damping = 2 * math.pi * centre * max(mean.imag, 0.0) / mean.real
        yield {"epsilon": mean.real, "conductivity": damping, "poles": []}
        yield from _fitted(frequency, eps, drude=0, lorentz=1)
        yield from _fitted(frequency, eps, drude=0, lorentz=2)
        return
    yield from _fitted(frequency, eps, drude=1, lorentz=0)
    yield from _fitted(frequency, eps, drude=1, lorentz=1)
    yield from _fitted(frequency, eps, drude=1, lorentz=2)


def _fitted(
    frequency: NDArray[np.float64], eps: NDArray[np.complex128], *, drude: int, lorentz: int
) -> Any:
    """Yield the best fit with so many poles, all passive and stable: eps_inf >= 1, sigma >= 0."""
    from scipy.optimize import least_squares

    centre = float(frequency.mean())
    names = ["drude"] * drude + ["lorentz"] * lorentz
    # a weak absorption of its own, apart from the poles that carry the dispersion
    conducts = drude == 0 and bool(np.any(eps.imag > 1e-12))
    floor = 1e-9 * np.abs(eps)
    weight = 1 / np.abs(eps)

    def medium(logs: NDArray[np.float64]) -> dict[str, Any]:
        poles = []
        for number, kind in enumerate(names):
            place, gamma, sigma = np.exp(logs[1 + 3 * number : 4 + 3 * number])
            if kind == "drude":  # only sigma f0^2 matters
                place = centre
            poles.append(
                {
                    "kind": kind,
                    "frequency": float(place),
                    "gamma": float(gamma),
                    "sigma": float(sigma),
                }
            )
        conductivity = float(np.exp(logs[-1])) if conducts else 0.0
        return {
            "epsilon": float(1 + np.exp(logs[0])),
            "conductivity": conductivity,
            "poles": poles,
        }

    def misfit(logs: NDArray[np.float64]) -> NDArray[np.float64]:
        rest = (fitted_permittivity(medium(logs), frequency) - eps) * weight
        # the loss counts by itself: it is what Q is made of, and often small
        loss = rest.imag * np.sqrt(np.abs(eps) / (np.abs(eps.imag) + floor))
        return np.concatenate([rest.real, loss])

    best = None
    reach = max(float(-eps.real.min()), 1.0)
    for start in (1.3, 1.8, 3.0):
        first = [math.log(max(float(eps.real.mean()) - 1.5, 0.5))]
        for number, kind in enumerate(names):
            sigma = reach if kind == "drude" else 1.0
            place = centre * (start + 0.8 * (number - drude)) if kind == "lorentz" else centre
            gamma = 0.03 * centre if kind == "drude" else 0.2 * centre
            first += [math.log(place), math.log(gamma), math.log(sigma)]
        lower = [-12.0, *([math.log(0.2 * centre), -16.0, -16.0] * len(names))]
        upper = [5.0, *([math.log(6 * centre), math.log(5 * centre), 9.0] * len(names))]
        if conducts:
            for number, kind in enumerate(names):
                first[2 + 3 * number] = math.log(1e-4 * centre) if kind == "lorentz" else 0.0
            typical = 2 * math.pi * centre * max(float(eps.imag.mean()), 1e-12)
            first.append(math.log(typical / float(np.abs(eps).mean())))
            lower.append(first[-1] - 12)
            upper.append(first[-1] + 12)
        start_values = np.clip(first, np.array(lower) + 1e-6, np.array(upper) - 1e-6)
        answer = least_squares(misfit, start_values, bounds=(lower, upper), max_nfev=600)
        if best is None or answer.cost < best.cost:
            best = answer
    if best is not None:
        yield medium(best.x)
