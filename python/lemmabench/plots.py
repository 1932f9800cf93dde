"""Figures of the results, with matplotlib where it is there."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Iterable

if TYPE_CHECKING:
    from .certificates import Certificate
    from .exact_law import Law
    from .judging import Judgement


def new_axes(axes: Any) -> Any:
    """`axes`, or new ones. ImportError without matplotlib."""
    if axes is not None:
        return axes
    try:
        pyplot = import_module("matplotlib.pyplot")
    except ImportError as error:
        raise ImportError(
            "plots need matplotlib, which is not installed (Debian: python3-matplotlib)"
        ) from error
    return pyplot.subplots()[1]


def plot_law(law: "Law", axes: Any) -> Any:
    """Horizontal bars of the finite distances and parts, logarithmic."""
    axes = new_axes(axes)
    named = {
        "TV": law.tv, "KL(p||q)": law.kl_pq, "KL(q||p)": law.kl_qp, "Hellinger": law.hellinger,
        **law.parts,
    }  # fmt: skip
    shown = {name: number for name, number in named.items() if number.finite and number.value > 0}
    axes.barh(
        list(shown), [n.value for n in shown.values()], xerr=[n.error for n in shown.values()]
    )
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_title(f"{law.request['sampler']} on {law.request['target']}")
    return axes


def plot_certificate(certificate: "Certificate", axes: Any) -> Any:
    """The summands by t."""
    axes = new_axes(axes)
    axes.errorbar(
        list(certificate.summands),
        [n.value for n in certificate.summands.values()],
        yerr=[n.error for n in certificate.summands.values()],
        fmt=".",
    )
    axes.set_yscale("log")
    axes.set_xlabel("t")
    axes.set_ylabel("divergence of the kernels of step t")
    return axes


def plot_judgement(judgement: "Judgement", axes: Any) -> Any:
    """The adjusted p-values, and the level below which a test rejects."""
    axes = new_axes(axes)
    axes.barh([t.name for t in judgement.tests], [t.adjusted_p for t in judgement.tests])
    axes.axvline(judgement.alpha, color="black", linestyle="--")
    axes.invert_yaxis()
    axes.set_xlabel("adjusted p-value; rejected left of the line")
    return axes


def plot_points(points: Iterable[tuple[float, float, float]], label: str, axes: Any) -> Any:
    """Errors by steps, both logarithmic."""
    axes = new_axes(axes)
    steps, values, errors = zip(*points)
    axes.errorbar(steps, values, yerr=errors, fmt="o-")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("steps")
    axes.set_ylabel(label)
    return axes
