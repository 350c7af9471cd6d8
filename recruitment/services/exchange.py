"""Exchange rates as exact fractions. The rate and its day travel with every converted figure."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

PIVOT = "JPY"


@dataclass(frozen=True)
class Rate:
    """One `base` costs `rate` of `quote`, major units, as known on the day `on`."""

    base: str
    quote: str
    rate: Fraction
    on: datetime.date
    is_sample: bool = False


@dataclass(frozen=True)
class Rates:
    """The rates of one day. `exponents`: decimals of each currency's minor unit."""

    rates: tuple[Rate, ...] = ()
    exponents: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, rates: Iterable[Rate], exponents: Mapping[str, int]) -> "Rates":
        return cls(tuple(rates), dict(exponents))

    def convert(self, amount: int | Fraction, source: str, target: str) -> Fraction | None:
        """Minor units of `source` in minor units of `target`, exact. None when no rate is known."""
        if source == target or amount == 0:
            return Fraction(amount)
        factor = self._factor(source, target)
        if factor is None or source not in self.exponents or target not in self.exponents:
            return None
        return Fraction(amount) * factor * Fraction(10) ** (self.exponents[target] - self.exponents[source])

    def used(self, source: str, target: str) -> Rate | None:
        """The rate to print beside a figure converted from `source` to `target`."""
        return next((rate for rate in self.rates if {rate.base, rate.quote} == {source, target}), None)

    def _factor(self, source: str, target: str) -> Fraction | None:
        direct = self._direct(source, target)
        if direct is not None or PIVOT in (source, target):
            return direct
        first, second = self._direct(source, PIVOT), self._direct(PIVOT, target)
        return None if first is None or second is None else first * second

    def _direct(self, source: str, target: str) -> Fraction | None:
        for rate in self.rates:
            if (rate.base, rate.quote) == (source, target):
                return rate.rate
            if (rate.base, rate.quote) == (target, source):
                return 1 / rate.rate
        return None
