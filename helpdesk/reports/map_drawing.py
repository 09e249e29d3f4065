"""Drawing of a guide's map: text and shape of each box and line of its SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from helpdesk.reports.guide_map import GuideMap, MapRecord
from helpdesk.reports.map_layout import COLUMN_WIDTH, PORT_DISTANCE, Box, Edge, Node, layout
from helpdesk.reports.rates import BETWEEN_FIGURES
from helpdesk.reports.text_wrapping import wrap

TITLE_SIZE, TITLE_LINE, TITLE_LINES = 13, 17, 3
FACT_SIZE, FACT_LINE = 11.5, 15
PADDING, LEFT, RIGHT, PORT_ROOM = 9, 14, 8, 18
# Room above the boxes for the headings of the columns.
TOP = 28

GUIDE, SITUATIONS, CHECKS, RESOLUTIONS, ONWARD = range(5)
HEADINGS = (_("Guide"), _("Situations"), _("Checks"), _("Resolutions"), _("Contact points and other guides"))


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text in a box, with its CSS class."""

    name: str
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Connector:
    """A line to another box; `words` is its tooltip."""

    id: str
    path: str
    words: str


@dataclass(slots=True)
class DrawnBox:
    """A box with its text, the lines that begin at it, and the ids of those that end at it."""

    item: MapRecord
    box: Box
    lines: list[TextLine]
    ports: list[tuple[float, int]] = field(default_factory=list)  # y and number of each check, where its line begins
    curves: list[Connector] = field(default_factory=list)
    echoes: list[str] = field(default_factory=list)

    # Templates would take several times as long for the many thousands of these in a big guide.

    @property
    def texts(self) -> SafeString:
        """SVG of the lines of text and the numbers of the checks."""
        x, end = f"{self.box.x + LEFT:g}", f"{self.box.x + self.box.width - RIGHT:g}"
        rows = [(f"map-text-{line.name}", x, line.y, line.text) for line in self.lines]
        rows += [("map-port", end, y, str(number)) for y, number in self.ports]
        return format_html_join("", '<text class="{}" x="{}" y="{}">{}</text>', rows)

    @property
    def paths(self) -> SafeString:
        """SVG of the lines that begin here."""
        rows = ((curve.id, curve.path, curve.words) for curve in self.curves)
        return format_html_join("", '<path id="{}" d="{}"><title>{}</title></path>', rows)

    @property
    def arrivals(self) -> SafeString:
        """SVG of the lines that end here, shown again when somebody points at this box."""
        return format_html_join("", '<use href="#{}"/>', ((line,) for line in self.echoes))

    @property
    def words(self) -> str:
        """The whole text of the box, as its tooltip."""
        return "\n".join([self.item.title, *(text for _name, text in _facts(self.item))])


@dataclass(frozen=True, slots=True)
class MapPicture:
    """The whole picture."""

    width: float
    height: float
    headings: list[tuple[float, str]]
    shapes: list[DrawnBox]


@dataclass(frozen=True, slots=True)
class _Connection:
    edge: Edge
    words: str = ""


def draw(found: GuideMap) -> MapPicture:
    """Return the picture of the map, box by box in the order of the map."""
    placed_in: dict[str, tuple[MapRecord, int]] = {}
    for item, column in _items(found):
        placed_in.setdefault(item.key, (item, column))
    ports = {situation.item.key: max(len(situation.steps), 1) for situation in found.situations}
    texts = {key: _text(item, numbered=key in ports) for key, (item, _column) in placed_in.items()}
    nodes = [
        Node(key, column, _height(texts[key], ports.get(key, 1)), ports.get(key, 1))
        for key, (_item, column) in placed_in.items()
    ]
    links = list(dict.fromkeys(_connections(found)))
    placed = layout(nodes, [link.edge for link in links], top=TOP)
    shapes = {
        key: DrawnBox(item, placed.boxes[key], list(_lines(texts[key], placed.boxes[key])))
        for key, (item, _column) in placed_in.items()
    }
    for number, (link, path) in enumerate(zip(links, placed.paths, strict=True)):
        shapes[link.edge.source].curves.append(Connector(f"line-{number}", path, link.words))
        shapes[link.edge.target].echoes.append(f"line-{number}")
    for situation in found.situations:
        shape = shapes[situation.item.key]
        of = len(situation.steps)
        shape.ports = [
            (round(shape.box.port(place, of) + 4, 1), step.number) for place, step in enumerate(situation.steps)
        ]
    return MapPicture(placed.width, placed.height, _headings(placed_in.values(), placed.boxes), list(shapes.values()))


