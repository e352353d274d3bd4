"""How a piece's mass is learned from what people count: what is a sample, what is none, and what nothing of it ever does."""

from dataclasses import replace

import pytest

from cabinet.domain.core import World
from cabinet.domain.facts import DiscrepancyFound, MassTaught, SampleDoubted
from cabinet.domain.layout import Opening, Weighed
from cabinet.domain.people import Role
from cabinet.domain.scale import weight
from cabinet.domain.scale.counting import Doubt, Teaching
from cabinet.domain.vocabulary import BoardId, Units
from tests.domain.test_weight import FULL, PIECE, faults, go, scaled, verdicts, visited
from tests.domain.ward import TABLET, TRAY_MG, WAY, Ward, granting, layout, shut, world


class TestLearning:
    """A piece's mass, counted in lot by lot."""

    def test_the_sites_mass_is_the_first_teaching(self) -> None:
        """Of the lot that stands there at first; once, not at every start."""
        ward = Ward()
        ward.restart()
        taught = [fact for fact in ward.facts if isinstance(fact, MassTaught)]
        assert [(fact.lot, fact.units, fact.mass_mg) for fact in taught] == [("lot-0", 30, 9_000)]

    def test_what_is_counted_in_is_learned(self) -> None:
        """Ten more pieces of the same lot: the sample grows, and with it what the scale can count."""
        ward = visited(FULL, FULL + 3_010, said=10, kind="refill", lot="lot-0")
        lesson = ward.state.lessons["oxycodone|lot-0"]
        assert (lesson.sample, lesson.mass_mg, lesson.count) == (40, 12_010, 2)

    def test_a_load_teaches_as_a_refill_does(self) -> None:
        """Whoever gives a pocket its item counts it in. The site's mass is another item's: a technician lets this one be learned."""
        setting = replace(scaled("p4"), policy=granting(load={Role.TECHNICIAN}))
        ward = Ward(setting)
        ward.weighs(TRAY_MG, "p4")
        ward.signs_in("tom")
        levels = (Units(30), Units(8), Units(2))
        assert ward.wants("load", "p4", 12, by="tom", item="insulin", levels=levels).refusal is None
        ward.opens("locks:0")
        ward.counts(0, by="tom")
        ward.states(12, by="tom", lot="new")
        ward.closes("locks:0")
        ward.weighs(TRAY_MG + 12 * 450, "p4")
        ward.weighs(FULL)
        assert ward.access().phase == "settled"
        assert verdicts(ward) == [("advisory", None, Doubt.UNTAUGHT)]
        ward.restart(setting)
        assert "insulin|new" not in ward.state.lessons
        ward.signs_in("tom")
        assert ward.learns("p4", by="tom").refusal is None
        assert (ward.state.lessons["insulin|new"].sample, ward.state.lessons["insulin|new"].mass_mg) == (12, 12 * 450)

    def test_a_lot_that_nobody_named_is_counted_by_the_handful(self) -> None:
        """It may be several lots: two pieces are told, twelve are not, though twelve of a named lot are."""
        for lot, few, many in (("lot-0", "confident", "confident"), (None, "confident", "refused")):
            ward = Ward()
            ward.weighs(FULL)
            for number, units in enumerate((12, 2, 12)):
                go(ward, units, kind="refill", lot=lot, by="tom", name=f"r{number}")
                ward.weighs(FULL + PIECE * sum((12, 2, 12)[: number + 1]))
            assert [verdict for verdict, *_ in verdicts(ward)[1:]] == [few, many]

    def test_a_withdrawal_teaches_nothing(self) -> None:
        """Nobody looks at single pieces closely enough."""
        assert len(visited(FULL, FULL - 2 * PIECE).facts_of(MassTaught)) == 1

    def test_a_mass_that_may_be_the_weather_is_not_learned(self) -> None:
        """Two hours with the drawer open: what the zero wandered meanwhile is too large a part of ten tablets, however well they fit."""
        ward = Ward()
        ward.weighs(FULL)
        ward.tick(2 * 3600)
        go(ward, 10, kind="refill", lot="lot-0", by="tom")
        ward.weighs(FULL + 10 * PIECE)
        assert len(ward.facts_of(MassTaught)) == 1

    def test_a_new_lot_is_advisory_until_it_is_taught(self) -> None:
        """Another manufacturer: the numbers are told to the journal, and nothing follows from them."""
        ward = visited(FULL, FULL + 10 * 330, said=10, kind="refill", lot="new")
        assert verdicts(ward)[0][0] == "advisory"
        assert [fact.units for fact in ward.facts_of(SampleDoubted) if isinstance(fact, SampleDoubted)] == [10]
        assert faults(ward) == {("scale", "scale.sample_differs")}
        ward.signs_out("tom")
        ward.weighs(FULL + 3_300)
        go(ward, 2, name="b")
        ward.weighs(FULL + 3_300 - 5 * PIECE)
        assert verdicts(ward)[-1][::2] == ("advisory", Doubt.UNTAUGHT)
        assert ward.line("oxy").owes == []
        assert not ward.facts_of(DiscrepancyFound)

    def test_a_new_lot_that_weighs_the_same_is_learned_by_itself(self) -> None:
        """Counted and weighed alike: nothing to ask."""
        ward = visited(FULL, FULL + 12 * PIECE, said=12, kind="refill", lot="new")
        assert ward.state.lessons["oxycodone|new"].sample == 12
        assert not faults(ward)

    def test_a_technician_lets_a_new_mass_be_learned(self) -> None:
        """After reading the label and counting; then the scale counts again."""
        ward = visited(FULL, FULL + 10 * 330, said=10, kind="refill", lot="new")
        assert ward.learns("oxy", by="tom").refusal is None
        assert ward.state.lessons["oxycodone|new"].mass_mg == 3_300
        assert not faults(ward)
        assert not ward.state.samples
        again = ward.learns("oxy", by="tom").refusal
        assert again is not None
        assert again.code == "scale.no_sample"

    def test_a_nurse_teaches_no_scale(self) -> None:
        """It is a technician's act, with badge and PIN."""
        ward = visited(FULL, FULL + 10 * 330, said=10, kind="refill", lot="new")
        ward.signs_in("nina")
        step = ward.learns("oxy", by="nina")
        assert step.refusal is not None
        assert step.refusal.code == "policy.role"

    def test_a_wrong_count_of_a_known_lot_teaches_nothing(self) -> None:
        """Ten said, nine weighed: somebody counts again."""
        ward = visited(FULL, FULL + 9 * PIECE, said=10, kind="refill", lot="lot-0")
        assert ward.line("oxy").owes == [weight.DIFFERS]
        assert len(ward.facts_of(MassTaught)) == 1

    def test_a_disputed_access_teaches_nothing(self) -> None:
        """What was found before was not what was expected: nothing about it is taken for granted."""
        ward = Ward()
        ward.weighs(FULL)
        ward.signs_in("tom")
        ward.wants("refill", "oxy", 10, by="tom")
        ward.opens(*WAY["oxy"])
        ward.counts(19, by="tom")
        ward.counts(19, by="tom")
        ward.states(10, by="tom", lot="lot-0")
        shut(ward, "oxy")
        ward.weighs(FULL + 10 * PIECE)
        assert ward.access().phase == "disputed"
        assert len(ward.facts_of(MassTaught)) == 1

    def test_mixed_manufacturers_in_one_pocket(self) -> None:
        """Both lots are known, and a hand may take either: what lies between them is ambiguous and asks nothing."""
        ward = visited(FULL, FULL + 20 * 330, said=20, kind="refill", lot="heavy")
        ward.learns("oxy", by="tom")
        ward.signs_out("tom")
        ward.weighs(FULL + 6_600)
        go(ward, 10, name="b")
        ward.weighs(FULL + 6_600 - 10 * 315)
        assert verdicts(ward)[-1] == ("ambiguous", 10, Doubt.MIXED)
        assert ward.line("oxy").owes == []

    def test_the_spread_follows_what_the_portions_show(self) -> None:
        """Portions that scatter more than was thought make the scale more careful."""
        ward = Ward()
        load = FULL
        for number, mass in enumerate((3_060, 2_940, 3_070, 2_930, 3_065, 2_935)):
            ward.weighs(load)
            go(ward, 10, kind="refill", lot="lot-0", by="tom", name=f"r{number}")
            load += mass
            ward.weighs(load)
        assert ward.state.lessons["oxycodone|lot-0"].spread_permille > TABLET.spread_permille


