import os
from typing import List, Optional, Sequence, Tuple, Union

import numpy as np
import numpy.typing as npt

_Path = Union[str, "os.PathLike[str]"]
_Array = npt.NDArray[np.float64]

__version__: str

class Problem:
    def __new__(cls, x: _Array, y: _Array) -> "Problem": ...
    @staticmethod
    def load(x: _Path, y: _Path, standardise: bool = False) -> "Problem": ...

class Network:
    def __new__(cls, layers: Sequence[_Array], head: Optional[_Array] = None, transposed: bool = False) -> "Network": ...
    @staticmethod
    def load(weights: _Path, head: Optional[_Path] = None) -> "Network": ...
    def layers(self) -> List[_Array]: ...

def inspect(
    problem: Problem, network: Network, *, top: int, eta: Optional[float], loss: str, weight_decay: float
) -> str: ...
def sharpness(problem: Problem, network: Network) -> Tuple[float, float]: ...
def above(problem: Problem, network: Network, threshold: float) -> Tuple[int, int]: ...
def flow(
    problem: Problem,
    network: Network,
    *,
    rtol: float,
    atol: float,
    gap: float,
    t_end: Optional[float],
    max_steps: int,
    time_budget: Optional[float],
) -> Tuple[str, Network]: ...
