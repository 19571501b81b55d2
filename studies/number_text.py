"""Numbers as people read them in reports."""

from __future__ import annotations

import math
import re

__all__ = ["quantity", "readable", "rounded", "signed", "symbol", "with_signs"]

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


def signed(value: float, digits: int = 3) -> str:
    """Return a number with its sign, also a positive one.

    Example:
        >>> signed(3.0), signed(-6.57)
        ('+3', '−6.57')
    """
    text = readable(value, digits)
    return text if text.startswith(("−", "–")) else f"+{text}"


def rounded(value: float, digits: int = 2) -> str:
    """Return a number rounded to so many significant digits, also before the decimal point.

    Example:
        >>> rounded(16557.0), readable(16557.0, 2)
        ('17000', '16557')
    """
    return readable(float(f"{value:.{digits}g}"), digits)


def with_signs(text: str) -> str:
    """Return a sentence of the packages' plain text with proper signs and powers of ten.

    Example:
        >>> with_signs("1.7e+04 W/cm^2 over 3000 um")
        '1.7 × 10⁴ W/cm² over 3000 µm'
    """
    text = re.sub(
        r"(\d)e([+-]\d+)",
        lambda match: f"{match[1]} × 10{str(int(match[2])).translate(_SUPERSCRIPTS)}",
        text,
    )
    for plain, proper in (("uJ/", "µJ/"), (" um", " µm"), ("cm^2", "cm²"), ("cm^3", "cm³")):
        text = text.replace(plain, proper)
    return text
