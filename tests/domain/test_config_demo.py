"""The demo ward is sound and holds what a demonstration needs, and its schema says the same as the loader.

Alone knows: what the demo promises. Must not know: how its files are read.
"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cabinet.cli.config import command
from config.advice import advice
from config.load import LoadedSite, load_site
from config.schema import Formulary, People, Policy, Site

CONFIG = Path(__file__).parents[2] / "config"
DEMO = CONFIG / "sites" / "demo.toml"
LONG_BEFORE = "2026-12-31"


@pytest.fixture(scope="module")
def demo() -> LoadedSite:
    """The demo, loaded once."""
    return load_site(DEMO)


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    """One call of `adc config`."""
    return CliRunner().invoke(command, arguments, env=env)


def test_the_ward_has_people_enough(demo: LoadedSite) -> None:
    """Two people for a witness, a technician for a refill, and a ward's worth of patients."""
    assert demo.people is not None
    assert len(demo.people.staff) == 8
    assert {member.role for member in demo.people.staff} == {"nurse", "charge_nurse", "technician", "pharmacist", "administrator"}
    assert len(demo.people.patients) == 12
    assert all(patient.orders for patient in demo.people.patients)


def test_the_formulary_covers_every_way_of_counting_and_every_schedule(demo: LoadedSite) -> None:
    """A screen that was never shown a volume or a kit was never tried."""
    items = demo.formulary.items
    assert len(items) >= 80
    assert {item.count_mode for item in items} == {"units", "containers", "volume", "bulk"}
    assert {item.control_class for item in items} == {"none", "c2", "c3", "c4", "c5"}
    assert any(len(item.kit) > 1 for item in items)
    assert sum(item.tall_man != item.generic for item in items) > 20


def test_the_cabinet_holds_one_of_each_case(demo: LoadedSite) -> None:
    """Every count mode, an expired item, a short one, a kit, an empty pocket, a fridge, and the antidote twice."""
    items = {item.id: item for item in demo.formulary.items}
    pockets = [pocket for drawer in demo.site.drawers for pocket in drawer.pockets]
    filled = [(pocket, items[pocket.item], pocket.opening) for pocket in pockets if pocket.item and pocket.opening]
    assert {item.count_mode for _, item, _ in filled} == {"units", "containers", "volume", "bulk"}
    assert any(opening.expiry and opening.expiry.isoformat() <= LONG_BEFORE for _, _, opening in filled)
    assert any(0 < opening.units <= pocket.critical_low for pocket, _, opening in filled)
    assert any(item.kit for _, item, _ in filled)
    assert any(pocket.item is None for pocket in pockets)
    assert {drawer.kind for drawer in demo.site.drawers} == {"matrix", "lidded", "fridge"}
    assert sum(pocket.item == "naloxone-0-4-vial" for pocket in pockets) == 2


def test_every_scale_weighs_a_pocket_and_every_pocket_has_an_eye_and_a_light(demo: LoadedSite) -> None:
    """A board that nothing uses is a board that no rehearsal reaches."""
    pockets = [pocket for drawer in demo.site.drawers for pocket in drawer.pockets]
    weighed = {pocket.weighed.scale for pocket in pockets if pocket.weighed}
    assert weighed == {board.id for board in demo.site.boards if board.model in {"laumas_tlb", "mtsics"}}
    assert all(pocket.bin and pocket.light for pocket in pockets if pocket.par), "all but the one of sealed bags"


def test_most_orders_can_be_followed_at_this_cabinet(demo: LoadedSite) -> None:
    """An item that is not stocked is the exception that a demonstration shows."""
    assert demo.people is not None
    stocked = {pocket.item for drawer in demo.site.drawers for pocket in drawer.pockets}
    orders = [order for patient in demo.people.patients for order in patient.orders]
    missing = [order for order in orders if order.item not in stocked]
    assert missing
    assert len(missing) * 5 < len(orders)


