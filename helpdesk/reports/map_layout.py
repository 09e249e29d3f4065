"""Layout of a map: nodes in columns and edges between them in, positions of boxes and lines out.

A layered drawing as Sugiyama, Tagawa and Toda describe it (1981), in its simplest form: the columns are given; inside
a column nodes are put in the order of the mean place of what leads to them (barycenter); then each is moved as near to
its neighbors as the others let it. An edge over several columns gets a lane of its own through those between, so that
no line runs across a box.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

COLUMN_WIDTH = 216
BETWEEN_COLUMNS = 104
BETWEEN_BOXES = 14
LANE_HEIGHT = 6
MARGIN = 8
# Between the ends of two edges at the same box, where there is room.
PORT_DISTANCE = 15


@dataclass(frozen=True, slots=True)
class Node:
    """A box to be placed: its column, its height, and the number of edges that begin on its right side."""

    key: str
    column: int
    height: float
    ports: int = 1


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from a node to one further right; `port` counts the ends at its source from 0, top to bottom."""

    source: str
    target: str
    port: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """Place and size of a node."""

    x: float
    y: float
    height: float
    width: float = COLUMN_WIDTH

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    def port(self, index: int, of: int) -> float:
        """Return the y coordinate of one of its ports."""
        distance = min(PORT_DISTANCE, self.height / of)
        return self.middle + (index - (of - 1) / 2) * distance


@dataclass(frozen=True, slots=True)
class Layout:
    """Size of the picture, the box of each node, and the SVG path of each edge in the order given."""

    width: float
    height: float
    boxes: dict[str, Box]
    paths: list[str]


@dataclass(slots=True)
class _Graph:
    """The nodes by column, lanes included, and the segments of each edge from column to column."""

    columns: list[list[Node]] = field(default_factory=list)
    segments: list[list[Edge]] = field(default_factory=list)


def layout(nodes: Sequence[Node], edges: Sequence[Edge], *, ordered: int = 2, top: float = 0) -> Layout:
    """Place the nodes; the first `ordered` columns keep the order given. `top` is left free above the boxes.

    Raises KeyError for an edge of an unknown node, and ValueError for one that does not lead to the right.
    """
    graph = _with_lanes(nodes, edges)
    for index in range(ordered, len(graph.columns)):
        graph.columns[index] = _by_barycenter(graph, index)
    middles = _middles(graph)
    lowest = min((middles[node.key] - node.height / 2 for column in graph.columns for node in column), default=0)
    boxes = {
        node.key: Box(
            x=MARGIN + index * (COLUMN_WIDTH + BETWEEN_COLUMNS),
            y=round(middles[node.key] - node.height / 2 - lowest + MARGIN + top, 1),
            height=node.height,
        )
        for index, column in enumerate(graph.columns)
        for node in column
    }
    known = {node.key: node for node in nodes}
    return Layout(
        width=2 * MARGIN + len(graph.columns) * COLUMN_WIDTH + max(len(graph.columns) - 1, 0) * BETWEEN_COLUMNS,
        height=max((box.y + box.height for box in boxes.values()), default=top) + MARGIN,
        boxes={key: box for key, box in boxes.items() if key in known},
        paths=[_path(way, boxes, known[way[0].source].ports) for way in graph.segments],
    )


def _with_lanes(nodes: Sequence[Node], edges: Sequence[Edge]) -> _Graph:
    """Return the graph in which every segment leads to the next column."""
    known = {node.key: node for node in nodes}
    graph = _Graph([[] for _ in range(max((node.column for node in nodes), default=-1) + 1)])
    for node in nodes:
        graph.columns[node.column].append(node)
    lanes: dict[tuple[str, int], Node] = {}
    for edge in edges:
        source, target = known[edge.source], known[edge.target]
        if source.column >= target.column:
            raise ValueError(f"{edge} does not lead to the right")
        way, at, port = [], edge.source, edge.port
        for column in range(source.column + 1, target.column):
            # Edges to the same node share a lane.
            lane = lanes.get((edge.target, column))
            if lane is None:
                lane = lanes[edge.target, column] = Node(f"lane {column} to {edge.target}", column, LANE_HEIGHT)
                graph.columns[column].append(lane)
            way.append(Edge(at, lane.key, port))
            at, port = lane.key, 0
        graph.segments.append([*way, Edge(at, edge.target, port)])
    return graph