VIAL = Teaching(sample=10, mass_mg=120_000, spread_permille=15)
"""Vials of 12 g, of which the site's first lot was learned from ten: what lies there weighs more than a zero ever wanders."""


def vials(*, units: int = 20, lot: str | None = "lot-0", tray_mg: int = TRAY_MG, first: Teaching = VIAL) -> World:
    """The ward with so many vials in the weighed pocket."""
    furniture = []
    for one in layout().drawers:
        pockets = tuple(
            replace(each, weighed=Weighed(BoardId("scale"), first, tray_mg), opening=Opening(Units(units), lot, None))
            if each.weighed is not None else each
            for each in one.pockets
        )  # fmt: skip
        furniture.append(replace(one, pockets=pockets))
    return world(layout=layout(*furniture))


def counted(setting: World, shown_mg: int, *, said: int = 20, by: str = "nina", before_mg: int | None = None) -> Ward:
    """Somebody counts what lies there, while it weighs so much."""
    ward = Ward(setting)
    ward.weighs(shown_mg if before_mg is None else before_mg)
    count_again(ward, said, shown_mg, by=by)
    return ward


def count_again(ward: Ward, said: int, shown_mg: int, *, by: str = "nina", name: str = "a") -> None:
    """A count of the weighed pocket."""
    ward.signs_in(by)
    assert ward.wants("count", "oxy", 0, by=by, access=name).refusal is None
    ward.opens(*WAY["oxy"])
    while "count_before" in ward.asks(name):
        ward.counts(said, by=by, access=name)
    shut(ward, "oxy")
    ward.weighs(shown_mg)


