"""What is accepted as data, layers and head, and how it becomes float64 arrays without a guess."""

from __future__ import annotations

import os
import re
from typing import Any, List, Mapping, Optional, Tuple

import numpy as np

# Names whose kernels are stored (in, out): Keras and Flax.
_KERNEL = re.compile(r"(^|[./])kernel$")
_WEIGHT = re.compile(r"(^|[./])(weight|kernel|W\d+)$")
_BIAS = re.compile(r"(^|[./])(bias|b\d+)$")


def is_path(value: Any) -> bool:
    """A file, not an array."""
    return isinstance(value, (str, os.PathLike))


def array(value: Any, name: str, dimensions: int) -> np.ndarray:
    """`value` as float64, exactly; no copy where it is float64 already."""
    # Tensors that track gradients or live on a device say so before NumPy sees them.
    for turn in ("detach", "cpu"):
        if hasattr(value, turn):
            value = getattr(value, turn)()
    try:
        found = np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as e:
        raise ValueError(f"{name}: not an array of numbers ({e})") from None
    if found.dtype == object or found.dtype.kind not in "fiu":
        raise ValueError(f"{name}: entries of type {found.dtype}, expected real numbers")
    if found.dtype.kind == "f" and found.dtype.itemsize > 8:
        raise ValueError(f"{name}: entries of type {found.dtype} do not fit in doubles; convert them yourself")
    if found.ndim != dimensions:
        shape = " x ".join(map(str, found.shape)) or "a single number"
        raise ValueError(f"{name}: {shape}, expected {dimensions} dimension{'s' if dimensions > 1 else ''}")
    converted = found.astype(np.float64, copy=False)
    if found.dtype.kind in "iu" and found.size and (converted.astype(found.dtype) != found).any():
        raise ValueError(f"{name}: an integer beyond 2^53 is not a double")
    return converted


def vector(value: Any, name: str) -> np.ndarray:
    """As `array`, one dimension; a single row or column is one."""
    if not is_path(value):
        shape = np.shape(value.detach() if hasattr(value, "detach") else value)
        if len(shape) == 2 and 1 in shape:
            value = value.reshape(-1) if hasattr(value, "reshape") else np.reshape(value, -1)
    return array(value, name, 1)


def layers(value: Any) -> Tuple[List[np.ndarray], bool, Optional[np.ndarray]]:
    """The layers in order, whether they are stored (in, out), and a head that was found among them.

    `value` is a list of arrays; a mapping of names to arrays (a `state_dict`, nested or not); or a module with `state_dict()` or `params`.
    """
    if hasattr(value, "state_dict") and callable(value.state_dict):
        value = value.state_dict()
    elif hasattr(value, "params") and isinstance(value.params, Mapping):
        value = value.params
    if isinstance(value, Mapping):
        return _from_names(dict(_flatten("", value)))
    if isinstance(value, np.ndarray) and value.dtype != object and value.ndim != 3:
        raise ValueError("layers: one array; expected a list of the layers W_1, ..., W_L, each (out, in)")
    return [array(w, f"W{k + 1}", 2) for k, w in enumerate(value)], False, None


def _flatten(prefix: str, value: Mapping[str, Any]) -> List[Tuple[str, Any]]:
    found: List[Tuple[str, Any]] = []
    for key, entry in value.items():
        name = f"{prefix}.{key}" if prefix else str(key)
        found.extend(_flatten(name, entry) if isinstance(entry, Mapping) else [(name, entry)])
    return found


def _from_names(named: Mapping[str, Any]) -> Tuple[List[np.ndarray], bool, Optional[np.ndarray]]:
    weights, head = [], None
    for name, value in named.items():
        if name.split(".")[-1] in ("head", "w"):
            head = vector(value, name)
        elif _WEIGHT.search(name):
            weights.append(name)
        elif _BIAS.search(name):
            if np.any(np.asarray(value.detach().cpu() if hasattr(value, "detach") else value) != 0):
                raise ValueError(f"{name}: a bias that is not zero; the model is w^T W_L ... W_1 x, without biases")
        else:
            raise ValueError(f"{name}: no layer, bias or head; expected 0.weight, 1.weight, ... or Dense_0.kernel, ... or W1, ...")
    if not weights:
        raise ValueError(f"layers: none found among {', '.join(named) or 'no names'}")
    numbers = {name: tuple(int(n) for n in re.findall(r"\d+", name)) for name in weights}
    stems = {re.sub(r"\d+", "#", name) for name in weights}
    if len(weights) > 1 and (len(stems) > 1 or len(set(numbers.values())) < len(weights) or not all(numbers.values())):
        raise ValueError(
            f"layers: {', '.join(weights)} have no order that their numbers give; pass a list of the arrays in order"
        )
    weights.sort(key=lambda name: numbers[name])
    transposed = bool(_KERNEL.search(weights[0]))
    return [array(named[name], name, 2) for name in weights], transposed, head
