"""What comes back: to the bin, or to its pocket where policy lets it, and never more than was taken."""

from dataclasses import replace

import pytest

from cabinet.domain.facts import Account
from cabinet.domain.vocabulary import AccessId
from tests.domain.kind_bench import code, moved, ready, rules, rules_without_pocket, through, withdrawn
from tests.domain.ward import ITEMS, Ward


class TestReturn:
    """Back to the bin by default, to the pocket where policy lets it, and never what was opened."""

    def test_a_return_goes_to_the_bin_and_opens_nothing(self) -> None:
        """The bin is a one-way box, and what lies in it is no stock (ISMP 2019, 6)."""
        ward = withdrawn("p1")
        step = ward.wants("return", None, 1, access="r", withdrawal=AccessId("w"))
        assert (code(step), ward.releases(step)) == ("", [])
        assert ward.access("r").phase == "settled"
        assert moved(ward, "paracetamol")[-1] == (1, 0, Account.PATIENT, Account.RETURN_BIN)
        assert ward.state.places == {"bin": {"paracetamol": 1}}
        assert ward.state.withdrawals["w"].returned == 1

    def test_a_controlled_return_is_signed_or_its_signature_is_owed(self) -> None:
        """Policy lets it be owed: the nurse at 3 a.m. is not kept beside the bin."""
        ward = withdrawn("oxy")
        ward.wants("return", None, 1, access="r", withdrawal=AccessId("w"), is_intact=True)
        assert ward.asks("r") == ("witness",)
        assert code(ward.is_alone(access="r")) == ""
        assert ward.access("r").phase == "settled"
        assert [debt.kind for debt in ward.state.debts.values()] == ["witness"]

    @pytest.mark.parametrize(
        ("more", "refused"),
        [
            ({"withdrawal": AccessId("ghost")}, "withdrawal.unknown"),
            ({"withdrawal": AccessId("w"), "units": 3}, "withdrawal.more"),
            ({"withdrawal": AccessId("w"), "item": "insulin"}, "withdrawal.other_item"),
            ({"withdrawal": AccessId("w"), "is_intact": False}, "return.opened"),
            ({"withdrawal": AccessId("w"), "part_m": 500, "units": 0}, "return.opened"),
            ({"withdrawal": AccessId("w"), "units": 0}, "access.units"),
            ({"withdrawal": AccessId("w"), "place": "cupboard"}, "return.place"),
            ({"withdrawal": None}, "item.unknown"),
        ],
    )
    def test_what_may_not_come_back_is_refused_and_moves_nothing(self, more: dict[str, object], refused: str) -> None:
        """An opened controlled item is wasted, never returned; nobody brings back more than they took."""
        ward = withdrawn("oxy")
        before = moved(ward, "oxycodone")
        request = {"units": 1, "is_intact": True, **more}
        assert code(ward.wants("return", None, access="r", **request)) == refused  # type: ignore[arg-type]
        assert moved(ward, "oxycodone") == before

    def test_what_another_cabinet_gave_out_comes_back_by_name(self) -> None:
        """For a patient who came from the theatre: the pharmacy joins the two."""
        ward = ready()
        assert code(ward.wants("return", None, 1, access="r", item="paracetamol")) == ""
        assert ward.state.places == {"bin": {"paracetamol": 1}}

    def test_an_unopened_package_goes_back_to_its_pocket_counted(self) -> None:
        """Only if policy allows it, and only to the pocket that it came from."""
        ward = withdrawn("p1")
        assert (
            code(ward.wants("return", "p2", 1, access="r", withdrawal=AccessId("w"), place="pocket", is_intact=True))
            == "return.other_pocket"
        )
        through(ward, "return", "p1", 1, access="s", withdrawal=AccessId("w"), place="pocket", is_intact=True)
        assert moved(ward, "paracetamol")[-1] == (1, 0, Account.PATIENT, Account.POCKET)
        assert ward.line("p1").units == 19

    def test_more_than_was_taken_does_not_go_back_into_the_pocket_either(self) -> None:
        """The number that counts is the one that is stated with the hand in the drawer."""
        ward = withdrawn("p1")
        ward.wants("return", "p1", 1, access="r", withdrawal=AccessId("w"), place="pocket", is_intact=True)
        ward.opens("locks:0")
        ward.counts(18, access="r")
        assert code(ward.states(3, access="r")) == "withdrawal.more"

    def test_a_class_that_policy_does_not_name_goes_to_the_bin_only(self) -> None:
        """Controlled stock that left the pocket is not mixed with what never did."""
        ward = ready("nina")
        through(ward, "withdraw", "p1", 1, access="w")
        ward = withdrawn("p1")
        ward = Ward(rules_without_pocket())
        ward.signs_in("nina")
        through(ward, "withdraw", "p1", 1, access="w")
        step = ward.wants("return", "p1", 1, access="r", withdrawal=AccessId("w"), place="pocket", is_intact=True)
        assert code(step) == "return.not_to_pocket"

    def test_a_cold_item_says_how_long_it_was_out(self) -> None:
        """Past its limit it does not go back to stock; the bin takes it, and the pharmacy decides."""
        cold = {one.id: replace(one, is_refrigerated=True, room_minutes=30) if one.id == "insulin" else one for one in ITEMS}
        ward = Ward(rules(formulary=cold))
        ward.signs_in("nina")
        through(ward, "withdraw", "insulin", 2, access="w")
        there = {"withdrawal": AccessId("w"), "place": "fridge-shelf"}
        assert code(ward.wants("return", None, 1, access="r1", **there)) == "return.time_out"  # type: ignore[arg-type]
        assert code(ward.wants("return", None, 1, access="r2", minutes_out=45, **there)) == "return.too_warm"  # type: ignore[arg-type]
        assert code(ward.wants("return", None, 1, access="r3", minutes_out=20, **there)) == ""  # type: ignore[arg-type]
        assert ward.state.places == {"fridge-shelf": {"insulin": 1}}
