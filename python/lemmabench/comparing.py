"""Is a sampler at least as good as a baseline?"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .compiled import answer_of, core, path_text, real, sampler_text, whole, words
from .quantity import Quantity


@dataclass(frozen=True)
class Change:
    """One number before and after: kind is "improved", "differs", "regression", "inconclusive",
    "missing" or "failed"."""

    cell: str
    quantity: str
    kind: str
    failure: bool
    before: Quantity | None
    after: Quantity | None
    reason: str


@dataclass(frozen=True, repr=False)
class Comparison:
    """A sampler held against a baseline, cell by cell.

    passed   there is a cell, and none failed
    changes  every number that is not the same, in the baseline's order
    counts   numbers by kind of change, cells and failed cells
    """

    passed: bool
    changes: tuple[Change, ...]
    counts: dict[str, int]
    sampler: str
    baseline_sampler: str
    text: str
    markdown: str
    _data: dict[str, Any] = field(compare=False)

    @property
    def exit_code(self) -> int:
        """What `lemmabench compare` ends with: 0 passed, 1 not."""
        return 0 if self.passed else 1

    def as_dict(self) -> dict[str, Any]:
        """What `lemmabench compare --json` writes, as a dictionary."""
        return dict(self._data)

    def __repr__(self) -> str:
        return self.text


def baseline(
    sampler: str, cells: str = "quick", *, alpha: float = 0.01, threads: int = 0
) -> dict[str, Any]:
    """Measures a sampler: what `lemmabench compare --write` puts in a file, as a dictionary.

    cells  "quick" (a minute or two), or the path of a .toml plan of your own (docs/gate.md)
    alpha  family-wise error of the sampled cells, shared with the comparison

    Cells that the sampler has no answer to are left out and listed under "left_out". Raises
    ValueError, one line.
    """
    plan = path_text(cells)
    text = core().baseline(
        sampler_text(sampler),
        words("cells", cells if plan is None else plan),
        real("alpha", alpha),
        whole("threads", threads),
    )
    result: dict[str, Any] = json.loads(text)
    return result


def compare(
    sampler: str,
    baseline: Any,
    *,
    exact: bool = False,
    tolerance: float = 0.0,
    only: str = "*",
    ignore: str = "",
    threads: int = 0,
) -> Comparison:
    """Puts every cell of a baseline to a sampler and compares number by number: a value that is
    worse beyond both errors is a regression.

    sampler    a name or a TOML file, as in `law`; not a scheme
    baseline   what `baseline()` gave, or the path of a file that `lemmabench compare --write` wrote
    exact      any change fails, for the better too
    tolerance  how much worse, relatively, is still no regression; 0 to 10
    only       cells by glob; ignore: quantities that may change, by glob, e.g. "score_calls"

    Raises ValueError, one line, for a sampler nobody has and a baseline that is none. What the
    sampler does wrong is a failed cell and raises nothing.
    """
    path = path_text(baseline)
    if path is not None:
        where, text = path, _read(path)
    elif isinstance(baseline, dict):
        where, text = "baseline", json.dumps(baseline)
    else:
        raise ValueError(
            f"baseline is a {type(baseline).__name__}; what baseline() gave or a file's path is "
            "needed"
        )
    options = core().GateOptions()
    options.exact = bool(exact)
    options.tolerance = real("tolerance", tolerance)
    if not 0 <= options.tolerance <= 10:
        raise ValueError(f"tolerance is {options.tolerance:g}; it must be from 0 to 10")
    options.cells = words("only", only)
    options.ignore = words("ignore", ignore)
    answer, markdown = core().compare(
        sampler_text(sampler), text, where, options, whole("threads", threads)
    )
    return _comparison(answer_of(answer), answer.text, markdown)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: cannot be read: {error}") from None


def _comparison(data: dict[str, Any], text: str, markdown: str) -> Comparison:
    changes = [
        Change(
            cell=cell["cell"],
            quantity=change["quantity"],
            kind=change["change"],
            failure=change["failure"],
            before=None if change["before"] is None else Quantity.read(change["before"]),
            after=None if change["after"] is None else Quantity.read(change["after"]),
            reason=change["reason"],
        )
        for cell in data["cells"]
        for change in cell["changes"]
    ]
    return Comparison(
        passed=data["passed"],
        changes=tuple(changes),
        counts=data["summary"],
        sampler=data["sampler"],
        baseline_sampler=data["baseline_sampler"],
        text=text,
        markdown=markdown,
        _data=data,
    )
