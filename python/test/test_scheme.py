"""The scheme as data: its file, its rules, its expansion."""

import json
import math
import os

import numpy as np
import pytest

from lemmabench import Scheme

SIGMAS = [2.0, 1.0, 0.5]
ROWS = [[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25, 0.25, 0.5, 0.1]]


def write(tmp_path, **changes):
    data = {
        "source": "test",
        "steps": 2,
        "sigmas": SIGMAS,
        "model_calls": 2,
        "draws": 1,
        "rows": ROWS,
    }
    data.update(changes)
    path = tmp_path / "s.json"
    path.write_text(json.dumps({k: v for k, v in data.items() if v is not ...}))
    return path


def test_reads_what_it_writes_bit_for_bit(tmp_path):
    random = np.random.default_rng(1)
    rows = random.standard_normal((5, 1 + 4 + 3)) * 10.0 ** random.integers(-12, 5, (5, 8))
    rows[:, 1:5] = np.tril(rows[:, 1:5], -1)
    notes = dict(
        source="é x",
        steps=4,
        gaussian_start_variance=401.25,
        advertised_order=3,
        linearity_defect=1e-15,
        float32=True,
        rounding_floor=2e-7,
        levels_rise=True,
    )
    scheme = Scheme([20, 1 / 3, 0.2, 0.25, 0], rows, **notes)
    scheme.write(tmp_path / "a.json", compact=False)
    again = Scheme.read(tmp_path / "a.json")
    assert (again.rows() == rows).all() and (again.sigmas == scheme.sigmas).all()
    assert again.notes() == notes and again.draws == 3 and again.model_calls == 4


def test_infinite_first_level_is_the_word_inf(tmp_path):
    Scheme([math.inf, 1.0], [[1, 0], [0.5, 0.5]]).write(tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text())["sigmas"] == ["inf", 1.0]
    assert math.isinf(Scheme.read(tmp_path / "a.json").sigmas[0])


def test_a_recursion_is_expanded():
    scheme = Scheme(
        SIGMAS,
        recursion=[{"x": 1}, {"y0": 0.5, "D0": 0.5}, {"y1": 0.5, "D1": 0.5, "z0": 0.1}],
        draws=1,
    )
    assert (scheme.rows() == np.array(ROWS)).all()
    assert scheme.compaction_defect == 0


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    scheme = Scheme(SIGMAS, ROWS)
    scheme.write(tmp_path / "a.json")
    before = (tmp_path / "a.json").read_bytes()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError):
        Scheme(SIGMAS, ROWS, source="other").write(tmp_path / "a.json")
    assert os.listdir(tmp_path) == ["a.json"] and (tmp_path / "a.json").read_bytes() == before


def test_rows_are_read_only():
    with pytest.raises(ValueError):
        Scheme(SIGMAS, ROWS).rows()[0, 0] = 2


