"""What kind of scheme a scheme is, found from its coefficients.

A row r is a *renewal* if all later rows depend on what is older than y_r (x_T, D_j with j < r,
draws that stand in rows up to r) only through y_r, that is, if their coefficients of these columns
are a multiple of row r's. Between two renewals the sampler is a kernel y_r -> y_r' of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Array
from .compaction import column_weights
from .scheme import Scheme, level_text
from .scheme_rules import EQUAL_LEVELS

# Relative to a row's size; traced rounding is below 1e-14 (see compaction), a term that matters to
# a law at 1e-9 is above.
TOLERANCE = 1e-10
DEEPEST_MEMORY = 8


@dataclass(frozen=True)
class Facts:
    """The facts of a scheme.

    kind              "deterministic", "one noise a step", "several calls and one noise",
                      "correlated draws" (within a step), or "noise with memory"
    memory            how many earlier states the next one needs besides the present one (0 = Markov
                      in y_k); None if more than 8
    longest_step      the most model calls between two renewals
    unused_calls      model calls whose answer enters nothing
    unused_draws      draws that enter nothing
    rises             calls k whose level is above that of the call before
    repeats           calls k whose level equals that of the call before
    point_mass_defect max_k |a_k + sum_j c_kj - 1|: how far a sampler started at a constant c is
                      from staying at c, relative to c. Rounding in a consistent sampler; larger
                      where a scaling or a constant is off. None if sigma_0 is inf.
    """

    kind: str
    memory: int | None
    longest_step: int
    unused_calls: tuple[int, ...]
    unused_draws: tuple[int, ...]
    rises: tuple[int, ...]
    repeats: tuple[int, ...]
    point_mass_defect: float | None


def find_facts(scheme: Scheme, tolerance: float | None = None) -> Facts:
    """The facts of a scheme. `tolerance` is relative to a row's size; by default 1e-10, or 30 times
    the linearity defect where that is larger (coefficients traced in single precision).

    Cost O(K (K + M)) if the scheme has a recursion, else O(K^2 (K + M)).
    """
    if tolerance is None:
        tolerance = max(TOLERANCE, 30 * (scheme.linearity_defect or 0.0))
    table = _Table(scheme, tolerance)
    renewals = table.renewals()
    levels = scheme.sigmas[:-1]
    ratios = levels[1:] / np.where(np.isfinite(levels[:-1]), levels[:-1], np.finfo(float).max)
    used = np.abs(table.rows) > 0
    rows = scheme.rows()
    return Facts(
        kind=_kind(table, renewals),
        memory=table.memory(),
        longest_step=int(np.diff(renewals).max()),
        unused_calls=_unused(used[:, 1 : 1 + scheme.model_calls]),
        unused_draws=_unused(used[:, 1 + scheme.model_calls :]),
        rises=tuple(int(k) + 1 for k in np.flatnonzero(ratios > 1 + EQUAL_LEVELS)),
        repeats=tuple(int(k) + 1 for k in np.flatnonzero(np.abs(ratios - 1) <= EQUAL_LEVELS)),
        point_mass_defect=(
            float(np.abs(rows[:, : 1 + scheme.model_calls].sum(axis=1) - 1).max())
            if np.isfinite(scheme.sigmas[0])
            else None
        ),
    )


def _unused(used: Array) -> tuple[int, ...]:
    return tuple(int(c) for c in np.flatnonzero(~used.any(axis=0)))


class _Table:
    """The rows, each divided by its size, with what is rounding set to 0."""

    def __init__(self, scheme: Scheme, tolerance: float) -> None:
        self.calls, self.tolerance = scheme.model_calls, tolerance
        rows = scheme.rows() * column_weights(scheme)
        rows = rows / np.maximum(np.linalg.norm(rows, axis=1), np.finfo(float).tiny)[:, None]
        self.rows = np.where(np.abs(rows) > tolerance, rows, 0.0)
        draws = self.rows[:, 1 + self.calls :] != 0
        self.came_in = np.where(draws.any(axis=0), draws.argmax(axis=0), self.calls + 1)
        self.reach = self._reach(scheme.recursion())

    def _reach(self, recursion: list[dict[str, float]] | None) -> int:
        """How many rows back a row looks at most. What is older reaches it by way of these rows
        only, so a renewal needs no check beyond. K where no recursion is known."""
        if recursion is None:
            return self.calls
        furthest = 1
        for k, row in enumerate(recursion):
            for name in row:
                kind, index = name[0], int(name[1:] or 0)
                if kind != "x":
                    furthest = max(
                        furthest, k - (int(self.came_in[index]) if kind == "z" else index)
                    )
                elif k > 0:
                    return self.calls
        return furthest

    def older(self, r: int, window: int = 0) -> Array:
        """The columns that are past at row r - window: x_T, D_j with j < r - window, and the draws
        of rows up to r."""
        past = np.zeros(self.rows.shape[1], bool)
        past[: 1 + max(0, r - window)] = True
        past[1 + self.calls :] = self.came_in <= r
        return past

    def renewals(self) -> list[int]:
        """Rows 0 and K and every renewal between them, ascending."""
        return [0] + [r for r in range(1, self.calls) if self._renews(r)] + [self.calls]

    def _renews(self, r: int) -> bool:
        past = self.older(r)
        mine, later = self.rows[r, past], self.rows[r + 1 : r + 1 + self.reach, past]
        square = float(mine @ mine)
        if square == 0:
            return not later.any()
        return bool(
            np.abs(later - np.outer(later @ mine / square, mine)).max() <= 2 * self.tolerance
        )

    def new_draws(self, r: int, k: int) -> Array:
        """For each draw whether row k has it and it came in after row r."""
        found: Array = (self.came_in > r) & (self.rows[k, 1 + self.calls :] != 0)
        return found

    def shares_draws(self, r: int, end: int) -> bool:
        """Whether a row of the step from r to end has a draw of an earlier row of that step that
        did not come with that row as a whole."""
        seen = np.zeros(len(self.came_in), bool)
        for k in range(r + 1, end + 1):
            mine = self.new_draws(r, k)
            if (mine & seen).any() and not any(
                self._comes_with(k, j, r, seen) for j in range(r + 1, k)
            ):
                return True
            seen |= mine
        return False

    def _comes_with(self, k: int, j: int, r: int, draws: Array) -> bool:
        """Whether row k has the columns older than row r, and these draws, as a multiple of row
        j."""
        columns = self.older(r)
        columns[1 + self.calls :] |= draws
        mine, theirs = self.rows[k, columns], self.rows[j, columns]
        square = float(theirs @ theirs)
        return square > 0 and bool(
            np.abs(mine - (mine @ theirs / square) * theirs).max() <= 4 * self.tolerance
        )

    def memory(self) -> int | None:
        """The least m such that every row comes from y_{k-1} ... y_{k-1-m}, their D and new
        draws."""
        depth = 0
        for k in range(1, self.calls + 1):
            while not self._comes_from(k, depth):
                depth += 1
                if depth > DEEPEST_MEMORY:
                    return None
        return depth

    def _comes_from(self, k: int, depth: int) -> bool:
        present = k - 1
        past = self.older(present, depth)
        wanted = self.rows[k, past]
        basis = self.rows[max(0, present - depth) : k, past].T
        if depth == 0:
            square = float(basis[:, 0] @ basis[:, 0])
            rest = wanted - (
                basis[:, 0] * (float(basis[:, 0] @ wanted) / square) if square else 0.0
            )
        else:
            rest = wanted - basis @ np.linalg.lstsq(basis, wanted, rcond=1e-9)[0]
        return bool(np.abs(rest).max(initial=0.0) <= 4 * self.tolerance)


def _kind(table: _Table, renewals: list[int]) -> str:
    if not (table.rows[:, 1 + table.calls :] != 0).any():
        return "deterministic"
    steps = np.diff(renewals)
    if steps.max() == 1:
        return "one noise a step"
    spans = list(zip(renewals[:-1], renewals[1:]))
    if not any(table.new_draws(r, k).any() for r, end in spans for k in range(r + 1, end)):
        return "several calls and one noise"
    # Memory that runs through all steps leaves no renewal, and its rows share draws by way of
    # several states: only within a short step is sharing a statement about how the noise was drawn.
    if steps.max() <= DEEPEST_MEMORY and any(table.shares_draws(r, end) for r, end in spans):
        return "correlated draws"
    return "noise with memory"


def describe(scheme: Scheme) -> str:
    """A scheme as a few lines of text."""
    quick = scheme.model_calls <= 300 or scheme.recursion() is not None
    facts = scheme.facts() if quick else None
    first, last = level_text(scheme.sigmas[0]), level_text(scheme.sigmas[-1])
    lines = [
        f"{scheme.name}: {_count(scheme.model_calls, 'model call')}, "
        f"{_count(scheme.draws, 'draw')}, levels {first} to {last}"
    ]
    if facts is not None:
        lines.append(f"  {facts.kind}{_memory_text(facts)}")
        lines += [f"  {text}" for text in _remarks(facts, scheme.findings)]
    if scheme.linearity_defect is not None:
        lines.append(
            f"  linear up to {scheme.linearity_defect:.1e}, relative, at 8 standard deviations"
        )
    return "\n".join(lines + [f"  {text}" for text in scheme.findings])


def _memory_text(facts: Facts) -> str:
    if facts.memory is None:
        return f", memory of more than {DEEPEST_MEMORY} states"
    return f", memory of {_count(facts.memory, 'earlier state')}" if facts.memory else ""


def _remarks(facts: Facts, findings: list[str]) -> list[str]:
    found = []
    for name, where in (("model call", facts.unused_calls), ("draw", facts.unused_draws)):
        if where:
            found.append(f"{_count(len(where), name)} used nowhere")
    if facts.rises and not any(text.startswith("the level rises") for text in findings):
        found.append(
            f"the level rises at call {facts.rises[0]}"
            + (f" and at {len(facts.rises) - 1} more" if facts.rises[1:] else "")
        )
    if facts.point_mass_defect is not None and facts.point_mass_defect > 1e-9:
        found.append(f"a constant X_0 is not kept: off by {facts.point_mass_defect:.1e} of it")
    return found


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
