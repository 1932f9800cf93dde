"""What `import lemmabench` costs and loads."""

import subprocess
import sys
from pathlib import Path

import pytest

import lemmabench

SOURCE = str(Path(lemmabench.__file__).resolve().parent.parent)


def run(text):
    return subprocess.run(
        [sys.executable, "-c", text],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": SOURCE},
    ).stdout.strip()


def test_importing_is_quick_and_loads_no_library():
    text = (
        "import sys, time; began = time.perf_counter(); import lemmabench; "
        "took = time.perf_counter() - began; "
        "print(took, [m for m in ('numpy', 'torch', 'scipy', 'matplotlib') if m in sys.modules])"
    )
    took, loaded = min(run(text).split(" ", 1) for _ in range(3))
    assert float(took) < 0.3  # observed 0.01
    assert loaded == "[]"


def test_tracing_numpy_code_loads_no_torch():
    assert (
        run(
            "import sys, lemmabench; lemmabench.trace(lambda m, x, r: m(x, 1.0)); "
            "print('torch' in sys.modules)"
        )
        == "False"
    )


def test_every_public_name_is_there_and_others_are_not():
    for name in lemmabench.__all__:
        assert getattr(lemmabench, name).__doc__
    assert set(lemmabench.__all__) <= set(dir(lemmabench))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        lemmabench.nothing
