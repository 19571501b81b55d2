"""Errors of the study layer: one line that names file, key, rule and value."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["DesignError", "one_line", "suggest"]


class DesignError(ValueError):
    """Bad input in a design or study file: one line, for people.

    Args:
        rule: what must hold, with "got ..." and what to do next.
        key: dotted path of the key, e.g. "cavity.exposure.power_uw".
        source: the file the key stands in.

    Example:
        >>> str(DesignError("must be > 0, got -1", key="cavity.diameter", source="disk.toml"))
        'disk.toml: cavity.diameter: must be > 0, got -1'
    """

    def __init__(self, rule: str, *, key: str = "", source: str = "") -> None:
        self.rule, self.key, self.source = one_line(rule), key, source
        super().__init__(": ".join(part for part in (source, key, self.rule) if part))

    def located(self, *, key: str = "", source: str = "") -> DesignError:
        """Return the same error with `key` put in front and `source` filled in."""
        path = ".".join(part for part in (key, self.key) if part)
        return DesignError(self.rule, key=path, source=self.source or source)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.rule, self.key, self.source))


def _rebuild(rule: str, key: str, source: str) -> DesignError:
    """Unpickle a DesignError (its arguments are keyword only)."""
    return DesignError(rule, key=key, source=source)


def one_line(text: str) -> str:
    r"""Return the text with every run of white space made one blank.

    Example:
        >>> one_line("a\n   b")
        'a b'
    """
    return " ".join(text.split())


def suggest(name: str, known: Iterable[str], *, limit: int = 12) -> str:
    """Return the end of an "unknown name" message: close matches, or what is known.

    Example:
        >>> suggest("diametr", ["diameter", "height"])
        'did you mean "diameter"?'
        >>> suggest("zzz", ["diameter", "height"])
        'known: diameter, height'
    """
    names = sorted(set(known))
    folded: dict[str, str] = {}
    for item in names:
        folded.setdefault(item.casefold(), item)
    close = difflib.get_close_matches(name.casefold(), list(folded), n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(f'"{folded[item]}"' for item in close) + "?"
    shown = ", ".join(names[:limit])
    return f"known: {shown}" + (f" and {len(names) - limit} more" if len(names) > limit else "")
