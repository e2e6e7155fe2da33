"""The functions. Each takes the data first; `prepare` saves preparing the same data again and again."""

from __future__ import annotations

import json
import math
from typing import Any, Iterable, Iterator, Optional, Tuple, Union

from . import _arrays, _flatcert, _results
from ._results import Checkpoint, Count, Enclosure, Flow, Inspection


def prepare(X: Any, y: Any = None) -> _flatcert.Problem:
    """The data, prepared once: pass the result as `X` (and no `y`) to the other functions.

    X is an array (n, d) of rank d, y an array (n,); or both are paths, read as the command line reads them. Doubles are taken exactly.

    Raises ValueError: shapes that do not fit, n < d, columns that depend on each other (Assumption (A1)), NaN or infinity.

    >>> import numpy as np
    >>> data = prepare(np.eye(3), np.ones(3))
    >>> s = sharpness(data, None, [np.ones((1, 3))])
    >>> 2 / 3 in s, round(s.mid, 9)
    (True, 0.666666667)
    """
    if isinstance(X, _flatcert.Problem):
        if y is not None:
            raise ValueError("y: the data are prepared already and have one")
        return X
    if y is None:
        raise ValueError("y: missing")
    if _arrays.is_path(X) != _arrays.is_path(y):
        raise ValueError("X, y: one is a path and the other an array; pass both alike")
    if _arrays.is_path(X):
        return _flatcert.Problem.load(X, y)
    return _flatcert.Problem(_arrays.array(X, "X", 2), _arrays.vector(y, "y"))


def _network(layers: Any, head: Any, transposed: Optional[bool]) -> _flatcert.Network:
    if isinstance(layers, _flatcert.Network):
        return layers
    if _arrays.is_path(layers):
        if head is not None and not _arrays.is_path(head):
            raise ValueError("head: layers are a path, pass the head as a path too")
        return _flatcert.Network.load(layers, head)
    found, stored_in_out, inner = _arrays.layers(layers)
    if head is not None and inner is not None:
        raise ValueError("head: given, and found among the layers; pass one of them")
    if head is not None:
        inner = _arrays.vector(head, "head")
    return _flatcert.Network(found, inner, stored_in_out if transposed is None else transposed)


def _learning_rate(eta: float) -> None:
    if not (eta > 0 and math.isfinite(eta)):
        raise ValueError(f"eta: {eta}, expected a positive number")


def inspect(
    X: Any,
    y: Any,
    layers: Any,
    head: Any = None,
    *,
    transposed: Optional[bool] = None,
    top: int = 0,
    eta: Optional[float] = None,
    loss: str = "mean",
    weight_decay: float = 0.0,
) -> Inspection:
    """Risk, gradient, distance from the optimum, sharpness, smallest eigenvalue, the paper's lower bounds: all enclosed.

    layers: a list of arrays W_1, ..., W_L, each (out, in); or names to arrays (`state_dict`, Flax parameters); or a module; or a path.
    head: the fixed head w (d_L,), needed where the last layer has more than one row. transposed: layers are stored (in, out); by default
    that is so for names that end in `kernel`, and not so otherwise.
    top: enclose so many leading eigenvalues. eta: a learning rate, for `edge`. loss ("mean", "half", "sum" of the squares) and
    weight_decay: what your program minimises; `leading`, `edge` and `loss` speak of it, all else of R.

    >>> import numpy as np
    >>> found = inspect(np.eye(2), np.array([1.0, 2.0]), [np.eye(2), np.array([[1.0, 2.0]])])
    >>> 0.0 in found.risk, 2.0 in inspect(np.eye(1), np.ones(1), [np.ones((1, 1))]).sharpness, found.network.widths
    (True, True, (2, 2, 1))
    >>> found = inspect(np.eye(1), np.ones(1), [np.ones((1, 1))], top=1, eta=1.5, loss="half", weight_decay=0.5)
    >>> 1.5 in found.loss.sharpness, 1.5 in found.leading[0].value, found.edge
    (True, True, 'above')
    """
    if top < 0:
        raise ValueError(f"top: {top}, expected 0 or more")
    if eta is not None:
        _learning_rate(eta)
    text = _flatcert.inspect(
        prepare(X, y), _network(layers, head, transposed), top=top, eta=eta, loss=loss, weight_decay=weight_decay
    )
    return _results.inspection(json.loads(text))


def sharpness(X: Any, y: Any, layers: Any, head: Any = None, *, transposed: Optional[bool] = None) -> Enclosure:
    """The largest eigenvalue of the Hessian of R at these weights, enclosed. Arguments as in `inspect`.

    >>> import numpy as np
    >>> s = sharpness(np.eye(2), np.array([1.0, 2.0]), [np.array([[1.0, 2.0]])])
    >>> 1.0 in s, s.width < 1e-12
    (True, True)
    """
    return Enclosure(*_flatcert.sharpness(prepare(X, y), _network(layers, head, transposed)))


