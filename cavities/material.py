"""Materials: a name, a complex dispersive index, its range of validity and its source."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BeforeValidator, Field, model_validator

from cavities.database_page import PageIndex
from cavities.dispersion import (
    CauchyIndex,
    ConstantIndex,
    IndexModel,
    MixtureIndex,
    SellmeierIndex,
    TableIndex,
    TransparentIndex,
)
from cavities.effective_medium import shell_fraction
from cavities.index_model import ComplexArray, FloatArray
from cavities.spec import Spec

__all__ = ["Material", "MaterialInput", "MaterialLike", "as_material", "material_names"]

MaterialInput: TypeAlias = "Material | str | complex | Sequence[float]"
"""What functions accept as a material: see `as_material`."""


class Material(Spec):
    """A material with complex index n + ik against vacuum wavelength.

    Fields vary as exp(-i omega t): k > 0 absorbs, k < 0 amplifies. Instances are frozen,
    hashable and round-trip through JSON: database materials as the path of their page,
    tables as their numbers.

    Attributes:
        name: name in results, errors and legends.
        model: the index model (`cavities.dispersion`).
        citation: where the numbers come from; empty: see `source`.
        allow_extrapolation: accept wavelengths outside `wavelength_range`. Formulas are
            then continued, tables hold their end values.

    Example:
        >>> silica = Material.named("SiO2")
        >>> complex(silica.index(0.5876)).real.__round__(5)
        1.45846
        >>> silica == Material.model_validate_json(silica.model_dump_json())
        True
        >>> silica.index(0.15)
        Traceback (most recent call last):
        ...
        ValueError: wavelength: must lie in 0.21-6.7 um for SiO2 (Malitson 1965), got 0.15 um; ...
    """

    name: str = Field(min_length=1)
    model: IndexModel
    citation: str = ""
    allow_extrapolation: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, data: Any) -> Any:
        """Accept {"name": "SiO2"}, with or without allow_extrapolation, as design files do."""
        if isinstance(data, dict) and "name" in data and "model" not in data:
            from cavities.named_materials import named_material

            return {**data, "model": named_material(data["name"]).model}
        return data

    @classmethod
    def named(cls, name: str, *, allow_extrapolation: bool = False) -> Material:
        """Return a named material; `material_names` lists the names.

        Args:
            name: such as "SiO2", "Au" or "nanocrystal_film".
            allow_extrapolation: accept wavelengths outside the data.

        Raises:
            ValueError: no such name; the error lists the valid ones and the closest.
        """
        from cavities.named_materials import named_material

        model = named_material(name).model
        return cls(name=name, model=model, allow_extrapolation=allow_extrapolation)

    @classmethod
    def constant(cls, index: complex, *, name: str = "constant") -> Material:
        """Return a material with the same index at every wavelength.

        Args:
            index: n + ik; k > 0 absorbs, k < 0 amplifies.
            name: name in results and legends.

        Raises:
            ValueError: n < 0, index zero or not finite.

        Example:
            >>> complex(Material.constant(1.5 + 0.01j).permittivity(0.63))
            (2.2499+0.03j)
        """
        value = complex(index)
        return cls(name=name, model=ConstantIndex(value=(value.real, value.imag)))

    @classmethod
    def cauchy(
        cls,
        *coefficients: float,
        wavelength_range: tuple[float, float],
        name: str = "Cauchy",
        citation: str = "",
    ) -> Material:
        """Return a transparent material with n = A + B / lambda^2 + C / lambda^4 + ...

        Args:
            *coefficients: A, B (um^2), C (um^4), ...
            wavelength_range: lowest and highest wavelength (um) of the fit.
            name: name in results and legends.
            citation: where the coefficients come from.
        """
        model = CauchyIndex(coefficients=coefficients, valid_range=wavelength_range)
        return cls(name=name, model=model, citation=citation)

    @classmethod
    def sellmeier(
        cls,
        *terms: tuple[float, float],
        wavelength_range: tuple[float, float],
        constant: float = 1.0,
        name: str = "Sellmeier",
        citation: str = "",
    ) -> Material:
        """Return a transparent material with n^2 = constant + sum B lambda^2/(lambda^2 - C^2).

        Args:
            *terms: pairs (B, C): strength and resonance wavelength (um, not squared).
            wavelength_range: lowest and highest wavelength (um) of the fit.
            constant: 1, or the contribution of far resonances.
            name: name in results and legends.
            citation: where the coefficients come from.
        """
        model = SellmeierIndex(terms=terms, constant=constant, valid_range=wavelength_range)
        return cls(name=name, model=model, citation=citation)

    @classmethod
    def from_table(
        cls,
        wavelength: ArrayLike,
        n: ArrayLike,
        k: ArrayLike = (),
        *,
        name: str = "table",
        citation: str = "",
    ) -> Material:
        """Return a material from columns: wavelength (um, increasing), n and k, shape (rows,).

        Raises:
            ValueError: columns of different lengths, or wavelengths not increasing.
        """
        columns = (np.asarray(column, dtype=np.float64).tolist() for column in (wavelength, n, k))
        first, second, third = (tuple(column) for column in columns)
        return cls(
            name=name, model=TableIndex(wavelength=first, n=second, k=third), citation=citation
        )

    @classmethod
    def from_csv(cls, path: str | Path, *, name: str = "", citation: str = "") -> Material:
        """Return a material from a CSV file with columns wavelength_um (or _nm), n and k.

        Args:
            path: the file; format in `cavities.index_csv.parse_index_csv`.
            name: name in results and legends; default: the file's stem.
            citation: where the numbers come from; default: the file's name.

        Raises:
            ValueError: the file is not such a table.
            FileNotFoundError: no such file.
        """
        from cavities.index_csv import read_index_csv

        file = Path(path)
        return cls(
            name=name or file.stem, model=read_index_csv(file), citation=citation or file.name
        )

    @classmethod
    def from_refractiveindex(cls, path_or_text: str | Path, *, name: str = "") -> Material:
        """Return a material from a refractiveindex.info YAML file, or from its text.

        All nine formulas and tables of n, k and nk are read; the references become the
        citation. For a page of the installed database use `from_database`.

        Args:
            path_or_text: path of the file, or a text of several lines.
            name: name in results and legends; default: the file's stem, or "custom".

        Raises:
            ValueError: not such a file.
            FileNotFoundError: no such file.
        """
        from cavities.database_yaml import parse_database_yaml

        if isinstance(path_or_text, str) and "\n" in path_or_text:
            entry, stem = parse_database_yaml(path_or_text), "custom"
        else:
            file = Path(path_or_text)
            entry = parse_database_yaml(file.read_text(encoding="utf-8"), where=file.name)
            stem = file.stem
        return cls(name=name or stem, model=entry.model, citation=entry.source)

    @classmethod
    def from_database(cls, page: str, *, name: str = "") -> Material:
        """Return a material from a page of the refractiveindex.info database, offline.

        Args:
            page: path of the page, such as "main/Ag/nk/Johnson"; find it with
                `cavities.database_page.search_pages`.
            name: name in results and legends; default: the page.

        Raises:
            ValueError: no such page, or no n on it.

        Example:
            >>> Material.from_database("main/Ag/nk/Johnson").wavelength_range
            (0.1879, 1.937)
        """
        model = PageIndex(page=page)
        _ = model.entry
        return cls(name=name or page, model=model)

    @classmethod
    def mixture(
        cls,
        inclusion: MaterialInput,
        host: MaterialInput,
        fraction: float,
        *,
        rule: Literal["maxwell_garnett", "bruggeman"] = "maxwell_garnett",
        name: str = "",
    ) -> Material:
        """Return spheres of one material, well below the wavelength in size, in another.

        Args:
            inclusion: material of the spheres (MaterialLike).
            host: material between them (MaterialLike).
            fraction: volume fraction of the spheres, 0-1.
            rule: "maxwell_garnett" (spheres in a matrix) or "bruggeman" (symmetric).
            name: name in results and legends.

        Raises:
            ValueError: `fraction` outside 0-1, or ranges that do not overlap.

        Example:
            >>> porous = Material.mixture("air", "SiO2", 0.3)
            >>> round(float(porous.index(0.63).real), 3)
            1.319
        """
        spheres, matrix = as_material(inclusion), as_material(host)
        return cls(
            name=name or f"{spheres.name} in {matrix.name}",
            model=MixtureIndex(
                inclusion=spheres.model, host=matrix.model, fraction=fraction, rule=rule
            ),
            citation=_citations(spheres, matrix),
        )

    @classmethod
    def core_shell(
        cls, layers: Sequence[MaterialInput], radii_nm: Sequence[float], *, name: str = ""
    ) -> Material:
        """Return the homogeneous equivalent of a layered sphere much below the wavelength.

        Equations in `cavities.effective_medium.multishell_permittivity`.

        Args:
            layers: materials from the core outwards (MaterialLike).
            radii_nm: outer radius of each layer (nm), increasing.
            name: name in results and legends.

        Raises:
            ValueError: lists of different lengths, or radii that do not increase.

        Example:
            >>> dot = Material.core_shell(["CdSe", "CdS"], [2.0, 4.0])
            >>> dot.name
            'CdSe/CdS'
        """
        parts = [as_material(layer) for layer in layers]
        if len(parts) != len(radii_nm) or not parts:
            raise ValueError(
                f"radii_nm: must have one outer radius per layer ({len(parts)}), "
                f"got {len(radii_nm)}; give the layers core first"
            )
        model = parts[0].model
        for part, inner, outer in zip(parts[1:], radii_nm, radii_nm[1:], strict=False):
            model = MixtureIndex(
                host=part.model, inclusion=model, fraction=shell_fraction(inner, outer)
            )
        label = "/".join(part.name for part in parts)
        return cls(name=name or label, model=model, citation=_citations(*parts))

    def transparent(self, *, beyond: float = 0.0) -> Material:
        """Return the material with k = 0 at wavelengths (um) above `beyond`; 0: everywhere.

        Use it where the absorption is counted elsewhere (resonant absorption of
        nanocrystals: in the gain spectrum) or is an artefact of a fit below a gap.
        """
        model = TransparentIndex(base=self.model, beyond=beyond)
        return Material(
            name=self.name,
            model=model,
            citation=self.source,
            allow_extrapolation=self.allow_extrapolation,
        )

    @property
    def wavelength_range(self) -> tuple[float, float]:
        """Lowest and highest vacuum wavelength (um) at which the data hold."""
        return self.model.wavelength_range

    @property
    def is_dispersive(self) -> bool:
        """Whether the index depends on the wavelength."""
        return self.model.is_dispersive

    @property
    def source(self) -> str:
        """Where the numbers come from: publication and DOI."""
        if self.citation:
            return self.citation
        from cavities.named_materials import named_materials

        entry = named_materials().get(self.name)
        if entry is not None and entry.model == self.model:
            return entry.source
        return self.model.source

    def index(self, wavelength: ArrayLike) -> ComplexArray:
        """Return the complex index n + ik.

        Args:
            wavelength: vacuum wavelength(s) (um), any shape. Complex ones are those of decaying
                modes: exciton lines are continued exactly, other models to first order.

        Returns:
            Complex array of the same shape (0-d for a number).

        Raises:
            ValueError: a wavelength is not > 0, or is outside the range and
                `allow_extrapolation` is False (complex ones: by their real part).
        """
        if np.iscomplexobj(wavelength):
            x = np.asarray(wavelength, dtype=np.complex128)
            self._checked(x.real)
            return self.model.continued_index(x)
        return self.model.index(self._checked(wavelength))

    def permittivity(self, wavelength: ArrayLike) -> ComplexArray:
        """Return the complex relative permittivity (n + ik)^2; arguments as for `index`."""
        return np.asarray(self.index(wavelength) ** 2, dtype=np.complex128)

    def group_permittivity(self, wavelength: ArrayLike) -> FloatArray:
        """Return d(omega Re eps)/d omega = Re eps - lambda d(Re eps)/d lambda.

        It weights |E|^2 in the energy density of a dispersive medium (L. Brillouin, 1921;
        J. D. Jackson, Classical Electrodynamics, section 6.8). In a transparent medium it
        is n (2 n_g - n) > 0; in a strongly absorbing one (metals near interband
        transitions) it may be negative and is no energy density. The slope is exact for
        the interpolated data: no finite differences across the range's ends.

        Args:
            wavelength: vacuum wavelength(s) (um), any shape.

        Returns:
            Real array of the same shape (0-d for a number).

        Raises:
            ValueError: as for `index`.

        Example:
            >>> round(float(Material.constant(1.5).group_permittivity(0.63)), 12)
            2.25
        """
        x = self._checked(wavelength)
        index = self.model.index(x)
        slope = 2 * index * self.model.slope(x)
        return np.asarray((index**2 - x * slope).real, dtype=np.float64)

    def group_index(self, wavelength: ArrayLike) -> FloatArray:
        """Return the group index n - lambda dn/d lambda (real part); arguments as `index`.

        Example:
            >>> round(float(Material.named("SU8").group_index(0.64)), 4)
            1.6105
        """
        x = self._checked(wavelength)
        return np.asarray((self.model.index(x) - x * self.model.slope(x)).real, dtype=np.float64)

    def _checked(self, wavelength: ArrayLike) -> FloatArray:
        x = np.asarray(wavelength, dtype=np.float64)
        low, high = self.wavelength_range
        if self.allow_extrapolation:
            low, high = 0.0, math.inf
        tolerance = 1e-9
        bad = ~((x > 0) & (x >= low * (1 - tolerance)) & (x <= high * (1 + tolerance)))
        if bad.any():
            raise ValueError(self._range_error(x[bad] if x.ndim else x.reshape(1)))
        return x

    def _range_error(self, wrong: FloatArray) -> str:
        got = f"{wrong[0]:g}" if wrong.size == 1 else f"{wrong.min():g} to {wrong.max():g}"
        if not np.all(wrong > 0):
            return f"wavelength: must be > 0 um, got {got} um; give the vacuum wavelength"
        low, high = self.wavelength_range
        author = self.source.split(",")[0]
        label = f"{self.name} ({author})" if author and len(author) < 40 else self.name
        step = "pass allow_extrapolation=True to accept it"
        if wrong.min() > 100:
            step = "give micrometres, not nanometres"
        return f"wavelength: must lie in {low:g}-{high:g} um for {label}, got {got} um; {step}"


def as_material(value: MaterialInput) -> Material:
    """Return a material from a Material, a name, a number or a pair [re, im].

    Raises:
        ValueError: an unknown name, or anything else.

    Example:
        >>> as_material(1.5).name, as_material([1.5, 0.01]).name, as_material("Au").name
        ('n = 1.5', 'n = 1.5+0.01i', 'Au')
    """
    converted = _convert(value)
    if isinstance(converted, Material):
        return converted
    return Material.model_validate(converted)


def _convert(value: Any) -> Any:
    if isinstance(value, str):
        return Material.named(value)
    if isinstance(value, (list, tuple)) and len(value) == 2 and all(map(_is_real, value)):
        value = complex(*value)
    if isinstance(value, numbers.Complex) and not isinstance(value, (bool, np.bool_)):
        number = complex(value)
        imag = f"{number.imag:+g}i" if number.imag else ""
        return Material.constant(number, name=f"n = {number.real:g}{imag}")
    if isinstance(value, (Material, dict)):
        return value
    raise ValueError(
        "material: must be a Material, a name, a number or [re, im], "
        f"got {value!r}; give one of {', '.join(material_names())}"
    )


def _is_real(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))


MaterialLike = Annotated[Material, BeforeValidator(_convert)]
"""A field that takes a Material, a name, a number (real or complex) or a pair [re, im]."""


def material_names() -> tuple[str, ...]:
    """Return the names that `Material.named` knows.

    Example:
        >>> "SiO2" in material_names()
        True
    """
    from cavities.named_materials import named_materials

    return tuple(named_materials())


def _citations(*parts: Material) -> str:
    return " + ".join(dict.fromkeys(part.source for part in parts if part.source))
