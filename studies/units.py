"""Quantities of design files: strings with units become numbers in the field's own unit.

The unit of a field is the end of its name (`power_uw`, `dose_mj_per_cm2`); a bare length is
in micrometres. Common units are converted by a small table, so that a design file is read in
milliseconds; any other unit text goes to pint, whose import costs 0.4 s. A test holds the
table against pint.
"""

from __future__ import annotations

import functools
import importlib.util
import math
import re
from pathlib import Path
from typing import Any, NamedTuple

from studies.errors import DesignError

__all__ = ["LENGTH", "Unit", "convert", "field_unit", "is_quantity", "parse_unit"]


class Unit(NamedTuple):
    """A unit: its factor to the base units and its dimensions.

    Dimensions are exponents of (um, g, s, K, mol, rad); energy is therefore g um^2/s^2.
    """

    factor: float
    dimensions: tuple[int, ...]

    def times(self, other: Unit, power: int = 1) -> Unit:
        """Return this unit times `other`**`power`."""
        dimensions = tuple(
            a + power * b for a, b in zip(self.dimensions, other.dimensions, strict=True)
        )
        return Unit(self.factor * other.factor**power, dimensions)


ONE = Unit(1.0, (0, 0, 0, 0, 0, 0))
LENGTH = "um"

# Base: um, g, s, K, mol, rad. 1 J = 1 kg m^2/s^2 = 1e3 g * 1e12 um^2 / s^2.
_JOULE = Unit(1e15, (2, 1, -2, 0, 0, 0))
_WATT = Unit(1e15, (2, 1, -3, 0, 0, 0))
_METRE = Unit(1e6, (1, 0, 0, 0, 0, 0))
_GRAM = Unit(1.0, (0, 1, 0, 0, 0, 0))
_SECOND = Unit(1.0, (0, 0, 1, 0, 0, 0))
_LITRE = Unit(1e15, (3, 0, 0, 0, 0, 0))
_MOLE = Unit(1.0, (0, 0, 0, 0, 1, 0))
_HERTZ = Unit(1.0, (0, 0, -1, 0, 0, 0))
_ELECTRON_VOLT = Unit(1.602176634e-19 * 1e15, (2, 1, -2, 0, 0, 0))

