"""Band edges of coupled-wave theory beside those of a full-vector solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from solvers.coupled_wave.band_edge import BandEdge
from solvers.coupled_wave.refined_edges import refined_band_edges
from solvers.coupled_wave.solve_coupling import Coupling
from solvers.fourier_modal.labels import band_edges
from solvers.modes import Mode

__all__ = ["FullVectorComparison", "beside_full_vector", "with_full_vector"]


@dataclass(frozen=True, kw_only=True, eq=False)
class FullVectorComparison:
    """Pairs of band edges by name.

    Attributes:
        edges: of coupled-wave theory, C at each one's own wavelength.
        modes: of the full-vector solver.
    """

    edges: Mapping[str, BandEdge]
    modes: Mapping[str, Mode]

    @property
    def wavelength_differences_nm(self) -> dict[str, float]:
        """Coupled-wave minus full-vector wavelength (nm)."""
        return {
            name: 1e3 * (self.edges[name].wavelength - mode.wavelength)
            for name, mode in self.modes.items()
        }

    @property
    def quality_ratios(self) -> dict[str, float]:
        """Coupled-wave over full-vector Q, nan where either has none below 1e9."""
        found = {}
        for name, mode in self.modes.items():
            pair = self.edges[name].quality_factor, mode.quality_factor
            bound = all(0 < value < 1e9 for value in pair)
            found[name] = pair[0] / pair[1] if bound else float("nan")
        return found

    def report(self) -> str:
        """Return the pairs as a table of text."""
        lines = ["edge  symmetry  coupled-wave nm / Q        full-vector nm / Q"]
        for name, mode in self.modes.items():
            edge = self.edges[name]
            lines.append(
                f"{name:4s}  {mode.symmetry or '-':8s}  "
                f"{1e3 * edge.wavelength:9.3f} / {edge.quality_factor:<12.5g}  "
                f"{1e3 * mode.wavelength:9.3f} / {mode.quality_factor:<.5g}"
            )
        return "\n".join(lines)


def beside_full_vector(found: Coupling, modes: Sequence[Mode]) -> FullVectorComparison:
    """Return the band edges of both theories side by side.

    Args:
        found: coupled-wave constants.
        modes: TE-like modes at Gamma from the Fourier modal solver (`solve_periodic`).

    Raises:
        ValueError: the modes hold no named band edges.
    """
    named = _named(modes)
    edges = {edge.name: edge for edge in refined_band_edges(found)}
    return FullVectorComparison(
        edges={name: edges[name] for name in named}, modes=dict(sorted(named.items()))
    )


def with_full_vector(found: Coupling, modes: Sequence[Mode]) -> Coupling:
    """Return the coupling with its band edges moved to those of a full-vector solver.

    A finite area then has the exact band edges and the coupled-wave account of its boundary.

    Raises:
        ValueError: the modes hold no named band edges.
    """
    named = _named(modes)
    return found.with_modes({name: mode.wavenumber for name, mode in named.items()})


def _named(modes: Sequence[Mode]) -> dict[str, Mode]:
    named = band_edges(modes)
    if not named:
        raise ValueError(
            f"modes: must hold the TE band edges A to D at Gamma, got {len(modes)} modes without; "
            "solve a window around all four with solve_periodic(..., bloch='Gamma')"
        )
    return named
