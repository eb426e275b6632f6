"""Measured rows: kept in a file until all are there, shown as tables, written as a page of the book."""

import dataclasses
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.algorithms import ALL
from benchmarks.pairs import Measured

ROOT = Path(__file__).parents[1]
STORE = ROOT / "_build" / "benchmarks.json"
PAGE = ROOT / "book" / "_benchmarks.md"
DATA = ROOT / "book" / "01-tsne" / "benchmarks.json"  # what the notebook on speed draws
GROWTH = 5_000  # points from which the growth of time is fitted

HEAD = """\
<!-- Written by `python benchmarks/run.py --write` from measurements; not by hand. -->

Both sides run on the same data in one process, in turn, one thread each. The ratio is our time divided by theirs, the median over the
pairs of runs, with the smallest and the largest; below 1, ours is faster. ✓ and ✗ say whether the target was reached. Seconds depend on
the processor, ratios much less.
"""


# ------------------------------------------------------------------------------------------------------------ file


class Store:
    """Finished rows in a JSON file, so that a long measurement can be made in parts.

    Parameters
    ----------
    path : Path
        The file; it need not exist.
    """

    def __init__(self, path: Path = STORE):
        self.path = path
        known = json.loads(path.read_text("utf-8")) if path.exists() else {}
        self.rows: dict[str, dict[str, Any]] = known.get("rows", {})
        self.memory: dict[int, int] = {int(n): size for n, size in known.get("memory", {}).items()}
        self.versions: list[str] = known.get("versions", [])
        self.methods: dict[str, dict[int, float]] = {
            method: {int(n): time for n, time in times.items()} for method, times in known.get("methods", {}).items()
        }

    def add_row(self, table: str, row: Measured) -> None:
        """Keep a row, in place of an older one.

        Parameters
        ----------
        table : str
            A key of `ALL`.
        row : Measured
            The row.
        """
        self.rows.setdefault(table, {})[row.title] = dataclasses.asdict(row)
        self._save()

    def add_memory(self, n_samples: int, size: int) -> None:
        """Keep the memory that t-SNE takes.

        Parameters
        ----------
        n_samples : int
            For so many points.
        size : int
            Bytes.
        """
        self.memory[n_samples] = size
        self._save()

    def add_time(self, method: str, n_samples: int, seconds: float) -> None:
        """Keep the time that one of our methods takes.

        Parameters
        ----------
        method : {"exact", "dense", "fft"}
            The method.
        n_samples : int
            For so many points.
        seconds : float
            Seconds.
        """
        self.methods.setdefault(method, {})[n_samples] = seconds
        self._save()

    def add_versions(self, versions: list[str]) -> None:
        """Keep the names and versions of the programs; rows of other versions may be there already.

        Parameters
        ----------
        versions : list of str
            Like "NumPy 2.4.6".
        """
        self.versions = sorted({*self.versions, *versions}, key=str.lower)
        self._save()

    def table(self, name: str) -> tuple[list[Measured], list[str]]:
        """Rows of a table in the order of the table.

        Parameters
        ----------
        name : str
            A key of `ALL`.

        Returns
        -------
        rows : list of Measured
            Those that were measured.
        missing : list of str
            Titles of the others.
        """
        rows, missing = [], []
        for pair in ALL[name].rows():
            kept = self.rows.get(name, {}).get(pair.title)
            if kept is None:
                missing.append(pair.title)
            else:  # a target may have changed since
                rows.append(Measured(**{**kept, "target": pair.target, "limit": pair.limit}))
        return rows, missing

    def _save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        whole = {"rows": self.rows, "memory": self.memory, "methods": self.methods, "versions": self.versions}
        self.path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8")


# ---------------------------------------------------------------------------------------------------------- tables


