"""The named materials: which data each name stands for, and where they come from."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from cavities.dispersion import (
    ConstantIndex,
    IndexModel,
    MixtureIndex,
    PageIndex,
    TransparentIndex,
)
from cavities.effective_medium import shell_fraction

__all__ = ["NamedMaterial", "named_material", "named_materials", "nanocrystal_film_index"]


@dataclass(frozen=True, kw_only=True)
class NamedMaterial:
    """What a name stands for.

    Attributes:
        model: the index model.
        source: author and year, then the publication with its DOI.
        note: the sample, and what to know before using the data.
    """

    model: IndexModel
    source: str
    note: str


CDSE_GAP_WAVELENGTH = 0.713
"""Gap of bulk CdSe at 300 K, 1.74 eV, as a wavelength (um)."""

CDS_GAP_WAVELENGTH = 0.512
"""Gap of bulk CdS at 300 K, 2.42 eV, as a wavelength (um)."""

LIGAND_INDEX = 1.47
"""Index of oleic acid at 0.65 um (Jones 2015, doi:10.1039/C4CC09835H), for the ligands."""


def nanocrystal_film_index(
    *,
    core_radius_nm: float = 4.0,
    quantum_shell_nm: float = 1.75,
    outer_shell_nm: float = 2.0,
    fraction: float = 0.45,
    ligand_index: float = LIGAND_INDEX,
    rule: Literal["maxwell_garnett", "bruggeman"] = "maxwell_garnett",
    transparent: bool = True,
) -> TransparentIndex | MixtureIndex:
    """Return the index model of a close-packed film of CdS/CdSe/CdS quantum shells.

    Each nanocrystal is the homogeneous sphere equivalent, in the quasi-static limit, to a
    CdS core under a CdSe shell under a CdS shell; the spheres fill a volume fraction of
    the ligands by Maxwell-Garnett or Bruggeman mixing (`cavities.effective_medium`).

    Provenance of the defaults: cores of 8.0 nm diameter are among the published ones
    (doi:10.1039/D4NR04653F); shells of 1.75 and 2 nm are assumed; the fraction is an
    estimate, random close packing (0.64) of the 7.75 nm spheres with about 1 nm of ligand
    around each, 0.64 (7.75 / 8.75)^3 = 0.44. The index at 0.65 um is 1.86 with them, and
    1.81-1.95 for fractions 0.40-0.55.

    Args:
        core_radius_nm: radius of the CdS core (nm).
        quantum_shell_nm: thickness of the CdSe shell (nm).
        outer_shell_nm: thickness of the outer CdS shell (nm).
        fraction: volume fraction of nanocrystals in the film, 0-1.
        ligand_index: index of what is between them.
        rule: mixing rule.
        transparent: keep the real part of the index only. The absorption of the
            nanocrystals is resonant and saturable: it belongs to the gain spectrum, and
            would be counted twice if the passive index, hence Q, carried it too. False
            keeps the bulk absorption, for the absorption of a pump well above the gap.

    Raises:
        ValueError: a radius or thickness is not > 0, or the fraction is outside 0-1.

    Example:
        >>> import numpy as np
        >>> round(float(nanocrystal_film_index().index(np.array(0.65)).real), 2)
        1.86
    """
    core, shell = "main/CdS/nk/Treharne", "main/CdSe/nk/Ninomiya-o"
    inner = core_radius_nm + quantum_shell_nm
    quantum_shell = MixtureIndex(
        host=PageIndex(page=shell),
        inclusion=PageIndex(page=core),
        fraction=shell_fraction(core_radius_nm, inner),
    )
    particle = MixtureIndex(
        host=PageIndex(page=core),
        inclusion=quantum_shell,
        fraction=shell_fraction(inner, inner + outer_shell_nm),
    )
    film = MixtureIndex(
        host=ConstantIndex(value=(ligand_index, 0.0)),
        inclusion=particle,
        fraction=fraction,
        rule=rule,
    )
    return TransparentIndex(base=film) if transparent else film


def _page(page: str, source: str, note: str) -> NamedMaterial:
    return NamedMaterial(model=PageIndex(page=page), source=source, note=note)


@functools.lru_cache(maxsize=1)
def named_materials() -> dict[str, NamedMaterial]:
    """Return every named material by name, in the order of the documentation."""
    vacuum = ConstantIndex(value=(1.0, 0.0))
    pmma = "organic/(C5H8O2)n - poly(methyl methacrylate)/nk/Beadie"
    cdse, cds = "main/CdSe/nk/Ninomiya-o", "main/CdS/nk/Ninomiya-o"
    cdse_source = "Ninomiya 1995, J. Appl. Phys. 78, 4681, doi:10.1063/1.359815"
    cds_source = "Ninomiya 1995, J. Appl. Phys. 78, 1183, doi:10.1063/1.360355"
    return {
        "air": NamedMaterial(
            model=vacuum,
            source="Convention, n = 1",
            note="Exactly 1, dispersionless: measured is n - 1 = 2.77e-4 (Ciddor 1996, "
            "doi:10.1364/AO.35.001566); use air_standard where that matters.",
        ),
        "air_standard": _page(
            "other/mixed gases/air/nk/Ciddor",
            "Ciddor 1996, Appl. Opt. 35, 1566, doi:10.1364/AO.35.001566",
            "Dry air at 15 C, 101325 Pa, 450 ppm CO2.",
        ),
        "vacuum": NamedMaterial(model=vacuum, source="Definition, n = 1", note="Exactly 1."),
        "SU8": _page(
            "other/resists/Microchem SU-8 3000/nk/specs",
            "MicroChem 2011, SU-8 3000 data sheet",
            "Cauchy fit of the manufacturer (no DOI); k not given: 0.",
        ),
        "SU8_2000": _page(
            "other/resists/Microchem SU-8 2000/nk/specs",
            "MicroChem 2011, SU-8 2000 data sheet",
            "Uncured film; Cauchy fit of the manufacturer (no DOI); k not given: 0.",
        ),
        "PMMA": _page(
            pmma,
            "Beadie 2015, Appl. Opt. 54, F139, doi:10.1364/AO.54.00F139",
            "Bulk, 20.1 C, accuracy 2e-4; k not given: 0.",
        ),
        "SiO2": _page(
            "main/SiO2/nk/Malitson",
            "Malitson 1965, J. Opt. Soc. Am. 55, 1205, doi:10.1364/JOSA.55.001205",
            "Fused silica, 20 C; sputtered and ion-assisted films are 0.015-0.02 higher.",
        ),
        "glass": _page(
            "specs/schott/optical/N-BK7",
            "SCHOTT 2017, N-BK7 in the Zemax catalogue 2017-01-20b",
            "Borosilicate crown, the same data as BK7; manufacturer's data (no DOI).",
        ),
        "BK7": _page(
            "specs/schott/optical/N-BK7",
            "SCHOTT 2017, N-BK7 in the Zemax catalogue 2017-01-20b",
            "Manufacturer's data (no DOI).",
        ),
        "coverslip": _page(
            "specs/schott/misc/D263TECO",
            "SCHOTT 2017, D 263 T eco in the Zemax catalogue 2017-01-20b",
            "Borosilicate of microscope cover slips; manufacturer's data (no DOI).",
        ),
        "soda_lime": _page(
            "glass/misc/soda-lime/nk/Rubin-clear",
            "Rubin 1985, Sol. Energy Mater. 12, 275, doi:10.1016/0165-1633(85)90052-8",
            "Clear window glass: microscope slides.",
        ),
        "Au": _page(
            "main/Au/nk/Johnson",
            "Johnson 1972, Phys. Rev. B 6, 4370, doi:10.1103/PhysRevB.6.4370",
            "Evaporated films, sparse table (0.04 um steps near 0.65 um), the reference of most "
            "published designs; its loss 2nk at 0.63 um is 7 % above Olmon's evaporated and "
            "19 % above McPeak's template-stripped gold.",
        ),
        "Au_evaporated": _page(
            "main/Au/nk/Olmon-ev",
            "Olmon 2012, Phys. Rev. B 86, 235147, doi:10.1103/PhysRevB.86.235147",
            "Evaporated, 0.3-25 um, dense table.",
        ),
        "Au_template_stripped": _page(
            "main/Au/nk/McPeak",
            "McPeak 2015, ACS Photonics 2, 326, doi:10.1021/ph5004237",
            "Fast evaporation, template-stripped: the lowest loss.",
        ),
        "Ti": _page(
            "main/Ti/nk/Johnson",
            "Johnson 1974, Phys. Rev. B 9, 5056, doi:10.1103/PhysRevB.9.5056",
            "Films; published Ti spreads from 2.0 + 2.3i to 2.7 + 3.8i at 0.63 um.",
        ),
        "Si": _page(
            "main/Si/nk/Green-2008",
            "Green 2008, Sol. Energy Mater. Sol. Cells 92, 1305, doi:10.1016/j.solmat.2008.06.009",
            "Intrinsic crystal, 300 K, Kramers-Kronig consistent.",
        ),
        "SiNx": _page(
            "main/Si3N4/nk/Luke",
            "Luke 2015, Opt. Lett. 40, 4823, doi:10.1364/OL.40.004823",
            "Stoichiometric LPCVD Si3N4; k not given: 0.",
        ),
        "SiNx_pecvd": _page(
            "main/Si3N4/nk/Beliaev",
            "Beliaev 2022, Thin Solid Films 763, 139568, doi:10.1016/j.tsf.2022.139568",
            "One PECVD recipe, 100 nm on Si.",
        ),
        "TiO2": _page(
            "main/TiO2/nk/Franta",
            "Franta 2015, Proc. SPIE 9628, 96281U, doi:10.1117/12.2190104",
            "E-beam evaporated, amorphous, 100 nm on Si: the film of a dielectric mirror.",
        ),
        "TiO2_ald": _page(
            "main/TiO2/nk/Siefke",
            "Siefke 2016, Adv. Opt. Mater. 4, 1780, doi:10.1002/adom.201600250",
            "Atomic layer deposition, 350 nm.",
        ),
        "Ta2O5": _page(
            "main/Ta2O5/nk/Gao",
            "Gao 2012, Opt. Express 20, 15734, doi:10.1364/OE.20.015734",
            "Ion-assisted e-beam evaporation, 400 nm on BK7: the film of a dielectric mirror.",
        ),
        "HfO2": _page(
            "main/HfO2/nk/Al-Kuhaili",
            "Al-Kuhaili 2004, Opt. Mater. 27, 383, doi:10.1016/j.optmat.2004.04.014",
            "E-beam evaporated; denser films reach 2.09 at 0.63 um; k not given: 0.",
        ),
        "CdSe": NamedMaterial(
            model=TransparentIndex(base=PageIndex(page=cdse), beyond=CDSE_GAP_WAVELENGTH),
            source=cdse_source,
            note="Wurtzite, ordinary ray; k set to 0 beyond the gap (0.713 um), where the "
            "published fit keeps an unphysical tail (k = 0.09 at 0.8 um).",
        ),
        "CdSe_tabulated": _page(cdse, cdse_source, "As CdSe with the tail beyond the gap kept."),
        "CdS": NamedMaterial(
            model=TransparentIndex(base=PageIndex(page=cds), beyond=CDS_GAP_WAVELENGTH),
            source=cds_source,
            note="Wurtzite, ordinary ray; k set to 0 beyond the gap (0.512 um), where the "
            "published fit keeps an unphysical tail (k = 0.04 at 0.63 um) and an n some 8 % "
            "below prism data: use CdS_prism there.",
        ),
        "CdS_tabulated": _page(cds, cds_source, "As CdS with the tail beyond the gap kept."),
        "CdS_sputtered": _page(
            "main/CdS/nk/Treharne",
            "Treharne 2011, J. Phys. Conf. Ser. 286, 012038, doi:10.1088/1742-6596/286/1/012038",
            "Sputtered film, transparent beyond the gap: the CdS of nanocrystal_film.",
        ),
        "CdS_prism": _page(
            "main/CdS/nk/Bieniewski-o",
            "Bieniewski 1963, J. Opt. Soc. Am. 53, 496, doi:10.1364/JOSA.53.000496",
            "Single crystal by prism, ordinary ray, transparent range only.",
        ),
        "ligand": NamedMaterial(
            model=ConstantIndex(value=(LIGAND_INDEX, 0.0)),
            source="Jones 2015, Chem. Commun. 51, 4914, doi:10.1039/C4CC09835H",
            note="Oleic acid at 0.65 um, taken as constant.",
        ),
        "nanocrystal_film": NamedMaterial(
            model=nanocrystal_film_index(),
            source="Effective medium (Maxwell-Garnett 1904, doi:10.1098/rsta.1904.0024) of CdS "
            "(doi:10.1088/1742-6596/286/1/012038), CdSe (doi:10.1063/1.359815) and oleic acid",
            note="Quantum shells at volume fraction 0.45, an estimate and not a measurement; "
            "no absorption: that of the nanocrystals belongs to the gain spectrum.",
        ),
    }


def named_material(name: str) -> NamedMaterial:
    """Return what a name stands for.

    Raises:
        ValueError: no such name; the error lists the valid ones and the closest.

    Example:
        >>> named_material("SiO2").source[:13]
        'Malitson 1965'
    """
    names = named_materials()
    if name in names:
        return names[name]
    import difflib

    by_lower = {known.lower(): known for known in names}
    close = difflib.get_close_matches(str(name).lower(), by_lower, n=1, cutoff=0.5)
    hint = f"did you mean {by_lower[close[0]]!r}?" if close else "or give a number or a Material"
    raise ValueError(f"material: must be one of {', '.join(names)}, got {name!r}; {hint}")
