"""What other systems hold, taken in: another vendor's whole export and the FDA's directory, and what is told of whatever does not map."""

import gzip
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import config
from cabinet.cli.main import cli
from cabinet.rehearsal.export import read_export as read_history
from central.intake.item import count_unit_of
from central.intake.ndc import read_directory
from central.intake.report import Report
from central.intake.row import NotAFile
from central.intake.vendor import Found, read_export
from central.roster.line import Words
from central.roster.table import read_table
from config.document import SHAPES
from config.intake import load_intake
from config.problem import SiteProblems
from config.schema import Formulary

VENDOR = Path(config.__file__).parent / "vendor"
REAL = Path(__file__).parents[2].parent / "shared" / "data"

FORMULARY = """\
ItemID,MedDisplayName,NDC,MedClassCode,HighRisk,Colour
1001,oxyCODONE 5 mg TABLET UD,0406-9001-01,2,Y,blue
1002,diphenhydrAMINE 50 mg (1 mL) VIAL,00641037625,Non-Controlled,,
1003,oxyCODONE 5 mg TABLET UD,0406-9001-02,2,Y,
1004,Mystery Drug,0000-0000-01,2,,
1005,heparin 5000 units/mL VIAL,,6,,
1006,fentaNYL 100 mcg/2 mL AMPULE,0409-9093-32,9,,
"""
POCKETS = """\
DispensingDevice,Drawer,Pocket,ItemID,Max,Min,Critical
4 South,Drw 1,A1,1001,40,10,3
4 South,Drw 1,A2,1002,20.0,5,
4 South,Drw 1,A2,1001,10,5,1
4 South,Drw 2,B1,1005,10,5,1
4 South,Drw 2,B2,1002,5,10,1
4 South,Drw 2,B3,,,,
ICU,Drw 1,A1,1003,8,4,x
"""
STAFF = """\
UserID,UserName,Template,Area,ExpirationDate,Active
areyes,"Reyes, Ana",RN,4 South,,Y
fhaddad,Farid Haddad,Pharm Tech,,12/31/2026 11:59:00 PM,Y
jdoe,J Doe,Environmental,,,Y
bye,Gone Person,RN,,,N
"""
HISTORY = """\
ItemTransactionKey,TransactionLocalDateTime,DispensingDevice,ItemID,TransactionType,EnteredQuantity,UserID,MRN
k1,03/02/2026 07:05:00 AM,4 South,1001,Remove,1,areyes,M1
k1,03/02/2026 07:05:00 AM,4 South,1001,Remove,1,areyes,M1
k2,03/02/2026 08:00:00 PM,4 South,1002,Remove,2,areyes,M1
k3,03/02/2026 08:10:00 PM,4 South,1001,Waste,1,areyes,M1
k4,yesterday,4 South,1001,Remove,1,areyes,M2
k5,03/03/2026 08:00:00 AM,4 South,1004,Remove,1,areyes,M2
k6,03/03/2026 08:00:00 AM,4 South,1001,Remove,0.5,areyes,M2
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A small export as a vendor's other customers get it: with what never fits."""
    folder = tmp_path / "export"
    folder.mkdir()
    for name, text in (("formulary", FORMULARY), ("pockets", POCKETS), ("users", STAFF)):
        (folder / f"{name}.csv").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    (folder / "transactions.csv").write_bytes(gzip.compress(HISTORY.encode()))
    return folder


@pytest.fixture
def found(export: Path) -> Found:
    mapping = load_intake(VENDOR / "example.toml")
    assert mapping.staff is not None
    staff = mapping.staff.model_copy(update={"at_format": "%m/%d/%Y %I:%M:%S %p"})
    return read_export(export, mapping.model_copy(update={"staff": staff}))


def missed(report: Report) -> dict[str, list[int]]:
    """The lines of each file that did not map."""
    lines: dict[str, list[int]] = {}
    for one in report.unmapped:
        lines.setdefault(one.file, []).append(one.line)
    return lines


def test_an_export_becomes_items_pockets_people_and_history(found: Found) -> None:
    """Names keep their tall letters, a second code of an item stays with it, a fleet's cabinets become each its own."""
    assert sorted(found.items) == ["diphenhydramine-50-mg-1-ml-vial", "oxycodone-5-mg-tablet-ud"]
    oxycodone = found.items["oxycodone-5-mg-tablet-ud"]
    assert (oxycodone.tall_man, oxycodone.strength, oxycodone.form, oxycodone.control_class) == ("oxyCODONE", "5 mg", "tablet ud", "c2")
    assert (oxycodone.ndc, oxycodone.codes, oxycodone.high_alert, oxycodone.count_unit) == (
        "0406-9001-01",
        ("0406-9001-02",),
        True,
        "tablet",
    )
    assert found.items["diphenhydramine-50-mg-1-ml-vial"].ndc == "00641-0376-25"
    assert {cabinet: sorted(drawers) for cabinet, drawers in found.pockets.items()} == {"4-south": ["drw-1"]}
    assert [(level.pocket, level.par) for level in found.pockets["4-south"]["drw-1"]] == [("drw-1-a1", 40), ("drw-1-a2", 20)]
    assert {who: (one.role, one.active) for who, one in found.staff.items()} == {
        "areyes": ("nurse", True), "bye": ("nurse", False), "fhaddad": ("technician", True),
    }  # fmt: skip
    assert [(one.at, one.item, one.units) for one in found.taken] == [
        ("2026-03-02T07:05:00+00:00", "oxycodone-5-mg-tablet-ud", 1), ("2026-03-02T20:00:00+00:00", "diphenhydramine-50-mg-1-ml-vial", 2),
    ]  # fmt: skip
    assert found.kinds == {"withdraw": 5, "waste": 1}


