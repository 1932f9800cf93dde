"""What makes a scheme well formed: the rules, each with the one line that says what is wrong.

Every function here returns checked data or raises a ValueError whose text says what is wrong,
where, and what would be right; `where` is the file or object the data came from.
"""

from __future__ import annotations

import difflib
import math
import re
from typing import Any, Iterable, Mapping, Sequence

import numpy as np

from .arrays import Array

Term = tuple[str, int]  # ("x", 0), ("y", j), ("D", j) or ("z", m)

EQUAL_LEVELS = 1e-12  # code reaches one level by two formulas that differ by rounding
_NAME = re.compile(r"(?:x|([yDz])(0|[1-9][0-9]*))\Z")


def whole(value: Any, name: str, where: str, least: int = 0) -> int:
    """`value` as an int of at least `least`; bool and float are refused."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(
            f"{where}: {name} is {value!r}; a whole number of at least {least} is needed"
        )
    return int(value)


def number(value: Any, name: str, where: str) -> float:
    """`value` as a finite double."""
    if isinstance(value, (bool, str)) or value is None:
        raise ValueError(f"{where}: {name} is {value!r}; a finite number is needed")
    try:
        result = float(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{where}: {name} is {value!r}; a finite number is needed") from None
    if not math.isfinite(result):
        raise ValueError(f"{where}: {name} is {result}; a finite number is needed")
    return result


def rising(values: Array) -> list[int]:
    """The k >= 1 with sigma_k above sigma_{k-1} by more than EQUAL_LEVELS."""
    return [
        k
        for k in range(1, len(values))
        if values[k] - values[k - 1] > EQUAL_LEVELS * values[k]
    ]


def levels(values: Any, where: str, rise: bool = False) -> Array:
    """The levels sigma_0 ... sigma_K as K+1 doubles.

    sigma_0 may be inf (or the string "inf"), sigma_K may be 0, all others are positive and finite;
    none is above the one before it unless `rise`.
    """
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, (Sequence, np.ndarray)):
        raise ValueError(
            f"{where}: sigmas must be a list of numbers, one a model call and one for the output"
        )
    if len(values) < 2:
        raise ValueError(
            f"{where}: sigmas has {len(values)} entries; at least 2 are needed, "
            "the level of the first model call and of the output"
        )
    result = np.empty(len(values))
    for k, value in enumerate(values):
        if k == 0 and (
            value == "inf" or (isinstance(value, (float, np.floating)) and value == math.inf)
        ):
            result[0] = math.inf
            continue
        result[k] = number(value, f"sigmas[{k}]", where)
        last = k + 1 == len(values)
        if result[k] < 0 or (result[k] == 0 and not last):
            raise ValueError(
                f"{where}: sigmas[{k}] is {result[k]:g}; a level must be positive"
                + (" or 0, the law of X_0" if last else ", only the last may be 0")
            )
    for k in [] if rise else rising(result):
        raise ValueError(
            f"{where}: sigmas[{k}] is {shortest(result[k])} after sigmas[{k - 1}] = "
            f"{shortest(result[k - 1])}: the level rises; levels fall from call to call, unless "
            'the file says "levels_rise": true (a sampler that adds noise back)'
        )
    return result


def given_levels(values: Any, where: str) -> list[float]:
    """Levels that a caller gives, which may rise: two or more, the first of them perhaps inf."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().double().numpy()
    if isinstance(values, np.ndarray) and values.ndim != 1:
        raise ValueError(
            f"{where}: sigmas has the shape {values.shape}; a list of numbers is needed"
        )
    return [float(level) for level in levels(values, where, rise=True)]


def shortest(value: float) -> str:
    """The fewest digits that mean this double."""
    return repr(float(value)).removesuffix(".0")


