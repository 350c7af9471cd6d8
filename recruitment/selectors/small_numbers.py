"""The rule of small numbers, in one place: what is said about few people or few openings is not said at all.

1. A count from 1 to 4 is hidden (the least shown is `SMALL_NUMBERS_LEAST`, five or more).
2. What is shown is rounded to fives; 0 stays 0.
3. Where the sums would give a hidden count away, more is hidden with it. The proof is made for each small count: there must be
   another table, one step beside the true one, that would be published in exactly the same way and in which this count differs.
   Places are hidden until there is one; when there cannot be, nothing but the sum of everything is shown.

4. Figures of things that only grow (payments, grievances) are published month after month, and who has two months knows that each count
   of the second is at least that of the first. The month before is handed in, counted as it was then: the second table of the proof
   must be possible in both months at once. When there is none, this month says nothing.

None is "not enough data". How many were hidden, and for which reason, is not said. The step never changes the sum of everything,
so the proof also holds for several tables and lists with the same sum. All functions are pure; who shows figures keeps one release of
them and lets every page and file read that one.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.conf import settings

FEWEST_ALLOWED = 5
LEAST_ORGANIZATIONS = 3
BASE = 5

K = TypeVar("K", bound=Hashable)
R = TypeVar("R", bound=Hashable)
C = TypeVar("C", bound=Hashable)
Place = tuple[int, int]
Grid = list[list[int]]


@dataclass(frozen=True)
class ShownList(Generic[K]):
    """Counts as they may be shown, and their sum; None is hidden."""

    cells: dict[K, int | None]
    total: int | None


@dataclass(frozen=True)
class ShownTable(Generic[R, C]):
    """Counts of a table as they may be shown, with the sums of its rows and columns and of all; None is hidden."""

    cells: dict[tuple[R, C], int | None]
    rows: dict[R, int | None]
    columns: dict[C, int | None]
    total: int | None


def least() -> int:
    """The smallest count that is shown: five, or more where the installation says so."""
    return max(FEWEST_ALLOWED, int(getattr(settings, "SMALL_NUMBERS_LEAST", FEWEST_ALLOWED)))


def enough(count: int, organizations: int | None = None) -> bool:
    """Whether a figure (a median, a share) may be said of so many cases, of so many organizations when those count."""
    return count >= least() and (organizations is None or organizations >= LEAST_ORGANIZATIONS)


def small(count: int) -> bool:
    """Too few to be shown; none at all is not small."""
    return 0 < count < least()


def rounded(count: int) -> int:
    """To the nearest five."""
    return BASE * ((count + BASE // 2) // BASE)


def shown_list(counts: Mapping[K, int]) -> ShownList[K]:
    """A list of counts with its sum."""
    keys = list(counts)
    grid = [[*counts.values(), sum(counts.values())]]
    shown = _shown(grid)
    return ShownList(dict(zip(keys, shown[0], strict=False)), shown[0][-1])


def shown_table(
    counts: Mapping[tuple[R, C], int],
    rows: Sequence[R],
    columns: Sequence[C],
    *,
    before: tuple[Mapping[tuple[R, C], int], ShownTable[R, C]] | None = None,
) -> ShownTable[R, C]:
    """A table of counts with the sums of rows and columns. A place that `counts` does not have is 0.

    `before`: the counts of the release before and what was shown of them, with the same rows and columns.
    """
    earlier = None if before is None else (_grid(before[0], rows, columns), _hidden_in(before[1], rows, columns))
    shown = _shown(_grid(counts, rows, columns), earlier)
    return ShownTable(
        cells={(row, column): shown[i][j] for i, row in enumerate(rows) for j, column in enumerate(columns)},
        rows={row: shown[i][-1] for i, row in enumerate(rows)},
        columns={column: shown[-1][j] for j, column in enumerate(columns)},
        total=shown[-1][-1],
    )


def _grid(counts: Mapping[tuple[R, C], int], rows: Sequence[R], columns: Sequence[C]) -> Grid:
    grid = [[counts.get((row, column), 0) for column in columns] for row in rows]
    grid = [[*line, sum(line)] for line in grid]
    return [*grid, [sum(line[j] for line in grid) for j in range(len(columns) + 1)]]


def _hidden_in(shown: ShownTable[R, C], rows: Sequence[R], columns: Sequence[C]) -> set[Place]:
    """The places that an earlier release did not show, as places of its grid."""
    values = [[*(shown.cells[row, column] for column in columns), shown.rows[row]] for row in rows]
    values.append([*(shown.columns[column] for column in columns), shown.total])
    return {(i, j) for i, line in enumerate(values) for j, value in enumerate(line) if value is None}


def _shown(grid: Grid, earlier: tuple[Grid, set[Place]] | None = None) -> list[list[int | None]]:
    """The grid as it may be published. Its last column, and its last row when it has more than one, are sums."""
    hidden = _hidden(grid, earlier)
    return [[None if (i, j) in hidden else rounded(value) for j, value in enumerate(line)] for i, line in enumerate(grid)]


def _hidden(grid: Grid, earlier: tuple[Grid, set[Place]] | None) -> set[Place]:
    places = [(i, j) for i in range(len(grid)) for j in range(len(grid[0]))]
    corner = places[-1]
    first = [place for place in places if small(_at(grid, place))]
    hidden = set(first)
    if corner in hidden:
        return {place for place in places if _at(grid, place) > 0}
    doubtful = list(first)
    if earlier is not None:
        doubtful += [place for place in places if small(_at(earlier[0], place)) and place not in hidden]
    while doubtful:
        needed = [_needed(grid, place, hidden, earlier) for place in doubtful]
        if any(more is None for more in needed):
            return set(places) if earlier is not None else set(places) - {corner}
        hidden |= next((more for more in needed if more), set())  # type: ignore[arg-type]
        doubtful = [place for place, more in zip(doubtful, needed, strict=True) if more]
    return hidden


def _needed(grid: Grid, place: Place, hidden: set[Place], earlier: tuple[Grid, set[Place]] | None) -> set[Place] | None:
    """What must be hidden too, so that the count at `place` could be another one; nothing when it could already; None when there
    is no way. The cheapest way hides the smallest counts."""
    steps = [step for step in _steps(grid, place) if earlier is None or _blocked(earlier[0], step, earlier[1]) == set()]
    ways = [_blocked(grid, step, hidden) for step in steps]
    possible = [blocked for blocked in ways if blocked is not None]
    if not possible:
        return None
    return min(possible, key=lambda blocked: (sum(_at(grid, other) for other in blocked), sorted(blocked)))


def _steps(grid: Grid, place: Place) -> Iterator[dict[Place, int]]:
    """Ways to change the count at `place` by one so that all sums still fit and the sum of everything is the same."""
    (i, j), last_row, last_column = place, len(grid) - 1, len(grid[0]) - 1
    for change in (1, -1):
        if last_row == 0:
            yield from ({place: change, (0, m): -change} for m in range(last_column) if m != j)
            continue
        for k in range(last_row + 1):
            for m in range(last_column + 1):
                if k == i or m == j:
                    continue
                along_row = change if last_column in (j, m) else -change  # a sum goes with its part, a neighbour against it
                along_column = change if last_row in (i, k) else -change
                across = along_row * along_column * change
                step = {place: change, (i, m): along_row, (k, j): along_column, (k, m): across}
                if (last_row, last_column) not in step:
                    yield step


def _blocked(grid: Grid, step: dict[Place, int], hidden: set[Place]) -> set[Place] | None:
    """The places of a step that would be seen to change; None when hiding them would not help."""
    blocked = set()
    for place, change in step.items():
        before, after = _at(grid, place), _at(grid, place) + change
        if before == 0 or after < 1:
            return None  # who sees no number knows that there is at least one
        if place not in hidden and (small(after) or rounded(before) != rounded(after)):
            blocked.add(place)
    return blocked


def _at(grid: Grid, place: Place) -> int:
    return grid[place[0]][place[1]]
