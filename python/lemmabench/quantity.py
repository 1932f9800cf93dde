"""A number with what is known of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_UP, Context, Decimal
from fractions import Fraction
from typing import Any, Mapping

_SHOWN_DIGITS = 12


@dataclass(frozen=True)
class Quantity:
    """A number, how far from the truth it may be, and on what that rests.

    value       the double nearest to `text`; inf where that is what is known, nan where there is no
                number (see extent)
    error       |value - truth| <= error, the rounding to a double included; nan where value is
    evidence    "proved" (a ball that holds the truth), "computed" (the error is estimated, by two
                computations) or "sampled" (with probability `confidence`)
    text        all digits that are known, as a decimal
    error_text  |text - truth| <= error_text; for proved numbers often far below any double's
    extent      "finite", "infinite", "unknown", "bounded above" or "bounded below"
    reason      why it is infinite or unknown
    confidence  of a sampled number; 1 for the others
    bound       the bound, of a number that is known on one side

    float(quantity) is value. Two quantities are equal if all of this is.
    """

    value: float
    error: float
    evidence: str
    text: str = ""
    error_text: str = ""
    extent: str = "finite"
    reason: str = ""
    confidence: float = 1.0
    bound: "Quantity | None" = None

    @staticmethod
    def read(entry: Mapping[str, Any]) -> "Quantity":
        """From the JSON of the command line, which may hold other keys as well."""
        evidence = str(entry["evidence"])
        confidence = float(entry.get("confidence", 1.0))
        if entry["value"] is None:
            return _not_finite(entry, evidence, confidence)
        text, error_text = str(entry["value"]), str(entry["error"])
        value = float(text)
        exact = Fraction(error_text) + abs(Fraction(text) - Fraction(value))
        return Quantity(
            value, _rounded_up(exact), evidence, text, error_text, confidence=confidence
        )

    @property
    def finite(self) -> bool:
        """Whether there is a value."""
        return self.extent == "finite"

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        if self.extent == "infinite":
            return f"inf ({self.evidence})"
        if self.bound is not None:
            return f"{'<=' if self.extent == 'bounded above' else '>='} {self.bound}"
        if not self.finite:
            return f"unknown ({self.reason})" if self.reason else "unknown"
        shown = _meaningful(self.text, self.error_text)
        # What printing rounds away is part of the error.
        error = Fraction(self.error_text) + abs(Fraction(self.text) - Fraction(shown))
        return f"{shown} +- {_one_digit_up(error)} ({self.evidence})"

    def __repr__(self) -> str:
        return f"Quantity({self})"


def _not_finite(entry: Mapping[str, Any], evidence: str, confidence: float) -> Quantity:
    extent = str(entry["extent"])
    bound = entry.get("bound")
    return Quantity(
        math.inf if extent == "infinite" else math.nan,
        0.0 if extent == "infinite" else math.nan,
        evidence,
        extent=extent,
        reason=str(entry.get("reason", "")),
        confidence=confidence,
        bound=None if bound is None else Quantity.read({"evidence": evidence, **bound}),
    )


def _rounded_up(exact: Fraction) -> float:
    """The least double that is at least `exact`."""
    number = float(exact)
    return number if Fraction(number) >= exact else math.nextafter(number, math.inf)


def _one_digit_up(error: Fraction) -> str:
    """At least `error`, with one digit."""
    context = Context(prec=1, rounding=ROUND_UP)
    rounded = context.divide(Decimal(error.numerator), Decimal(error.denominator))
    return f"{rounded:e}" if rounded else "0"


def _meaningful(text: str, error_text: str) -> str:
    """The value rounded to the first digit of its error, and to twelve digits."""
    value, error = Decimal(text), Decimal(error_text)
    if value == 0:
        return "0"
    digits = _SHOWN_DIGITS
    if error > 0:
        digits = max(1, min(digits, value.adjusted() - error.adjusted() + 1))
    rounded = value.normalize(Context(prec=digits, rounding=ROUND_HALF_EVEN))
    return f"{rounded:f}" if -6 < rounded.adjusted() < digits else f"{rounded:e}"
