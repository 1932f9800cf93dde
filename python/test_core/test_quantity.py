"""Quantity keeps what is known of a number when it becomes a double."""

import math
from fractions import Fraction

import pytest

from lemmabench import Quantity


def read(**entry):
    return Quantity.read({"evidence": "proved", **entry})


@pytest.mark.parametrize("text", ["0.1", "1e-30", "0.30000000000000000000000000000000001", "-7"])
def test_the_error_covers_the_rounding_to_a_double(text):
    number = read(value=text, error="3e-45")
    gap = abs(Fraction(text) - Fraction(number.value)) + Fraction("3e-45")
    assert Fraction(number.error) >= gap
    assert number.error == 0 or Fraction(math.nextafter(number.error, 0)) < gap
    assert number.text == text and number.error_text == "3e-45" and float(number) == number.value


def test_what_is_printed_has_the_digits_that_are_known():
    assert str(read(value="0.123456789012345678", error="1e-30")).startswith("0.123456789012 +- ")
    # 0.123456 lies 0.000044 from what is printed, 1234.5678 lies 4.5678
    assert str(read(value="0.123456", error="2e-4", evidence="computed")) == (
        "0.1235 +- 3e-4 (computed)"
    )
    assert str(read(value="1.5e-9", error="1e-10")) == "1.5e-9 +- 1e-10 (proved)"
    assert str(read(value="1234.5678", error="20")) == "1.23e+3 +- 3e+1 (proved)"
    assert str(read(value="0.0123456789012345", error="0")) == "0.0123456789012 +- 4e-14 (proved)"
    assert str(read(value="0", error="0")) == "0 +- 0 (proved)"


def test_numbers_that_are_not_finite():
    infinite = read(value=None, error=None, extent="infinite", reason="supports differ")
    assert infinite.value == math.inf and not infinite.finite and str(infinite) == "inf (proved)"
    unknown = read(value=None, error=None, extent="unknown", reason="the map folds")
    assert math.isnan(unknown.value) and str(unknown) == "unknown (the map folds)"
    bounded = read(
        value=None, error=None, extent="bounded above", bound={"value": "0.25", "error": "0"}
    )
    assert bounded.bound.value == 0.25 and str(bounded) == "<= 0.25 +- 0 (proved)"
