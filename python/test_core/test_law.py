"""law() gives the numbers, the text and the messages of the command line."""

import math

import pytest

import lemmabench
from lemmabench import Refusal, law

GAUSSIAN = "gaussian:spectrum=0.25x2+4x1"
SAME = [
    dict(target=GAUSSIAN, sampler="ddpm", steps=50),
    dict(target=GAUSSIAN, sampler="li-cai:kappa=1/2", steps=100, start="exact", digits=60),
    dict(target="gauss-flat", sampler="ddim", steps=60, arithmetic="double"),
    dict(target="gauss-flat", sampler="ddpm", steps=60, score="affine:size=0.01"),
    dict(target="mixture-three", sampler="ddpm", steps=20, schedule="logit:from=-5,to=5"),
    dict(target="gauss-flat", sampler="ddpm", steps=40, local_errors=True),
]


def flags(question):
    words = []
    for name, value in question.items():
        if name == "local_errors":
            words.append("--local")
        else:
            words += [f"--{name}", str(value)]
    return words


@pytest.mark.parametrize("question", SAME, ids=[q["sampler"] for q in SAME])
def test_the_command_line_writes_the_same(question, law_json, program):
    result = law(**question)
    assert result.as_dict() == law_json(*flags(question))
    assert result.text == program("law", *flags(question))[1]
    assert repr(result) == result.text


def test_the_fields_are_those_of_the_json():
    result = law(GAUSSIAN, "ddpm", 50)
    data = result.as_dict()
    assert result.tv.text == data["tv"]["value"] and result.tv.error_text == data["tv"]["error"]
    assert result.kl_pq.evidence == "proved" and len(result.tv.text) > 40
    assert list(result.parts) == list(data["terms"])
    assert result.multiplicities == (2, 1) and len(result.relative_variance_error) == 2
    assert result.dim == 3 and result.engine == "gaussian" and result.score_calls == 49
    assert result.request["steps"] == 50 and result.request["target"] == GAUSSIAN
    assert law(GAUSSIAN, "ddpm", 40, local_errors=True).local_errors.keys() == set(range(2, 41))


def test_one_gaussian_step_by_hand():
    """ddpm from T = 2 on N(0, v): one step. w_1 and v_1 from the schedule's levels, in double."""
    v, steps = 0.3, 2
    result = law(f"gaussian:dim=1,variance={v}", "ddpm", steps, "logit:from=-1,to=1")
    # abar = 1/(1 + e^-u), u from -1 (t = T) to 1 (t = 1)
    last, first = 1 / (1 + math.e), 1 / (1 + math.exp(-1))
    alpha = last / first
    variance, truth = last * v + 1 - last, first * v + 1 - first
    # y = (x - (1-alpha) x/variance)/sqrt(alpha) + sqrt((1-alpha)/alpha) z, x ~ N(0, 1)
    output = ((1 - (1 - alpha) / variance) ** 2 + 1 - alpha) / alpha
    # a dozen roundings of numbers near 1
    assert abs(result.relative_variance_error[0].value - (output / truth - 1)) < 1e-14


def test_schemes_by_path_and_in_memory_are_one_law(tmp_path, law_json):
    sigmas = [20 * 0.7**k for k in range(13)]

    def heun(model, x, sigmas):
        for s, t in zip(sigmas[:-1], sigmas[1:]):
            d = (x - model(x, s)) / s
            e = x + (t - s) * d
            x = x + (t - s) * (d + (e - model(e, t)) / t) / 2
        return x

    scheme = lemmabench.kdiffusion(heun, sigmas)
    path = tmp_path / "heun.json"
    scheme.write(path, compact=False)
    for target in ("gaussian:dim=1,variance=0.25,mean=0.7", "mixture-three"):
        memory = law(target, scheme, start="exact")
        data = law_json("--target", target, "--sampler", str(path), "--start", "exact")
        ours = memory.as_dict()
        assert ours["command"] is None and ours["sampler"] == scheme.name
        differing = ("command", "sampler")
        assert {k: v for k, v in ours.items() if k not in differing} == {
            k: v for k, v in data.items() if k not in differing
        }
        assert law(target, path, start="exact").tv == memory.tv
        assert scheme.law(target, start="exact") == memory
        assert repr(memory).startswith(f"{scheme.name} on {target}\n")
        assert scheme.name in repr(memory) and "scheme.json" not in repr(memory)


