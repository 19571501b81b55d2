"""One Meep run in a process of its own: input directory in, output directory out.

    python meep_worker.py INPUT OUTPUT [--watch]

Depends on meep and numpy only (h5py is used where it is there); also runs under mpirun, where all
ranks execute the same calls and the first one writes. INPUT/job.json describes the structure,
sources, probes and record (lengths in um, frequencies in 1/um, times in um/c; the fields vary as
exp(-i omega t)). OUTPUT receives result.json, written last, and arrays.h5 (or arrays.npz).
Lines on stdout that begin with "LASEWRIGHT " report progress as JSON. With --watch the worker
leaves when its standard input is closed: nothing survives the death of its parent.

The request (all positions in the user's coordinates; cylindrical ones are (r, 0, z)):

    dimensions      1 (along z), 2 (x, y), 3 or "cylindrical"
    low, high       corners of the cell, PML included
    resolution, courant, accurate_axis, azimuthal_order, bloch (rad/um), complex_fields
    pml             [{"axis": "X"|"Y"|"Z"|"R", "thickness", "side": "both"|"low"|"high"}]
    symmetries      [{"axis": "X", "phase": 1}]
    media           name -> {"epsilon", "conductivity", "poles": [{"kind", "frequency", "gamma",
                    "sigma"}]} with epsilon real at infinite frequency
    background      name of a medium
    shapes          painted in order: block, cylinder, sphere, prism, each with its medium
    sources         [{"component", "point", "size", "amplitude": [re, im]}]
    pulse           {"frequency", "width", "cutoff"}
    probes          [{"component", "point"}]
    band            (low, high) in which resonances are sought
    record          {"shortest", "longest", "decay"}: the record after the pulse is prolonged
                    until every resonance has decayed by exp(-decay) and is the same without its
                    first third, or to `longest`; "sampling": samples per shortest period (6),
                    "thresholds": least Q, largest error and basis functions of harmonic inversion
    snapshots       {"count", "start", "end", "low", "high", "components"} or null: fields at
                    irregular times after the pulse are split into the resonances of the band, so
                    the band should hold all that the pulse excites
"""

from __future__ import annotations

import json
import math
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np


def main(input_folder: str, output_folder: str, *options: str) -> None:
    """Run the job of one folder and write its result into another."""
    # mpirun hands its standard input to the first rank only
    if "--watch" in options and rank() == 0:
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    request = json.loads((Path(input_folder) / "job.json").read_text())
    import meep as mp

    mp.verbosity(0)
    report, arrays = solve(mp, request)
    report["versions"] = {"meep": mp.__version__, "numpy": np.__version__}
    report["processes"] = mp.count_processors()
    if mp.am_master():
        write(Path(output_folder), report, arrays)


def rank() -> int:
    """Return this process's number under mpirun (Open MPI, MPICH), 0 without."""
    names = ("OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK")
    return next((int(os.environ[name]) for name in names if name in os.environ), 0)


def say(text: str) -> None:
    """Write a line to the parent."""
    os.write(1, text.encode() + b"\n")


def _leave_with_parent() -> None:
    """End this process when its standard input closes."""
    if not os.read(0, 1):
        os._exit(3)


def write(folder: Path, report: dict[str, Any], arrays: dict[str, Any]) -> None:
    """Write arrays and report; the report last, by a rename, with the sizes of the other files."""
    files = {}
    if arrays:
        try:
            import h5py

            path = folder / "arrays.h5"
            with h5py.File(path, "w") as file:
                for name, values in arrays.items():
                    file[name] = values
        except ImportError:
            path = folder / "arrays.npz"
            np.savez(path, **arrays)
        files[path.name] = path.stat().st_size
    report["files"] = files
    partial = folder / "result.json.partial"
    partial.write_text(json.dumps(report, indent=1))
    partial.replace(folder / "result.json")


