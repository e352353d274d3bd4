"""How often advised pars run out, and how often somebody has to come, beside days of supply that are as much stock.

The short form of `adc par backtest` (docs/pars.md): three wards of twenty beds, fitted on one half of the patients of the recorded orders
and lived through for sixty days by the other half. The peer is the rule of thumb, stretched until it holds no less. Shown and not measured
where the recorded orders are not at hand (`../shared/data` beside the checkout).
"""

from pathlib import Path

from bench.figure import Figure
from cabinet.cli.par.backtest import stays_of
from cabinet.rehearsal.export import read_export
from central.par.backtest import Setting, backtest
from central.par.summary import summary
from central.par.ward import halves

RECORDED = Path(__file__).parents[1].parent / "shared/data/derived/omnicell_expected_removals.csv.gz"
SHORT = Setting(wards=3, run_days=60)


def measure() -> list[Figure]:
    """Stock-outs and trips at the same stock value, as ratios to days of supply."""
    if not RECORDED.exists():
        return [Figure("PARS", "advised pars beside days of supply", "no recorded orders at hand", "", None, "< 1", ok=True)]
    found = summary(list(backtest(*halves(stays_of(read_export(RECORDED))), SHORT)))
    rows = (("PARS-OUT", "stock_out_rate", "withdrawals refused, {:.2%}"), ("PARS-TRIPS", "trips", "trips in 60 days, {:.0f}"))
    figures = []
    for id_, name, shown in rows:
        ours, peer = found.advised[name].mean, found.days_of_supply[name].mean
        what, form = shown.split(", ")
        ratio = ours / peer if peer else 0.0
        figures.append(Figure(id_, f"{what}, {found.wards} wards", form.format(ours), form.format(peer), ratio, "< 1", ratio < 1))
    return figures
