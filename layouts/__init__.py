"""Chips for direct laser writing: dose arrays, manifests, GDS and OASIS, checked and pictured.

gdsfactory and klayout load when the first chip is drawn, not when the package is imported.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
