"""report.html: self-contained, quiet in a browser, complete."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from solvers.modes import Mode, ModeSet
from studies import RunResult, Store, Study, sweep
from studies.number_text import quantity, readable
from studies.report_tables import material_rows, mode_table, periodic_rows
from studies.study import Parameter

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars", "--enable-logging=stderr", "--v=0",
         "--host-resolver-rules=MAP * ~NOTFOUND")  # fmt: skip


class _Page(HTMLParser):
    """Collects what a page refers to, and whether its tags are closed."""

    VOID = frozenset({"meta", "link", "img", "br", "hr", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.references: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.anchors: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        for name in ("src", "srcset", "data", "action"):
            if given.get(name):
                self.references.append(str(given[name]))
        if tag == "link" or (tag == "a" and not str(given.get("href", "")).startswith("http")):
            self.references.append(str(given.get("href", "")))
        if tag == "img":
            self.images.append(given)
        if given.get("id"):
            self.anchors.add(str(given["id"]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _page(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    assert page.open == []
    return page


def _html(outcome: RunResult) -> Path:
    assert outcome.folder is not None
    return outcome.folder / "report.html"


def test_every_reference_is_inside_the_page(finished_run: RunResult) -> None:
    text = _html(finished_run).read_text(encoding="utf-8")
    page = _page(text)
    for reference in page.references:
        if reference.startswith("#"):
            assert reference[1:] in page.anchors
        else:
            assert reference.startswith("data:"), reference[:80]
    assert "@import" not in text
    assert not re.search(r"url\((?!['\"]?data:)", text)


def test_every_picture_is_shown_with_a_text_alternative(finished_run: RunResult) -> None:
    assert finished_run.folder is not None
    page = _page(_html(finished_run).read_text(encoding="utf-8"))
    files = list((finished_run.folder / "pictures").iterdir())
    assert len(page.images) == len(files) + 1  # the mask's preview lies beside the masks
    assert all(image.get("alt") for image in page.images)


def test_every_table_scrolls_inside_its_card(finished_run: RunResult) -> None:
    text = _html(finished_run).read_text(encoding="utf-8")
    tables = text.count("<table")
    assert tables > 5
    assert len(re.findall(r'<div class="scroll">\s*<table', text)) == tables
    style = text[text.index("<style>") : text.index("</style>")]
    assert re.search(r"\.scroll \{[^}]*overflow-x: auto", style)
    assert re.search(r"nav \.wide \{[^}]*flex-wrap: wrap", style)


def test_parts_have_the_names_of_their_layers() -> None:
    from cavities import (
        BodyOfRevolution,
        Circle,
        Lattice,
        Outline,
        PhotonicCrystalSlab,
        Region,
    )
    from cavities.body_of_revolution import Layer, LayeredBackground

    slab = PhotonicCrystalSlab(
        lattice=Lattice.square(0.4),
        layers=(
            Layer(name="buffer", material=1.6, thickness=0.1),
            Layer(name="slab", material=2.0, thickness=0.17),
        ),
        shapes=(Circle(radius=0.1),),
    )
    names = ["substrate", "buffer", "slab", "superstrate"]
    assert [row["part"] for row in material_rows(slab, 0.65)] == names
    rows = dict(periodic_rows(slab))
    assert rows["lattice"] == "square, period 0.4 µm"
    assert rows["layer slab"] == "thickness 0.17 µm"
    assert rows["shape"] == "circle, radius 0.1 µm"
    below = LayeredBackground(substrate=1.5, layers=slab.layers, superstrate=1.0)
    outline = Outline.rectangle(inner=0.0, outer=1.0, bottom=0.0, top=0.5)
    post = Region(name="post", outline=outline, material=1.6)
    body = BodyOfRevolution(regions=(post,), background=below)
    assert [row["part"] for row in material_rows(body, 0.65)] == [
        "post", "background: substrate", "background: buffer", "background: slab",
        "background: superstrate",
    ]  # fmt: skip


def test_the_numbers_of_the_run_are_on_the_page(finished_run: RunResult) -> None:
    text = _html(finished_run).read_text(encoding="utf-8")
    assert finished_run.threshold is not None
    for number in (
        f"{1e3 * finished_run.threshold.lasing_wavelength:.3f}",
        readable(finished_run.threshold.lasing_absorbed_photons, 3),
        readable(finished_run.threshold.lasing_fluence_uj_per_cm2, 3),
    ):
        assert number in text
    for mode in finished_run.modes:
        assert f"{1e3 * mode.wavelength:.4f}" in text


def test_texts_of_a_design_are_escaped(finished_run: RunResult, tmp_path: Path) -> None:
    from dataclasses import replace

    from studies.report import report_html

    evil = finished_run.design.changed(name="<script>alert(1)</script>", reference="javascript:x")
    text = report_html(replace(finished_run, design=evil), {})
    assert "<script>alert" not in text
    assert 'href="javascript' not in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0"), (99999.0, "99999"), (1e5, "1 × 10⁵"), (1.5e-5, "1.5 × 10⁻⁵"), (-2.5, "−2.5"),
     (float("inf"), "∞"), (None, "–"), (3, "3"), (True, "yes"), (123456789, "123456789"),
     (9999.96, "9999.96")],
)  # fmt: skip
def test_numbers_are_readable(value: float | None, shown: str) -> None:
    assert readable(value, 6) == shown


def test_quantities_have_units() -> None:
    assert quantity(12.7, "deg") == "12.7°"
    assert quantity(3.5e17, "1/cm^3") == "3.5 × 10¹⁷ 1/cm³"


def _browse(page: Path, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM is not None
    return subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", *more, page.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip


TELL = """<script>addEventListener("load", function () {
  var names = performance.getEntriesByType("resource").map(function (e) { return e.name; });
  console.log("FETCHED " + JSON.stringify(names) + " AT " + document.images.length + " "
    + Array.from(document.images).every(function (i) { return i.naturalWidth > 0; }));
});</script></body>"""


def _check_quiet(page: Path, folder: Path) -> None:
    """Check that a page loads nothing, shows all its pictures and writes nothing to the console.

    The one line on the console is our own: what the browser fetched for the page, by its
    resource timing. The page's policy would also report a request that it forbids.
    """
    copy = folder / "told.html"
    text = page.read_text(encoding="utf-8")
    assert "</body>" in text
    copy.write_text(text.replace("</body>", TELL), encoding="utf-8")
    done = _browse(copy, folder, f"--screenshot={folder / 'page.png'}", "--window-size=1200,4000")
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert len(console) == 1, console
    fetched = re.search(r"FETCHED (\S*) AT (\d+) (\w+)", console[0])
    assert fetched is not None, console
    assert fetched[1] == "[]"
    assert int(fetched[2]) > 0
    assert fetched[3] == "true"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
def test_a_browser_shows_the_report_without_errors_or_requests(
    finished_run: RunResult, tmp_path: Path
) -> None:
    _check_quiet(_html(finished_run), tmp_path)
    assert (tmp_path / "page.png").stat().st_size > 20_000


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
@pytest.mark.parametrize(
    "flaw",
    [
        "<script>nothing();</script>",
        '<img src="http://127.0.0.1:9/x.png" alt="">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/other.css">',
        '<img src="data:image/png;base64,AAAA" alt="">',
    ],
)
def test_the_check_itself_sees_errors_requests_and_broken_pictures(
    tmp_path: Path, flaw: str
) -> None:
    dot = '<img src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22/>" alt="">'
    page = tmp_path / "bad.html"
    page.write_text(f"<body>{dot}</body>")
    _check_quiet(page, tmp_path)
    page.write_text(f"<body>{dot}{flaw}</body>")
    with pytest.raises(AssertionError):
        _check_quiet(page, tmp_path)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
def test_tables_sort_in_the_browser(finished_run: RunResult, tmp_path: Path) -> None:
    text = _html(finished_run).read_text(encoding="utf-8")
    click = """<script>
    var head = document.querySelectorAll("table.sortable thead th")[1];
    head.click();
    var cells = [...document.querySelector("table.sortable").tBodies[0].rows];
    document.title = cells.map(r => r.cells[1].dataset.v).join(" ");
    </script></body>"""
    page = tmp_path / "sorted.html"
    page.write_text(text.replace("</body>", click), encoding="utf-8")
    shown = _browse(page, tmp_path, "--dump-dom").stdout
    title = re.search(r"<title>([^<]*)</title>", shown)
    assert title is not None
    wavelengths = [float(word) for word in title[1].split()]
    assert len(wavelengths) == len(finished_run.modes)
    assert wavelengths == sorted(wavelengths)


def _sizes(designs, modes=None):  # type: ignore[no-untyped-def]
    """Stand in for the computation of a point."""
    size = designs[0].cavity.diameter
    numbers = {"best_quality_factor": 1e3 * size, "lasing_wavelength": 0.66, "diameter": size,
               "lasing_quality_factor": 900 * size, "absorbed_photons": 5 / size}  # fmt: skip
    return [{"numbers": numbers, "quality_parts": {"radiation": 2e3 * size}}], None


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
@pytest.mark.parametrize("dimensions", [1, 2])
def test_the_report_of_a_sweep_is_quiet_too(tmp_path: Path, dimensions: int) -> None:
    tables = {
        "cavity": {"type": "parabolic_microdisk", "exposure": {"time_ms": 50.0}},
        "solver": {"wavelength": [0.64, 0.67]},
    }
    parameters = (
        Parameter(key="cavity.exposure.time_ms", values=(8.0, 30.0, 50.0, 80.0)),
        Parameter(key="cavity.exposure.absorber_mg_per_ml", values=(10.0, 20.0)),
    )
    study = Study(name="<Dose>", tables=tables, parameters=parameters[:dimensions])
    sweep(study, tmp_path / "out", workers=0, store=Store(tmp_path / "store"), compute=_sizes)
    page = tmp_path / "out" / "report.html"
    text = page.read_text(encoding="utf-8")
    assert "detached" in text
    assert "&lt;Dose&gt;" in text
    assert all(r.startswith(("data:", "#")) for r in _page(text).references)
    _check_quiet(page, tmp_path)


def test_a_q_below_its_error_is_marked() -> None:
    """At Q of 1e12 the fast level knows no more than a lower bound."""
    modes = tuple(
        Mode(
            wavenumber=complex(10, -5 / q),
            quality_factors={"radiation": q},
            quality_factor_error=error,
        )
        for q, error in ((5e11, 3.0), (5e11, math.inf), (5e5, 0.01), (5e5, math.nan))
    )
    found = ModeSet(modes=modes, window=(0.6, 0.7))
    columns, rows = mode_table(found, found, None)
    place = [column.name for column in columns].index("Q")
    shown = [row.cells[place].shown for row in rows]
    assert [text.startswith("≳") for text in shown] == [True, True, False, False]
    assert [row.cells[place].sort for row in rows] == pytest.approx([5e11, 5e11, 5e5, 5e5])
