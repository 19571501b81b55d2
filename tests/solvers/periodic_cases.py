"""Structures that the tests of the periodic solvers share."""

from cavities.body_of_revolution import Layer
from cavities.cell_shape import Circle
from cavities.lattice import Lattice
from cavities.material import MaterialInput
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack


def slab_in_glass(radius: float = 0.08, thickness: float = 0.18) -> PeriodicStack:
    """n = 2.02 in n = 1.46, square lattice of 336 nm (Hsu et al., doi:10.1038/nature12289)."""
    hole = Inclusion(shape=Circle(radius=radius), material=1.46, name="hole")
    slab = PatternedLayer(name="slab", material=2.02, thickness=thickness, inclusions=(hole,))
    return PeriodicStack(
        lattice=Lattice.square(0.336), substrate=1.46, layers=(slab,), superstrate=1.46
    )


def covered_slab(film: MaterialInput = 1.9) -> PeriodicStack:
    """Structure A1: holes of 0.7 a in n = 2.0, filled and covered by the gain film."""
    hole = Inclusion(shape=Circle(radius=0.35 * 0.39), material=film, name="gain")
    slab = PatternedLayer(name="slab", material=2.0, thickness=0.17, inclusions=(hole,))
    cover = Layer(name="gain", material=film, thickness=0.08)
    return PeriodicStack(
        lattice=Lattice.square(0.39), substrate=1.46, layers=(slab, cover), superstrate=1.0
    )
