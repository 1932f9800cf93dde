"""particles, and judge against the law of a sampler's output or other samples, give what the
command line gives."""

import json
import math

import numpy as np
import pytest

import lemmabench
from lemmabench import Refusal, Scheme, Target, judge, particles

LEVELS = np.geomspace(20, 0.05, 13)


def euler(levels=LEVELS, factor=1.0):
    """x <- D + (next/sigma) (x - D) as a scheme; a factor other than 1 is a bug."""
    ratios = factor * levels[1:] / levels[:-1]
    rows = [{"x": 1.0}]
    rows += [{f"y{k}": r, f"D{k}": 1 - r} for k, r in enumerate(ratios.tolist())]
    return Scheme(levels, recursion=rows, draws=0, source="euler", steps=len(ratios))


def test_particles_are_the_command_line(tmp_path, program):
    saved = tmp_path / "y.npy"
    words = "--target mixture-three --sampler ddpm --steps 50 --samples 500 --seed 7 --at 0;1"
    theirs = json.loads(
        program("particles", *words.split(), "--save", str(saved), "--format", "json")[1]
    )
    ours = particles("mixture-three", "ddpm", 50, samples=500, seed=7, at=[[0], [1]])
    assert ours.as_dict() == theirs
    assert np.array_equal(ours.points, np.load(saved))
    assert ours.tv.evidence == "sampled" and ours.steps == 50 and ours.dim == 1
    assert [one.at for one in ours.densities] == [(0.0,), (1.0,)]
    assert "500 particles" in repr(ours)


def test_a_scheme_is_that_of_its_file(tmp_path, program):
    scheme = euler()
    file, saved = tmp_path / "euler.json", tmp_path / "y.npy"
    scheme.write(file, compact=True)
    words = "--target fashion --start exact --samples 200 --threads 2"
    status, text, _ = program(
        "particles", "--sampler", str(file), *words.split(), "--save", str(saved)
    )
    assert status == 0
    ours = particles("fashion", scheme, start="exact", samples=200)
    assert np.array_equal(ours.points, np.load(saved))
    assert ours.text.splitlines()[0] == "euler, N = 12 on fashion"
    assert ours.text.splitlines()[1:] == text.splitlines()[1:]
    assert ours.as_dict()["command"] is None and ours.as_dict()["schedule"] is None
    assert particles("fashion", file, start="exact", samples=200).text == text


def test_the_output_of_a_scheme_by_hand():
    """Euler's method with the target's own denoiser, from the same start."""
    target = Target("cloud:means=-1/0/0;1/0/1,variances=0.25")
    still = Scheme(LEVELS[[0, 1]], recursion=[{"x": 1.0}, {"x": 1.0}], draws=0)
    x = particles(target, still, samples=100).points
    for sigma, after in zip(LEVELS[:-1], LEVELS[1:]):
        answer = target.denoise(x, sigma=sigma)
        x = answer + after / sigma * (x - answer)
    assert np.abs(particles(target, euler(), samples=100).points - x).max() < 1e-12


@pytest.mark.parametrize(
    "target, engine",
    [
        ("gauss-flat", "gaussian law"),
        ("mixture-three", "line law"),
        ("student-t:dim=3,nu=5", "particles"),
    ],
)
def test_judge_holds_samples_against_the_output(target, engine):
    right = particles(target, "ddpm", 8, "logit:from=-6,to=3", samples=1500, seed=3).points
    law = dict(sampler="ddpm", steps=8, schedule="logit:from=-6,to=3")
    found = judge(right, target, **law)
    assert found.accepted and found.engine == engine and found.reference_rows == 6000
    assert found.reference == (
        "particles of the sampler" if engine == "particles" else "exact draws of its output"
    )
    assert found.level.startswith("t = 1 of 8") and max(found.tv_at_least.values()) == 0
    assert judge(right, target, steps=8, schedule="logit:from=-6,to=3").rejected
    bug = "mutant:base=ddpm,bug=noise-scale,by=1.2"
    wrong = particles(target, bug, 8, "logit:from=-6,to=3", samples=1500, seed=3).points
    assert judge(wrong, target, **law).rejected
    assert "ddpm on" in repr(found)


