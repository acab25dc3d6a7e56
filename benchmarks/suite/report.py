"""Results as a page that people read, with a plot of how costs grow."""

import json
from pathlib import Path
from typing import Any, Final

from benchmarks.suite.library import SIZES

ENGINES: Final = ("sqlite", "postgresql")
_COLOURS: Final = {"sqlite": "#0b6e99", "postgresql": "#b3541e"}

Results = dict[str, Any]


def write(folder: Path) -> None:
    """Write ``results.md`` and ``growth.svg`` beside ``results.json``."""
    results: Results = json.loads((folder / "results.json").read_text())
    lines = ["# Results", "", "Made by `make bench`; each number beside its limit in one run.", ""]
    for size in SIZES:
        for engine in ENGINES:
            found = results.get(size, {}).get(engine, {})
            lines += _searches(found.get("search"), size, engine)
            lines += _writes(found.get("write"), size, engine)
    lines += _growth(results)
    (folder / "results.md").write_text("\n".join(lines) + "\n")
    (folder / "growth.svg").write_text(_plot(results))


def _searches(found: Results | None, size: str, engine: str) -> list[str]:
    if found is None:
        return []
    about, typical = found["about"], found["throughput"]
    head = (
        "| shape | finds | bare SQL ms | again ms | 1.6 × + 1 | after a change ms | first ms"
        " | 32 conn/s | bare ASGI ms, conn/s | nginx ms, conn/s |"
    )
    lines = [f"## {engine}, {size}: searches", ""]
    lines += [f"{about['at']}, {about['cores']} cores, load {about['load']:.1f}.", ""]
    lines += [head, "| --- | --: | --: | --: | --- | --: | --: | --: | --: | --: |"]
    for one in found["shapes"]:
        within = "within" if one["is_within"] else "**over**"
        lines.append(
            f"| {one['name']} | {one['total']:,} | {one['bare_sql_ms']:.2f} | {one['again_ms']:.2f}"
            f" | {within} | {one['after_change_ms']:.2f} | {one['first_ms']:.1f}"
            f" | {one['per_second']:.0f} | {_limit(one, 'bare')} | {_limit(one, 'nginx')} |"
        )
    lines += ["", f"Typical searches (a page of a binder) in a second: {_typical(typical)}."]
    memory = ", ".join(f"{name} {value:.0f}" for name, value in found["memory"].items())
    started = found.get("started_in_seconds")
    lines += ["", f"Memory in MB: {memory}. Ready in {started:.2f} s." if started else "", ""]
    return lines


def _limit(shape: Results, server: str) -> str:
    """Tell how a server answers the same bytes that does nothing else, where it was measured."""
    if f"{server}_ms" not in shape:
        return ""
    return f"{shape[f'{server}_ms']:.2f}, {shape[f'{server}_per_second']:,.0f}"


def _typical(typical: Results) -> str:
    names = {"ours": "ours", "bare": "a bare ASGI app with the same SQL"}
    names |= {"constant": "one with constant bytes", "nginx": "nginx"}
    parts = [f"{names[name]} {typical[name]:,.0f}" for name in names if name in typical]
    return f"{', '.join(parts)}; ours is {typical['share_of_bare']:.0%} of the bare one"


def _writes(found: Results | None, size: str, engine: str) -> list[str]:
    if found is None:
        return []
    lines = [f"## {engine}, {size}: writes", "", "| what | |", "| --- | --: |"]
    for group in ("commit", "import", "transfer"):
        lines += [
            f"| {group}: {name.replace('_', ' ')} | {_number(name, value)} |"
            for name, value in found[group].items()
        ]
    return [*lines, ""]


def _number(name: str, value: float) -> str:
    return f"{value:.0%}" if name.startswith("share_") else f"{value:,.1f}"


def _by_shape(results: Results, engine: str) -> dict[str, dict[str, Results]]:
    """Give each shape by size; pages differ in number, so their name goes."""
    found: dict[str, dict[str, Results]] = {}
    for size in SIZES:
        for one in results.get(size, {}).get(engine, {}).get("search", {}).get("shapes", ()):
            found.setdefault(_name(one), {})[size] = one
    return found


def _name(shape: Results) -> str:
    name, _, page = shape["name"].rpartition(", page ")
    return f"{name}, deep page" if page not in ("", "1") else shape["name"]


def _growth(results: Results) -> list[str]:
    lines = ["## How it grows", "", "Milliseconds of a search that was asked before.", ""]
    lines += ["| engine | shape | 10k | 100k | 1m | 1m / 10k | bare SQL, 1m / 10k |"]
    lines += ["|---|---|--:|--:|--:|--:|--:|"]
    for engine in ENGINES:
        for name, found in _by_shape(results, engine).items():
            shown = [f"{found[size]['again_ms']:.2f}" if size in found else "" for size in SIZES]
            cells = (*shown, _times(found, "again_ms"), _times(found, "bare_sql_ms"))
            lines.append(f"| {engine} | {name} | {' | '.join(cells)} |")
    return lines


def _times(found: dict[str, Results], key: str) -> str:
    """Tell how often the smallest size's cost is in the largest's; indexed shapes stay below 2."""
    if not found.keys() >= {"10k", "1m"}:
        return ""
    times: float = found["1m"][key] / found["10k"][key]
    is_over = found["1m"]["is_indexed"] and times > 2
    return f"**{times:.1f}**" if is_over else f"{times:.1f}"


def _plot(results: Results) -> str:
    """Draw bars of the largest size that was measured: bare SQL behind, ours before."""
    rows = []
    for engine in ENGINES:
        sizes = [size for size in SIZES if "search" in results.get(size, {}).get(engine, {})]
        shapes = results[sizes[-1]][engine]["search"]["shapes"] if sizes else ()
        rows += [(engine, f"{engine} {sizes[-1]}: {one['name']}", one) for one in shapes]
    height, scale = 18 * len(rows) + 30, 6
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="{height}">']
    parts.append("<style>text{font:11px sans-serif}</style>")
    parts.append('<rect width="900" height="100%" fill="#fff"/>')
    for place, (engine, name, one) in enumerate(rows):
        y = 18 * place + 20
        ours, bare = (min(one[key] * scale, 480) for key in ("again_ms", "bare_sql_ms"))
        parts.append(f'<text x="5" y="{y + 9}">{name}</text>')
        parts.append(f'<rect x="330" y="{y}" width="{bare:.1f}" height="12" fill="#ddd"/>')
        parts.append(
            f'<rect x="330" y="{y + 3}" width="{ours:.1f}" height="6" fill="{_COLOURS[engine]}"/>'
        )
        label = f"{one['again_ms']:.1f} ms, bare SQL {one['bare_sql_ms']:.1f}"
        parts.append(f'<text x="{340 + max(ours, bare):.0f}" y="{y + 9}">{label}</text>')
    return "\n".join([*parts, "</svg>"])
