"""The fundamental TE mode of the mean stack: exact exponentials in every layer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solvers.coupled_wave.mean_stack import MeanStack, outgoing

__all__ = ["VerticalMode", "modes_beyond", "vertical_mode"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_STEPS = 40
_NEAR_ZERO = 1e-7


@dataclass(frozen=True, kw_only=True, eq=False)
class VerticalMode:
    """Theta(z) of one mode, int Theta^2 dz = 1 over all z.

    In layer l, at a height z above its bottom,
    Theta = forward exp(i q z) + backward exp(i q (d - z)).

    Attributes:
        stack: the mean stack.
        k: vacuum wavenumber k0 (rad/um).
        beta: propagation constant (rad/um); complex if the stack absorbs or leaks.
        forward, backward: (L,), um^-1/2.
        edge: Theta at the bottom and the top of the stack (2,).
        residual: mismatch of the logarithmic derivatives over beta.
    """

    stack: MeanStack
    k: complex
    beta: complex
    forward: Complexes
    backward: Complexes
    edge: Complexes
    residual: float

    @cached_property
    def q(self) -> Complexes:
        """k_z of the layers (L,), rad/um."""
        return _layer_q(self.stack, self.k, self.beta)

    @cached_property
    def outer_q(self) -> Complexes:
        """k_z of substrate and superstrate (2,), rad/um."""
        return outgoing(self.k**2 * self.stack.outer - self.beta**2)

    @property
    def effective_index(self) -> float:
        """Re beta/k0."""
        return float((self.beta / self.k).real)

    @cached_property
    def shares(self) -> Complexes:
        """Int Theta^2 dz over each layer (L,)."""
        return _shares(self.forward, self.backward, self.q, self.stack.thickness)

    @cached_property
    def outer_shares(self) -> Complexes:
        """Int Theta^2 dz over substrate and superstrate (2,)."""
        return np.asarray(0.5j * self.edge**2 / self.outer_q)

    @cached_property
    def group_index(self) -> complex:
        """n_g = d beta/dk0, dispersion of the media included."""
        rate, outer = _rates(self.stack, self.k)
        total = np.sum(rate * self.shares) + np.sum(outer * self.outer_shares)
        return complex(total / (2 * self.beta))

    def interface_values(self) -> tuple[Complexes, Complexes, Complexes, Complexes]:
        """Return Theta and dTheta/dz at the bottom of every layer, then at its top (L,)."""
        fade = np.exp(1j * self.q * self.stack.thickness)
        iq = 1j * self.q
        bottom = self.forward + self.backward * fade
        top = self.forward * fade + self.backward
        bottom_slope = iq * (self.forward - self.backward * fade)
        top_slope = iq * (self.forward * fade - self.backward)
        return bottom, bottom_slope, top, top_slope

    def profile(self, z: Floats) -> Complexes:
        """Return Theta (um^-1/2) at heights z (um) above the substrate's top face."""
        z = np.asarray(z, dtype=np.float64)
        edges = np.concatenate([[0.0], np.cumsum(self.stack.thickness)])
        place = np.clip(np.searchsorted(edges, z, side="right") - 1, 0, len(self.q) - 1)
        q, d = self.q[place], self.stack.thickness[place]
        local = np.clip(z - edges[place], 0.0, d)
        inside = self.forward[place] * np.exp(1j * q * local) + self.backward[place] * np.exp(
            1j * q * (d - local)
        )
        down = np.exp(1j * self.outer_q[0] * np.maximum(-z, 0.0))
        up = np.exp(1j * self.outer_q[1] * np.maximum(z - edges[-1], 0.0))
        return np.asarray(inside * down * up)


def vertical_mode(
    stack: MeanStack, k: complex, beta: complex | None = None, *, steps: int = _STEPS
) -> VerticalMode:
    """Return the fundamental TE mode at a vacuum wavenumber.

    Newton's method on the difference of the logarithmic derivatives of the waves from below and
    from above, whose derivative with respect to beta^2 is int Theta^2 dz.

    Args:
        stack: the mean stack at this k.
        k: k0, rad/um.
        beta: where to start; without, the mode of the stack without absorption is looked for by
            counting zeros, which cannot miss it.
        steps: limit for Newton's method.

    Raises:
        ValueError: the stack guides no mode.
        RuntimeError: Newton's method did not converge.
    """
    if beta is None:
        beta = _guided_beta(stack.real(), complex(k).real)
    square = complex(beta) ** 2
    meet = _core(stack, k, complex(beta))
    mode = _matched(stack, k, complex(beta), meet)
    for _ in range(steps):
        mismatch, weight = mode[1]
        change = -mismatch / weight
        square += change
        mode = _matched(stack, k, complex(np.sqrt(square)), meet)
        if abs(change) < 1e-14 * abs(square):
            break
    found = mode[0]
    if not found.residual < 1e-8:
        raise RuntimeError(
            f"vertical mode: Newton's method did not converge, residual {found.residual:.1e}; "
            "start closer to the mode"
        )
    return found


