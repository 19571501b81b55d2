"""What `import layouts` offers, by module; `layouts/__init__.py` loads each name on first use."""

from .chip_layout import Layout as Layout
from .chip_layout import layout as layout
from .deposition_sheet import ProcessSheet as ProcessSheet
from .deposition_sheet import process_sheet as process_sheet
from .device import Device as Device
from .dose_plan import DoseArray as DoseArray
from .gds_unit_cell import UnitCell as UnitCell
from .gds_unit_cell import unit_cell_from_gds as unit_cell_from_gds
from .lattice_chip import LatticeLayout as LatticeLayout
from .lattice_settings import LatticeSettings as LatticeSettings
from .lattice_verification import LatticeReadBack as LatticeReadBack
from .lattice_verification import read_back_lattice as read_back_lattice
from .planar_chip import PlanarLayout as PlanarLayout
from .planar_settings import PlanarSettings as PlanarSettings
from .preview import plot_layout as plot_layout
from .rules import RuleReport as RuleReport
from .rules import Violation as Violation
from .settings import ChipSettings as ChipSettings
from .spacer_table import longitudinal_modes as longitudinal_modes
from .spacer_table import spacer_thicknesses as spacer_thicknesses
from .verification import ReadBack as ReadBack
from .verification import read_back as read_back