def _items(found: GuideMap) -> Iterator[tuple[MapRecord, int]]:
    """Yield each record with its column; a record may come several times."""
    yield found.guide, GUIDE
    for situation in found.situations:
        yield situation.item, SITUATIONS
        for step in situation.steps:
            yield step.cause, CHECKS
            yield step.resolution, RESOLUTIONS
            if step.contact_point:
                yield step.contact_point, ONWARD
        if situation.leads_to:
            yield situation.leads_to, ONWARD


def _connections(found: GuideMap) -> Iterator[_Connection]:
    """Yield the lines between records; those that several checks share come several times."""
    for situation in found.situations:
        symptom = situation.item.key
        yield _Connection(Edge(found.guide.key, symptom))
        for port, step in enumerate(situation.steps):
            words = f"{step.number}. {step.cause.title}" + (f": {step.rate}" if step.rate else "")
            yield _Connection(Edge(symptom, step.cause.key, port), words)
            yield _Connection(Edge(step.cause.key, step.resolution.key))
            if step.contact_point:
                yield _Connection(Edge(step.resolution.key, step.contact_point.key))
        if situation.leads_to:
            yield _Connection(Edge(symptom, situation.leads_to.key))


def _facts(item: MapRecord) -> Iterator[tuple[str, str]]:
    """Yield the facts about a record below its title, each with its CSS class, and each figure as one of its own."""
    facts = [
        ("state", str(item.state.label) if item.state else ""),
        ("problems", item.problem_text),
        ("flag", item.flag_text),
        ("note", item.note),
        *(("rate", figure) for figure in item.rate.split(BETWEEN_FIGURES)),
    ]
    return ((name, text) for name, text in facts if text)


def _text(item: MapRecord, *, numbered: bool) -> list[tuple[str, str]]:
    """Return the lines of a box from top to bottom, cut to its width."""
    room = COLUMN_WIDTH - LEFT - RIGHT - (PORT_ROOM if numbered else 0)
    lines = [("title", line) for line in wrap(item.title, room=room, size=TITLE_SIZE, lines=TITLE_LINES)]
    for name, text in _facts(item):
        lines += [(name, line) for line in wrap(text, room=room, size=FACT_SIZE, lines=2)]
    return lines


def _height(text: list[tuple[str, str]], ports: int) -> float:
    lines = sum(TITLE_LINE if name == "title" else FACT_LINE for name, _line in text)
    return 2 * PADDING + max(lines, ports * PORT_DISTANCE)


def _lines(text: list[tuple[str, str]], box: Box) -> Iterator[TextLine]:
    """Yield the lines with their places: together in the middle of the box."""
    y = box.middle - sum(TITLE_LINE if name == "title" else FACT_LINE for name, _line in text) / 2
    for name, line in text:
        y += TITLE_LINE if name == "title" else FACT_LINE
        yield TextLine(name, round(y - 4, 1), line)


def _headings(placed: Iterable[tuple[MapRecord, int]], boxes: dict[str, Box]) -> list[tuple[float, str]]:
    """Return the heading of each column with its x coordinate."""
    return sorted({(boxes[item.key].x, str(HEADINGS[column])) for item, column in placed})
