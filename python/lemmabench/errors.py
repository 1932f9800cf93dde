"""What the compiled part raises besides ValueError.

ValueError says in one line what cannot be used, where, and what would be right: the text is the
command line's, so that "--target" in it means the argument `target`.
"""

from __future__ import annotations


class Refusal(ValueError):
    """The input is sound, but there is no engine for it; the text names one that can, if any."""


class NumericalFailure(ArithmeticError):
    """A computation did not reach what was asked of it within its limits. No verdict on the
    input."""