def _matched(
    stack: MeanStack, k: complex, beta: complex, meet: int
) -> tuple[VerticalMode, tuple[complex, complex]]:
    """Return the field met at a layer's top, its mismatch, and int u^2 for u = 1 there."""
    count = len(stack.thickness)
    q = _layer_q(stack, k, beta)
    outer = outgoing(k**2 * stack.outer - beta**2)
    forward = np.zeros(count, dtype=np.complex128)
    backward = np.zeros(count, dtype=np.complex128)
    log = np.zeros(count)
    u, v, scale = 1.0 + 0j, -1j * complex(outer[0]), 0.0
    for layer in range(meet + 1):
        fade = np.exp(1j * q[layer] * stack.thickness[layer])
        a, b = 0.5 * (u + v / (1j * q[layer])), 0.5 * (u - v / (1j * q[layer]))
        forward[layer], backward[layer], log[layer] = a, b / fade, scale
        u, v = a * fade + b / fade, 1j * q[layer] * (a * fade - b / fade)
        size = abs(u)
        u, v, scale = u / size, v / size, scale + math.log(size)
    low, low_scale, low_slope = u, scale, v / u
    u, v, scale = 1.0 + 0j, 1j * complex(outer[1]), 0.0
    for layer in range(count - 1, meet, -1):
        fade = np.exp(1j * q[layer] * stack.thickness[layer])
        a, b = 0.5 * (u + v / (1j * q[layer])), 0.5 * (u - v / (1j * q[layer]))
        # a, b hold at the layer's top
        forward[layer], backward[layer], log[layer] = a / fade, b, scale
        u, v = a / fade + b * fade, 1j * q[layer] * (a / fade - b * fade)
        size = abs(u)
        u, v, scale = u / size, v / size, scale + math.log(size)
    high, high_scale, high_slope = u, scale, v / u
    below = np.arange(count) <= meet
    factor = np.where(below, np.exp(log - low_scale) / low, np.exp(log - high_scale) / high)
    forward, backward = forward * factor, backward * factor
    edge = np.array([np.exp(-low_scale) / low, np.exp(-high_scale) / high])
    shares = _shares(forward, backward, q, stack.thickness)
    total = complex(np.sum(shares) + np.sum(0.5j * edge**2 / outer))
    norm = np.sqrt(total)
    mode = VerticalMode(
        stack=stack,
        k=k,
        beta=beta,
        forward=forward / norm,
        backward=backward / norm,
        edge=edge / norm,
        residual=abs(low_slope - high_slope) / abs(beta),
    )
    return mode, (complex(low_slope - high_slope), total)


def _core(stack: MeanStack, k: complex, beta: complex) -> int:
    """Return the layer at whose top the mode is largest: there the mismatch is well conditioned."""
    turns = np.flatnonzero((k**2 * stack.permittivity - beta**2).real > 0)
    if not len(turns):
        return int(np.argmax(stack.permittivity.real))
    weights = [abs(_matched(stack, k, beta, int(layer))[1][1]) for layer in turns]
    return int(turns[int(np.argmin(weights))])


def _guided_beta(stack: MeanStack, k: float) -> float:
    """Return beta of the fundamental mode of a lossless stack by bisection on zero counts."""
    low = k * math.sqrt(max(float(stack.outer.real.max()), 0.0))
    high = k * math.sqrt(float(stack.permittivity.real.max()))
    if not (high > low and modes_beyond(stack, k, low * (1 + 1e-9)) > 0):
        raise ValueError(
            "cavity: its mean stack must guide a TE mode, got none at "
            f"{2 * math.pi / k:.4g} um; make the core thicker or of higher index than substrate "
            "and superstrate"
        )
    low *= 1 + 1e-9
    for _ in range(60):
        middle = 0.5 * (low + high)
        if modes_beyond(stack, k, middle) > 0:
            low = middle
        else:
            high = middle
        if high - low < 4e-16 * high:
            break
    return 0.5 * (low + high)


def modes_beyond(stack: MeanStack, k: float, beta: float) -> int:
    """Return how many TE modes of a lossless stack have a larger beta than this one.

    By Sturm's theorem they are the zeros of the wave that decays downwards. beta must not be
    smaller than that of a plane wave in an outer medium.
    """
    u, v = 1.0, math.sqrt(max(beta**2 - k**2 * float(stack.outer[0].real), 0.0))
    zeros = 0
    for eps, d in zip(stack.permittivity.real, stack.thickness, strict=True):
        square = k**2 * float(eps) - beta**2
        if square > 0:
            q = math.sqrt(square)
            phase = math.atan2(v / q, u)
            zeros += math.floor((phase * -1 + q * d + math.pi / 2) / math.pi) - math.floor(
                (-phase + math.pi / 2) / math.pi
            )
            size = math.hypot(u, v / q)
            u, v = size * math.cos(q * d - phase), -q * size * math.sin(q * d - phase)
        else:
            kappa = math.sqrt(max(-square, 1e-18))
            grow, fade = 0.5 * (u + v / kappa), 0.5 * (u - v / kappa)
            decay = math.exp(-2 * kappa * d)
            new, slope = grow + fade * decay, kappa * (grow - fade * decay)
            zeros += int(u * new < 0)
            u, v = new, slope
        size = max(abs(u), abs(v) / max(k, 1e-12))
        u, v = u / size, v / size
    kappa = math.sqrt(max(beta**2 - k**2 * float(stack.outer[1].real), 0.0))
    return zeros + int(u * (v + kappa * u) < 0)


def _layer_q(stack: MeanStack, k: complex, beta: complex) -> Complexes:
    root = outgoing(k**2 * stack.permittivity - beta**2)
    small = _NEAR_ZERO * abs(k)
    return np.where(np.abs(root) < small, small, root)


def _shares(forward: Complexes, backward: Complexes, q: Complexes, d: Floats) -> Complexes:
    fade = np.exp(1j * q * d)
    whole = np.expm1(2j * q * d) / (2j * q)
    return np.asarray((forward**2 + backward**2) * whole + 2 * forward * backward * fade * d)


def _rates(stack: MeanStack, k: complex) -> tuple[Complexes, Complexes]:
    """Return d(k^2 eps)/dk of layers and outer media."""
    return (
        2 * k * stack.permittivity + k**2 * stack.slope,
        2 * k * stack.outer + k**2 * stack.outer_slope,
    )
