"""The figures of two sizes side by side: each against the floor that was asked in turns with it, and those two ratios
against each other, so that a machine which was slower for a while does not count.
"""

from collections.abc import Mapping
from typing import Any

HEAD = (
    f"{'':<34}{'satser':>7}{'byte':>9}  {'liten p50':>10}{'p95':>7}{'× golv':>8}"
    f"  {'region p50':>10}{'p95':>7}{'× golv':>8}{'× liten':>9}"
)

type Report = Mapping[str, Any]


def compare(small: Report, region: Report) -> list[str]:
    """Lines to print: milliseconds, and the ratios that the targets are about."""
    lines = [HEAD]
    others = _by_name(small)
    for figure in region["figures"]:
        if (other := others.get(figure["name"])) is None:
            continue
        ratios = [each["p50"] / each["floor"] for each in (other, figure)]
        lines.append(
            f"{figure['name']:<34}{figure['statements']:>7}{figure['size']:>9}"
            f"  {other['p50']:>10.1f}{other['p95']:>7.1f}{ratios[0]:>8.1f}"
            f"  {figure['p50']:>10.1f}{figure['p95']:>7.1f}{ratios[1]:>8.1f}"
            f"{ratios[1] / ratios[0]:>9.2f}"
        )
    for name, report in (("liten", small), ("region", region)):
        lines += [f"{name}: gick inte att mäta: {sentence}" for sentence in report["failures"]]
        if (rates := report["rates"]) is None:
            continue
        by_hand = rates["by_hand"]
        lines.append(
            f"{name}: {by_hand:.0f} order/s för hand, {rates['operations']:.0f} med programmet i ett"
            f" ({rates['operations'] / by_hand:.0%}, {rates['statements']} satser), {rates['two_acts']:.0f} i två"
            f" ({rates['two_acts'] / by_hand:.0%}, {rates['statements_of_two']} satser);"
            f" en arbetare {rates['one_worker']:.0f}, åtta {rates['eight_workers']:.0f}, {rates['failed']} misslyckade;"
            f" avstämning {_seconds(report['reconcile'])}; minne {report['memory']} MB"
        )
    return lines


def _seconds(value: float | None) -> str:
    return "inte mätt" if value is None else f"{value:.1f} s"


def _by_name(report: Report) -> dict[str, dict[str, Any]]:
    return {figure["name"]: figure for figure in report["figures"]}