def solve(mp: Any, request: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run one simulation; return the report and the arrays."""
    wall = time.perf_counter()
    frame = Frame(request)
    simulation = build(mp, request, frame)
    simulation.init_sim()
    setup = time.perf_counter() - wall
    record = Record(mp, request, frame, simulation)
    found = record.run()
    report = {
        "resonances": found,
        "record": {
            "length": record.length,
            "longest": request["record"]["longest"],
            "source_end": record.source_end,
            "samples": len(record.signals[0]) if record.signals else 0,
            "time_step": simulation.fields.dt,
            "steps": simulation.fields.t,
        },
        "setup_s": setup,
        "wall_s": time.perf_counter() - wall,
    }
    arrays: dict[str, Any] = {}
    if record.snapshots is not None and found:
        arrays, residual = record.snapshots.mode_fields(found)
        report["field_residual"] = residual
    return report, arrays


class Frame:
    """The cell in Meep's coordinates: centred, except for r of cylindrical ones."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        low, high = np.asarray(request["low"], float), np.asarray(request["high"], float)
        self.size, self.centre = high - low, (low + high) / 2
        if request["dimensions"] == "cylindrical":
            self.size[0], self.centre[0] = high[0], 0.0

    def point(self, mp: Any, position: Any) -> Any:
        """Return a position of the user's as a vector of Meep's."""
        return mp.Vector3(*(np.asarray(position, float) - self.centre))


def build(mp: Any, request: dict[str, Any], frame: Frame) -> Any:
    """Return the simulation."""
    dimensions = request["dimensions"]
    cylindrical = dimensions == "cylindrical"
    media = {name: medium(mp, data) for name, data in request["media"].items()}
    sides = {"both": mp.ALL, "low": mp.Low, "high": mp.High}
    layers = []
    for data in request["pml"]:
        axis, side = getattr(mp, data["axis"]), sides[data.get("side", "both")]
        layers.append(mp.PML(data["thickness"], direction=axis, side=side))
    pulse = request["pulse"]
    time_course = mp.GaussianSource(
        pulse["frequency"], fwidth=pulse["width"], cutoff=pulse.get("cutoff", 5.0)
    )
    sources = [
        mp.Source(
            time_course,
            component=getattr(mp, source["component"]),
            center=frame.point(mp, source["point"]),
            size=mp.Vector3(*source.get("size", (0, 0, 0))),
            amplitude=complex(*source.get("amplitude", (1.0, 0.0))),
        )
        for source in request["sources"]
    ]
    bloch = request.get("bloch")
    return mp.Simulation(
        cell_size=mp.Vector3(*frame.size),
        dimensions=mp.CYLINDRICAL if cylindrical else dimensions,
        m=request.get("azimuthal_order", 0),
        accurate_fields_near_cylorigin=bool(request.get("accurate_axis", False)),
        resolution=request["resolution"],
        Courant=request["courant"],
        k_point=False if bloch is None else mp.Vector3(*np.asarray(bloch) / (2 * math.pi)),
        force_complex_fields=bool(request.get("complex_fields", cylindrical)),
        boundary_layers=layers,
        symmetries=[
            mp.Mirror(getattr(mp, mirror["axis"]), phase=mirror["phase"])
            for mirror in request.get("symmetries", ())
        ],
        default_material=media[request["background"]],
        geometry=[shape(mp, data, media, frame) for data in request["shapes"]],
        sources=sources,
    )


def medium(mp: Any, data: dict[str, Any]) -> Any:
    """Return a medium: epsilon at infinite frequency, poles, conductivity."""
    kinds = {"lorentz": mp.LorentzianSusceptibility, "drude": mp.DrudeSusceptibility}
    names = ("frequency", "gamma", "sigma")
    poles = [
        kinds[pole["kind"]](**{name: pole[name] for name in names})
        for pole in data.get("poles", ())
    ]
    loss = data.get("conductivity", 0.0)
    return mp.Medium(epsilon=data["epsilon"], D_conductivity=loss, E_susceptibilities=poles)


def shape(mp: Any, data: dict[str, Any], media: dict[str, Any], frame: Frame) -> Any:
    """Return one geometric object."""
    material = media[data["medium"]]

    def vector(values: Any) -> Any:
        return mp.Vector3(*(mp.inf if math.isnan(value) else float(value) for value in values))

    if data["kind"] == "block":
        low, high = (
            np.array([np.nan if v is None else v for v in data[k]]) for k in ("low", "high")
        )
        centre = np.nan_to_num((low + high) / 2 - frame.centre)  # endless directions stay centred
        return mp.Block(center=mp.Vector3(*centre), size=vector(high - low), material=material)
    if data["kind"] == "prism":
        return mp.Prism(
            [frame.point(mp, vertex) for vertex in data["vertices"]],
            height=data["height"],
            axis=mp.Vector3(*data["axis"]),
            material=material,
        )
    centre = frame.point(mp, data["center"])
    if data["kind"] == "sphere":
        return mp.Sphere(data["radius"], center=centre, material=material)
    if data["kind"] == "cylinder":
        height = data.get("height")
        return mp.Cylinder(
            data["radius"],
            height=mp.inf if height is None else height,
            axis=mp.Vector3(*data.get("axis", (0, 0, 1))),
            center=centre,
            material=material,
        )
    raise ValueError(f"shape: must be block, prism, sphere or cylinder, got {data['kind']!r}")


class Record:
    """The signals of all probes after the pulse, prolonged until the resonances have decayed."""

    def __init__(self, mp: Any, request: dict[str, Any], frame: Frame, simulation: Any) -> None:
        self.mp, self.request, self.simulation = mp, request, simulation
        self.band = tuple(request["band"])
        probes = request["probes"]
        self.probes = [(getattr(mp, p["component"]), frame.point(mp, p["point"])) for p in probes]
        self.signals: list[list[complex]] = [[] for _ in self.probes]
        self.source_end = float(simulation.fields.last_source_time())
        step = simulation.fields.dt
        plan = request["record"]
        self.every = max(1, math.floor(1 / (plan.get("sampling", 6) * max(self.band) * step)))
        self.thresholds = plan.get("thresholds", (10.0, 0.03, 20))
        self.length = 0.0
        self.sampled = -1
        wanted = request.get("snapshots")
        self.snapshots = None
        if wanted:
            self.snapshots = Snapshots(mp, wanted, frame, simulation)
        self.started, self.told = time.perf_counter(), 0.0
        self.peak, self.now, self.interval = 0.0, 0.0, 0.0

    def run(self) -> list[dict[str, Any]]:
        """Return the resonances."""
        plan = self.request["record"]
        goal = plan["shortest"]
        self._advance(self.source_end, goal, recording=False)
        while True:
            self._advance(goal - self.length, goal, recording=True)
            self.length = goal
            found = self.resonances()
            needed = [
                plan["decay"] * one["quality_factor"] / (math.pi * one["frequency"])
                for one in found
                if one["quality_factor"] > 0 and one["share"] > 1e-3
            ]
            wanted = max(needed, default=0.0)
            if not settled(found):
                wanted = max(wanted, 1.5 * goal)
            wanted = min(plan["longest"], wanted)
            if wanted <= 1.05 * goal:
                return found
            goal = min(plan["longest"], max(1.1 * wanted, 1.3 * goal), 4 * goal)

    def _advance(self, span: float, goal: float, *, recording: bool) -> None:
        if span <= 0:
            return
        total = self.source_end + goal

        def step(sim: Any) -> None:
            # Meep calls once more at the end of each run: a step must not be recorded twice
            due = sim.fields.t % self.every == 0 and sim.fields.t != self.sampled
            if recording and due:
                self.sampled = sim.fields.t
                self._sample(sim)
            if time.perf_counter() - self.told > 0.5:
                self._tell(sim.fields.t * sim.fields.dt, total)

        self.simulation.run(step, until=span)

    def _sample(self, sim: Any) -> None:
        now, largest = sim.meep_time(), 0.0
        self.interval, self.now = now - self.now, now
        for signal, (component, point) in zip(self.signals, self.probes, strict=True):
            value = complex(sim.get_field_point(component, point))
            signal.append(value)
            largest = max(largest, abs(value))
        if not math.isfinite(largest):
            raise RuntimeError("the fields are not finite (NaN): the run is unstable")
        if len(self.signals[0]) < 200:
            self.peak = max(self.peak, largest)
        elif self.peak > 0 and largest > 1e6 * self.peak:
            raise RuntimeError("the fields grow without bound: the run is unstable")
        if self.snapshots is not None:
            self.snapshots.take(sim.fields.t * sim.fields.dt - self.source_end)

    def _tell(self, done: float, total: float) -> None:
        self.told = time.perf_counter()
        left = (self.told - self.started) * (total - done) / done if done > 0 else None
        event = {"event": "progress", "done": done, "expected": total, "seconds_left": left}
        if self.mp.am_master():
            say("LASEWRIGHT " + json.dumps(event))

    def resonances(self) -> list[dict[str, Any]]:
        """Return what harmonic inversion finds in all signals, joined over the probes.

        `drift` is how far a resonance moves when the first third of the record is left out.
        """
        found = join_resonances([self._invert(signal) for signal in self.signals], self.length)
        later = [self._invert(signal[len(signal) // 3 :]) for signal in self.signals]
        late = [freq for one in later for freq, _, _ in one]
        for one in found:
            freq = complex(one["frequency"], one["imaginary"])
            apart = [abs(freq - other) for other in late]
            nearest = late[int(np.argmin(apart))] if apart else 0j
            one["drift"] = abs((freq - nearest).real)
            one["drift_imaginary"] = abs((freq - nearest).imag)
        return found

    def _invert(self, signal: list[complex]) -> list[tuple[complex, float, float]]:
        """Return (frequency, amplitude, error) of the resonances in one signal."""
        if len(signal) < 8 or max(abs(value) for value in signal) == 0.0:
            return []
        quality, error, functions = self.thresholds
        bands = self.mp.py_do_harminv(
            signal, self.interval, *self.band, functions, 1.1, quality, 1e20, error, -1.0, -1.0
        )
        return [(complex(freq), abs(amplitude), abs(error)) for freq, amplitude, error in bands]


def settled(found: list[dict[str, Any]]) -> bool:
    """Whether the strong resonances are the same without the first third of the record."""
    return all(
        one["drift"] + one["drift_imaginary"] < 0.02 * abs(one["imaginary"])
        for one in found
        if one["share"] > 0.02 and one["quality_factor"] > 50
    )


class Snapshots:
    """Fields of the whole cell at irregular times of the record, split into modes afterwards."""

    def __init__(self, mp: Any, wanted: dict[str, Any], frame: Frame, simulation: Any) -> None:
        low, high = np.asarray(wanted["low"], float), np.asarray(wanted["high"], float)
        self.mp, self.simulation = mp, simulation
        self.volume = mp.Volume(
            center=frame.point(mp, (low + high) / 2), size=mp.Vector3(*(high - low))
        )
        self.centre = frame.centre
        self.cylindrical = frame.request["dimensions"] == "cylindrical"
        self.components = list(wanted["components"])
        count = wanted["count"]
        place = np.arange(count) + 0.5 + 0.35 * np.sin(2.399 * np.arange(count))
        start, end = wanted["start"], wanted["end"]
        self.due = list(start + (end - start) * place / count)
        self.times: list[float] = []
        self.values: list[np.ndarray] = []

    def take(self, now: float) -> None:
        """Keep the fields when a snapshot is due; H is brought to the time of E."""
        if not self.due or now < self.due[0]:
            return
        self.due.pop(0)
        fields = self.simulation.fields
        fields.synchronize_magnetic_fields()
        stack = [
            np.asarray(self.simulation.get_array(getattr(self.mp, name), vol=self.volume))
            for name in self.components
        ]
        fields.restore_magnetic_fields()
        self.times.append(now)
        single = np.complex64 if np.iscomplexobj(stack[0]) else np.float32
        self.values.append(np.asarray(stack, dtype=single))

    def mode_fields(self, found: list[dict[str, Any]]) -> tuple[dict[str, Any], float]:
        """Return the complex field of every resonance, coordinates, and the fit's residual."""
        values = np.asarray(self.values)
        frequencies = [complex(one["frequency"], one["imaginary"]) for one in found]
        modes, residual = split_modes(np.asarray(self.times), values, frequencies)
        x, y, z, _ = self.simulation.get_array_metadata(vol=self.volume)
        pairs = zip((x, y, z), self.centre, strict=True)
        axes = [np.asarray(axis) + offset for axis, offset in pairs]
        if self.cylindrical:  # the arrays are (z, r) from r = 0; the metadata have no r
            axes[0] = (np.arange(modes.shape[-1]) + 0.5) / self.simulation.resolution
            modes = np.swapaxes(modes, -1, -2)
        arrays: dict[str, Any] = dict(zip("xyz", axes, strict=True))
        arrays["fields"] = modes.astype(np.complex64)
        arrays["components"] = np.asarray([name.encode() for name in self.components])
        return arrays, residual


def split_modes(
    times: np.ndarray, values: np.ndarray, frequencies: list[complex]
) -> tuple[np.ndarray, float]:
    """Return the fields (modes, ...) whose sum exp(-2 pi i f t) fits values (times, ...) best.

    Columns are scaled to unit length, so that modes that die early count like the others. Real
    values are fitted with the real part of the sum.
    """
    real = not np.iscomplexobj(values)
    waves = np.exp(-2j * np.pi * np.outer(times, frequencies))
    columns = np.hstack([waves.real, -waves.imag]) if real else waves
    length = np.linalg.norm(columns, axis=0)
    flat = values.reshape(len(times), -1)
    solution, *_ = np.linalg.lstsq(columns / length, flat, rcond=1e-6)
    rest = np.linalg.norm(columns / length @ solution - flat) / (np.linalg.norm(flat) or 1.0)
    solution = solution / length[:, None]
    if real:
        solution = solution[: len(frequencies)] + 1j * solution[len(frequencies) :]
    return solution.reshape(len(frequencies), *values.shape[1:]), float(rest)


def join_resonances(
    lists: list[list[tuple[complex, float, float]]], length: float
) -> list[dict[str, Any]]:
    """Return one entry per resonance from the (frequency, amplitude, error) of every probe.

    Entries are one resonance when their frequencies differ by less than a third of what the
    record separates (1/length) or of the linewidth. The one with the least error stands for it;
    `spread` is how far the other probes are, weighted by their amplitude.
    """
    strongest = [max((amplitude for _, amplitude, _ in one), default=0.0) for one in lists]
    largest = max(strongest, default=0.0)
    entries = [
        (freq, amplitude, error, amplitude / largest, number)
        for number, one in enumerate(lists)
        for freq, amplitude, error in one
        if amplitude > 1e-6 * largest > 0
    ]
    entries.sort(key=lambda entry: entry[0].real)
    groups: list[list[Any]] = []
    for entry in entries:
        reach = max(0.3 / length, 0.3 * abs(entry[0].imag))
        if groups and entry[0].real - groups[-1][-1][0].real < reach:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    found = []
    for group in groups:
        share = max(entry[3] for entry in group)
        good = [entry for entry in group if entry[3] > 0.1 * share]
        best = min(good, key=lambda entry: entry[2])
        freq = best[0]
        weight = np.array([entry[3] for entry in good])
        real = np.array([entry[0].real for entry in good])
        imaginary = np.array([entry[0].imag for entry in good])
        found.append(
            {
                "frequency": freq.real,
                "imaginary": freq.imag,
                "quality_factor": _quality(freq),
                "amplitude": best[1],
                "share": share,
                "error": best[2],
                "spread": float(np.sqrt(np.average((real - freq.real) ** 2, weights=weight))),
                "spread_imaginary": float(
                    np.sqrt(np.average((imaginary - freq.imag) ** 2, weights=weight))
                ),
                "probes": len({entry[4] for entry in good}),
                "signature": [
                    max((entry[1] for entry in group if entry[4] == number), default=0.0)
                    for number in range(len(lists))
                ],
            }
        )
    return found


def _quality(freq: complex) -> float:
    return -freq.real / (2 * freq.imag) if freq.imag else 1e30


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BaseException as problem:
        say(f"LASEWRIGHT-ERROR {type(problem).__name__}: {problem}")
        if "meep" in sys.modules and sys.modules["meep"].count_processors() > 1:
            os._exit(1)  # a rank that merely waits for its peers would never leave
        raise
