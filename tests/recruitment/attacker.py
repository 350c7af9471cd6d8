"""A reader who wants the hidden numbers: all the whole numbers a place can have, given everything that was published.

Exact: ranges are narrowed by every sum until nothing changes, then one value is tried after the other. It knows the rule: what is
shown as 15 was 13 to 17, at least five if it is not zero; what is hidden was at least one.
"""

from dataclasses import dataclass, field

MOST = 400
STEPS = 20_000


@dataclass
class Attack:
    """`low`/`high`: ranges by name. `sums`: (parts, whole). `orders`: (smaller, greater)."""

    low: dict = field(default_factory=dict)
    high: dict = field(default_factory=dict)
    sums: list = field(default_factory=list)
    orders: list = field(default_factory=list)

    def see(self, name, shown, *, base: int = 5, least: int = 5, hidden_from: int = 1) -> None:
        """A published place; the same place seen twice counts with both. `base` 1 is a count that was not rounded."""
        if shown is None:
            low, high = hidden_from, MOST
        elif shown == 0:
            low, high = 0, 0
        else:
            low, high = max(least if base > 1 else shown, shown - base // 2), shown + base // 2
        self.low[name] = max(low, self.low.get(name, 0))
        self.high[name] = min(high, self.high.get(name, MOST))

    def values(self, name, wanted: int = 2) -> list[int]:
        """Values the place can have, up to `wanted` of them, smallest first."""
        narrowed = self._narrow(dict(self.low), dict(self.high))
        assert narrowed, "what was published contradicts itself"
        low, high = narrowed
        found = []
        for value in range(low[name], high[name] + 1):
            self._steps = 0
            if self._possible({**low, name: value}, {**high, name: value}):
                found.append(value)
            if len(found) == wanted:
                break
        return found

    def _possible(self, low, high) -> bool:
        self._steps += 1
        assert self._steps < STEPS, "the attacker gave up"
        narrowed = self._narrow(dict(low), dict(high))
        if not narrowed:
            return False
        low, high = narrowed
        open_names = [name for name in low if low[name] < high[name]]
        if not open_names:
            return True
        name = min(open_names, key=lambda n: high[n] - low[n])
        middle = (low[name] + high[name]) // 2
        return self._possible(low, {**high, name: middle}) or self._possible({**low, name: middle + 1}, high)

    def _narrow(self, low, high):
        changed = True
        while changed:
            changed = False
            for parts, whole in self.sums:
                least, most = sum(low[p] for p in parts), sum(high[p] for p in parts)
                changed |= self._cut(low, high, whole, least, most)
                for part in parts:
                    rest_least, rest_most = least - low[part], most - high[part]
                    if self._cut(low, high, part, low[whole] - rest_most, high[whole] - rest_least):
                        changed = True
                        least, most = sum(low[p] for p in parts), sum(high[p] for p in parts)
            for smaller, greater in self.orders:
                changed |= self._cut(low, high, smaller, 0, high[greater])
                changed |= self._cut(low, high, greater, low[smaller], MOST * 100)
            if any(low[name] > high[name] for name in low):
                return None
        return low, high

    @staticmethod
    def _cut(low, high, name, least, most) -> bool:
        new_low, new_high = max(low[name], least), min(high[name], most)
        changed = (new_low, new_high) != (low[name], high[name])
        low[name], high[name] = new_low, new_high
        return changed


def see_table(attack: Attack, shown, rows, columns, *, release=0, base=5, hidden_from=1) -> None:
    """All places of a ShownTable and its sums."""
    for row in rows:
        for column in columns:
            attack.see((release, row, column), shown.cells[row, column], base=base, hidden_from=hidden_from)
        attack.see((release, row, "*"), shown.rows[row], base=base, hidden_from=hidden_from)
        attack.sums.append(([(release, row, column) for column in columns], (release, row, "*")))
    for column in columns:
        attack.see((release, "*", column), shown.columns[column], base=base, hidden_from=hidden_from)
        attack.sums.append(([(release, row, column) for row in rows], (release, "*", column)))
    attack.see((release, "*", "*"), shown.total, base=base, hidden_from=hidden_from)
    attack.sums.append(([(release, row, "*") for row in rows], (release, "*", "*")))
    attack.sums.append(([(release, "*", column) for column in columns], (release, "*", "*")))


def see_list(attack: Attack, shown, *, release=0, name="list", total=("*", "*"), base=5, hidden_from=1) -> None:
    """All places of a ShownList; its sum is the same number as the sum of the table."""
    for key, value in shown.cells.items():
        attack.see((release, name, key), value, base=base, hidden_from=hidden_from)
    attack.see((release, *total), shown.total, base=base, hidden_from=hidden_from)
    attack.sums.append(([(release, name, key) for key in shown.cells], (release, *total)))
