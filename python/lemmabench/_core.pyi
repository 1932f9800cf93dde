"""The compiled module. Private: the modules of the package check, call it and make objects of its
answers."""

import numpy as np
import numpy.typing as npt

_Array = npt.NDArray[np.float64]

version: str

class Answer:
    """An answer as the command line writes it."""

    json: str
    text: str

class Asked:
    """A question about a law, in the words of the command line."""

    target: str
    sampler: str
    steps: str
    schedule: str
    start: str
    score: str
    digits: int
    arithmetic: str
    def __init__(self) -> None: ...

class CertificateRequest:
    relative_error: float
    confidence: float
    seed: int
    max_samples: float
    def __init__(self) -> None: ...

class GateOptions:
    exact: bool
    tolerance: float
    cells: str
    ignore: str
    def __init__(self) -> None: ...

class JudgeRequest:
    level: str
    against: str
    alpha: float
    seed: int
    pairs: int
    def __init__(self) -> None: ...

class ParticleRequest:
    samples: int
    confidence: float
    resolution: float
    at: list[list[float]]
    seed: int
    def __init__(self) -> None: ...

class AuditCall:
    schemes: list[tuple[str, str]]
    paths: list[str]
    targets: list[str]
    advertised: list[tuple[str, int]]
    start: str
    most_calls: int
    threads: int
    def __init__(self) -> None: ...

class Target:
    """X = signal (X_0 + sqrt(tau) Z) at (n, d) points."""

    dim: int
    name: str
    title: str
    text: str
    def __init__(self, text: str) -> None: ...
    def score(self, points: _Array, signal: float, tau: float) -> _Array: ...
    def log_density(self, points: _Array, signal: float, tau: float) -> _Array: ...
    def denoise(self, points: _Array, signal: float, tau: float) -> _Array: ...
    def sample(self, count: int, seed: int, signal: float, tau: float) -> _Array: ...

def targets() -> list[tuple[str, str]]: ...
def law(asked: Asked, scheme: str | None, local_errors: bool, threads: int) -> Answer: ...
def read_points(path: str) -> _Array: ...
def judge(
    samples: _Array, asked: Asked, request: JudgeRequest, scheme: str | None, threads: int
) -> Answer: ...
def judge_against(
    samples: _Array, others: _Array, request: JudgeRequest, threads: int
) -> Answer: ...
def particles(
    asked: Asked, request: ParticleRequest, scheme: str | None, threads: int
) -> tuple[Answer, _Array]: ...
def certificate(asked: Asked, request: CertificateRequest, threads: int) -> Answer: ...
def orders(asked: Asked, steps: list[str], metric: str, threads: int) -> Answer: ...
def baseline(sampler: str, cells: str, alpha: float, threads: int) -> str: ...
def compare(
    sampler: str, baseline: str, where: str, options: GateOptions, threads: int
) -> tuple[Answer, str]: ...
def audit(call: AuditCall) -> tuple[Answer, str]: ...

class LineMixture:
    def density(self, x: _Array) -> _Array: ...
    def log_density(self, x: _Array) -> _Array: ...
    def cdf(self, x: _Array) -> _Array: ...
    def upper_tail(self, x: _Array) -> _Array: ...
    def at_sigma(self, sigma: float) -> LineMixture: ...
    def denoise(self, x: _Array, sigma: float) -> _Array: ...
    def spread(self) -> list[tuple[float, float]]: ...

class GaussianSum:
    mass: float
    def __init__(self, means: _Array, weights: _Array, sd: float) -> None: ...
    def density(self, x: _Array) -> _Array: ...
    def cdf(self, x: _Array) -> _Array: ...
    def spread(self) -> list[tuple[float, float]]: ...

def line_law(target: str) -> LineMixture: ...
def line_gaussian(variance: float) -> LineMixture: ...
def fit_errors(
    points: list[tuple[int, float, float, str]], expected: int | None
) -> dict[str, object]: ...