def test_everything_that_does_not_map_is_told_with_its_line(found: Found) -> None:
    """A hospital that changes over learns now, and not at the first missing drug."""
    assert missed(found.report) == {
        "formulary.csv": [5, 6, 7], "pockets.csv": [4, 5, 6, 8], "users.csv": [4], "transactions.csv": [6, 7, 8],
    }  # fmt: skip
    told = {one.what for one in found.report.unmapped}
    assert {
        "no National Drug Code",
        "a control class that is not known: 9",
        "a pocket stands there twice",
        "a role that is not known",
    } <= told
    assert {"a removal's item is not in the formulary", "a moment that cannot be read", "units is no whole number"} <= told
    assert found.report.counts["transactions.csv for removals: repeated"] == 1
    assert found.report.counts["pockets without an item"] == 1


def test_what_is_written_is_read_again_by_everything_that_needs_it(export: Path, tmp_path: Path) -> None:
    """Formulary by a site, pars by the pharmacy, staff by its list, history by replay and backtest."""
    out = tmp_path / "out"
    arguments = ["import", "vendor", str(export), "--mapping", str(VENDOR / "example.toml"), "--out", str(out), "--json"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["did_not_map"]["a role that is not known"] == 1
    formulary = Formulary.model_validate(tomllib.loads((out / "formulary.toml").read_text()))
    assert {item.tall_man for item in formulary.items} == {"oxyCODONE", "diphenhydrAMINE"}
    pars = json.loads((out / "pars-4-south.json").read_text())
    assert [SHAPES["pars"].record.model_validate(record).model_dump()["par"] for record in pars["records"]] == [40, 20]
    assert tomllib.loads((out / "pockets-4-south.toml").read_text())["drawer"][0]["pocket"][1]["id"] == "drw-1-a2"
    staff = read_table((out / "staff.csv").read_text(), Words())
    assert not staff.flaws
    assert staff.people["areyes"].name == "Reyes, Ana"
    history = read_history(out / "transactions.csv")
    assert (len(history.dispenses), history.bad_rows) == (2, ())
    assert json.loads((out / "report.json").read_text())["unmapped"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"ItemID": "Item"}, "lacks ItemID"), ({"ItemID,MedDisplayName": '"ItemID,MedDisplayName'}, "lacks"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_as_the_mapping_says_is_refused_whole(export: Path, change: dict[str, str], word: str) -> None:
    """Half an export would be half a hospital."""
    path = export / "formulary.csv"
    text = path.read_text(encoding="utf-8-sig")
    for old, new in change.items():
        text = text.replace(old, new, 1)
    path.write_text(text)
    with pytest.raises(NotAFile, match=word):
        read_export(export, load_intake(VENDOR / "example.toml"))


def test_a_mapping_that_names_what_nobody_reads_is_refused(tmp_path: Path) -> None:
    """A typing error would otherwise lose a column."""
    text = (VENDOR / "example.toml").read_text()
    for wrong in (text.replace("high_alert =", "high_alrt ="), text.replace("(?P<generic>", "("), text + "\n[nothing]\n"):
        path = tmp_path / "mapping.toml"
        path.write_text(wrong)
        with pytest.raises(SiteProblems):
            load_intake(path)


@pytest.mark.skipif(not (REAL / "clinical").exists(), reason="the records are not here")
def test_a_real_cabinets_dispenses_are_read_and_counted() -> None:
    """484 dispenses of an emergency department: those whose name says strength and form are taken, each other one is told."""
    found = read_export(REAL / "clinical" / "mimic-iv-ed-demo", load_intake(VENDOR / "ed-dispenses.toml"))
    assert found.kinds == {"withdraw": 484}
    nameless = [one for one in found.report.unmapped if one.what == "a removal's item is not in the formulary"]
    assert len(found.taken) + len(nameless) == 484
    assert len(found.taken) > 200
    assert "oxycodone-immediate-rel-5-mg-tab" in found.items
    assert all(item.tall_man.casefold() == item.generic for item in found.items.values())


PRODUCT = (
    "PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tNONPROPRIETARYNAME\tDOSAGEFORMNAME\tSUBSTANCENAME\t"
    "ACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\tPHARM_CLASSES\tDEASCHEDULE\tNDC_EXCLUDE_FLAG\n"
)
PACKAGE = "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\n"


def product(ndc: str, name: str, form: str, number: str, unit: str, **more: str) -> str:
    usual = {"kind": "HUMAN PRESCRIPTION DRUG", "schedule": "", "excluded": "N"} | more
    kind, schedule, excluded = usual["kind"], usual["schedule"], usual["excluded"]
    cells = (ndc, ndc, kind, f"Brand of {name}", name, form, name.upper(), number, unit, "Opioid Agonist [EPC],x", schedule, excluded)
    return "\t".join(cells) + "\n"


def directory(folder: Path, products: list[str], packages: list[tuple[str, str, str]], encoding: str = "utf-8") -> tuple[Path, Path]:
    paths = folder / "product.txt", folder / "package.txt"
    paths[0].write_bytes((PRODUCT + "".join(products)).encode(encoding))
    paths[1].write_text(PACKAGE + "".join(f"{ndc}\t{ndc}\t{code}\t{words}\n" for ndc, code, words in packages))
    return paths


def test_the_fdas_directory_becomes_a_formulary(tmp_path: Path) -> None:
    """Strengths as ISMP writes them, the innermost package as the unit, further packages as codes, and each refusal with its line."""
    paths = directory(
        tmp_path,
        [
            product("0406-8515", "Oxycodone", "TABLET", "5.0", "mg/1", schedule="CII"),
            product("0409-1283", "Hydromorphone", "INJECTION, SOLUTION", ".5", "mg/.5mL", schedule="CII"),
            product("0169-1833", "Insulin human", "INJECTION, SOLUTION", "100", "[iU]/mL"),
            product("0406-0512", "Oxycodone and Acetaminophen", "TABLET", "5; 325", "mg/1; mg/1", schedule="CII"),
            product("9999-0001", "Dog drug", "TABLET", "1", "mg/1", kind="ANIMAL DRUG"),
            product("9999-0002", "Unknown", "TABLET", "", ""),
            product("9999-0003", "Withdrawn", "TABLET", "1", "mg/1", excluded="E"),
            product("9999-0004", "Unpacked", "TABLET", "1", "mg/1"),
        ],
        [
            ("0406-8515", "0406-8515-01", "100 TABLET in 1 BOTTLE (0406-8515-01)"), ("0406-8515", "0406-8515-62", "10 PACK in 1 CARTON"),
            ("0409-1283", "0409-1283-05", "10 SYRINGE in 1 CARTON (0409-1283-05)  > .5 mL in 1 SYRINGE"),
            ("0169-1833", "0169-1833-11", "1 VIAL, MULTI-DOSE in 1 CARTON (0169-1833-11)  > 10 mL in 1 VIAL, MULTI-DOSE"),
            *((code, f"{code}-01", "1 TABLET in 1 BOTTLE") for code in ("0406-0512", "9999-0001", "9999-0002", "9999-0003")),
        ],
    )  # fmt: skip
    report = Report()
    items = {item.generic: item for item in read_directory(*paths, report)}
    oxycodone = items["oxycodone"]
    assert (oxycodone.strength, oxycodone.count_unit, oxycodone.control_class, oxycodone.codes) == (
        "5 mg",
        "tablet",
        "c2",
        ("0406-8515-62",),
    )
    assert (items["hydromorphone"].strength, items["hydromorphone"].count_unit) == ("0.5 mg/0.5 mL", "syringe")
    assert (items["insulin human"].strength, items["insulin human"].count_unit) == ("100 units/mL", "vial")
    assert items["oxycodone and acetaminophen"].strength == "5 mg - 325 mg"
    assert [(one.line, one.what) for one in report.unmapped] == [
        (6, "no human's drug"), (7, "no strength for each substance"), (8, "excluded from the directory"), (9, "no package"),
    ]  # fmt: skip
    assert [item.generic for item in read_directory(*paths, Report(), ["OXYCODONE"])] == ["oxycodone"]


def test_a_directory_in_windows_letters_is_read_too(tmp_path: Path) -> None:
    """As it was published for years."""
    paths = directory(
        tmp_path,
        [product("0406-8515", "Caféine", "TABLET", "5", "mg/1")],
        [("0406-8515", "0406-8515-01", "1 TABLET in 1 BOTTLE")],
        "cp1252",
    )
    assert [item.generic for item in read_directory(*paths, Report())] == ["caféine"]


def test_the_command_writes_a_formulary_and_its_report(tmp_path: Path) -> None:
    """What a technician types; counts on the terminal, every line in the report."""
    paths = directory(tmp_path, [product("0406-8515", "Oxycodone", "TABLET", "5", "mg/1"), product("1-1", "x", "", "", "")], [])
    done = CliRunner().invoke(cli, ["import", "ndc", str(paths[0]), str(paths[1]), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "no package" in done.stdout
    report: dict[str, Any] = json.loads((tmp_path / "out" / "report.json").read_text())
    assert [one["line"] for one in report["unmapped"]] == [2, 3]


@pytest.mark.parametrize(
    ("form", "word"),
    [("TABLET UD", "tablet"), ("2mL VIAL", "vial"), ("CAPS", "capsule"), ("oral liquid", "oral"), ("10 mL SYR", "syringe")],
)
def test_a_form_says_what_is_counted(form: str, word: str) -> None:
    """The last word that is a piece."""
    assert count_unit_of(form) == word
