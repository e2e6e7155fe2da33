"""Results: frozen dataclasses made from the JSON of the command line."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Dict, List, Mapping, Optional, Tuple


@dataclass(frozen=True)
class Enclosure:
    """A closed interval that certainly contains the exact value.

    >>> e = Enclosure(1.0, 1.5)
    >>> e.mid, e.width, 1.25 in e
    (1.25, 0.5, True)
    >>> Enclosure(1.2345678901, 1.2345678902)
    1.234567890[1, 2]
    """

    lo: float
    hi: float

    @property
    def mid(self) -> float:
        """Half way between the ends; within `width` / 2 of the exact value, up to rounding."""
        if math.isinf(self.lo) or math.isinf(self.hi):
            return 0.0 if self.lo == -self.hi else (self.lo if math.isinf(self.lo) else self.hi)
        return self.lo / 2 + self.hi / 2

    @property
    def width(self) -> float:
        """hi - lo, rounded up."""
        difference = self.hi - self.lo
        if math.isinf(difference) or Fraction(difference) >= Fraction(self.hi) - Fraction(self.lo):
            return difference
        return math.nextafter(difference, math.inf)

    def __contains__(self, value: float) -> bool:
        return self.lo <= value <= self.hi

    def __float__(self) -> float:
        return self.mid

    def __repr__(self) -> str:
        lo, hi = repr(self.lo), repr(self.hi)
        if self.lo == self.hi:
            return lo
        same = 0
        while same < min(len(lo), len(hi)) and lo[same] == hi[same]:
            same += 1
        # Digits in common are written once, where both ends are written alike.
        plain = "e" not in lo + hi and lo.index(".") == hi.index(".") and same > lo.index(".")
        return f"{lo[:same]}[{lo[same:]}, {hi[same:]}]" if plain else f"[{lo}, {hi}]"

    def to_dict(self) -> Dict[str, float]:
        """`{"lo": .., "hi": ..}`."""
        return {"lo": self.lo, "hi": self.hi}


class _Result:
    """What every result can do."""

    def to_dict(self) -> Dict[str, Any]:
        """Nested dictionaries of numbers, strings and lists, as the command line's JSON has them."""
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}  # type: ignore[arg-type]

    def to_pandas(self) -> Any:
        """One row as a `pandas.DataFrame`; enclosures become columns `name.lo` and `name.hi`. It needs pandas."""
        import pandas

        return pandas.DataFrame([dict(_flat("", self.to_dict()))])


@dataclass(frozen=True)
class Count(_Result):
    """A number of eigenvalues, counted with multiplicity: at least `least`, at most `most`."""

    least: int
    most: int


@dataclass(frozen=True)
class Data(_Result):
    """What the data determine: Sigma = X^T X / n, w* the least-squares solution."""

    n: int
    d: int
    smallest_eigenvalue: Enclosure
    largest_eigenvalue: Enclosure
    w_star_norm: Enclosure
    w_star: Tuple[Enclosure, ...]
    r_min: Enclosure


@dataclass(frozen=True)
class Shape(_Result):
    """Depth L, widths (d_0, ..., d_L), number of trainable entries, norm(w)."""

    depth: int
    widths: Tuple[int, ...]
    parameters: int
    head_norm: Enclosure


@dataclass(frozen=True)
class Claim(_Result):
    """What this network says about one claim of the paper."""

    id: str
    outcome: str
    grade: Optional[str]
    margin: Optional[Enclosure]
    reason: Optional[str]


@dataclass(frozen=True)
class Eigenvalues(_Result):
    """Neighbouring eigenvalues that could not be told apart: `value` encloses each of them."""

    value: Enclosure
    multiplicity: int


@dataclass(frozen=True)
class Loss(_Result):
    """What is certified of a loss other than R: its value, gradient norm, largest and smallest eigenvalue of the Hessian."""

    value: Enclosure
    gradient_norm: Enclosure
    sharpness: Enclosure
    hessian_min: Optional[Enclosure]


@dataclass(frozen=True)
class Inspection(_Result):
    """Where a network stands. `document` is the command line's `inspect --json` object as it is.

    `leading` is empty unless `top` was given; `edge` is "below", "above" or "undecided", None without eta; `loss` is None where it is R.
    """

    data: Data
    network: Shape
    risk: Enclosure
    excess_risk: Enclosure
    gradient_norm: Enclosure
    distance_to_w_star: Enclosure
    sharpness: Enclosure
    hessian_min: Optional[Enclosure]
    leading: Tuple[Eigenvalues, ...]
    edge: Optional[str]
    loss: Optional[Loss]
    bounds: Mapping[str, Optional[Enclosure]]
    claims: Tuple[Claim, ...]
    remarks: Tuple[str, ...]
    document: Mapping[str, Any] = dataclasses.field(repr=False, compare=False)

    def to_dict(self) -> Dict[str, Any]:
        """The command line's `inspect --json` object."""
        return dict(self.document)

    def __repr__(self) -> str:
        return (
            f"Inspection(n={self.data.n}, d={self.data.d}, widths={self.network.widths}, risk={self.risk!r}, "
            f"sharpness={self.sharpness!r}, hessian_min={self.hessian_min!r})"
        )


