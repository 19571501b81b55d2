"""Studies: design files, the pipeline, sweeps, the result store, reports, the command line.

Everything here loads on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
