"""Certified sharpness of deep linear networks.

The model is ``x -> w^T W_L ... W_1 x``, the risk ``R(W) = norm(y - X w_prod)^2 / n`` (no factor 1/2, no intercept), the sharpness the
largest eigenvalue of the Hessian of R at W. Every number returned is an enclosure: the exact value lies in ``[lo, hi]``.

>>> import numpy as np, flatcert
>>> rng = np.random.default_rng(0)
>>> X = rng.standard_normal((40, 3))
>>> y = X @ [1.0, -0.5, 0.25]
>>> layers = [np.eye(3), np.eye(3), np.array([[1.0, -0.5, 0.25]])]
>>> s = flatcert.sharpness(X, y, layers)
>>> s.width < 1e-9 * s.mid
True

| function | result |
| --- | --- |
| `inspect` | risk, gradient, sharpness, both ends of the spectrum, the paper's lower bounds; leading eigenvalues; your loss |
| `sharpness` | the sharpness alone |
| `above`, `count_above` | is it above a threshold, how many eigenvalues are: by a certified count |
| `along` | the sharpness of many checkpoints against 2/eta, the data prepared once |
| `flow` | the gradient flow from these weights |

Bad input is a ``ValueError`` with one line that says what and where. Ctrl-C works. Threads may call all of it at once: the GIL is released.
"""

from ._api import above, along, count_above, flow, inspect, prepare, sharpness
from ._flatcert import __version__
from ._results import Assumption, Checkpoint, Claim, Count, Data, Eigenvalues, Enclosure, Flow, Inspection, Loss, Shape

__all__ = [
    "Assumption",
    "Checkpoint",
    "Claim",
    "Count",
    "Data",
    "Eigenvalues",
    "Enclosure",
    "Flow",
    "Inspection",
    "Loss",
    "Shape",
    "__version__",
    "above",
    "along",
    "count_above",
    "flow",
    "inspect",
    "prepare",
    "sharpness",
]