class TestLearningFromCounts:
    """A person counted all that lies there, and the empty tray's weight is known: that is a sample too."""

    FULL = TRAY_MG + 20 * 12_000

    def test_a_whole_pocket_that_was_counted_is_a_larger_sample(self) -> None:
        """Twenty vials instead of ten, in the place of them and not beside them: some may be the same."""
        ward = counted(vials(), self.FULL + 600)
        lesson = ward.state.lessons["oxycodone|lot-0"]
        assert (lesson.sample, lesson.mass_mg, lesson.count, lesson.is_whole) == (20, 240_600, 1, True)
        assert lesson.spread_permille == VIAL.spread_permille
        assert ward.line("oxy").units == 20
        assert not faults(ward)

    def test_the_same_pieces_teach_once(self) -> None:
        """Counted at every change of shift, twenty vials are still twenty: no scale becomes sure by hearing the same again."""
        ward = counted(vials(), self.FULL)
        for name in ("b", "c"):
            count_again(ward, 20, self.FULL, name=name)
        assert ward.state.lessons["oxycodone|lot-0"].sample == 20
        assert len(ward.facts_of(MassTaught)) == 2

    def test_what_is_put_in_later_joins_it(self) -> None:
        """A refill of the same lot is other pieces."""
        ward = counted(vials(), self.FULL)
        go(ward, 12, kind="refill", lot="lot-0", by="tom", name="b")
        ward.weighs(self.FULL + 12 * 12_000)
        assert ward.state.lessons["oxycodone|lot-0"].sample == 32

    def test_no_weight_from_before_is_needed(self) -> None:
        """The tray is what it is weighed against."""
        ward = Ward(vials())
        count_again(ward, 20, self.FULL)
        assert verdicts(ward) == [("refused", None, Doubt.NO_BEFORE)]
        assert ward.state.lessons["oxycodone|lot-0"].sample == 20

    @pytest.mark.parametrize(
        ("setting", "shown_mg", "said"),
        [
            (vials(tray_mg=0), FULL, 20),
            (vials(units=9), TRAY_MG + 9 * 12_000, 9),
            (vials(), FULL - 6_000, 20),
            (vials(), FULL, 19),
            (vials(first=TABLET), TRAY_MG + 20 * 300, 20),
        ],
        ids=["no tare", "too few", "between two numbers", "another count than the journal's", "too light for what a zero wanders"],
    )
    def test_what_is_no_sample_teaches_nothing(self, setting: World, shown_mg: int, said: int) -> None:
        """The first teaching stands, whatever was counted."""
        assert len(counted(setting, shown_mg, said=said).facts_of(MassTaught)) == 1

    def test_a_pocket_of_two_lots_teaches_nothing(self) -> None:
        """Nobody knows which piece weighs what."""
        ward = Ward(vials())
        ward.weighs(self.FULL)
        go(ward, 12, kind="refill", lot="lot-1", by="tom", name="r")
        ward.weighs(self.FULL + 12 * 12_000)
        taught = len(ward.facts_of(MassTaught))
        count_again(ward, 32, self.FULL + 12 * 12_000)
        assert len(ward.facts_of(MassTaught)) == taught

    def test_pieces_that_left_after_the_count_teach_nothing(self) -> None:
        """Twenty were counted and one was taken: somebody counts again, and no mass is made of nineteen."""
        ward = counted(vials(), self.FULL - 12_000, before_mg=self.FULL)
        assert ward.line("oxy").owes == [weight.DIFFERS]
        assert len(ward.facts_of(MassTaught)) == 1

    def test_something_that_does_not_belong_there_teaches_nothing(self) -> None:
        """It lies on the tray as well, and it was told of."""
        ward = Ward(vials())
        ward.weighs(self.FULL)
        go(ward, 0, name="r")
        ward.weighs(self.FULL + 2_500)
        assert ("scale", "scale.foreign") in faults(ward)
        count_again(ward, 20, self.FULL + 2_500, name="c")
        assert len(ward.facts_of(MassTaught)) == 1

    def test_a_lot_that_is_not_learned_and_weighs_something_else_waits_for_a_technician(self) -> None:
        """The same rule as at a refill, and the same word lets it be learned."""
        ward = counted(vials(first=Teaching(5, 60_000, 15)), TRAY_MG + 20 * 13_000)
        assert [fact.is_whole for fact in ward.facts_of(SampleDoubted) if isinstance(fact, SampleDoubted)] == [True]
        assert faults(ward) == {("scale", "scale.sample_differs")}
        ward.signs_in("tom")
        assert ward.learns("oxy", by="tom").refusal is None
        assert (ward.state.lessons["oxycodone|lot-0"].mass_mg, ward.state.lessons["oxycodone|lot-0"].is_whole) == (260_000, True)
        assert not faults(ward)

    def test_nothing_but_a_count_teaches_so(self) -> None:
        """Whoever counts before taking has not counted what lies there afterwards."""
        ward = Ward(vials())
        ward.weighs(self.FULL)
        go(ward, 2)
        ward.weighs(self.FULL - 2 * 12_000)
        assert len(ward.facts_of(MassTaught)) == 1
