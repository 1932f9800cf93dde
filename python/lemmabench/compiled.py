"""The compiled module, loaded when it is first used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import _core
    from .scheme import Scheme


def core() -> Any:
    """lemmabench._core. ImportError that says how to build it where it is not there."""
    try:
        from . import _core
    except ImportError as error:
        raise ImportError(
            f"the compiled part of lemmabench cannot be loaded ({error}); `./run python` builds it "
            "and prints the PYTHONPATH it is found with"
        ) from error
    return _core


def words(name: str, value: Any) -> str:
    """A text that was asked for. ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value!r}; a text is needed")
    if "\0" in value:
        raise ValueError(f"{name} holds a zero byte; a text without is needed")
    return value


def whole(name: str, value: Any) -> int:
    """A whole number that fits 64 bits. ValueError for anything else, true and false included."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ValueError(f"{name} is {value!r}; a whole number is needed")
    number = int(value.__index__())
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{name} is {number}; a whole number of at most 63 bits is needed")
    return number


def real(name: str, value: Any) -> float:
    """A finite number. ValueError for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!r}; a number is needed") from None
    if number - number != 0:
        raise ValueError(f"{name} is {number}; a finite number is needed")
    return number


def path_text(value: Any) -> str | None:
    """The path that `value` is: a text or a path object; None for anything else."""
    if isinstance(value, str):
        return value
    if hasattr(value, "__fspath__"):
        text = value.__fspath__()
        return text if isinstance(text, str) else text.decode()
    return None


def target_text(target: Any) -> str:
    """The text that names a target: one, or a Target."""
    text = getattr(target, "source", target)
    return words("target", path_text(text) if path_text(text) is not None else text)


def sampler_text(sampler: Any) -> str:
    """The text that names a sampler. A path object that is in no directory gets "./" before it."""
    if isinstance(sampler, str) or path_text(sampler) is None:
        return words("sampler", sampler)
    text = path_text(sampler)
    assert text is not None
    return words("sampler", text if "/" in text else "./" + text)


def asked(
    target: Any,
    sampler: str,
    *,
    steps: Any = None,
    schedule: Any = None,
    start: Any = "gaussian",
    score: Any = "exact",
    digits: Any = 0,
    arithmetic: Any = "ball",
) -> _core.Asked:
    """A question about a law, for the compiled part; it checks the texts."""
    question: _core.Asked = core().Asked()
    question.target = target_text(target)
    question.sampler = sampler
    question.steps = "" if steps is None else str(whole("steps", steps))
    question.schedule = "" if schedule is None else words("schedule", schedule)
    question.start = words("start", start)
    question.score = words("score", score)
    question.digits = whole("digits", digits)
    question.arithmetic = words("arithmetic", arithmetic)
    return question


def scheme_without_levels(sampler: Any, steps: Any, schedule: Any) -> Scheme | None:
    """The sampler if it is a Scheme, else None. ValueError where a Scheme is given levels."""
    from .scheme import Scheme

    if not isinstance(sampler, Scheme):
        return None
    if steps is not None or schedule is not None:
        given = "schedule" if steps is None else "steps"
        raise ValueError(
            f"--sampler {sampler.name}: a scheme has its own levels; leave --{given} out"
        )
    return sampler


def with_name_of(scheme: Scheme | None, data: dict[str, Any], shown: str) -> str:
    """Puts the scheme's own name into an answer, for the compiled part knows it by one that stands
    for no file; `shown` begins with the sampler's name."""
    if scheme is None:
        return shown
    shown = scheme.name + shown[len(data["sampler"]) :]
    data["sampler"], data["command"] = scheme.name, None
    return shown


def scheme_json(scheme: Scheme) -> str:
    """The scheme file's text with the very coefficients: a recursion only where one was given, since
    one that was found differs from the rows by rounding."""
    from .scheme_file import scheme_text

    return scheme_text(scheme, scheme._recursion)


def answer_of(answer: _core.Answer) -> dict[str, Any]:
    """The JSON of an answer as a dictionary."""
    result = json.loads(answer.json)
    assert isinstance(result, dict)
    return result
