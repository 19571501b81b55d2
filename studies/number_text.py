"""Numbers as people read them in reports."""

from __future__ import annotations

import math

__all__ = ["quantity", "readable", "symbol"]

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SYMBOLS = {"um": "µm", "uW": "µW", "uJ": "µJ", "us": "µs"}


def readable(value: float | int | None, digits: int = 4) -> str:
    """Return a number with so many significant digits, powers of ten beyond 1e5 and 1e-3.

    Example:
        >>> readable(123456.0), readable(0.65), readable(float("nan")), readable(2.5e-15)
        ('1.235 × 10⁵', '0.65', '–', '2.5 × 10⁻¹⁵')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value}"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        text = f"{value:.{digits}g}"
        if "e" in text:
            text = f"{value:.0f}"
        return text.replace("-", "−")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa.replace('-', '−')} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def quantity(value: float | int | None, unit: str, digits: int = 4) -> str:
    """Return a number with its unit.

    Example:
        >>> quantity(7.5, "um"), quantity(49.0, "uJ/cm^2")
        ('7.5 µm', '49 µJ/cm²')
    """
    text = readable(value, digits)
    if text == "–" or not unit:
        return text
    return f"{text}°" if unit == "deg" else f"{text} {symbol(unit)}"


def symbol(unit: str) -> str:
    """Return a unit with its proper signs: "uJ/cm^2" becomes "µJ/cm²"."""
    for plain, proper in _SYMBOLS.items():
        unit = unit.replace(plain, proper)
    return unit.replace("^2", "²").replace("^3", "³")