_PREFIXES = {"f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "c": 1e-2, "": 1.0}
_PREFIXES |= {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_SCALED = {  # symbol: (unit, the prefixes in use)
    "m": (_METRE, "n u m c"),
    "g": (_GRAM, "u m k"),
    "s": (_SECOND, "f p n u m"),
    "J": (_JOULE, "f p n u m"),
    "W": (_WATT, "n u m k M G"),
    "L": (_LITRE, "u m"),
    "l": (_LITRE, "u m"),
    "mol": (_MOLE, "n u m"),
    "eV": (_ELECTRON_VOLT, "m"),
    "Hz": (_HERTZ, "k M G T"),
}


def _table() -> dict[str, Unit]:
    """Return the units that need no pint, by their usual symbol."""
    units = {
        prefix + symbol: Unit(unit.factor * _PREFIXES[prefix], unit.dimensions)
        for symbol, (unit, prefixes) in _SCALED.items()
        for prefix in ("", *prefixes.split())
    }
    units["K"] = Unit(1.0, (0, 0, 0, 1, 0, 0))
    units["rad"] = Unit(1.0, (0, 0, 0, 0, 0, 1))
    units["mrad"] = Unit(1e-3, (0, 0, 0, 0, 0, 1))
    units["deg"] = units["°"] = Unit(math.pi / 180, (0, 0, 0, 0, 0, 1))
    units["%"] = units["percent"] = Unit(0.01, ONE.dimensions)
    units["1"] = ONE
    return units


_UNITS = _table()
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"^\s*({_NUMBER})\s*(.*?)\s*$")
_FACTOR = re.compile(r"^(1|%|°|[A-Za-z]+)(?:(?:\^|\*\*)?(-?\d+))?$")

# The tokens that may end a field's name, and the unit each stands for.
_TOKENS = {
    **{name: name for name in ("nm", "um", "mm", "cm", "m", "ns", "ps", "fs", "ms", "us", "s")},
    **{"ev": "eV", "mev": "meV", "w": "W", "mw": "mW", "uw": "uW", "nw": "nW"},
    **{"j": "J", "mj": "mJ", "uj": "uJ", "nj": "nJ", "pj": "pJ", "fj": "fJ"},
    **{"mg": "mg", "g": "g", "ml": "mL", "l": "L", "mol": "mol", "mmol": "mmol", "k": "K"},
    **{"deg": "deg", "rad": "rad", "mrad": "mrad", "hz": "Hz", "khz": "kHz", "mhz": "MHz"},
    **{"cm2": "cm^2", "um2": "um^2", "nm2": "nm^2", "cm3": "cm^3", "um3": "um^3", "nm3": "nm^3"},
}

# Last words of the bare names that are lengths. Any other bare name is a plain number, so that
# a length under it is an error, not a silent conversion.
_LENGTH_WORDS = frozenset(
    "wavelength radius diameter diameters thickness height width depth length lengths distance "
    "pitch gap size sizes grid feature waist aperture undercut start end through control knots "
    "top bottom period periods overcoat".split()
)
_LENGTH_NAMES = frozenset(
    "chord_error wall_points a1 a2 center points radii write_field spacing biases".split()
)
_PLAIN_NAMES = frozenset({"numerical_aperture"})


def field_unit(name: str) -> str:
    """Return the unit (text) that the name of a field carries.

    Args:
        name: field name, e.g. "power_uw".

    Returns:
        "uW" and the like; "um" for a bare length (its last word is one of a list); "" for a
        plain number.

    Example:
        >>> [field_unit(n) for n in ("power_uw", "dose_mj_per_cm2", "diameter", "axial_order")]
        ['uW', 'mJ/cm^2', 'um', '']
    """
    words = name.split("_")
    for start in range(len(words)):
        text = _suffix(words[start:], whole=start == 0)
        if text:
            return text
    if name in _PLAIN_NAMES:
        return ""
    return LENGTH if words[-1] in _LENGTH_WORDS or name in _LENGTH_NAMES else ""


def _suffix(words: list[str], *, whole: bool) -> str:
    """Return the unit that the words spell, or "" when they spell none."""
    if whole and words[0] != "per" and len(words[0]) < 2:
        return ""
    text, below, expect = "", False, True
    for word in words:
        if word == "per":
            if expect and text:
                return ""
            below, expect = True, True
            text = text or "1"
        elif word in _TOKENS and expect:
            unit = _TOKENS[word]
            text = f"{text}/{unit}" if below else unit
            expect = False
        else:
            return ""
    return "" if expect else text


def base_name(name: str) -> str:
    """Return the field's name without its unit.

    Example:
        >>> base_name("power_uw"), base_name("diameter")
        ('power', 'diameter')
    """
    words = name.split("_")
    for start in range(1, len(words)):
        if _suffix(words[start:], whole=False):
            return "_".join(words[:start])
    return name


def is_quantity(text: str) -> bool:
    """Return whether the text starts with a number, as "650 nm" does.

    Example:
        >>> is_quantity("650 nm"), is_quantity("SiO2")
        (True, False)
    """
    return _QUANTITY.match(text) is not None


@functools.lru_cache(maxsize=512)
def parse_unit(text: str) -> Unit | None:
    """Return the unit that a text such as "uJ/cm^2" names, or None when it needs pint.

    Example:
        >>> parse_unit("um")
        Unit(factor=1.0, dimensions=(1, 0, 0, 0, 0, 0))
    """
    text = text.replace("µ", "u").replace("μ", "u").replace("²", "^2").replace("³", "^3")
    text = text.replace("·", "*").replace("**", "^").strip()
    if not text:
        return ONE
    result = ONE
    for position, part in enumerate(text.split("/")):
        part = part.strip()
        grouped = part.startswith("(") and part.endswith(")")
        for factor in re.split(r"[\s*]+", part[1:-1] if grouped else part):
            match = _FACTOR.match(factor)
            unit = _UNITS.get(match[1]) if match else None
            if match is None or unit is None:
                return None
            result = result.times(unit, (-1 if position else 1) * int(match[2] or 1))
    return result


def convert(value: Any, *, unit: str, key: str) -> Any:
    """Return a number in `unit` from a number (taken as it is) or a string with a unit.

    Args:
        value: 0.65, "650 nm", "49 uJ/cm^2"; anything else is returned unchanged.
        unit: unit of the result, "" for a plain number.
        key: dotted path, for the message.

    Raises:
        DesignError: no unit in the string, an unknown unit, or the wrong dimension.

    Example:
        >>> convert("650 nm", unit="um", key="solver.wavelength")
        0.65
        >>> convert("50 ms", unit="um", key="cavity.diameter")
        Traceback (most recent call last):
        ...
        studies.errors.DesignError: cavity.diameter: must be a quantity in um, got '50 ms'
    """
    if not isinstance(value, str):
        return value
    match = _QUANTITY.match(value)
    if match is None:
        wanted = f'a number or a string such as "1.0 {unit}"' if unit else "a plain number"
        raise DesignError(f"must be {wanted}, got {value!r}", key=key)
    number, text = float(match[1]), match[2]
    if not text and unit:
        raise DesignError(
            f"must carry its unit when written as a string, got {value!r}; "
            f'write {match[1]} or "{match[1]} {unit}"',
            key=key,
        )
    source, target = parse_unit(text), parse_unit(unit)
    if source is None or target is None:
        return _convert_with_pint(number, text, unit=unit, key=key, value=value)
    if source.dimensions != target.dimensions:
        wanted = f"a quantity in {unit}" if unit else "a plain number"
        raise DesignError(f"must be {wanted}, got {value!r}", key=key)
    return _scaled(number, source.factor, target.factor)


def _scaled(number: float, source: float, target: float) -> float:
    """Return number * source / target without the last-digit noise of the division."""
    ratio = source / target
    for candidate in (ratio, 1 / ratio):
        rounded = float(f"{candidate:.12g}")
        if math.isclose(candidate, rounded, rel_tol=1e-14):
            return number * rounded if candidate is ratio else number / rounded
    return number * ratio


def _may_be_known(text: str) -> bool:
    """Return whether every word of a unit text stands in pint's list, which is slow to load."""
    spec = importlib.util.find_spec("pint")
    if spec is None or spec.origin is None:
        return False
    listed = set(
        re.findall(r"[^\W\d_]+", Path(spec.origin).with_name("default_en.txt").read_text("utf-8"))
    )
    prefixes = ("", *_PREFIXES, "da", "h", "d", "kilo", "mega", "centi", "milli", "micro", "nano")
    return all(
        any(
            word.startswith(p) and {word[len(p) :], word[len(p) :].rstrip("s")} & listed
            for p in prefixes
        )
        for word in re.findall(r"[^\W\d_]+", text)
    )


@functools.cache
def _registry() -> Any:
    """Return pint's registry, loaded on first need."""
    import pint

    return pint.UnitRegistry()


def _convert_with_pint(number: float, text: str, *, unit: str, key: str, value: str) -> float:
    """Convert by pint: for the unit texts that the small table does not hold."""
    unknown = DesignError(
        f"must be {f'a quantity in {unit}' if unit else 'a plain number'}, got {value!r}: "
        f"unknown unit {text!r}",
        key=key,
    )
    if not _may_be_known(text):
        raise unknown
    import pint

    registry = _registry()
    try:
        quantity = registry.Quantity(number, registry.parse_units(text))
        return float(quantity.to(registry.parse_units(unit)).magnitude)
    except pint.DimensionalityError:
        wanted = f"a quantity in {unit}" if unit else "a plain number"
        raise DesignError(f"must be {wanted}, got {value!r}", key=key) from None
    except (pint.PintError, ValueError, TypeError, AttributeError, SyntaxError, AssertionError):
        raise unknown from None