def test_judge_takes_a_scheme(tmp_path, program):
    scheme = euler()
    points = particles("mixture-three", scheme, samples=1500, start="exact").points
    found = judge(points, "mixture-three", sampler=scheme, start="exact")
    assert found.accepted and found.engine == "line law" and found.level == "sigma = 0.05"
    assert found.text.startswith("samples against the output of euler, N = 12 on mixture-three\n")
    assert judge(points, "mixture-three", sampler=euler(factor=1.05), start="exact").rejected
    file, samples = tmp_path / "euler.json", tmp_path / "y.npy"
    scheme.write(file, compact=True)
    np.save(samples, points)
    words = ["--target", "mixture-three", "--sampler", str(file), "--start", "exact"]
    status, text, _ = program("judge", str(samples), *words, "--format", "json")
    theirs = json.loads(text)
    assert status == 0
    for key in theirs.keys() - {"samples", "sampler", "command"}:
        assert found.as_dict()[key] == theirs[key], key


def test_judge_compares_two_samples(tmp_path, program):
    target = Target("mixture-three")
    a, b = target.sample(400, 1), target.sample(700, 2)
    found = judge(a, against=b)
    assert found.accepted and found.reference_rows == 700 and found.level == ""
    assert found.reference == "rows of the other samples"
    assert judge(a, against=1.3 * b).rejected
    paths = [tmp_path / "a.npy", tmp_path / "b.npy"]
    for path, points in zip(paths, (a, b)):
        np.save(path, points)
    status, text, _ = program(
        "judge", str(paths[0]), "--against", str(paths[1]), "--format", "json"
    )
    assert status == 0
    theirs = json.loads(text)["tests"]
    ours = judge(paths[0], against=paths[1])
    assert [test.p for test in ours.tests] == [test["p"] for test in theirs]


@pytest.mark.parametrize(
    "call, part",
    [
        (lambda x: judge(x), "target is missing"),
        (lambda x: judge(x, "mixture-three", against=x), "leave target out"),
        (lambda x: judge(x, against=x, steps=3), "leave steps out"),
        (lambda x: judge(x, against=np.zeros((200, 3))), "it has 3 numbers a row"),
        (lambda x: judge(x, against=x[:50]), "50 rows are too few"),
        (lambda x: judge(x, "mixture-three", start="exact"), "name it by sampler="),
        (lambda x: judge(x, "mixture-three", "data", sampler="ddpm", steps=8), "leave level out"),
        (lambda x: judge(x, "mixture-three", sampler="ddpm"), "--steps: is missing"),
        (lambda x: judge(x, "mixture-three", sampler="ddpn", steps=8), "ddpm"),
        (lambda x: judge(x, "mixture-three", sampler=euler(), steps=8), "leave steps out"),
        (lambda x: particles("mixture-three", euler(), 8), "leave --steps out"),
        (lambda x: particles("mixture-three", "ddpm", 8, samples=10), "--samples 10"),
        (lambda x: particles("mixture-three", "ddpm", 8, seed=-1), "seed is -1"),
        (lambda x: particles("mixture-three", "ddpm", 8, at=[[0, 1]]), "--at"),
        (lambda x: particles("mixture-three", euler(), resolution=math.nan), "resolution is nan"),
    ],
)
def test_refusals_are_one_line(call, part):
    with pytest.raises(ValueError) as caught:
        call(Target("mixture-three").sample(200))
    assert part in str(caught.value) and "\n" not in str(caught.value)


def test_what_no_particles_take_is_a_refusal():
    with pytest.raises(Refusal, match="process"):
        particles("mixture-three", "./mine.hpp", 8)
    with pytest.raises(Refusal, match="has no density"):
        particles("shell:dim=3,radius=1", euler(np.array([20.0, 1.0, 0.0])), samples=100)
    assert "particles" in lemmabench.__all__
