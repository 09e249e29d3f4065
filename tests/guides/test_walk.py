"""The walk by itself: no database, no request."""

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.guides.walk import LEFT_OPEN, RULED_OUT, Answer, Walk, replay, split

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


def test_answered_not_this_and_not_fixed_differ_in_tried():
    ruled_out = replay(CHECKS).answered("internet-down", Answer.NOT_THIS)
    tried = ruled_out.answered("ports-blocked", Answer.NOT_FIXED)

    assert ruled_out == Walk(CHECKS, no=("internet-down",))
    assert tried == Walk(CHECKS, no=("internet-down", "ports-blocked"), tried=("ports-blocked",))
    assert tried.query == "?no=internet-down,ports-blocked&tried=ports-blocked"
    assert tried.answered("ports-blocked", Answer.CANNOT_TELL).tried == ()


def test_last_answered_is_the_one_before_in_the_order():
    walk = replay(CHECKS, no=["internet-down"], skip=["ports-blocked"])

    assert walk.last_answered() == "ports-blocked"
    assert [walk.last_answered(check) for check in CHECKS] == [None, "internet-down", "internet-down"]
    assert replay(CHECKS).last_answered() is None


def test_walk_is_complete_once_nothing_was_left_open():
    assert replay(CHECKS, no=CHECKS).is_complete
    assert not replay(CHECKS, no=CHECKS[:2], skip=CHECKS[2:]).is_complete
    assert not replay(()).is_complete


def test_without_takes_one_answer_back():
    walk = replay(CHECKS, no=["internet-down"], skip=["ports-blocked"])

    assert walk.without("internet-down") == Walk(CHECKS, skip=("ports-blocked",))
    assert walk.without("ports-blocked") == Walk(CHECKS, no=("internet-down",))
    assert walk.without("unknown") == walk


def test_place_counts_from_one():
    assert [replay(CHECKS).place(check) for check in CHECKS] == [1, 2, 3]


def test_split_takes_repeated_and_joined_values():
    assert split(["a,b", "", "b,,c"]) == ["a", "b", "c"]


@given(checks, answers, answers, answers)
def test_replay_anything_is_a_valid_walk_in_normal_form(known, no, skip, tried):
    walk = replay(known, no=no, skip=skip, tried=tried)

    assert walk.checks == tuple(known)
    assert sorted((*walk.no, *walk.skip, *walk.remaining)) == sorted(known)
    assert set(walk.no) <= set(no)
    assert set(walk.skip) <= set(skip)
    assert set(walk.tried) == set(tried) & set(walk.no)
    for slugs in (walk.no, walk.skip, walk.tried):
        assert [walk.place(check) for check in slugs] == sorted(walk.place(check) for check in slugs)
    assert replay(known, no=walk.no, skip=walk.skip, tried=walk.tried) == walk


@given(
    checks,
    answers,
    answers,
    st.lists(st.sampled_from([*RULED_OUT, *LEFT_OPEN]), min_size=9, max_size=9),
)
def test_answering_what_comes_next_always_ends(known, no, skip, said):
    walk = replay(known, no=no, skip=skip)
    steps = 0
    while walk.next is not None:
        walk = walk.answered(walk.next, said[steps])
        steps += 1

    assert steps <= len(known)
    assert set(walk.no) | set(walk.skip) == set(known)


@given(checks, answers, answers, answers, st.sampled_from(Answer))
def test_answered_changes_nothing_but_the_one_check(known, no, skip, tried, answer):
    walk = replay(known, no=no, skip=skip, tried=tried)
    for check in known:
        after = walk.answered(check, answer)

        assert after.without(check) == walk.without(check)
        assert (check in after.no) == (answer in (Answer.NOT_THIS, Answer.NOT_FIXED))
        assert (check in after.tried) == (answer is Answer.NOT_FIXED)
        assert (check in after.skip) == (answer in (Answer.CANNOT_TELL, Answer.CANNOT_TRY))
