"""certificate, judge, orders and compare give what the command line gives."""

import json
import math

import numpy as np
import pytest

import lemmabench
from lemmabench import Refusal, Target, baseline, certificate, compare, judge, orders


def test_certificate(program):
    result = certificate("mixture-three", "li-cai", 100, relative_error=0.3, seed=4)
    words = "--target mixture-three --sampler li-cai --steps 100 --relative-error 0.3 --seed 4"
    assert result.as_dict() == json.loads(
        program("certificate", *words.split(), "--format", "json")[1]
    )
    assert result.kl.evidence == "sampled" and result.kl.confidence == 0.99
    assert len(result.summands) == 99 and result.text.count("\n") > 3
    # the JSON gives the digits that are known, not all
    gap = result.kl.value - result.initial_kl.value - result.path_kl.value
    assert abs(gap) <= result.kl.error / 10
    exact = lemmabench.law("mixture-three", "li-cai", 100)
    assert exact.tv.value - exact.tv.error <= result.tv.value + result.tv.error
    with pytest.raises(Refusal, match="kernels"):
        certificate("mixture-three", "k-diffusion_heun_16.json", 12)
    with pytest.raises(ValueError, match="relative"):
        certificate("mixture-three", "li-cai", 100, relative_error=2)


def test_judge_is_the_command_line_on_a_file(tmp_path, program):
    target = Target("mixture-three")
    samples = target.sample(400, 11)
    path = tmp_path / "samples.npy"
    np.save(path, samples)
    ours = judge(samples, target)
    theirs = json.loads(
        program("judge", str(path), "--target", "mixture-three", "--format", "json")[1]
    )
    data = ours.as_dict()
    for key in theirs.keys() - {"samples", "command"}:
        assert data[key] == theirs[key], key
    assert ours.accepted and len(ours.tests) == 7 and ours.level == "data"
    assert judge(path, target).tests == ours.tests
    assert judge(samples[:, 0], target).tests == ours.tests


def test_judge_sees_what_is_wrong_and_at_which_level():
    target = Target("mixture-three")
    assert judge(target.sample(400, 2, sigma=0.5), target, sigma=0.5).accepted
    assert judge(target.sample(400, 2, sigma=0.5), target).rejected
    assert judge(target.sample(400, 2, abar=0.6), target, 0.6).accepted
    wrong = judge(1.3 * target.sample(400, 2), target)
    assert wrong.rejected and "rejected" in repr(wrong) and max(wrong.tv_at_least.values()) > 0


@pytest.mark.parametrize(
    "call, part",
    [
        (lambda x: judge(x[:50], "mixture-three"), "100"),
        (lambda x: judge(np.zeros((200, 2)), "mixture-three"), "dimension"),
        (lambda x: judge(x * 1j, "mixture-three"), "complex128"),
        (lambda x: judge(x + math.nan, "mixture-three"), "samples[0]"),
        (lambda x: judge(x, "mixture-three", "soon"), "--noise-level: 'soon'"),
        (lambda x: judge(x, "mixture-three", 3), "needs --steps"),
        (lambda x: judge(x, "mixture-three", "data", sigma=1), "one of level= and sigma="),
        (lambda x: judge(x, "mixture-three", sigma=-1), "sigma is -1"),
        (lambda x: judge(x, "mixture-three", alpha=0.9), "alpha"),
        (lambda x: judge("nothing.npy", "mixture-three"), "nothing.npy"),
        (lambda x: judge(x, "mixture-three", schedule="li-ca"), "unknown schedule"),
    ],
)
def test_judge_refuses_in_one_line(call, part):
    with pytest.raises(ValueError) as caught:
        call(Target("mixture-three").sample(200))
    assert part in str(caught.value) and "\n" not in str(caught.value)


def test_orders_are_those_of_fit(tmp_path, program):
    """ddpm's TV on a Gaussian: order 1 in log T/T, which theory states."""
    plan, store = tmp_path / "plan.toml", tmp_path / "laws.sqlite"
    plan.write_text(
        'targets = ["gauss-flat"]\nsamplers = ["ddpm"]\nsteps = [128, 256, 512, 1024]\n'
        'starts = ["exact"]\n'
    )
    assert program("sweep", str(plan), "--store", str(store))[0] == 0
    theirs = json.loads(program("fit", str(store), "--format", "json")[1])["series"][0]
    ours = orders("gauss-flat", "ddpm", [256, 128, 512, 1024], start="exact")
    assert ours.as_dict() == theirs
    assert ours.model == "log T/T" and ours.expected == 1 and abs(ours.order.value - 1) < 0.1
    assert [point[0] for point in ours.points] == [128, 256, 512, 1024]
    assert ours.order.low <= ours.order.value <= ours.order.high and "ddpm" in repr(ours)


@pytest.mark.parametrize(
    "call, part",
    [
        (lambda: orders("gauss-flat", "ddpm", [8, 16], "tvv"), "tvv"),
        (lambda: orders("gauss-flat", "ddpm", [8, 8, 16, 32]), "8 twice"),
        (lambda: orders("gauss-flat", "ddpm", []), "empty"),
        (lambda: orders("gauss-flat", "ddpm", 8), "list of whole numbers"),
        (lambda: orders("gauss-flat", "ddpm", [8, 1.5]), "1.5"),
        (lambda: orders("gauss-flat", "k-diffusion_heun_16.json", [8, 16]), "`audit`"),
    ],
)
def test_orders_refuses_in_one_line(call, part):
    with pytest.raises(ValueError) as caught:
        call()
    assert part in str(caught.value) and "\n" not in str(caught.value)


PLAN = '[[law]]\ntargets = ["gauss-flat", "mixture-near"]\nsteps = [40]\n'


def test_compare(tmp_path, program):
    plan, file = tmp_path / "plan.toml", tmp_path / "ddpm.json"
    plan.write_text(PLAN)
    measured = baseline("ddpm", plan)
    file.write_text(json.dumps(measured))
    code, _, err = program(
        "compare", "--sampler", "ddpm", "--write", str(file), "--cells", str(plan)
    )
    assert code == 0, err
    written = json.loads(file.read_text())
    assert {**written, "version": measured["version"]} == measured
    same = compare("ddpm", measured, exact=True)
    assert same.passed and same.exit_code == 0 and not same.changes
    out = tmp_path / "out.json"
    code = program(
        "compare", "--sampler", "ddim", "--baseline", str(file), "--json", str(out), "--quiet"
    )[0]
    other = compare("ddim", file)
    assert other.as_dict() == json.loads(out.read_text()) and other.exit_code == code
    assert other.changes and other.changes[0].before.value != other.changes[0].after.value
    assert "ddim" in repr(other) and "|" in other.markdown


@pytest.mark.parametrize(
    "call, part",
    [
        (lambda: compare("dpm", {"cells": []}), "baseline"),
        (lambda: compare("ddpm", "nothing.json"), "nothing.json"),
        (lambda: compare("ddpm", 3), "a file's path is needed"),
        (lambda: compare("ddpm", "x.json", tolerance=-1), "x.json"),
        (lambda: baseline("ddpm", "quik"), "quik"),
        (lambda: baseline("./mine.hpp"), "./mine.hpp"),
    ],
)
def test_compare_refuses_in_one_line(call, part):
    with pytest.raises(ValueError) as caught:
        call()
    assert part in str(caught.value) and "\n" not in str(caught.value)
