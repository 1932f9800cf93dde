"""The scheme file: JSON, numbers as binary doubles taken exactly.

Keys: source, steps, parametrisation, sigmas, model_calls, draws, and either rows (dense) or
recursion (compact); optional gaussian_start_variance, advertised_order, linearity_defect, float32,
rounding_floor, levels_rise. Any other key is refused. The class Scheme says what each means.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any, Sequence

from . import scheme_rules as rules
from .scheme import PARAMETRISATION, Scheme

KEYS = (
    "source",
    "steps",
    "parametrisation",
    "sigmas",
    "model_calls",
    "draws",
    "rows",
    "recursion",
    "gaussian_start_variance",
    "advertised_order",
    "linearity_defect",
    "float32",
    "rounding_floor",
    "levels_rise",
)


def read_scheme(path: str | Path) -> Scheme:
    """The scheme in the file. OSError if it cannot be read; ValueError, one line, if malformed."""
    where = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
        if not text.strip():
            raise ValueError("it is empty")
        data = json.loads(text, object_pairs_hook=_no_key_twice)
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are
        raise ValueError(
            f"{where}: not a scheme file: {error}; a scheme is one JSON object"
        ) from None
    except RecursionError:
        raise ValueError(
            f"{where}: not a scheme file: lists within lists without end; a scheme has rows of numbers"
        ) from None
    if not isinstance(data, dict):
        raise ValueError(f"{where}: a scheme file is a JSON object, not {type(data).__name__}")
    rules.known_keys(data, KEYS, where)
    for key in ("sigmas", "draws", "model_calls"):
        if key not in data:
            raise ValueError(f"{where}: {key} is missing")
    if not isinstance(data.pop("parametrisation", ""), str):
        raise ValueError(f"{where}: parametrisation must be a text")
    calls = rules.whole(data.pop("model_calls"), "model_calls", where, 1)
    if not isinstance(data["sigmas"], list):
        raise ValueError(f"{where}: sigmas must be a list of numbers, not {data['sigmas']!r:.60}")
    if len(data["sigmas"]) != calls + 1:
        raise ValueError(
            f"{where}: sigmas has {len(data['sigmas'])} entries; {calls} model calls need {calls + 1}, "
            "one a call and one for the output"
        )
    for key in ("rows", "recursion"):
        if key in data and not isinstance(data[key], list):
            raise ValueError(f"{where}: {key} must be a list, one entry a row")
    return Scheme(data.pop("sigmas"), data.pop("rows", None), where=where, **data)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise ValueError(f"the key {key!r} stands twice in one object")
        result[key] = value
    return result


def write_scheme(scheme: Scheme, path: str | Path, compact: bool | None = None) -> None:
    """Writes the file whole or not at all; see Scheme.write."""
    recursion = None if compact is False else scheme.recursion()
    if compact and recursion is None:
        raise ValueError(
            f"{path}: no compact form of {scheme.name} was found; write it with compact=False"
        )
    replace_file(path, scheme_text(scheme, recursion))


def scheme_text(scheme: Scheme, recursion: list[dict[str, float]] | None) -> str:
    """The text of the file: one line a row, so that two schemes can be compared by diff."""
    notes = {key: value for key, value in scheme.notes().items() if value is not None}
    levels: list[Any] = [float(s) for s in scheme.sigmas]
    if levels[0] == float("inf"):
        levels[0] = "inf"
    head = {
        "source": notes.pop("source", None),
        "steps": notes.pop("steps", None),
        "parametrisation": PARAMETRISATION,
        **notes,
        "sigmas": levels,
        "model_calls": scheme.model_calls,
        "draws": scheme.draws,
    }
    lines = [
        f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in head.items()
        if value is not None
    ]
    name = "rows" if recursion is None else "recursion"
    rows: Sequence[Any] = scheme.rows().tolist() if recursion is None else recursion
    body = ",\n".join("  " + json.dumps(row) for row in rows)
    return "{\n" + ",\n".join(lines) + f',\n "{name}": [\n{body}\n ]\n' + "}\n"


def replace_file(path: str | Path, text: str) -> None:
    """Puts `text` in the place of `path` by a rename, so that no reader sees half a file."""
    target = Path(path)
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent or Path("."))
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        mode = os.umask(0)
        os.umask(mode)
        os.chmod(temporary, 0o666 & ~mode)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