def flow(
    X: Any,
    y: Any,
    layers: Any,
    head: Any = None,
    *,
    transposed: Optional[bool] = None,
    rtol: float = 1e-8,
    atol: float = 1e-10,
    gap: float = 1e-20,
    t_end: Optional[float] = None,
    max_steps: int = 1_000_000,
    time_budget: Optional[float] = None,
) -> Flow:
    """The gradient flow from these weights, until R - R_min falls to `gap`. Arguments as in `inspect`; options as on the command line.

    `result.layers` are the last weights, new arrays, each (out, in).

    >>> import numpy as np
    >>> end = flow(np.eye(2), np.array([1.0, 2.0]), [np.eye(2) / 2, np.array([[0.5, 0.5]])], gap=1e-10)
    >>> end.stopped, bool(end.excess_risk[1] <= 1e-10), [w.shape for w in end.layers]
    ('gap', True, [(2, 2), (1, 2)])
    """
    text, last = _flatcert.flow(
        prepare(X, y),
        _network(layers, head, transposed),
        rtol=rtol,
        atol=atol,
        gap=gap,
        t_end=t_end,
        max_steps=max_steps,
        time_budget=time_budget,
    )
    return _results.flow(json.loads(text), last.layers())


def along(
    X: Any,
    y: Any,
    checkpoints: Iterable[Union[Any, Tuple[Any, Any]]],
    *,
    eta: Optional[float] = None,
    head: Any = None,
    transposed: Optional[bool] = None,
) -> Iterator[Checkpoint]:
    """The certified sharpness of one checkpoint after the other, against 2/eta. The data are prepared once.

    checkpoints: an iterable of layers as in `inspect`, or of pairs (step, layers). It is consumed as the result is, so a training loop may
    be the iterable. `lower_bound` is the paper's bound on the sharpness of minimisers (Theorem 2, corrected for heads).

    >>> import numpy as np
    >>> nets = [(10 * k, [np.array([[1.0, 1.0 + k]])]) for k in range(3)]
    >>> [(c.step, c.edge) for c in along(np.eye(2), np.array([1.0, 2.0]), nets, eta=1.0)]
    [(0, 'below'), (10, 'below'), (20, 'below')]
    """
    data = prepare(X, y)
    edge = None
    if eta is not None:
        _learning_rate(eta)
        quotient = 2 / eta
        edge = Enclosure(math.nextafter(quotient, 0.0), math.nextafter(quotient, math.inf))
    return _along(data, checkpoints, edge, head, transposed)


def _along(data: Any, checkpoints: Any, edge: Any, head: Any, transposed: Any) -> Iterator[Checkpoint]:
    for index, item in enumerate(checkpoints):
        step, layers = item if isinstance(item, tuple) and len(item) == 2 and not hasattr(item[0], "ndim") else (index, item)
        try:
            found = inspect(data, None, layers, head, transposed=transposed)
        except ValueError as e:
            raise ValueError(f"checkpoint {step}: {e}") from None
        s = found.sharpness
        standing = None
        if edge is not None:
            standing = "below" if s.hi < edge.lo else "above" if s.lo > edge.hi else "undecided"
        yield Checkpoint(step, found.risk, s, edge, standing, found.bounds.get("theorem-2-depth"))


def count_above(
    X: Any, y: Any, layers: Any, head: Any = None, *, threshold: float, transposed: Optional[bool] = None
) -> Count:
    """The certified number of eigenvalues of the Hessian above `threshold`, with multiplicity: `least <= number <= most`.

    The two differ only where an eigenvalue is within rounding of the threshold. Other arguments as in `inspect`.

    >>> import numpy as np
    >>> count_above(np.eye(2), np.array([1.0, 2.0]), [np.array([[1.0, 2.0]])], threshold=0.5)
    Count(least=2, most=2)
    """
    threshold = float(threshold)
    if not math.isfinite(threshold):
        raise ValueError(f"threshold: {threshold}, expected a finite number")
    return Count(*_flatcert.above(prepare(X, y), _network(layers, head, transposed), threshold))


def above(
    X: Any, y: Any, layers: Any, head: Any = None, *, threshold: float, transposed: Optional[bool] = None
) -> Optional[bool]:
    """Whether the sharpness is certainly above `threshold` (True), certainly not (False), or within rounding of it (None).

    It counts eigenvalues above the threshold (`count_above`), which is cheaper than the sharpness itself, and decides more.

    >>> import numpy as np
    >>> [above(np.eye(2), np.array([1.0, 2.0]), [np.array([[1.0, 2.0]])], threshold=t) for t in (0.5, 1.5)]
    [True, False]
    """
    found = count_above(X, y, layers, head, threshold=threshold, transposed=transposed)
    return True if found.least > 0 else False if found.most == 0 else None
