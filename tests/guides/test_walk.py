"""The walk by itself: no database, no request."""

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.guides.walk import Answer, Walk, replay, split

CHECKS = ("internet-down", "firewall-blocking", "ports-blocked")

slugs = st.text("abcdef-", min_size=1, max_size=4)
checks = st.lists(slugs, max_size=8, unique=True)
answers = st.lists(st.one_of(slugs, st.text(max_size=6)), max_size=20)


def test_replay_nothing_said_stands_at_the_first_check():
    assert replay(CHECKS) == Walk(CHECKS)
    assert replay(CHECKS).next == "internet-down"
    assert replay(CHECKS).query == ""


def test_replay_puts_answers_in_the_order_of_the_checks():
    walk = replay(CHECKS, no=["ports-blocked", "internet-down"])

    assert walk.no == ("internet-down", "ports-blocked")
    assert walk.next == "firewall-blocking"
    assert walk.query == "?no=internet-down,ports-blocked"


def test_replay_drops_what_is_unknown_and_what_is_said_twice():
    walk = replay(CHECKS, no=["removed", "internet-down", "internet-down"], skip=["<script>"])

    assert walk == Walk(CHECKS, no=("internet-down",))


def test_replay_tried_and_skipped_counts_as_tried():
    assert replay(CHECKS, no=["internet-down"], skip=["internet-down"]) == Walk(CHECKS, no=("internet-down",))


def test_next_all_answered_is_none():
    walk = replay(CHECKS, no=CHECKS[:2], skip=CHECKS[2:])

    assert walk.next is None
    assert walk.remaining == ()
    assert walk.query == "?no=internet-down,firewall-blocking&skip=ports-blocked"


def test_next_after_a_jump_goes_back_to_the_first_open_check():
    assert replay(CHECKS).answered("ports-blocked", Answer.NOT_FIXED).next == "internet-down"


def test_answered_again_replaces_the_first_answer():
    walk = replay(CHECKS, skip=["internet-down"]).answered("internet-down", Answer.NOT_FIXED)

    assert (walk.no, walk.skip) == (("internet-down",), ())


def test_without_takes_one_answer_back():
    walk = replay(CHECKS, no=["internet-down"], skip=["ports-blocked"])

    assert walk.without("internet-down") == Walk(CHECKS, skip=("ports-blocked",))
    assert walk.without("ports-blocked") == Walk(CHECKS, no=("internet-down",))
    assert walk.without("unknown") == walk


def test_place_counts_from_one():
    assert [replay(CHECKS).place(check) for check in CHECKS] == [1, 2, 3]


def test_split_takes_repeated_and_joined_values():
    assert split(["a,b", "", "b,,c"]) == ["a", "b", "c"]


@given(checks, answers, answers)
def test_replay_anything_is_a_valid_walk_in_normal_form(known, no, skip):
    walk = replay(known, no=no, skip=skip)

    assert walk.checks == tuple(known)
    assert sorted((*walk.no, *walk.skip, *walk.remaining)) == sorted(known)
    assert set(walk.no) <= set(no)
    assert set(walk.skip) <= set(skip)
    assert [walk.place(check) for check in walk.no] == sorted(walk.place(check) for check in walk.no)
    assert [walk.place(check) for check in walk.skip] == sorted(walk.place(check) for check in walk.skip)
    assert replay(known, no=walk.no, skip=walk.skip) == walk


@given(
    checks, answers, answers, st.lists(st.sampled_from([Answer.NOT_FIXED, Answer.CANNOT_TRY]), min_size=9, max_size=9)
)
def test_answering_what_comes_next_always_ends(known, no, skip, said):
    walk = replay(known, no=no, skip=skip)
    steps = 0
    while walk.next is not None:
        walk = walk.answered(walk.next, said[steps])
        steps += 1

    assert steps <= len(known)
    assert set(walk.no) | set(walk.skip) == set(known)


@given(checks, answers, answers, st.sampled_from(Answer))
def test_answered_changes_nothing_but_the_one_check(known, no, skip, answer):
    walk = replay(known, no=no, skip=skip)
    for check in known:
        after = walk.answered(check, answer)

        assert after.without(check) == walk.without(check)
        assert (check in after.no) == (answer is Answer.NOT_FIXED)
        assert (check in after.skip) == (answer is Answer.CANNOT_TRY)
