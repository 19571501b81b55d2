"""Report section of transient absorption: maps, gain lifetime, fits, and a published table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from studies.gain_design import GainDesign
from studies.number_text import readable
from studies.report_section import ReportSection, SectionFigure, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gain.bleach_decay import BleachDecay
    from gain.transient_absorption import TransientAbsorption
    from studies.gain_settings import TransientSettings

__all__ = ["transient_section"]

DELAYS, PROBES, TERMS = 90, 161, 3


def transient_section(design: GainDesign) -> ReportSection:
    """Return the section: dA maps, gain, tri-exponential fits, the published table judged."""
    from gain.bleach_fit import fit_bleach_decay
    from gain.transient_absorption import pump_probe_map

    settings = design.transient_absorption
    assert settings is not None
    delays = np.concatenate([[0.0], np.geomspace(0.5, settings.longest_delay_ps, DELAYS)])
    probe = np.linspace(*settings.wavelength, PROBES)
    maps = [
        pump_probe_map(
            design.gain, design.kinetics, n, delays, probe, path_length=settings.path_length
        )
        for n in settings.absorbed_photons
    ]
    fits = [fit_bleach_decay(*one.at(settings.probe_wavelength), terms=TERMS) for one in maps]
    column = int(np.argmin(np.abs(probe - settings.probe_wavelength)))
    sentences = [one.report().replace("\n", " ") for one in maps]
    sentences.append(
        f"Three exponentials and an offset fitted to the model's traces at "
        f"{1e3 * settings.probe_wavelength:g} nm give the lifetimes of the ladder: a positive "
        "amplitude is the delay with which multi-excitons refill the single exciton."
    )
    tables = [_fit_table([fit.decay for fit in fits], settings)]
    numbers: dict[str, Any] = {
        "probe_wavelength_um": settings.probe_wavelength,
        "pumps": [
            {
                "absorbed_photons": one.absorbed_photons,
                "unexcited_absorbance": one.unexcited_absorbance[column],
                "absorbance_change_at_0": one.absorbance_change[0, column],
                "gain_lifetime_at_probe_ps": one.gain_lifetime_ps[column],
                "gain_at_any_wavelength": bool((one.gain_lifetime_ps > 0).any()),
                **_decay_numbers(fit.decay),
            }
            for one, fit in zip(maps, fits, strict=True)
        ],
    }
    figures = [
        SectionFigure(
            name=f"transient_{number + 1}",
            draw=_map_drawing(one),
            caption=f"Change of absorbance after a pulse of {one.absorbed_photons:g} absorbed "
            "photons per dot; inside the white line the sample amplifies.",
            alt="Transient absorption over wavelength and delay",
            vector=False,
        )
        for number, one in enumerate(maps)
    ]
    if settings.published == "cdznse":
        from gain.cdznse_table import TABLE_FLAGS

        sentences += [f"Published table: {flag}" for flag in TABLE_FLAGS]
        tables.append(_published_table())
        figures.append(_published_figure())
        numbers["published"] = _published_numbers()
    return ReportSection(
        anchor="transient_absorption",
        title="Transient absorption",
        short="Transient absorption",
        sentences=tuple(sentences),
        figures=tuple(figures),
        tables=tuple(tables),
        numbers=numbers,
    )


def _decay_numbers(decay: BleachDecay) -> dict[str, Any]:
    return {
        "offset": decay.offset,
        "amplitudes": list(decay.amplitudes),
        "lifetimes_ps": list(decay.lifetimes_ps),
        "amplitude_lifetime_ps": decay.amplitude_lifetime_ps,
        "intensity_lifetime_ps": decay.intensity_lifetime_ps,
    }


def _fit_table(decays: list[BleachDecay], settings: TransientSettings) -> SectionTable:
    heads = ("N", *(f"τ{i}" for i in (1, 2, 3)), *(f"A{i}" for i in (1, 2, 3)), "mean lifetime")
    units = ("", "ps", "ps", "ps", "", "", "", "ps")
    rows = [
        [n, *decay.lifetimes_ps, *decay.amplitudes, decay.amplitude_lifetime_ps]
        for n, decay in zip(settings.absorbed_photons, decays, strict=True)
    ]
    return SectionTable(
        title="Tri-exponential fits of the model's traces",
        columns=tuple(Column(head, unit) for head, unit in zip(heads, units, strict=True)),
        rows=tuple(
            Row(tuple(Cell(readable(float(value), 3), sort=float(value)) for value in row))
            for row in rows
        ),
    )


def _published_table() -> SectionTable:
    """Table 1 of the source: what is printed, and what its numbers say."""
    from gain.cdznse_table import CDZNSE_TABLE, PRINTED_FRACTIONS, unexcited_absorbance

    ground = unexcited_absorbance()
    rows = []
    for n, decay in CDZNSE_TABLE.items():
        printed = PRINTED_FRACTIONS[n]
        right = decay.fractions
        wrong = bool(np.any(np.abs(np.array(printed) - right) > 2e-3))
        gains = decay.gain_intervals_ps(ground)
        span = " and ".join(f"{a:.1f} to {b:.1f} ps" for a, b in gains) or "never"
        texts = (
            f"⟨N⟩ ~ {n}",
            ", ".join(f"{tau:g}" for tau in decay.lifetimes_ps),
            ", ".join(f"{1e3 * a:.2f}" for a in decay.amplitudes),
            ", ".join(f"{100 * x:.1f}" for x in printed),
            ", ".join(f"{100 * x:.1f}" for x in right),
            f"{1e3 * decay.initial:.2f}",
            f"{decay.amplitude_lifetime_ps:.0f}, {decay.intensity_lifetime_ps:.0f}",
            span,
            "fractions wrong" if wrong else "fractions right",
        )
        rows.append(Row(tuple(Cell(text, text=True) for text in texts), first=wrong))
    heads = (
        ("excitation", ""), ("τ", "ps"), ("A", "10⁻³"), ("fractions printed", "%"),
        ("fractions of A", "%"), ("ΔA(0)", "10⁻³"), ("mean τ", "ps, by A and by Aτ"),
        ("gain with A₀ of ⟨N⟩ ~ 1", ""), ("flag", ""),
    )  # fmt: skip
    return SectionTable(
        title="The published table of the bleach at 639 nm",
        columns=tuple(Column(head, unit, text=True) for head, unit in heads),
        rows=tuple(rows),
    )


def _published_numbers() -> list[dict[str, Any]]:
    from gain.cdznse_table import CDZNSE_TABLE, PRINTED_FRACTIONS, unexcited_absorbance

    ground = unexcited_absorbance()
    return [
        {
            "nominal_excitons": n,
            **_decay_numbers(decay),
            "printed_fractions": list(PRINTED_FRACTIONS[n]),
            "fractions": decay.fractions.tolist(),
            "absorbance_change_at_0": decay.initial,
            "absorbance_at_0.8_ps": float(decay.excited_absorbance(0.8, ground)),
        }
        for n, decay in CDZNSE_TABLE.items()
    ]


def _published_figure() -> SectionFigure:
    def draw() -> Figure:
        from gain.cdznse_table import CDZNSE_TABLE, unexcited_absorbance
        from studies.pictures import figure

        new, ax = figure(6.4, 3.8)
        ground, delays = unexcited_absorbance(), np.geomspace(0.1, 2e4, 400)
        for (n, decay), color in zip(CDZNSE_TABLE.items(), ("tab:blue", "tab:orange"), strict=True):
            label = rf"fit at $\langle N\rangle$ ~ {n}"
            excited = decay.excited_absorbance(delays, ground)
            ax.semilogx(delays, 1e3 * excited, color=color, label=label)
        ax.axhline(0, color="0.5", lw=0.8)
        ax.set_xlabel("delay (ps)")
        ax.set_ylabel("absorbance of the excited sample, 10$^{-3}$")
        ax.legend()
        return new

    return SectionFigure(
        name="transient_published",
        draw=draw,
        caption="The published fits with the A₀ that makes ⟨N⟩ ~ 1 transparent at 2.3 ps, as the "
        "text has it: ⟨N⟩ ~ 3 then absorbs at every delay, against the gain of the source's own "
        "figure.",
        alt="Published fits of the transient absorption",
    )


def _map_drawing(one: TransientAbsorption) -> Any:
    def draw() -> Figure:
        from studies.pictures import figure

        new, ax = figure(5.4, 3.9)
        one.plot(ax=ax)
        ax.set_title(f"N = {one.absorbed_photons:g}")
        return new

    return draw
