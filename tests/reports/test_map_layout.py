"""Where the boxes of a map go. No database."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.reports.map_layout import BETWEEN_BOXES, COLUMN_WIDTH, MARGIN, Box, Edge, Layout, Node, layout
from helpdesk.reports.text_wrapping import width, wrap


def columns(placed: Layout) -> list[list[str]]:
    """The nodes of each column from top to bottom."""
    by_x: dict[float, list[str]] = {}
    for key, box in sorted(placed.boxes.items(), key=lambda item: (item[1].x, item[1].y)):
        by_x.setdefault(box.x, []).append(key)
    return list(by_x.values())


def test_nothing_gives_an_empty_picture() -> None:
    assert layout([], []) == Layout(2 * MARGIN, MARGIN, {}, [])


def test_two_boxes_stand_side_by_side_with_a_line_between() -> None:
    placed = layout([Node("a", 0, 40), Node("b", 1, 20)], [Edge("a", "b")])
    assert placed == Layout(
        width=552,
        height=56,
        boxes={"a": Box(8, 8, 40), "b": Box(328, 18, 20)},
        paths=["M224 28.0C276 28.0 276 28.0 328 28.0"],
    )


def test_lines_that_would_cross_do_not() -> None:
    nodes = [Node("a", 0, 20), Node("b", 0, 20), Node("x", 1, 20), Node("y", 1, 20)]
    placed = layout(nodes, [Edge("a", "y"), Edge("b", "x")], ordered=1)
    assert columns(placed) == [["a", "b"], ["y", "x"]]


def test_order_of_the_first_columns_is_kept() -> None:
    nodes = [Node("a", 0, 20), Node("b", 0, 20), Node("x", 1, 20), Node("y", 1, 20)]
    placed = layout(nodes, [Edge("a", "y"), Edge("b", "x")], ordered=2)
    assert columns(placed) == [["a", "b"], ["x", "y"]]


def test_checks_of_one_symptom_stand_in_their_order() -> None:
    nodes = [Node("s", 0, 60, ports=3), Node("z", 1, 20), Node("y", 1, 20), Node("x", 1, 20)]
    edges = [Edge("s", "x", 0), Edge("s", "y", 1), Edge("s", "z", 2)]
    assert columns(layout(nodes, edges, ordered=1)) == [["s"], ["x", "y", "z"]]


def test_shared_box_stands_between_those_that_share_it() -> None:
    nodes = [Node(key, 0, 100) for key in "abc"] + [Node("shared", 1, 20)]
    placed = layout(nodes, [Edge("a", "shared"), Edge("c", "shared")], ordered=1)
    assert placed.boxes["shared"].middle == placed.boxes["b"].middle


def test_box_that_nothing_leads_to_is_there_too() -> None:
    placed = layout([Node("a", 0, 20), Node("x", 1, 20), Node("alone", 1, 20)], [Edge("a", "x")], ordered=1)
    assert columns(placed) == [["a"], ["x", "alone"]]


def test_line_over_several_columns_goes_round_the_boxes_between() -> None:
    nodes = [Node("a", 0, 20), Node("m", 1, 200), Node("end", 2, 20)]
    placed = layout(nodes, [Edge("a", "m"), Edge("a", "end")], ordered=1)
    level = float(placed.paths[1].rpartition("H")[0].rpartition(" ")[2])
    assert not placed.boxes["m"].y <= level <= placed.boxes["m"].y + 200


def test_line_that_leads_back_is_refused() -> None:
    with pytest.raises(ValueError, match="does not lead to the right"):
        layout([Node("a", 0, 20), Node("b", 0, 20)], [Edge("a", "b")])


def test_room_at_the_top_is_left_free() -> None:
    assert layout([Node("a", 0, 20)], [], top=30).boxes == {"a": Box(MARGIN, MARGIN + 30, 20)}


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_no_two_boxes_touch_and_all_are_in_the_picture(seed: int, size: int) -> None:
    dice = random.Random(seed)
    nodes = [Node(str(n), dice.randrange(5), dice.choice([20, 64, 140])) for n in range(size)]
    pairs = [(a, b) for a in nodes for b in nodes if a.column < b.column and dice.random() < 0.2]
    placed = layout(nodes, [Edge(a.key, b.key) for a, b in pairs])
    assert placed.boxes.keys() == {node.key for node in nodes}
    assert len(placed.paths) == len(pairs)
    for keys in columns(placed):
        boxes = [placed.boxes[key] for key in keys]
        assert all(one.y + one.height + BETWEEN_BOXES <= other.y + 0.2 for one, other in pairwise(boxes))
    for box in placed.boxes.values():
        assert MARGIN <= box.x <= placed.width - MARGIN - COLUMN_WIDTH
        assert MARGIN <= box.y <= placed.height - MARGIN - box.height + 0.2


def test_big_guide_is_placed_at_once() -> None:
    dice = random.Random(5)
    nodes = [Node(f"s{n}", 1, 140, ports=9) for n in range(60)] + [Node(f"c{n}", 2, 60) for n in range(200)]
    edges = [Edge(f"s{n}", f"c{c}", place) for n in range(60) for place, c in enumerate(dice.sample(range(200), 9))]
    started = time.process_time()
    layout([Node("g", 0, 60), *nodes], edges)
    assert time.process_time() - started < 5  # far more where it grows with the square


def test_text_is_cut_into_lines_that_fit() -> None:
    lines = wrap("The secure login device is not with me right now", room=100, size=13, lines=9)
    assert " ".join(lines) == "The secure login device is not with me right now"
    assert max(width(line, 13) for line in lines) <= 100


def test_text_that_is_too_long_ends_in_dots() -> None:
    assert wrap("one two three four five", room=60, size=13, lines=2)[-1].endswith("…")
    assert len(wrap("one two three four five", room=60, size=13, lines=2)) == 2


@given(st.text(max_size=80), st.integers(30, 200))
def test_lines_fit_whatever_is_written(text: str, room: int) -> None:
    assert all(width(line, 13) <= room for line in wrap(text, room=room, size=13, lines=3))


def test_word_without_an_end_is_broken() -> None:
    assert wrap("x" * 20, room=80, size=13, lines=9) == ["x" * 9, "x" * 9, "xx"]


def test_share_stays_with_its_sign() -> None:
    assert wrap("fixed 8 of 10 tries, 80\u00a0%", room=150, size=13, lines=2) == ["fixed 8 of 10 tries,", "80\u00a0%"]
