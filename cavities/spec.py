"""The base of every frozen description: geometry, materials, media, settings."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict

__all__ = ["Spec"]


class Spec(BaseModel):
    """Frozen, keyword-only, validated data with a JSON form and a content hash.

    Every cavity, material, medium and solver setting derives from this class: unknown
    fields are errors, instances are hashable, `changed(**fields)` gives a re-validated
    copy, and `content_hash()` is the key of the result store.

    Example:
        >>> class Slab(Spec):
        ...     thickness: float
        >>> Slab(thickness=0.2).changed(thickness=0.3).thickness
        0.3
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, ser_json_inf_nan="strings"
    )

    def changed(self, **fields: Any) -> Any:
        """Return a copy with the given fields replaced, validated afresh."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**{**values, **fields})

    def content_hash(self) -> str:
        """Return a hex digest of the class name and of every field."""
        payload = {"class": type(self).__name__, "fields": self.model_dump(mode="json")}
        text = json.dumps(payload, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