@dataclass(frozen=True)
class Assumption(_Result):
    """(A1), (A2) or (A3) at the start of a flow: `Holds`, `Fails`, `Undecided`, and why."""

    id: str
    outcome: str
    reason: Optional[str]


@dataclass(frozen=True)
class Flow(_Result):
    """A gradient flow, integrated. `layers` are the last weights; `final` inspects them; `document` is `flow --json`."""

    stopped: str
    reason: str
    time: float
    steps: int
    excess_risk: Tuple[float, float]
    assumptions: Tuple[Assumption, ...]
    claims: Tuple[Claim, ...]
    final: Inspection
    layers: List[Any] = dataclasses.field(repr=False, compare=False)
    remarks: Tuple[str, ...]
    document: Mapping[str, Any] = dataclasses.field(repr=False, compare=False)

    def to_dict(self) -> Dict[str, Any]:
        """The command line's `flow --json` object."""
        return dict(self.document)


@dataclass(frozen=True)
class Checkpoint(_Result):
    """One checkpoint of `along`. `edge` is "below", "above" or "undecided": the sharpness against 2/eta; None without eta."""

    step: Any
    risk: Enclosure
    sharpness: Enclosure
    two_over_eta: Optional[Enclosure]
    edge: Optional[str]
    lower_bound: Optional[Enclosure]


def enclosure(value: Optional[Mapping[str, Optional[float]]]) -> Optional[Enclosure]:
    """From `{"lo", "hi"}`; an end that is not known is infinite."""
    if value is None:
        return None
    lo, hi = value["lo"], value["hi"]
    return Enclosure(-math.inf if lo is None else float(lo), math.inf if hi is None else float(hi))


def _known(value: Mapping[str, Optional[float]]) -> Enclosure:
    known = enclosure(value)
    if known is None:
        raise RuntimeError("internal error, please report it: an enclosure is missing")
    return known


def _claims(claims: List[Mapping[str, Any]]) -> Tuple[Claim, ...]:
    return tuple(Claim(c["id"], c["outcome"], c["grade"], enclosure(c["margin"]), c["reason"]) for c in claims)


# The command line's words for a sharpness against 2/eta, and those of `along`.
_EDGE = {"beyond": "above", "below": "below", "within": "undecided"}


def inspection(d: Mapping[str, Any]) -> Inspection:
    """From the command line's `inspect --json` object."""
    data, network, loss = d["data"], d["network"], d.get("loss")
    return Inspection(
        data=Data(
            n=data["n"],
            d=data["d"],
            smallest_eigenvalue=_known(data["lambda"]),
            largest_eigenvalue=_known(data["Lambda"]),
            w_star_norm=_known(data["w_star_norm"]),
            w_star=tuple(_known(v) if isinstance(v, Mapping) else Enclosure(v, v) for v in data["w_star"]),
            r_min=_known(data["r_min"]),
        ),
        network=Shape(network["depth"], tuple(network["widths"]), network["parameters"], _known(network["head_norm"])),
        risk=_known(d["risk"]),
        excess_risk=_known(d["excess_risk"]),
        gradient_norm=_known(d["gradient_norm"]),
        distance_to_w_star=_known(d["distance_to_w_star"]),
        sharpness=_known(d["sharpness"]),
        hessian_min=enclosure(d["hessian_min"]),
        leading=tuple(Eigenvalues(_known(c["value"]), c["multiplicity"]) for c in d.get("leading", [])),
        edge=_EDGE[d["edge"]["standing"]] if "edge" in d else None,
        loss=loss
        and Loss(
            value=_known(loss["value"]),
            gradient_norm=_known(loss["gradient_norm"]),
            sharpness=_known(loss["sharpness"]),
            hessian_min=enclosure(loss["hessian_min"]),
        ),
        bounds={id: enclosure(bound) for id, bound in d["bounds"].items()},
        claims=_claims(d["claims"]),
        remarks=tuple(d["remarks"]),
        document=d,
    )


def flow(d: Mapping[str, Any], layers: List[Any]) -> Flow:
    """From the command line's `flow --json` object and the last weights."""
    return Flow(
        stopped=d["stopped"],
        reason=d["reason"],
        time=d["time"],
        steps=d["steps"],
        excess_risk=(d["excess_risk"]["start"], d["excess_risk"]["end"]),
        assumptions=tuple(Assumption(h["id"], h["outcome"], h["reason"]) for h in d["hypotheses"]),
        claims=_claims(d["claims"]),
        final=inspection(d["final"]),
        layers=layers,
        remarks=tuple(d["remarks"]),
        document=d,
    )


def _plain(value: Any) -> Any:
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def _flat(prefix: str, value: Any) -> List[Tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [pair for k, v in value.items() for pair in _flat(f"{prefix}.{k}" if prefix else str(k), v)]
    return [(prefix, value)]
