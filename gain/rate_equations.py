"""The coupled rate equations of `gain.laser_model`: rates and analytic Jacobian, batched.

State of one laser, a row: the unknowns - populations p (groups x states), photons per nanocrystal s
(modes) -, their integrals over time, and the excitons made by the pump. Everything else that is
asked of a pulse follows from these. The integrals do not act back and cost next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gain.laser_model import LaserModel

__all__ = ["Jacobian", "RateEquations", "Totals"]

Floats = NDArray[np.float64]


class Jacobian(NamedTuple):
    """Blocks of d rates/d state for a batch of lasers.

    Attributes:
        ladder: d p/d p of each group, (batch, groups, states, states).
        by_photons: d p/d s, (batch, groups, states, modes).
        by_populations: d s/d p, (batch, modes, groups, states).
        net_gain: d s/d s, the diagonal, (batch, modes).
    """

    ladder: Floats
    by_photons: Floats
    by_populations: Floats
    net_gain: Floats


class Totals(NamedTuple):
    """Integrals over time, per nanocrystal.

    Attributes:
        emitted: photons emitted by each mode, (batch, modes).
        state_time_ns: time spent in each state, mean over the groups, (batch, states).
        absorbed: excitons made by the pump, (batch,).
        spontaneous: photons emitted spontaneously into the modes, (batch,).
        background: photons absorbed by sigma_high, (batch,).
    """

    emitted: Floats
    state_time_ns: Floats
    absorbed: Floats
    spontaneous: Floats
    background: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class RateEquations:
    """Arrays of one or many lasers with as many states, modes and groups; batch axis 1 or B.

    Attributes:
        decay_per_ns: k_N and the modes' share of it, (1 or B, groups, states).
        emit_per_ns, absorb_per_ns: K kappa sigma/sigma_0, (1 or B, modes, states).
        spontaneous_per_ns: into each mode from each state, (1 or B, modes, states).
        background_per_ns: K kappa b, (1 or B, modes).
        loss_per_ns: kappa, (1 or B, modes).
        profile, group_fraction, pump_profile: see `LaserModes`.
    """

    decay_per_ns: Floats
    emit_per_ns: Floats
    absorb_per_ns: Floats
    spontaneous_per_ns: Floats
    background_per_ns: Floats
    loss_per_ns: Floats
    profile: Floats
    group_fraction: Floats
    pump_profile: Floats

    @classmethod
    def of(cls, *models: LaserModel) -> RateEquations:
        """Return the equations of one laser, or of several side by side (groups of the first).

        Raises:
            ValueError: lasers with different numbers of modes, states or groups.
        """
        shapes = {(m.modes.profile.shape, m.kinetics.states) for m in models}
        if len(shapes) != 1:
            raise ValueError(
                "models: must have as many modes, groups and states to run side by side, got "
                f"{len(shapes)} kinds; run each kind on its own"
            )
        known = {id(model): _arrays(model) for model in dict.fromkeys(models)}
        parts = [known[id(model)] for model in models]
        columns = [np.stack(column) for column in zip(*parts, strict=True)]
        modes = models[0].modes
        return cls(
            decay_per_ns=columns[0],
            emit_per_ns=columns[1],
            absorb_per_ns=columns[2],
            spontaneous_per_ns=columns[3],
            background_per_ns=columns[4],
            loss_per_ns=columns[5],
            profile=modes.profile,
            group_fraction=modes.group_fraction,
            pump_profile=modes.pump_profile,
        )

    def rows(self, which: NDArray[np.intp]) -> RateEquations:
        """Return the equations of some lasers of the batch, (n,) indices."""
        if len(self.loss_per_ns) == 1:
            return self
        return RateEquations(
            decay_per_ns=self.decay_per_ns[which],
            emit_per_ns=self.emit_per_ns[which],
            absorb_per_ns=self.absorb_per_ns[which],
            spontaneous_per_ns=self.spontaneous_per_ns[which],
            background_per_ns=self.background_per_ns[which],
            loss_per_ns=self.loss_per_ns[which],
            profile=self.profile,
            group_fraction=self.group_fraction,
            pump_profile=self.pump_profile,
        )

    @cached_property
    def groups(self) -> int:
        """Number of groups of nanocrystals."""
        return len(self.group_fraction)

    @cached_property
    def states(self) -> int:
        """Number of states of the ladder."""
        return int(self.decay_per_ns.shape[-1])

    @cached_property
    def mode_count(self) -> int:
        """Number of modes."""
        return int(self.loss_per_ns.shape[-1])

    @cached_property
    def populations(self) -> slice:
        """Where the populations are in a row."""
        return slice(0, self.groups * self.states)

    @cached_property
    def photons(self) -> slice:
        """Where the photons are in a row."""
        return slice(self.groups * self.states, self.unknowns)

    @cached_property
    def unknowns(self) -> int:
        """Number of populations and photons."""
        return self.groups * self.states + self.mode_count

    @cached_property
    def size(self) -> int:
        """Length of a row: unknowns, their integrals, excitons made."""
        return 2 * self.unknowns + 1

    @cached_property
    def _share(self) -> Floats:
        """f_g w_gm, (modes, groups)."""
        return np.ascontiguousarray((self.group_fraction[:, None] * self.profile).T)

    @cached_property
    def _pumped(self) -> Floats:
        """Share of the pump in each group, (groups,)."""
        return np.asarray(self.group_fraction * self.pump_profile)

    @cached_property
    def gain_per_ns(self) -> Floats:
        """Net stimulated emission of each state, (1 or B, modes, states)."""
        return self.emit_per_ns - self.absorb_per_ns

    @cached_property
    def _both(self) -> Floats:
        """Net stimulated and spontaneous emission of each state, (1 or B, 2 modes, states)."""
        return np.concatenate([self.gain_per_ns, self.spontaneous_per_ns], axis=1)

    @cached_property
    def _lost(self) -> Floats:
        return self.background_per_ns + self.loss_per_ns

    def _ladder_rates(self, pump: Floats, s: Floats) -> tuple[Floats, Floats]:
        """Rates up from and down from each state, (B, groups, states)."""
        light = s[:, None, :] * self.profile
        up = light @ self.absorb_per_ns
        up += (pump[:, None] * self.pump_profile)[..., None]
        up[..., -1] = 0.0
        return up, light @ self.emit_per_ns + self.decay_per_ns

    def emission(self, p: Floats) -> tuple[Floats, Floats]:
        """Return net stimulated and spontaneous emission (1/ns) into each mode, (B, modes).

        Args:
            p: populations, (B, groups, states).
        """
        if self.groups == 1 and len(self._both) == 1:
            both = p[:, 0] @ self._both[0].T
        else:
            seen = p if self.groups == 1 else self._share @ p
            modes = self.mode_count
            parts = [
                (seen * half).sum(axis=-1)
                for half in (self._both[:, :modes], self._both[:, modes:])
            ]
            return parts[0], parts[1]
        return both[:, : self.mode_count], both[:, self.mode_count :]

    def rates(self, pump: Floats, y: Floats) -> Floats:
        """Return dy/dt, (B, size).

        Args:
            pump: W of each laser (1/ns), (B,).
            y: states, (B, size).
        """
        batch, unknowns = len(y), self.unknowns
        p = y[:, self.populations].reshape(batch, self.groups, self.states)
        s = y[:, self.photons]
        up, down = self._ladder_rates(pump, s)
        flow = up[..., :-1] * p[..., :-1] - down[..., 1:] * p[..., 1:]
        out = np.empty_like(y)
        change = np.zeros((batch, self.groups, self.states))
        change[..., :-1] -= flow
        change[..., 1:] += flow
        out[:, self.populations] = change.reshape(batch, -1)
        stimulated, spontaneous = self.emission(p)
        out[:, self.photons] = (stimulated - self._lost) * s + spontaneous
        out[:, unknowns:-1] = y[:, :unknowns]
        out[:, -1] = pump * ((1 - p[..., -1]) @ self._pumped)
        return out

    def pump_slope(self, slope: Floats, y: Floats) -> Floats:
        """Return the change of dy/dt for a change of the pump (1/ns), (B, size)."""
        batch = len(y)
        p = y[:, self.populations].reshape(batch, self.groups, self.states)
        flow = (slope[:, None] * self.pump_profile)[..., None] * p[..., :-1]
        change = np.zeros((batch, self.groups, self.states))
        change[..., :-1] -= flow
        change[..., 1:] += flow
        out = np.zeros_like(y)
        out[:, self.populations] = change.reshape(batch, -1)
        out[:, -1] = slope * ((1 - p[..., -1]) @ self._pumped)
        return out

    def jacobian(self, pump: Floats, y: Floats) -> Jacobian:
        """Return the blocks of d rates/d (p, s) at states y, (B, at least unknowns)."""
        batch, states = len(y), self.states
        p = y[:, self.populations].reshape(batch, self.groups, states)
        s = y[:, self.photons]
        up, down = self._ladder_rates(pump, s)
        ladder = np.zeros((batch, self.groups, states, states))
        i = np.arange(states - 1)
        ladder[..., i, i] -= up[..., :-1]
        ladder[..., i + 1, i] += up[..., :-1]
        ladder[..., i + 1, i + 1] -= down[..., 1:]
        ladder[..., i, i + 1] += down[..., 1:]
        flow = (
            self.absorb_per_ns[:, None, :, :-1] * p[:, :, None, :-1]
            - self.emit_per_ns[:, None, :, 1:] * p[:, :, None, 1:]
        ) * self.profile[None, :, :, None]
        by_photons = np.zeros((batch, self.groups, states, self.mode_count))
        turned = np.swapaxes(flow, -1, -2)
        by_photons[..., :-1, :] -= turned
        by_photons[..., 1:, :] += turned
        each = s[..., None] * self.gain_per_ns + self.spontaneous_per_ns
        by_populations = each[:, :, None, :] * self._share[None, :, :, None]
        net = self.emission(p)[0] - self._lost
        return Jacobian(ladder, by_photons, by_populations, net)

    def integrals_of(self, pump: Floats, dy: Floats) -> Floats:
        """Return the integrals' rates for a change of the unknowns, (B, size - unknowns)."""
        p = dy[:, self.populations].reshape(len(dy), self.groups, self.states)
        made = -pump * (p[..., -1] @ self._pumped)
        return np.concatenate([dy[:, : self.unknowns], made[:, None]], axis=1)

    def totals(self, y: Floats) -> Totals:
        """Return what rows (B, size) have summed up over time."""
        start = self.unknowns
        p = y[:, start : start + self.groups * self.states].reshape(len(y), self.groups, -1)
        s = y[:, start + self.groups * self.states : -1]
        return Totals(
            emitted=self.loss_per_ns * s,
            state_time_ns=self.group_fraction @ p,
            absorbed=y[:, -1],
            spontaneous=self.emission(p)[1].sum(axis=1),
            background=(self.background_per_ns * s).sum(axis=1),
        )


def _arrays(model: LaserModel) -> tuple[Floats, ...]:
    modes, spectrum = model.modes, model.spectrum
    strength = model.stimulated_per_ns
    emit = strength[:, None] * spectrum.emission
    spontaneous = model.spontaneous_per_ns()
    decay = np.tile(model.kinetics.decay_rates_per_ns(), (len(modes.group_fraction), 1))
    if isinstance(model.spontaneous, str):
        decay = decay + modes.profile @ spontaneous
    return (
        decay,
        emit,
        strength[:, None] * spectrum.absorption,
        spontaneous,
        strength * spectrum.background,
        modes.loss_per_ns,
    )
