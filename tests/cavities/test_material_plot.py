"""The index plot draws what the material says."""

from __future__ import annotations

import numpy as np
import pytest

from cavities.material import Material
from cavities.plot_materials import plot_index


def test_plot_has_labels_and_the_data() -> None:
    axes = plot_index("Au", wavelength=(0.4, 0.9))
    plot_index(1.5, ax=axes, wavelength=(0.4, 0.9))
    n, k, constant = axes.get_lines()
    x = np.asarray(n.get_xdata())
    assert (x[0], x[-1]) == (0.4, 0.9)
    assert np.array_equal(n.get_ydata(), Material.named("Au").index(x).real)
    assert np.array_equal(k.get_ydata(), Material.named("Au").index(x).imag)
    assert n.get_color() == k.get_color() != constant.get_color()
    assert "µm" in axes.get_xlabel()
    assert "k" in axes.get_ylabel()


def test_plot_defaults_to_the_range_of_the_data() -> None:
    x = np.asarray(plot_index("SU8").get_lines()[0].get_xdata())
    assert (x[0], x[-1]) == (0.32, 1.7)


def test_plot_refuses_wavelengths_outside() -> None:
    with pytest.raises(ValueError, match="must lie in"):
        plot_index("SU8", wavelength=(0.2, 0.4))
