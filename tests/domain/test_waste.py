"""What is wasted: before a witness, of the withdrawal that it came from, and never on trust."""

from dataclasses import replace

import pytest

from cabinet.domain.facts import Account, WitnessRefused, WitnessSigned
from cabinet.domain.formulary import ControlClass
from cabinet.domain.people import Role
from cabinet.domain.vocabulary import AccessId, ItemId, StaffId
from cabinet.domain.witness import WitnessRule
from tests.domain.kind_bench import code, last, moved, rules, through, withdrawn
from tests.domain.ward import Ward


class TestWaste:
    """Witnessed, never done on trust, and never in the way of the next patient."""

    def test_a_part_of_a_unit_is_wasted_before_a_witness(self) -> None:
        """Given + wasted + returned = removed (domain 2.7)."""
        ward = withdrawn("oxy", 2, "noor")
        ward.wants("waste", None, 0, access="x", withdrawal=AccessId("w"), part_m=500, said="2.5 mg", reason="half given")
        assert ward.asks("x") == ("witness",)
        assert not [one for one in moved(ward, "oxycodone") if one[3] is Account.WASTE], "nothing moves before it is signed"
        assert code(ward.is_witnessed("noor", access="x")) == ""
        assert moved(ward, "oxycodone")[-1] == (0, 500, Account.PATIENT, Account.WASTE)
        signed = last(ward, WitnessSigned)
        assert isinstance(signed, WitnessSigned)
        assert (signed.act, signed.item, signed.said, signed.reason) == ("waste", "oxycodone", "2.5 mg", "half given")
        assert [draft.witness for draft in ward.drafts if draft.fact is signed] == ["noor"]
        assert ward.access("x").phase == "settled"

    @pytest.mark.parametrize(
        ("who", "factors", "refused"),
        [
            ("nina", ("badge", "secret"), "witness.same_person"),
            ("ghost", ("badge", "secret"), "witness.unknown"),
            ("tom", ("badge", "secret"), "witness.role"),
            ("noor", ("badge",), "witness.factors"),
        ],
    )
    def test_not_everybody_is_a_second_person(self, who: str, factors: tuple[str, ...], refused: str) -> None:
        """One cannot witness oneself (ISMP 2019, 2.h), nor by a badge that lies about; that it was tried stands in the record."""
        ward = withdrawn("oxy")
        ward.wants("waste", None, 1, access="x", withdrawal=AccessId("w"), reason="dropped")
        assert code(ward.is_witnessed(who, access="x", factors=factors)) == refused
        assert ward.access("x").phase == "authorised"
        assert [(draft.staff, draft.access, draft.fact) for draft in ward.drafts if isinstance(draft.fact, WitnessRefused)] == [
            ("nina", "x", WitnessRefused("waste", ItemId("oxycodone"), StaffId(who), refused))
        ]

    def test_a_waste_is_never_done_on_trust(self) -> None:
        """Where no second person is present it stays owed."""
        ward = withdrawn("oxy")
        ward.wants("waste", None, 1, access="x", withdrawal=AccessId("w"), reason="dropped")
        assert code(ward.is_alone(access="x")) == "witness.needed"
        ward.cancels(access="x")
        assert ward.access("x").phase == "cancelled"

    def test_nothing_is_signed_for_that_was_accounted_for_meanwhile(self) -> None:
        """Two screens, one tablet: what waited for a signature while the same tablet was wasted elsewhere is gone."""
        ward = withdrawn("oxy", 1)
        for access in ("x", "y"):
            ward.wants("waste", None, 1, access=access, withdrawal=AccessId("w"), reason="dropped")
        assert code(ward.is_witnessed("noor", access="y")) == ""
        assert code(ward.is_witnessed("noor", access="x")) == "withdrawal.more"
        assert [one[0] for one in moved(ward, "oxycodone") if one[3] is Account.WASTE] == [1]
        ward.cancels(access="x")
        assert ward.access("x").phase == "cancelled"

    def test_what_a_hospital_lists_is_wasted_before_a_witness_though_no_row_names_its_class(self) -> None:
        """Only controlled or policy-listed items: and these before a witness, whom whoever may sign at all can be."""
        setting = rules()
        policy = setting.policy
        custody = replace(policy.custody, waste_items=frozenset({ItemId("paracetamol")}))
        may = {**policy.may, Role.NURSE: policy.may[Role.NURSE] | {"witness"}}
        ward = Ward(replace(setting, policy=replace(policy, custody=custody, may=may)))
        ward.signs_in()
        through(ward, "withdraw", "p1", 1, access="w")
        ward.wants("waste", None, 0, access="x", withdrawal=AccessId("w"), part_m=500, reason="half given")
        assert ward.asks("x") == ("witness",)
        assert code(ward.is_alone(access="x")) == "witness.needed"
        assert [code(ward.is_witnessed(who, access="x")) for who in ("nina", "tom", "noor")] == ["witness.same_person", "witness.role", ""]
        assert ward.access("x").phase == "settled"

    @pytest.mark.parametrize("pocket", ["oxy", "p1"])
    def test_no_row_lets_the_signature_of_a_waste_be_owed(self, pocket: str) -> None:
        """A table that says "may be owed" is believed of a withdrawal, and never of what is gone for good."""
        setting = rules()
        row = WitnessRule(frozenset({"waste"}), frozenset(ControlClass), frozenset({Role.NURSE}), may_be_owed=True)
        ward = Ward(replace(setting, policy=replace(setting.policy, witness=(row,))))
        ward.signs_in()
        through(ward, "withdraw", pocket, 1, access="w")
        ward.wants("waste", None, 1, access="x", withdrawal=AccessId("w"), reason="dropped")
        assert code(ward.is_alone(access="x")) == "witness.needed"
        assert ward.access("x").phase == "authorised"

    def test_nobody_asks_for_half_a_tablet_of_what_is_not_controlled(self) -> None:
        """Half a metoprolol owes nothing and asks nothing."""
        ward = withdrawn("p1", 1)
        ward.wants("waste", None, 0, access="x", withdrawal=AccessId("w"), part_m=500, reason="half given")
        assert ward.access("x").phase == "settled"
        assert not ward.state.debts

    @pytest.mark.parametrize(
        ("more", "refused"),
        [
            ({"units": 3}, "withdrawal.more"),
            ({"units": 2, "part_m": 1}, "withdrawal.more"),
            ({"units": 0, "part_m": 0}, "access.units"),
            ({"units": 0, "part_m": 1000}, "access.units"),
            ({"units": 1, "reason": None}, "withdrawal.reason"),
        ],
    )
    def test_more_than_there_was_is_not_wasted(self, more: dict[str, object], refused: str) -> None:
        """The sum must come to what was removed."""
        ward = withdrawn("oxy", 2)
        request = {"reason": "dropped", "withdrawal": AccessId("w"), **more}
        assert code(ward.wants("waste", None, access="x", **request)) == refused  # type: ignore[arg-type]

    def test_a_witness_is_asked_for_once_and_by_name(self) -> None:
        """A witness signs one act, and the screen is nobody's after that."""
        ward = withdrawn("oxy", 2, "noor")
        ward.wants("waste", None, 1, access="x", withdrawal=AccessId("w"), reason="dropped")
        ward.is_witnessed("noor", access="x")
        assert code(ward.is_witnessed("noor", access="x")) == "access.not_now"
        through(ward, "withdraw", "p1", 1, access="y")
        assert code(ward.is_witnessed("noor", access="y")) == "access.not_now"
        ward.wants("withdraw", "p2", 1, access="z")
        assert code(ward.is_witnessed("noor", access="z")) == "access.not_asked"
        assert code(ward.is_alone(access="z")) == "access.not_asked"
