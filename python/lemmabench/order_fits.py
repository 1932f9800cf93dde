"""The order of a sampler's error in the number of steps, with its uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

from .compiled import answer_of, asked, core, sampler_text, whole, words


@dataclass(frozen=True)
class Order:
    """A measured order: value in [low, high], `limit` what the local orders tend to. Never more
    than computed, however sure the points are."""

    value: float
    low: float
    high: float
    evidence: str
    limit: float

    @staticmethod
    def read(entry: Mapping[str, Any] | None) -> "Order | None":
        """From the JSON of the command line; None where no order could be fitted."""
        if entry is None:
            return None
        return Order(*(entry[name] for name in ("value", "low", "high", "evidence", "limit")))

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, repr=False)
class Orders:
    """An order fitted to error ~ C h^order.

    order     the Order, or None where too few points are above their own errors
    model     what h is: "1/T" or "log T/T", the step of the schedule
    expected  the order that theory states, or None
    settled   whether the local orders have settled; where not, the order is not asymptotic
    verdict   "consistent", "faster", "slower" or "inconclusive" against `expected`; "measured"
              where none is stated
    reason    one sentence; `range` says why the range is taken as asymptotic or not
    points    (steps, error, error of the error), by steps; nan where there is no number
    """

    order: Order | None
    model: str
    expected: float | None
    settled: bool
    verdict: str
    reason: str
    range: str
    points: tuple[tuple[float, float, float], ...]
    metric: str
    text: str
    _data: dict[str, Any] = field(compare=False)

    def as_dict(self) -> dict[str, Any]:
        """The series of `lemmabench fit --format json`, as a dictionary."""
        return dict(self._data)

    def __repr__(self) -> str:
        return self.text

    def plot(self, axes: Any = None) -> Any:
        """The errors by steps, both logarithmic, on matplotlib axes, which are returned."""
        from .plots import plot_points

        return plot_points(self.points, self.metric, axes)


def orders(
    target: Any,
    sampler: str,
    steps: Sequence[int],
    metric: str = "tv",
    schedule: str | None = None,
    *,
    start: str = "gaussian",
    score: str = "exact",
    digits: int = 0,
    arithmetic: str = "ball",
    threads: int = 0,
) -> Orders:
    """The order of `metric` in the schedule's step, from laws at several numbers of steps.

    steps   at least four numbers, best each twice the one before
    metric  "tv", "kl_pq", "kl_qp", "hellinger" or "relative_variance_error" (of the worst
            eigenvalue)

    The rest as in `law`; started exactly (start="exact") only the error of the steps is measured.
    Cost: that of the laws, which run side by side. Schemes have one number of steps each: `audit`
    takes several and gives their order. Raises ValueError, one line; Refusal where no engine
    answers.
    """
    name = sampler_text(sampler)
    if isinstance(steps, (str, bytes)) or not hasattr(steps, "__iter__"):
        raise ValueError(f"steps is {steps!r}; a list of whole numbers is needed")
    numbers = [whole("steps", number) for number in steps]
    for number in numbers:
        if numbers.count(number) > 1:
            raise ValueError(f"steps has {number} twice; once is enough")
    if not numbers:
        raise ValueError("steps is empty; at least four numbers are needed")
    question = asked(
        target, name, schedule=schedule, start=start, score=score, digits=digits,
        arithmetic=arithmetic,
    )  # fmt: skip
    answer = core().orders(
        question,
        [str(number) for number in numbers],
        words("metric", metric),
        whole("threads", threads),
    )
    data = answer_of(answer)
    return _orders(data["series"][0], data["metric"], answer.text)


def orders_of(laws: Sequence[Any], metric: str = "tv", advertised: int | None = None) -> Orders:
    """The order of `metric` in 1/N from laws that are there: of Schemes (Law), of samplers that are
    no schemes (MapLaw), at four numbers of steps N or more, best each twice the one before.

    metric      "tv", "kl_pq", "kl_qp" or "hellinger"
    advertised  the order to hold it against; None: none

    Start them exactly (start="exact"), so that only the error of the steps is measured. Raises
    ValueError for laws on different targets and numbers of steps that stand twice.
    """
    if words("metric", metric) not in ("tv", "kl_pq", "kl_qp", "hellinger"):
        raise ValueError(f"metric is {metric!r}; tv, kl_pq, kl_qp or hellinger is needed")
    points = []
    targets = []
    for law in laws:
        if not hasattr(law, metric):
            raise ValueError(f"laws has a {type(law).__name__}; a Law or a MapLaw is needed")
        request = getattr(law, "request", None)
        steps = whole("steps", law.steps if request is None else request["steps"])
        targets.append(law.target if request is None else request["target"])
        number = getattr(law, metric)
        value, error = (abs(number.value), number.error) if number.finite else (0.0, 0.0)
        points.append((steps, value, error, "" if number.finite else str(number)))
    if len(set(targets)) > 1:
        raise ValueError(f"laws are on {targets[0]} and {sorted(set(targets) - {targets[0]})[0]}; "
                         "an order is measured on one target")  # fmt: skip
    if advertised is not None:
        advertised = whole("advertised", advertised)
    points.sort()
    data = dict(core().fit_errors(points, advertised))
    order = Order.read(data["order"])
    shown = f"order of {metric} in 1/N: {order if order is not None else 'none'}"
    return Orders(
        order=order,
        model=data["model"],
        expected=None if advertised is None else float(advertised),
        settled=data["settled"],
        verdict=data["verdict"],
        reason=data["reason"],
        range=data["range"],
        points=tuple((float(n), v, e) if not why else (float(n), math.nan, math.nan)
                     for n, v, e, why in points),  # fmt: skip
        metric=metric,
        text=f"{shown}; {data['verdict']}: {data['reason']}",
        _data=data,
    )


def _orders(series: dict[str, Any], metric: str, text: str) -> Orders:
    nan = float("nan")
    return Orders(
        order=Order.read(series["order"]),
        model=series["model"],
        expected=series["expected"],
        settled=series["asymptotic"],
        verdict=series["verdict"],
        reason=series["reason"],
        range=series["range"],
        points=tuple(
            (
                point["steps"],
                nan if point["value"] is None else point["value"],
                nan if point["error"] is None else point["error"],
            )
            for point in series["points"]
        ),
        metric=metric,
        text=text,
        _data=series,
    )
