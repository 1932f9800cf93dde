"""The arrays a sampler is run with: numpy arrays, torch tensors, or plain floats.

A run carries a batch of B independent one-coordinate samples. Arrays have shape (B, 1, ..., 1);
plain floats carry one sample.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

ROUNDING = {
    "float64": 2.0**-53,
    "float32": 2.0**-24,
    "float16": 2.0**-11,
    "bfloat16": 2.0**-8,
}


def to_doubles(value: Any) -> Array:
    """A number, array or tensor as a numpy array of doubles."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().double().numpy()
    return np.asarray(value, dtype=float)


def dtype_name(value: Any) -> str:
    """float64, float32, ...; float64 for Python numbers."""
    return str(getattr(value, "dtype", "float64")).removeprefix("torch.")


class Arrays:
    """Makes and reads the arrays of one kind.

    kind   "numpy", "torch" (imported here and nowhere else) or "float"
    axes   how many axes of length 1 follow the batch axis
    dtype  "float64" or "float32", of what is made
    """

    def __init__(self, kind: str, axes: int, dtype: str) -> None:
        if kind not in ("numpy", "torch", "float"):
            raise ValueError(f"array is {kind!r}; 'numpy' or 'torch' is needed")
        if dtype not in ("float64", "float32"):
            raise ValueError(f"dtype is {dtype!r}; 'float64' or 'float32' is needed")
        self.kind, self.axes, self.dtype = kind, axes, dtype
        if kind == "torch":
            import torch

            self._torch = torch

    def shape(self, batch: int) -> tuple[int, ...]:
        return () if self.kind == "float" else (batch,) + (1,) * self.axes

    def make(self, values: Array, like: Any = None) -> Any:
        """`values`, shape (B,), as an array of the dtype of `like` if given."""
        if self.kind == "float":
            return float(values[0])
        dtype = dtype_name(like)
        if like is None or dtype not in ROUNDING:
            dtype = self.dtype
        shaped = values.reshape(self.shape(len(values)))
        if self.kind == "numpy":
            return shaped.astype(dtype)
        return self._torch.from_numpy(shaped.copy()).to(getattr(self._torch, dtype))

    def read(self, value: Any, batch: int, what: str) -> Array:
        """The B values of an array. ValueError if its shape is not the one x was made with."""
        if value is None or isinstance(value, (str, bytes)):
            raise ValueError(f"{what} is {value!r}; an array like x is needed")
        shape = tuple(np.shape(value)) if not hasattr(value, "shape") else tuple(value.shape)
        if shape != self.shape(batch):
            raise ValueError(
                f"{what} has shape {shape}; it must have that of x, {self.shape(batch)}"
            )
        try:
            result = to_doubles(value)
        except (TypeError, ValueError):
            raise ValueError(
                f"{what} is {type(value).__name__}; an array of numbers is needed"
            ) from None
        return result.reshape(-1).copy()  # the sampler may go on to change its array in place