def _by_barycenter(graph: _Graph, index: int) -> list[Node]:
    """Sort the nodes of a column by the mean place of their sources; those without any come last."""
    before = {node.key: (place, node.ports) for place, node in enumerate(graph.columns[index - 1])}
    places: dict[str, list[float]] = defaultdict(list)
    for segment in _distinct(graph):
        if segment.source in before:
            place, ports = before[segment.source]
            places[segment.target].append(place + (segment.port + 1) / (ports + 1))
    last = float(len(before) + 1)
    return sorted(graph.columns[index], key=lambda node: _mean(places[node.key], last))


def _middles(graph: _Graph) -> dict[str, float]:
    """Return the y coordinate of each node's middle: the tallest column as close as it can be, the others follow it."""
    if not graph.columns:
        return {}
    heights = [sum(node.height + BETWEEN_BOXES for node in column) for column in graph.columns]
    tallest = heights.index(max(heights))
    middles = _spread(graph.columns[tallest], {})
    neighbors: dict[str, list[str]] = defaultdict(list)
    for segment in _distinct(graph):
        neighbors[segment.source].append(segment.target)
        neighbors[segment.target].append(segment.source)
    rightwards, leftwards = range(tallest + 1, len(graph.columns)), range(tallest - 1, -1, -1)
    for index in [*rightwards, *leftwards]:
        wanted = {
            # The root stands at the top, where a reader begins.
            node.key: placed[0] if index == 0 else _mean(placed, 0)
            for node in graph.columns[index]
            if (placed := [middles[other] for other in neighbors[node.key] if other in middles])
        }
        middles |= _spread(graph.columns[index], wanted)
    return middles


def _spread(column: Sequence[Node], wanted: dict[str, float]) -> dict[str, float]:
    """Return the middles closest to the wanted ones (least squares) without two boxes touching, in the order given.

    Isotonic regression by pooling adjacent violators: the wanted shifts from the closest stack must not decrease; nodes
    where they do move together. A node without a wanted middle follows the one above it.
    """
    stacked: list[float] = []
    bottom = 0.0
    for node in column:
        stacked.append(bottom + node.height / 2)
        bottom += node.height + BETWEEN_BOXES
    pools: list[tuple[float, int]] = []  # how far from the stack, and how many nodes
    shift = 0.0
    for node, place in zip(column, stacked, strict=True):
        shift = wanted[node.key] - place if node.key in wanted else shift
        mean, size = shift, 1
        while pools and pools[-1][0] > mean:
            above, count = pools.pop()
            mean, size = (above * count + mean * size) / (count + size), count + size
        pools.append((mean, size))
    shifts = [mean for mean, size in pools for _ in range(size)]
    return {node.key: place + shift for node, place, shift in zip(column, stacked, shifts, strict=True)}


def _distinct(graph: _Graph) -> list[Edge]:
    """Return every segment once: edges that share a lane share its segments."""
    return list(dict.fromkeys(segment for way in graph.segments for segment in way))


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _path(way: Sequence[Edge], boxes: dict[str, Box], ports: int) -> str:
    """Return the path from the right side of the first box to the left of the last, level at both ends and in lanes."""
    first = boxes[way[0].source]
    x, y = first.x + first.width, first.port(way[0].port, ports)
    path = f"M{x:g} {y:.1f}"
    for segment in way:
        box = boxes[segment.target]
        half = (x + box.x) / 2
        path += f"C{half:g} {y:.1f} {half:g} {box.middle:.1f} {box.x:g} {box.middle:.1f}"
        x, y = box.x + box.width, box.middle
        if segment is not way[-1]:
            path += f"H{x:g}"
    return path
