"""The package as a whole: what importing costs, types, plots, threads, what an example prints."""

import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import lemmabench
from lemmabench import Target, law

PACKAGE = Path(lemmabench.__file__).parent
DOCS = Path(__file__).resolve().parents[2] / "docs" / "python.md"


def run(text, **keywords):
    return subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=True, **keywords
    ).stdout


def test_importing_everything_is_quick():
    """`import lemmabench` loads neither numpy nor the compiled part; both together are quick too,
    processor time, since the machine may be busy."""
    text = (
        "import sys, time; began = time.process_time(); import lemmabench; "
        "first = time.process_time() - began; lemmabench.law; lemmabench.Target; "
        "print(first, '_core' in str(sys.modules.keys()), 'numpy' in sys.modules)"
    )
    took = min(float(run(text).split()[0]) for _ in range(3))
    assert took < 0.3  # observed 0.01
    assert "lemmabench._core" not in run("import sys, lemmabench; print(*sys.modules)")
    compiled = (
        "import numpy, time; began = time.process_time(); from lemmabench import _core; "
        "print(time.process_time() - began)"
    )
    assert min(float(run(compiled)) for _ in range(3)) < 0.3  # observed 0.06


def test_the_stub_and_the_module_have_the_same_names():
    from lemmabench import _core

    stub = (PACKAGE / "_core.pyi").read_text(encoding="utf-8")
    declared = set(re.findall(r"^(?:def|class) (\w+)", stub, re.M)) | {"version"}
    assert declared == {name for name in vars(_core) if not name.startswith("_")}
    for name in declared - {"version"}:
        made = getattr(_core, name)
        if isinstance(made, type):
            block = re.search(rf"^class {name}:\n((?:(?: .*)?\n)*)", stub, re.M).group(1)
            fields = set(re.findall(r"^    (\w+):", block, re.M))
            methods = set(re.findall(r"^    def (\w+)", block, re.M)) - {"__init__"}
            assert fields | methods == {n for n in vars(made) if not n.startswith("_")}, name
    assert (PACKAGE / "py.typed").exists()


def test_the_package_passes_mypy():
    pytest.importorskip("mypy")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir=/dev/null", "-p", "lemmabench"],
        capture_output=True, text=True, check=False, cwd=PACKAGE.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


class Counter(threading.Thread):
    """Counts in Python while something else computes."""

    def __init__(self):
        super().__init__()
        self.count, self.going = 0, True

    def run(self):
        while self.going:
            self.count += 1
            time.sleep(0.001)


def test_other_python_threads_run_while_a_law_is_computed():
    counter = Counter()
    counter.start()
    before = counter.count
    began = time.perf_counter()
    law("mixture-three", "ddpm", 200, threads=1)
    took = time.perf_counter() - began
    counted = counter.count - before
    counter.going = False
    counter.join()
    # A thread that waits for Python's lock would count once or twice. On a free machine it counts
    # 900 times a second; a hundredth of it, and 5, on a busy one.
    assert counted >= max(5, 9 * took), (counted, took)


def test_two_threads_get_what_one_gets():
    target = Target("mixture-three")
    x = target.sample(4000, 1, sigma=1)
    questions = [("mixture-three", "ddpm", 40), ("gauss-flat", "li-cai", 100)]
    alone = [law(*q).as_dict() for q in questions]
    scores = [target.score(x, sigma=s) for s in (0.1, 1, 10)]
    results, failures = {}, []

    def work(me):
        try:
            for i in range(3):
                results[me, i] = (
                    [law(*q).as_dict() for q in questions],
                    [target.score(x, sigma=s) for s in (0.1, 1, 10)],
                )
                with pytest.raises(ValueError, match=f"nothing-{me}"):
                    law(f"nothing-{me}", "ddpm", 40)
        except BaseException as error:  # noqa: BLE001 - it is raised again below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(me,)) for me in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]
    for laws, arrays in results.values():
        assert laws == alone
        assert all(np.array_equal(a, b) for a, b in zip(arrays, scores))


def test_results_do_not_depend_on_threads():
    for question in (("mixture-three", "ddpm", 40), ("gauss-flat", "li-cai", 100)):
        assert law(*question, threads=1).as_dict() == law(*question, threads=2).as_dict()


def test_plots():
    one = law("mixture-three", "ddpm", 40)
    fit = lemmabench.orders("gauss-flat", "ddpm", [32, 64, 128, 256])
    judged = lemmabench.judge(Target("mixture-three").sample(200), "mixture-three")
    try:
        import matplotlib
    except ImportError:
        with pytest.raises(ImportError, match="python3-matplotlib"):
            one.plot()
        axes = Recorder()
        assert one.plot(axes) is axes and fit.plot(axes) is axes and judged.plot(axes) is axes
        assert {"barh", "errorbar", "axvline"} <= axes.called
    else:
        matplotlib.use("Agg")
        assert one.plot().get_xscale() == "log"
        assert fit.plot().get_xlabel() == "steps" and judged.plot().patches


class Recorder:
    """Stands for matplotlib axes: takes every call."""

    def __init__(self):
        self.called = set()

    def __getattr__(self, name):
        self.called.add(name)
        return lambda *args, **keywords: None


def test_the_examples_of_the_page_print_what_it_says(tmp_path):
    """Every block of docs/python.md that is followed by what it prints; one page, one session."""
    page = DOCS.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```\n\n((?:    [^\n]*\n|\n(?=    ))*)", page, re.S)
    assert len(blocks) >= 6
    mark = "-- what the next block prints --"
    code = "".join(f"{code}\nprint({mark!r})\n" for code, _ in blocks)
    printed = run(code, cwd=tmp_path).split(mark + "\n")
    for (code, shown), ours in zip(blocks, printed):
        expected = [line[4:] for line in shown.splitlines()]
        assert same_but_rounding(ours.splitlines(), expected), (code, ours)


def same_but_rounding(ours, expected):
    """Line by line; numbers to 1e-9 relative, and defects (e-16) not at all: they are rounding."""
    number = r"[-+]?\d+\.\d+(?:e[-+]?\d+)?"
    if [re.sub(number, "#", line).rstrip() for line in ours] != [
        re.sub(number, "#", line).rstrip() for line in expected
    ]:
        return False
    pairs = zip(re.findall(number, "\n".join(ours)), re.findall(number, "\n".join(expected)))
    return all(
        a == b or "e-1" in b or abs(float(a) - float(b)) <= 1e-9 * abs(float(b)) for a, b in pairs
    )
