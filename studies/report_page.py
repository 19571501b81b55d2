"""What every report page has: the template, the inlined images, the style, the script."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

__all__ = ["data_address", "inline_images", "render"]

_KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".csv": "text/csv"}


def render(template: str, **values: Any) -> str:
    """Return a page made from a template of `studies/templates`, style and script inlined."""
    import jinja2

    folder = files("studies") / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text("utf-8")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    css = (folder / "style.css").read_text("utf-8")
    script = (folder / "sort.js").read_text("utf-8")
    return environment.get_template(template).render(css=css, script=script, **values)


def data_address(content: bytes, suffix: str) -> str:
    """Return a data: address that holds the content itself.

    Example:
        >>> data_address(b"a,b", ".csv")
        'data:text/csv;base64,YSxi'
    """
    return f"data:{_KINDS[suffix]};base64,{base64.b64encode(content).decode()}"


def inline_images(pictures: Mapping[str, Path]) -> dict[str, str]:
    """Return data: addresses of picture files, by name."""
    return {name: data_address(path.read_bytes(), path.suffix) for name, path in pictures.items()}