def markdown_table(rows: list[Measured], seconds: bool = True) -> str:
    """Rows of one table in Markdown.

    Parameters
    ----------
    rows : list of Measured
        The rows, at least one, all judged by the same measures.
    seconds : bool
        Whether to show seconds; where a row has a limit they are shown in any case.

    Returns
    -------
    str
        The table.
    """
    columns: dict[str, Callable[[Measured], str]] = {"data": lambda r: r.name, "rival": lambda r: r.rival}
    if seconds or any(row.limit is not None for row in rows):
        columns |= {"ours, s": lambda r: f"{r.ours:.3g}", "theirs, s": lambda r: f"{r.theirs:.3g}"}
    columns |= {"ratio (range)": lambda r: f"{r.ratio:.3f} ({r.low:.2f}–{r.high:.2f})", "target": _target}
    columns |= {heading: lambda r, heading=heading: r.columns[heading] for heading in rows[0].columns}
    if rows[0].fails is not None:
        columns["quality"] = lambda r: "fails: " + ", ".join(r.fails) if r.fails else "holds"
    lines = [list(columns), ["---"] * len(columns)]
    lines += [[cell(row) for cell in columns.values()] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _target(row: Measured) -> str:
    reached, goal, unit = (row.ratio, row.target, "") if row.limit is None else (row.ours, row.limit, "\u00a0s")
    return "" if goal is None else f"≤\u00a0{goal:g}{unit}\u00a0{'✓' if reached <= goal else '✗'}"


def growth_exponent(sizes: list[int], times: list[float]) -> float:
    """The a of time ∝ size^a, by least squares between the logarithms.

    Parameters
    ----------
    sizes : list of int
        At least two different sizes.
    times : list of float
        Seconds.

    Returns
    -------
    float
        The exponent.
    """
    x, y = [math.log(n) for n in sizes], [math.log(t) for t in times]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y))
    return slope / sum((a - mean_x) ** 2 for a in x)


def growth(rows: list[Measured]) -> str:
    """A sentence on how our time grows, from the rival with the most sizes: against one rival our settings are the same.

    Parameters
    ----------
    rows : list of Measured
        Rows of t-SNE.

    Returns
    -------
    str
        The sentence; empty if fewer than two sizes were measured.
    """
    series = [[r for r in rows if r.rival == rival and r.n_samples >= GROWTH] for rival in dict.fromkeys(r.rival for r in rows)]
    longest = max(series, key=len, default=[])
    if len(longest) < 2:
        return ""
    sizes = [row.n_samples for row in longest]
    exponent = growth_exponent(sizes, [row.ours for row in longest])
    return f"From {min(sizes):,} to {max(sizes):,} points our time grows as n to the power {exponent:.2f}."


def memory(sizes: dict[int, int]) -> str:
    """A sentence on our memory.

    Parameters
    ----------
    sizes : dict of int
        Bytes by number of points.

    Returns
    -------
    str
        The sentence; empty if nothing was measured.
    """
    if not sizes:
        return ""
    parts = [f"{size / n / 1000:.1f} kB a point at {n:,} points" for n, size in sorted(sizes.items())]
    text = "Beyond the data, our t-SNE takes at its peak " + " and ".join(parts)
    if len(sizes) > 1:
        few, many = min(sizes), max(sizes)
        text += f"; between the two, {(sizes[many] - sizes[few]) / (many - few) / 1000:.1f} kB for each further point"
    return text + "."


def document(store: Store, seconds: bool = False) -> str:
    """Everything that was measured, as Markdown.

    Parameters
    ----------
    store : Store
        The rows.
    seconds : bool
        Whether to show seconds.

    Returns
    -------
    str
        The page.
    """
    parts = [HEAD]
    if pairs := [row.pairs for name in ALL for row in store.table(name)[0]]:
        parts.append(f"Measured with {', '.join(store.versions)}, every row by {min(pairs)} to {max(pairs)} pairs.\n")
    for name, table in ALL.items():
        rows, missing = store.table(name)
        if not rows:
            continue
        parts.append(f"### {table.title}\n\n{table.note}\n\n{markdown_table(rows, seconds)}\n")
        if missing:
            parts.append(f"Not measured yet: {'; '.join(missing)}.\n")
        if sentences := " ".join(filter(None, [growth(rows), memory(store.memory)])) if name == "tsne" else "":
            parts.append(sentences + "\n")
    return "\n".join(parts)


def times(store: Store) -> dict[str, Any]:
    """The times of t-SNE alone, for the notebook that draws them: seconds by number of points, to three digits.

    Parameters
    ----------
    store : Store
        The rows.

    Returns
    -------
    dict
        "measured": how, in words; "rows": of each row against a rival its name, the rival, the points, and both times;
        "methods": of each of our methods the points and the times.
    """
    rows, _ = store.table("tsne")
    return {
        "measured": f"Measured with {', '.join(store.versions)}; one thread each.",
        "rows": [
            {"data": row.name, "rival": row.rival, "n_samples": row.n_samples, "ours": _rounded(row.ours), "theirs": _rounded(row.theirs)}
            for row in rows
        ],
        "methods": {
            method: {"n_samples": sorted(known), "seconds": [_rounded(known[n]) for n in sorted(known)]}
            for method, known in sorted(store.methods.items())
        },
    }


def _rounded(seconds: float) -> float:
    return float(f"{seconds:.3g}")
