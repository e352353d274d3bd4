"""A small cabinet for the tests of the simulator: three drawers, two lids, a scale and a balance, on lines of every kind."""

from typing import Any

from config.schema import Site


def small_site(**changes: Any) -> Site:
    """A site with a matrix drawer `m`, a lidded drawer `n` and a fridge `f`; `changes` replace whole keys."""
    table: dict[str, Any] = {
        "cabinet": "ward-1",
        "name": "Ward 1",
        "area": "medical",
        "formulary": "-",
        "policy": "-",
        "bus": [
            {"id": "locks", "kind": "serial", "framing": "rtu", "baud": 19200},
            {"id": "net", "kind": "tcp", "framing": "mbap", "port": 0},
            {"id": "gate", "kind": "tcp", "framing": "rtu", "port": 0},
            {"id": "bench", "kind": "serial", "framing": "mtsics", "baud": 9600},
        ],
        "board": [
            {"id": "a", "bus": "locks", "address": 2, "model": "waveshare_relay_d8"},
            {"id": "b", "bus": "locks", "address": 3, "model": "waveshare_relay_d8"},
            {"id": "c", "bus": "net", "address": 2, "model": "waveshare_relay_d8"},
            {"id": "scale", "bus": "gate", "address": 10, "model": "laumas_tlb"},
            {"id": "balance", "bus": "bench", "model": "mtsics"},
        ],
        "drawer": [
            {
                "id": "m",
                "name": "Drawer",
                "kind": "matrix",
                "lock": "a:0",
                "closed": "a:0",
                "pocket": [
                    {"id": "m1", "item": "aspirin", "bin": "c:0", "light": "c:0", "opening": {"units": 12}},
                    {
                        "id": "m2",
                        "bin": "c:1",
                        "weighed": {"scale": "scale", "unit_mass_mg": 300, "spread_permille": 20, "tray_mg": 5000},
                        "opening": {"units": 40},
                    },
                ],
            },
            {
                "id": "n",
                "name": "Narcotics",
                "kind": "lidded",
                "lock": "a:1",
                "closed": "a:1",
                "pocket": [
                    {"id": "n1", "lock": "b:0", "lid": "b:0", "opening": {"units": 5}},
                    {"id": "n2", "lock": "b:1", "lid": "b:1"},
                ],
            },
            {"id": "f", "name": "Fridge", "kind": "fridge", "lock": "a:2", "closed": "a:2", "pocket": [{"id": "f1"}]},
        ],
    }
    return Site.model_validate(table | changes)