REFERENCE = [
    ("k-diffusion_euler_16.json", -0.1691322438203, 0.065920912283),
    ("k-diffusion_heun_16.json", 0.0389713701923, 0.01498844034),
    ("k-diffusion_dpmpp_2m_16.json", 0.01460201701613, 0.014983624747),
    ("diffusers_UniPCMultistep_order_3_bh2_16.json", -0.000704921701537, 0.0028519755354),
    ("diffusers_DDIM_eta0.5_16.json", -0.1960771967775, 0.070856467051),
    ("k-diffusion_dpmpp_2s_ancestral_16.json", -0.05794839000014, 0.012214671251),
    ("k-diffusion_dpmpp_3m_sde_eta1_16.json", 0.04924241329624, None),
]


@pytest.mark.parametrize("name, variance, tv", REFERENCE, ids=[row[0] for row in REFERENCE])
def test_samplers_of_the_catalogue_have_the_laws_found_elsewhere(name, variance, tv):
    result = law("gaussian:dim=1,variance=0.25,mean=0.7", name, start="exact")
    error = result.relative_variance_error[0]
    assert error.evidence == "proved"
    assert abs(error.value - variance) < 1e-11
    if tv is None:
        with pytest.raises(Refusal, match="remembers 2"):
            law("mixture-three", name, start="exact")
    else:
        line = law("mixture-three", name, start="exact")
        assert abs(line.tv.value - tv) < 1e-8 and line.tv.evidence == "computed"


WRONG = [
    (dict(target="gauss-flt", sampler="ddpm", steps=50), "unknown target"),
    (dict(target="gauss-flat", sampler="dpm", steps=50), "unknown sampler"),
    (dict(target="gauss-flat", sampler="ddpm", steps=1), "not a whole number from 2"),
    (dict(target="gauss-flat", sampler="ddpm", steps=50, schedule="li-ca"), "schedule"),
    (dict(target="gauss-flat", sampler="ddpm", steps=50, score="wave:size=0.1"), "affine"),
    (dict(target="gauss-flat", sampler="ddpm", steps=50, score="nothing"), "score"),
    (dict(target="gauss-flat", sampler="ddpm"), "--steps: is missing"),
    (dict(target="gauss-flat", sampler="./nothing.json"), "nothing.json"),
    (dict(target="gauss-flat", sampler="k-diffusion_heun_16.json", steps=16), "leave --steps out"),
]


@pytest.mark.parametrize("question, part", WRONG, ids=[part for _, part in WRONG])
def test_wrong_input_is_a_value_error_in_the_words_of_the_command_line(question, part, program):
    with pytest.raises(ValueError) as caught:
        law(**question)
    message = str(caught.value)
    assert part in message and "\n" not in message
    code, _, err = program("law", *flags(question))
    assert code == 2 and err == message


def test_refusals_are_of_their_own_class():
    with pytest.raises(Refusal, match="affine"):
        law("gauss-flat", "ddpm", 50, score="wave:size=0.1")
    with pytest.raises(Refusal, match="one of its own"):
        law("gauss-flat", "./mine.hpp", 50)
    with pytest.raises(ValueError) as plain:
        law("gauss-flt", "ddpm", 50)
    assert not isinstance(plain.value, Refusal)


@pytest.mark.parametrize(
    "question, part",
    [
        (dict(steps=2.5), "steps is 2.5; a whole number"),
        (dict(steps=True), "steps is True"),
        (dict(steps=2**70), "63 bits"),
        (dict(digits=-1), "--digits: -1"),
        (dict(digits=10**6), "--digits: 1000000"),
        (dict(threads=-1), "--threads: -1"),
        (dict(start="cold"), "--start"),
        (dict(start=3), "start is 3; a text"),
        (dict(arithmetic="float"), "--arithmetic"),
        (dict(sampler=3), "sampler is 3; a text"),
        (dict(sampler="dd\0pm"), "zero byte"),
        (dict(target=None), "target is None; a text"),
    ],
)
def test_other_types_are_told_what_is_needed(question, part):
    with pytest.raises(ValueError) as caught:
        law(**{"target": "gauss-flat", "sampler": "ddpm", "steps": 50, **question})
    assert part in str(caught.value) and "\n" not in str(caught.value)


def test_a_scheme_takes_no_steps():
    scheme = lemmabench.trace(lambda model, x, randn: model(x, 1.0), [1.0, 0.0])
    with pytest.raises(ValueError, match="leave --steps out"):
        law("gauss-flat", scheme, 10)
    with pytest.raises(ValueError, match="leave --schedule out"):
        law("gauss-flat", scheme, schedule="li-cai")
    with pytest.raises(Refusal, match="certificate"):
        law("gauss-flat", scheme, arithmetic="certificate:0.1")
    with pytest.raises(Refusal, match="gaussian targets"):
        law("student-t:dim=3,nu=3", scheme)
