"""lemmabench's C library (capi/lemmabench.h) for numpy: exact scores of a target at every level.

The library is found by the environment variable LEMMABENCH_LIBRARY or by the system's loader.
"""

import ctypes
import os

import numpy as np

_lib = ctypes.CDLL(os.environ.get("LEMMABENCH_LIBRARY", "liblemmabench.so.0"))
_points = np.ctypeslib.ndpointer(np.float64, flags="C_CONTIGUOUS")
_pair = [ctypes.POINTER(ctypes.c_double)] * 2
_law, _long, _size = ctypes.c_void_p, ctypes.c_long, ctypes.c_size_t
for _name, _result, _arguments in [
    ("open", ctypes.c_int, [ctypes.c_char_p, ctypes.c_char_p, _long, ctypes.POINTER(_law)]),
    ("close", None, [_law]),
    ("dim", _size, [_law]),
    ("level", ctypes.c_int, [_law, _long, *_pair]),
    ("step", ctypes.c_int, [_law, _long, *_pair]),
    ("score", ctypes.c_int, [_law, _long, _size, _points, _points]),
    ("log_density", ctypes.c_int, [_law, _long, _size, _points, _points]),
    ("sample", ctypes.c_int, [_law, _long, _size, ctypes.c_uint64, _points]),
    ("last_error", ctypes.c_char_p, []),
]:
    _function = getattr(_lib, "lemmabench_" + _name)
    _function.restype, _function.argtypes = _result, _arguments


def _check(code):
    if code != 0:
        text = _lib.lemmabench_last_error().decode()
        raise ValueError(text) if code == 2 else RuntimeError(text)


class Law:
    """The laws p_t of X_t, t = 1..steps, of a target; points are arrays of shape (n, dim)."""

    def __init__(self, target, schedule="li-cai", steps=1000):
        self._law = ctypes.c_void_p()
        _check(_lib.lemmabench_open(target.encode(), schedule.encode(), steps,
                                    ctypes.byref(self._law)))
        self.steps = steps
        self.dim = _lib.lemmabench_dim(self._law)

    def __del__(self):
        _lib.lemmabench_close(self._law)

    def _two(self, function, t):
        first, second = ctypes.c_double(), ctypes.c_double()
        _check(function(self._law, t, ctypes.byref(first), ctypes.byref(second)))
        return first.value, second.value

    def level(self, t):
        """abar_t and 1 - abar_t."""
        return self._two(_lib.lemmabench_level, t)

    def step(self, t):
        """alpha_t and b_t = 1 - alpha_t, t >= 2."""
        return self._two(_lib.lemmabench_step, t)

    def _rows(self, x):
        x = np.ascontiguousarray(x, dtype=np.float64)
        if x.ndim != 2 or x.shape[1] != self.dim:
            raise ValueError(f"points of shape {x.shape}: must be (n, {self.dim})")
        return x

    def score(self, t, x):
        """grad log p_t at every row of x."""
        x = self._rows(x)
        out = np.empty_like(x)
        _check(_lib.lemmabench_score(self._law, t, len(x), x, out))
        return out

    def log_density(self, t, x):
        """log p_t at every row of x."""
        x = self._rows(x)
        out = np.empty(len(x))
        _check(_lib.lemmabench_log_density(self._law, t, len(x), x, out))
        return out

    def sample(self, t, n, seed=1):
        """n exact draws of X_t; t = 0: of the data."""
        out = np.empty((n, self.dim))
        _check(_lib.lemmabench_sample(self._law, t, n, seed, out))
        return out
