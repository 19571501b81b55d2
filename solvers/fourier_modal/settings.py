"""Numerical settings of the periodic mode solver."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from cavities.spec import Spec

__all__ = ["Accuracy", "PeriodicSettings"]

Accuracy = Literal["fast", "default", "reference"]


class PeriodicSettings(Spec):
    """Settings of the periodic mode solver.

    Attributes:
        orders: plane waves of the answer; rounded down to whole shells.
        search_orders: plane waves of the blind search, and of the second truncation from which
            errors are estimated.
        use_symmetry: whether to split the problem by the little group of the Bloch vector; the
            answer is the same, symmetry labels need it.
        factorization: "normal-vector", or "laurent" for comparison with simpler programs (slow
            convergence).
        largest_error: largest acceptable `wavelength_error` (um); None: any.

    Raises:
        ValueError: fewer orders than in the search.

    Example:
        >>> PeriodicSettings.for_accuracy("fast").orders
        81
    """

    orders: int = Field(default=121, ge=9)
    search_orders: int = Field(default=49, ge=5)
    use_symmetry: bool = True
    factorization: Literal["normal-vector", "laurent"] = "normal-vector"
    largest_error: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _two_truncations(self) -> PeriodicSettings:
        if self.search_orders >= self.orders:
            raise ValueError(
                f"search_orders: must be below orders ({self.orders}), got {self.search_orders}; "
                "about half or less is right"
            )
        return self

    @classmethod
    def for_accuracy(cls, accuracy: Accuracy) -> PeriodicSettings:
        """Return the settings of a level: 81, 121 or 225 orders."""
        levels = {"fast": (81, 49), "default": (121, 49), "reference": (225, 121)}
        if accuracy not in levels:
            raise ValueError(f"accuracy: must be one of {list(levels)}, got {accuracy!r}")
        orders, search = levels[accuracy]
        return cls(orders=orders, search_orders=search)