def yes_or_no(value: Any, name: str, where: str) -> bool:
    """`value` as a truth value; numbers and texts are refused."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{where}: {name} is {value!r}; true or false is needed")
    return bool(value)


def dense(values: Any, calls: int, draws: int, where: str) -> Array:
    """The rows as a (K+1, 1+K+M) array of finite doubles, row k free of D_j with j >= k."""
    if isinstance(values, (str, bytes, Mapping)) or len(values) != calls + 1:
        raise ValueError(
            f"{where}: rows has {len(values)} rows; {calls} model calls need {calls + 1}, "
            "one a call and one for the output"
        )
    width = 1 + calls + draws
    for k, row in enumerate(values):
        if isinstance(row, str) or not hasattr(row, "__len__") or len(row) != width:
            length = len(row) if hasattr(row, "__len__") and not isinstance(row, str) else repr(row)
            raise ValueError(
                f"{where}: rows[{k}] has {length} entries; {width} are needed, x_T, "
                f"{calls} model outputs and {draws} draws"
            )
    result = as_doubles(values, where)
    bad = np.argwhere(~np.isfinite(result))
    if len(bad):
        k, c = (int(i) for i in bad[0])
        raise ValueError(
            f"{where}: rows[{k}] has {result[k, c]} for {column_name(c, calls)}; "
            "a coefficient must be finite"
        )
    later = np.argwhere(np.triu(result[:, 1 : 1 + calls] != 0))
    if len(later):
        k, j = (int(i) for i in later[0])
        raise ValueError(
            f"{where}: rows[{k}] uses D{j} before it exists; the input of call {k} may use "
            + (f"D0 to D{k - 1}" if k else "x_T and draws only")
        )
    return result


def as_doubles(values: Any, where: str) -> Array:
    """A list of equally long rows of numbers as doubles; words and truth values are refused."""
    if not (isinstance(values, np.ndarray) and values.dtype.kind in "fiu"):
        for k, row in enumerate(values):
            if not set(map(type, row)) <= {float, int, np.float64}:
                for c, value in enumerate(row):
                    if not isinstance(
                        value, float
                    ):  # NaN and inf are left to the rule that names columns
                        number(value, f"rows[{k}][{c}]", where)
    return np.array(values, dtype=float)


def column_name(column: int, calls: int) -> str:
    """Column 0 is x, columns 1 to K are D0 ..., the rest z0 ..."""
    if column == 0:
        return "x"
    return f"D{column - 1}" if column <= calls else f"z{column - 1 - calls}"


def term(name: str, k: int, calls: int, draws: int, where: str) -> Term:
    """A key of recursion[k] as (kind, index), refused if it does not exist yet at row k."""
    match = _NAME.match(name) if isinstance(name, str) else None
    if not match:
        raise ValueError(
            f"{where}: recursion[{k}] has the key {name!r}; keys are x, y<row>, D<call>, z<draw>"
        )
    kind, index = (match.group(1), int(match.group(2))) if match.group(1) else ("x", 0)
    if kind == "z" and index >= draws:
        raise ValueError(
            f"{where}: recursion[{k}] uses {name}, and there are {draws} draws"
            + (f", z0 to z{draws - 1}" if draws else "")
        )
    if kind in "yD" and kind != "x" and index >= k:
        raise ValueError(
            f"{where}: recursion[{k}] uses {name} before it exists; "
            + (
                f"row {k} may use {kind}0 to {kind}{k - 1}"
                if k
                else "row 0 may use x and draws only"
            )
        )
    return kind, index


def recursion(values: Any, calls: int, draws: int, where: str) -> list[dict[str, float]]:
    """The compact rows: K+1 mappings of names to finite doubles."""
    if isinstance(values, (str, bytes, Mapping)) or len(values) != calls + 1:
        raise ValueError(
            f"{where}: recursion has {len(values)} rows; {calls} model calls need {calls + 1}, "
            "one a call and one for the output"
        )
    result: list[dict[str, float]] = []
    for k, row in enumerate(values):
        if not isinstance(row, Mapping):
            raise ValueError(
                f"{where}: recursion[{k}] is {row!r}; an object of names and coefficients is needed"
            )
        for name in row:
            term(name, k, calls, draws, where)
        result.append({name: number(v, f"recursion[{k}].{name}", where) for name, v in row.items()})
    return result


def known_keys(keys: Iterable[str], known: Sequence[str], where: str) -> None:
    """Refuses a key that is not known and names the nearest one that is."""
    for key in keys:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)[0]
            raise ValueError(f"{where}: unknown key {key!r}; the nearest known one is {near!r}")
