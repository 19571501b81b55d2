"""What `import studies` offers, by module; `studies/__init__.py` loads each name on first use."""

from .design import Design as Design
from .design import load_design as load_design
from .errors import DesignError as DesignError
from .gain_design import GainDesign as GainDesign
from .gain_design import load_gain_design as load_gain_design
from .gain_run import GainRunResult as GainRunResult
from .gain_run import run_gain as run_gain
from .pipeline import RunResult as RunResult
from .pipeline import run as run
from .settings import LayoutSettings as LayoutSettings
from .settings import LossSettings as LossSettings
from .settings import MonteCarloSettings as MonteCarloSettings
from .settings import OutputSettings as OutputSettings
from .settings import SolverSettings as SolverSettings
from .store import Store as Store
from .study import Parameter as Parameter
from .study import Study as Study
from .study_file import load_study as load_study
from .sweep_run import SweepResult as SweepResult
from .sweep_run import sweep as sweep
