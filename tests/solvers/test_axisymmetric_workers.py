"""Worker processes share the cores: each computes on one thread."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from solvers.axisymmetric.solve import _as_worker


def threads_of_libraries() -> dict[str, int]:
    """Return the threads of every numerical library that the solver loads, by file."""
    import ngsolve  # noqa: F401
    import scipy.sparse.linalg  # noqa: F401
    from threadpoolctl import threadpool_info

    return {library["filepath"]: library["num_threads"] for library in threadpool_info()}


def test_libraries_that_a_worker_loads_late_have_one_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SciPy and NGSolve are loaded after the worker has started: two threads each took twice as
    long as one."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_as_worker) as pool:
        threads = pool.submit(threads_of_libraries).result(timeout=120)
    assert len(threads) >= 2
    assert set(threads.values()) == {1}