REFUSED = {
    "short row": (
        dict(rows=[ROWS[0], ROWS[1][:3], ROWS[2]]),
        r"rows\[1\] has 3 entries; 4 are needed",
    ),
    "too few rows": (dict(rows=ROWS[:2]), "rows has 2 rows; 2 model calls need 3"),
    "model output before its call": (
        dict(rows=[ROWS[0], [0.5, 0.5, 0.1, 0], ROWS[2]]),
        r"rows\[1\] uses D1 before",
    ),
    "first row with a model output": (
        dict(rows=[[1, 1, 0, 0], *ROWS[1:]]),
        r"rows\[0\] uses D0 before .* draws only",
    ),
    "NaN": (dict(rows=[ROWS[0], [0.5, math.nan, 0, 0], ROWS[2]]), r"rows\[1\] has nan for D0"),
    "infinite draw": (
        dict(rows=[ROWS[0], ROWS[1], [0, 0, 0, math.inf]]),
        r"rows\[2\] has inf for z0",
    ),
    "word": (dict(rows=[ROWS[0], [0.5, "a", 0, 0], ROWS[2]]), r"rows\[1\]\[1\] is 'a'"),
    "truth value": (dict(rows=[ROWS[0], [0.5, True, 0, 0], ROWS[2]]), r"rows\[1\]\[1\] is True"),
    "negative level": (dict(sigmas=[2, -1, 0.5]), r"sigmas\[1\] is -1; a level must be positive"),
    "level 0 inside": (dict(sigmas=[2, 0, 0.5]), r"sigmas\[1\] is 0; .* only the last may be 0"),
    "level inf inside": (dict(sigmas=[2, "inf", 0.5]), r"sigmas\[1\] is 'inf'"),
    "NaN level": (dict(sigmas=[2, math.nan, 0.5]), r"sigmas\[1\] is nan"),
    "level that rises": (
        dict(sigmas=[2, 0.5, 1 / 3 + 0.5]),
        r"sigmas\[2\] is 0.8333333333333333 after sigmas\[1\] = 0.5: the level rises; .*"
        '"levels_rise": true',
    ),
    "levels_rise": (dict(levels_rise=1), "levels_rise is 1; true or false"),
    "levels that are no list": (dict(sigmas=3), "sigmas must be a list of numbers, not 3"),
    "levels missing": (dict(sigmas=[2, 1]), "sigmas has 2 entries; 2 model calls need 3"),
    "no draws": (dict(draws=...), "draws is missing"),
    "negative draws": (dict(draws=-1), "draws is -1; a whole number of at least 0"),
    "rows and recursion": (dict(recursion=[{}, {}, {}]), "either rows or recursion"),
    "neither": (dict(rows=...), "either rows or recursion"),
    "unknown key": (dict(sigma=[1]), "unknown key 'sigma'; the nearest known one is 'sigmas'"),
    "parametrisation": (dict(parametrisation=3), "parametrisation must be a text"),
    "steps": (dict(steps=0), "steps is 0; a whole number of at least 1"),
    "start variance": (dict(gaussian_start_variance=0), "gaussian_start_variance is 0"),
    "float32": (dict(float32="yes"), "float32 is 'yes'; true or false"),
    "unknown draw": (
        dict(rows=..., recursion=[{"x": 1}, {"y0": 1, "z1": 1}, {}]),
        r"uses z1, and there are 1 draws",
    ),
    "later row": (
        dict(rows=..., recursion=[{"x": 1}, {"y1": 1}, {}]),
        r"recursion\[1\] uses y1 before .* y0 to y0",
    ),
    "later output": (
        dict(rows=..., recursion=[{"x": 1}, {"D1": 1}, {}]),
        r"recursion\[1\] uses D1 before",
    ),
    "odd name": (
        dict(rows=..., recursion=[{"x": 1}, {"q1": 1}, {}]),
        r"has the key 'q1'; keys are x, y<row>",
    ),
    "odd number": (dict(rows=..., recursion=[{"x": 1}, {"y00": 1}, {}]), "has the key 'y00'"),
    "NaN term": (
        dict(rows=..., recursion=[{"x": 1}, {"y0": math.nan}, {}]),
        r"recursion\[1\].y0 is nan",
    ),
    "no object": (
        dict(rows=..., recursion=[{"x": 1}, [1], {}]),
        r"recursion\[1\] is \[1\]; an object",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_files_are_refused_in_one_line(name, tmp_path):
    changes, text = REFUSED[name]
    path = write(tmp_path, **changes)
    with pytest.raises(ValueError, match=text) as caught:
        Scheme.read(path)
    message = str(caught.value)
    assert "\n" not in message and message.startswith(str(path))


def test_the_unchanged_file_is_read(tmp_path):
    assert (Scheme.read(write(tmp_path)).rows() == np.array(ROWS)).all()


def test_text_that_is_no_json_and_a_key_twice(tmp_path):
    path = tmp_path / "s.json"
    for content in (b"{", b"", b'{"source": "\xff"}', b'{"sigmas": ' + b"[" * 100000):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="not a scheme file") as caught:
            Scheme.read(path)
        assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)
    path.write_text(" \n")
    with pytest.raises(ValueError, match="it is empty; a scheme is one JSON object"):
        Scheme.read(path)
    path.write_text('{"draws": 1, "draws": 2}')
    with pytest.raises(ValueError, match="'draws' stands twice"):
        Scheme.read(path)
    path.write_text("[1]")
    with pytest.raises(ValueError, match="a JSON object, not list"):
        Scheme.read(path)