def test_the_fingerprint_is_over_what_the_files_say_and_not_how(demo: LoadedSite, tmp_path: Path) -> None:
    """A comment changes nothing at the cabinet; a level does."""
    for name in ("sites", "formulary", "people", "policy"):
        (tmp_path / name).mkdir()
        text = (CONFIG / name / "demo.toml").read_text(encoding="utf-8")
        (tmp_path / name / "demo.toml").write_text("# another comment\n" + text, encoding="utf-8")
    file = tmp_path / "sites" / "demo.toml"
    assert load_site(file).sha256 == demo.sha256
    file.write_text(file.read_text(encoding="utf-8").replace("par = 60", "par = 61", 1), encoding="utf-8")
    assert load_site(file).sha256 != demo.sha256


def test_check_is_silent_on_stdout_and_0_where_nothing_is_wrong() -> None:
    """Scripts read the status; talk goes to stderr."""
    result = run("check", str(DEMO))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "28 pockets" in result.stderr


def test_check_prints_each_problem_on_a_line_and_ends_with_1(tmp_path: Path) -> None:
    """An editor jumps to what is printed."""
    file = tmp_path / "bad.toml"
    file.write_text('cabinett = "x"\n', encoding="utf-8")
    result = run("check", str(file))
    assert result.exit_code == 1
    assert f"{file}:1:1: cabinett: unknown key 'cabinett' (did you mean cabinet?)" in result.stdout.splitlines()


def test_check_prints_problems_as_json(tmp_path: Path) -> None:
    """The same fields, for programs."""
    file = tmp_path / "bad.toml"
    file.write_text("= 1\n", encoding="utf-8")
    result = run("check", "--json", str(file))
    answer = json.loads(result.stdout)
    assert result.exit_code == 1
    assert answer["ok"] is False
    assert {"file", "line", "column", "where", "what", "hint"} == set(answer["problems"][0])
    assert json.loads(run("check", "--json", str(DEMO)).stdout)["ok"] is True


@pytest.mark.parametrize("arguments", [("check",), ("check", "nowhere.toml"), ("show",), ("frobnicate",)])
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...]) -> None:
    """Apart from 1, which says that the site is wrong."""
    assert run(*arguments, env={"ADC_SITE": ""}).exit_code == 2


def test_show_fills_in_what_the_file_leaves_out() -> None:
    """What holds is what is shown, one value a line; the site comes as argument, option or environment."""
    shown = run("show", str(DEMO)).stdout
    assert 'site.bus[bench].parity = "none"' in shown.splitlines()
    assert "site.drawer[m1].pocket[m1-01].par = 60" in shown.splitlines()
    assert run("show", "--site", str(DEMO)).stdout == shown
    assert run("show", env={"ADC_SITE": str(DEMO)}).stdout == shown
    assert json.loads(run("show", "--json", str(DEMO)).stdout)["site"]["cabinet"] == "ward-3-north"


@pytest.mark.parametrize("name", ["site", "formulary", "people", "policy"])
def test_the_json_schema_accepts_the_demo_and_no_unknown_key(demo: LoadedSite, name: str) -> None:
    """Editors complete and check a site by this schema."""
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(run("schema", "--of", name).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    value: Site | Formulary | People | Policy = getattr(demo, name)
    data = value.model_dump(mode="json", by_alias=True)
    assert not list(validator.iter_errors(data))
    assert list(validator.iter_errors(data | {"unknown_key": 1}))


def test_a_port_by_a_name_that_changes_is_warned_of(tmp_path: Path) -> None:
    """/dev/ttyUSB0 is whichever adapter came first: the site is sound, and says so only with a warning."""
    text = DEMO.read_text(encoding="utf-8").replace('port = ""', 'port = "/dev/ttyUSB0"', 1).replace('"../', f'"{DEMO.parents[1]}/')
    site = tmp_path / "site.toml"
    site.write_text(text, encoding="utf-8")
    told = list(advice(load_site(site).site))
    assert len(told) == 1
    assert "/dev/serial/by-id" in told[0]
    assert list(advice(load_site(DEMO).site)) == []
