"""The audit of schemes: exact laws, orders, and whether they are the ones advertised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Mapping, Sequence

from .compiled import answer_of, core, path_text, scheme_json, target_text, whole, words
from .order_fits import Order
from .quantity import Quantity

if TYPE_CHECKING:
    from .scheme import Scheme


@dataclass(frozen=True)
class AuditCell:
    """One scheme on one target: its error, or why there is none, and its distances (tv, kl_pq,
    kl_qp, hellinger)."""

    steps: int
    scheme: str
    error: Quantity | None
    refusal: str
    distances: Mapping[str, Quantity]


@dataclass(frozen=True)
class AuditSeries:
    """The errors of one sampler on one target, by steps, and their order in 1/steps.

    error_of  "relative variance" (Gaussian targets) or "total variation" (mixtures)
    order     the Order, or None; settled: whether it still changes with the steps
    judgement "consistent", "faster", "slower" or "inconclusive" against what is advertised
    """

    target: str
    error_of: str
    cells: tuple[AuditCell, ...]
    order: Order | None
    settled: bool
    range: str
    judgement: str
    reason: str

    def plot(self, axes: Any = None) -> Any:
        """The errors by steps, both logarithmic, on matplotlib axes, which are returned."""
        from .plots import plot_points

        nan = float("nan")
        points = [
            (c.steps, abs(c.error.value) if c.error else nan, c.error.error if c.error else nan)
            for c in self.cells
        ]
        return plot_points(points, f"{self.error_of} on {self.target}", axes)


@dataclass(frozen=True)
class AuditedSampler:
    """All schemes of one sampler.

    verdict  "lower than advertised", "as advertised", "no order advertised" or "open"
    reason   what the verdict rests on
    kind     what the scheme with the most steps is found to be
    folds    whether the map from x_T to the output folds; None for noise and where it is unknown
    """

    source: str
    advertised_order: int | None
    verdict: str
    reason: str
    kind: str
    folds: bool | None
    series: tuple[AuditSeries, ...]


@dataclass(frozen=True, repr=False)
class Audit:
    """The outcome of an audit: its samplers by name, the exit code of `lemmabench audit` (1 if some
    order is certainly lower than advertised, else 0), the table as text and as Markdown."""

    samplers: tuple[AuditedSampler, ...]
    exit_code: int
    counts: str
    text: str
    markdown: str
    _data: dict[str, Any] = field(compare=False)

    def __getitem__(self, source: str) -> AuditedSampler:
        """The sampler of that source. KeyError if there is none."""
        for sampler in self.samplers:
            if sampler.source == source:
                return sampler
        raise KeyError(source)

    @property
    def verdict(self) -> str:
        """That of the only sampler. ValueError if there are several."""
        if len(self.samplers) != 1:
            raise ValueError(f"the audit has {len(self.samplers)} samplers, each with its verdict")
        return self.samplers[0].verdict

    def as_dict(self) -> dict[str, Any]:
        """What `lemmabench audit --json` writes, as a dictionary."""
        return dict(self._data)

    def __repr__(self) -> str:
        return self.text


def audit(
    schemes: Any,
    targets: Sequence[Any] | None = None,
    advertised: int | Mapping[str, int] | None = None,
    start: str = "exact",
    *,
    most_calls: int = 0,
    threads: int = 0,
) -> Audit:
    """Exact laws of samplers at several numbers of steps, the order their errors have in 1/steps,
    and whether it is the order advertised.

    schemes     Schemes, paths of scheme files, paths of directories of them, or one of these;
                "catalogue": samplers of public libraries, traced, that come with lemmabench.
                Schemes with the same source are one sampler; an order needs four numbers of steps
    targets     where orders are measured: Gaussians (by the relative variance error, proved) and
                mixtures on the line (by TV, computed). None: one Gaussian and two mixtures
    advertised  the order of every sampler, or orders by globs over the sources; None: what the
                schemes say
    start       "exact": the law of X_0 + sigma_0 Z; "gaussian": what such code starts from
    most_calls  leave out laws on the line of noise with memory beyond so many model calls, which
                cost minutes; 0: none

    Same numbers on any number of threads; other Python threads run meanwhile. Raises ValueError,
    one line.
    """
    call = core().AuditCall()
    call.schemes, call.paths = _sorted_out(schemes)
    call.targets = [target_text(target) for target in targets or []]
    call.advertised = _orders(advertised)
    call.start = words("start", start)
    call.most_calls = whole("most_calls", most_calls)
    if call.most_calls < 0:
        raise ValueError(f"most_calls is {call.most_calls}; it cannot be negative")
    call.threads = whole("threads", threads)
    answer, markdown = core().audit(call)
    data = answer_of(answer)
    return Audit(
        samplers=tuple(_sampler(entry) for entry in data["samplers"]),
        exit_code=data["exit_code"],
        counts=data["counts"],
        text=answer.text,
        markdown=markdown,
        _data=data,
    )


def _sorted_out(schemes: Any) -> tuple[list[tuple[str, str]], list[str]]:
    """The schemes in memory as names and texts, and the paths."""
    from .scheme import Scheme

    if isinstance(schemes, Scheme) or path_text(schemes) is not None:
        schemes = [schemes]
    if not hasattr(schemes, "__iter__"):
        raise ValueError(
            f"schemes is a {type(schemes).__name__}; Schemes and paths of files or directories are "
            "needed"
        )
    in_memory: list[tuple[str, str]] = []
    paths: list[str] = []
    for entry in schemes:
        path = path_text(entry)
        if isinstance(entry, Scheme):
            in_memory.append((entry.source or "scheme", scheme_json(entry)))
        elif path is not None:
            paths.append(path)
        else:
            raise ValueError(
                f"schemes has a {type(entry).__name__}; a Scheme or the path of a file or directory "
                "is needed"
            )
    return in_memory, paths


def _orders(advertised: Any) -> list[tuple[str, int]]:
    if advertised is None:
        return []
    if isinstance(advertised, Mapping):
        return [
            (words("advertised", sources), whole("advertised", order))
            for sources, order in advertised.items()
        ]
    return [("*", whole("advertised", advertised))]


def _sampler(entry: dict[str, Any]) -> AuditedSampler:
    return AuditedSampler(
        source=entry["source"],
        advertised_order=entry["advertised_order"],
        verdict=entry["verdict"],
        reason=entry["reason"],
        kind=entry["kind"],
        folds=entry["folds"],
        series=tuple(_series(series) for series in entry["series"]),
    )


def _series(entry: dict[str, Any]) -> AuditSeries:
    return AuditSeries(
        target=entry["target"],
        error_of=entry["error_of"],
        cells=tuple(_cell(cell) for cell in entry["cells"]),
        order=Order.read(entry["order"]),
        settled=entry["settled"],
        range=entry["range"],
        judgement=entry["judgement"]["verdict"],
        reason=entry["judgement"]["reason"],
    )


def _cell(entry: dict[str, Any]) -> AuditCell:
    names = ("tv", "kl_pq", "kl_qp", "hellinger")
    law = entry.get("law")
    return AuditCell(
        steps=entry["steps"],
        scheme=entry["scheme"],
        error=None if entry["error"] is None else Quantity.read(entry["error"]),
        refusal=entry.get("refusal", ""),
        distances={} if law is None else {name: Quantity.read(law[name]) for name in names},
    )
