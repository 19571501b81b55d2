"""What is lettered beside the disks and where: names, diameters, times, row and column heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layouts.labels import LINE_PITCH, label_width

if TYPE_CHECKING:
    from layouts.chip import Lettering
    from layouts.device import Device
    from layouts.dose_plan import Plan
    from layouts.settings import ChipSettings

__all__ = ["device_text", "plan_lettering"]

GAP = 4.0
"""Distance (um) from a disk to its label."""

HEAD_HEIGHT = 10.0
"""Height (um) of the letters of row and column heads, where the pitch leaves room."""

MOST_LABELLED_DEVICES = 400


def plan_lettering(plan: Plan, settings: ChipSettings) -> tuple[Lettering, ...]:
    """Return every label of the array: below each disk, left of each row, above each column.

    Raises:
        ValueError: device labels were asked for and there is no room for them.
    """
    texts: list[Lettering] = []
    if labels_devices(plan, settings):
        height = settings.label_height
        for device in plan.devices:
            text = device_text(device)
            down = device.footprint / 2 + GAP + _block_height(text, height)
            texts.append((text, device.x, device.y - down, height, 0))
    if plan.pitch > 0:
        texts += _row_heads(plan, settings)
        texts += _column_heads(plan, settings)
    return tuple(texts)


def device_text(device: Device) -> str:
    r"""Return the label of one device: name and diameter, then the exposure time.

    Example:
        >>> from layouts.device import Device
        >>> device_text(Device(name="A01", x=0, y=0, top_diameter=15, base_diameter=12,
        ...                    exposure_time_ms=50, power_uw=500))
        'A01 15.00um\n50ms'
    """
    text = f"{device.name} {device.top_diameter:.2f}um"
    if device.exposure_time_ms is not None:
        text += f"\n{device.exposure_time_ms:.8g}ms"
    return text


def labels_devices(plan: Plan, settings: ChipSettings) -> bool:
    """Return whether every disk gets a label of its own.

    Raises:
        ValueError: labels were asked for and there is no room for them.
    """
    if settings.device_labels is False:
        return False
    needed, room = _needed_room(plan, settings), _room(plan)
    if settings.device_labels and needed > room:
        raise ValueError(
            f"device_labels: must have {needed:.4g} um from disk to disk, got {room:.4g} um; "
            "widen the pitch, lower label_height, or switch the labels off"
        )
    return bool(settings.device_labels) or (
        needed <= room and len(plan.devices) <= MOST_LABELLED_DEVICES
    )


def _needed_room(plan: Plan, settings: ChipSettings) -> float:
    """Return the distance (um) between neighbours that leaves every label free of any disk."""
    height = settings.label_height
    texts = [device_text(device) for device in plan.devices]
    widest = max(label_width(text, height=height) for text in texts)
    tallest = max(_block_height(text, height) for text in texts)
    largest = max(device.footprint for device in plan.devices)
    across, down = widest + GAP, largest + 2 * GAP + tallest
    return max(across, down) if plan.pitch > 0 else float((across**2 + down**2) ** 0.5)


def _room(plan: Plan) -> float:
    if plan.pitch > 0:
        return plan.pitch
    if len(plan.devices) == 1:
        return float("inf")
    from scipy.spatial import cKDTree

    places = np.array([(device.x, device.y) for device in plan.devices])
    distances = np.asarray(cKDTree(places).query(places, k=2)[0])
    return float(distances[:, 1].min())


def _block_height(text: str, height: float) -> float:
    return (text.count("\n") * LINE_PITCH + 1) * height


def _row_heads(plan: Plan, settings: ChipSettings) -> list[Lettering]:
    first = [device for device in plan.devices if device.column == 1]
    height = _head_height(plan, settings, rows=True)
    widest = max(device.footprint for device in plan.devices)
    if labels_devices(plan, settings):
        widest = max(
            widest,
            *(label_width(device_text(d), height=settings.label_height) for d in plan.devices),
        )
    heads = []
    for device in first:
        letters = device.name.rstrip("0123456789")
        text = f"{letters} {device.nominal_diameter or device.top_diameter:.2f}um"
        left = device.x - widest / 2 - 2 * GAP - label_width(text, height=height) / 2
        heads.append((text, left, device.y - height / 2, height, 0))
    return heads


def _column_heads(plan: Plan, settings: ChipSettings) -> list[Lettering]:
    top = [device for device in plan.devices if device.row == 1]
    height = _head_height(plan, settings, rows=False)
    largest = max(device.footprint for device in plan.devices)
    texts = []
    for device in top:
        lines = [device.name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
        if device.exposure_time_ms is not None:
            lines.append(f"x{device.dose_factor:.3g}")
        texts.append("\n".join(lines))
    upright = max(label_width(text, height=height) for text in texts) <= plan.pitch - GAP
    heads: list[Lettering] = []
    for device, text in zip(top, texts, strict=True):
        up = device.y + largest / 2 + 2 * GAP
        if upright:
            heads.append((text, device.x, up, height, 0))
        else:
            line = text.replace("\n", " ")
            up += label_width(line, height=height) / 2
            heads.append((line, device.x + height / 2, up, height, 1))
    return heads


def _head_height(plan: Plan, settings: ChipSettings, *, rows: bool) -> float:
    roomy = plan.pitch >= (2 * HEAD_HEIGHT if rows else 6 * HEAD_HEIGHT)
    return HEAD_HEIGHT if roomy else settings.label_height
