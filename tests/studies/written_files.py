"""What a run wrote, read back by the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["written_page", "written_result"]


def written_result(folder: Path | None) -> dict[str, Any]:
    """The written result.json, which must be strict JSON."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    assert folder is not None
    text = (folder / "result.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return content


def written_page(folder: Path | None) -> str:
    """The written report.html."""
    assert folder is not None
    return (folder / "report.html").read_text("utf-8")
