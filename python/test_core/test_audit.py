"""audit() finds the deliberate mistakes of small samplers in both styles, and passes right ones."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import lemmabench
from lemmabench import audit

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "test"))
import function_samplers as samplers  # noqa: E402
import scheduler_objects as schedulers  # noqa: E402

GAUSSIAN = "gaussian:dim=1,variance=0.25,mean=0.7"
STEPS = (16, 32, 64, 128)
LATER = (32, 64, 128, 256)


def traced(function, order, noise="white", steps=STEPS):
    return [
        lemmabench.kdiffusion(
            function, np.geomspace(20, 0.05, n + 1), noise=noise, steps=n, source="mine",
            advertised_order=order,
        )
        for n in steps
    ]  # fmt: skip


def off_weight(model, x, sigmas):
    return samplers.multistep(model, x, sigmas, order=3, mistake=0.7)


def quiet(model, x, sigmas, noise_sampler=None):
    return samplers.sde(model, x, sigmas, noise_sampler, noise_factor=0.5)


def weak(model, x, sigmas):
    """Euler whose model weight is 0.9 of what it should be."""
    for s, t in zip(sigmas[:-1], sigmas[1:]):
        x = (t / s) * x + 0.9 * (1 - t / s) * model(x, s)
    return x


CASES = [
    (samplers.euler, 1, "white", "as advertised", 1),
    (samplers.euler, 2, "white", "lower than advertised", 1),
    (samplers.heun, 2, "white", "as advertised", 2),
    (off_weight, 3, "white", "lower than advertised", 2),
    (weak, 1, "white", "lower than advertised", 0),
    (samplers.sde, 1, "white", "as advertised", 1),
    (quiet, 1, "white", "lower than advertised", 0),
]


@pytest.mark.parametrize(
    "function, advertised, noise, verdict, order",
    CASES,
    ids=[f"{c[0].__name__}-{c[1]}" for c in CASES],
)
def test_one_mistake_each(function, advertised, noise, verdict, order):
    # Where the orders settle later.
    steps = LATER if function in (samplers.sde, quiet, weak, off_weight) else STEPS
    found = audit(traced(function, advertised, noise, steps), targets=[GAUSSIAN])
    series = found.samplers[0].series[0]
    assert found.verdict == verdict, found.text
    assert found.exit_code == (1 if verdict.startswith("lower") else 0)
    # observed within 0.05 of it; 0.3 tells whole orders apart
    assert series.settled and abs(series.order.value - order) < 0.3
    assert series.error_of == "relative variance"
    assert all(cell.error.evidence == "proved" for cell in series.cells)


def test_white_draws_in_the_place_of_a_path_lower_the_order():
    path = audit(traced(samplers.sde_midpoint, 2, "brownian"), targets=[GAUSSIAN])
    white = audit(traced(samplers.sde_midpoint, 2, "white"), targets=[GAUSSIAN])
    orders = [found.samplers[0].series[0].order.value for found in (path, white)]
    assert orders[0] > orders[1] + 0.5, (path.text, white.text)


def test_scheduler_objects():
    schemes = [
        lemmabench.diffusers(schedulers.Flow(), n, source="object", advertised_order=2)
        for n in (16, 32, 64, 128)
    ]
    found = audit(schemes, targets=[GAUSSIAN])
    assert found.verdict == "lower than advertised", found.text
    assert found["object"].advertised_order == 2


def test_paths_schemes_and_the_command_line_agree(tmp_path, program):
    schemes = traced(samplers.heun, 2, steps=(8, 16, 32, 64))
    for scheme in schemes:
        scheme.write(tmp_path / f"heun_{scheme.steps:02}.json", compact=False)
    out = tmp_path / "out.json.txt"
    code = program("audit", str(tmp_path), "--json", str(out), "--quiet")[0]
    theirs = json.loads(out.read_text())
    folder = audit(tmp_path)
    files = audit(sorted(tmp_path.glob("*.json")))
    memory = audit(schemes)
    assert folder.as_dict() == theirs and files.as_dict() == theirs and folder.exit_code == code

    for ours, other in zip(memory.samplers[0].series, folder.samplers[0].series):
        assert ours.order == other.order and ours.target == other.target
        assert [c.error for c in ours.cells] == [c.error for c in other.cells]
        assert [c.distances for c in ours.cells] == [c.distances for c in other.cells]
    assert folder.samplers[0].folds is False
    assert [s.error_of for s in folder.samplers[0].series] == [
        "relative variance", "total variation", "total variation"
    ]  # fmt: skip


def test_advertised_by_the_user_goes_before_the_file():
    schemes = traced(samplers.heun, 2, steps=(16, 32, 64, 128))
    for advertised in (3, {"*": 3}, {"mi*": 3}):
        found = audit(schemes, targets=[GAUSSIAN], advertised=advertised)
        assert found.exit_code == 1 and found["mine"].advertised_order == 3
    none = audit(traced(samplers.heun, None), targets=[GAUSSIAN])
    assert none.verdict == "no order advertised" and none.exit_code == 0
    assert "| " in none.markdown and repr(none) == none.text and none.counts in none.text


SCHEME = lemmabench.trace(lambda model, x, randn: model(x, 1.0), [1.0, 0.0])


@pytest.mark.parametrize(
    "call, part",
    [
        (lambda: audit([]), "no scheme"),
        (lambda: audit("nothing_here"), "nothing_here"),
        (lambda: audit([3]), "schemes has a int"),
        (lambda: audit(3), "schemes is a int"),
        (lambda: audit([SCHEME, SCHEME]), "1"),
        (lambda: audit(SCHEME, targets=["student-t:dim=3,nu=3"]), "student-t"),
        (lambda: audit(SCHEME, targets=["gauss-flt"]), "unknown target"),
        (lambda: audit(SCHEME, advertised={"other": 2}), "other"),
        (lambda: audit(SCHEME, advertised=99), "99"),
        (lambda: audit(SCHEME, advertised="two"), "advertised is 'two'"),
        (lambda: audit(SCHEME, start="cold"), "cold"),
        (lambda: audit(SCHEME, most_calls=-1), "most_calls is -1"),
    ],
)
def test_wrong_input_is_a_value_error_in_one_line(call, part):
    with pytest.raises(ValueError) as caught:
        call()
    assert part in str(caught.value) and "\n" not in str(caught.value)
