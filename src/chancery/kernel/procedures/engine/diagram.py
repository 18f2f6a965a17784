"""Reading a BPMN file: what is drawn, by whom, in which words, and everything that is wrong with it.

Only these are drawn here: one start event, user tasks, exclusive and parallel gateways, timer events (intermediate, or
boundary that does not interrupt), end events, lanes. Scripts, services, messages and subprocesses are refused: what a
step does is written in its binding, in the open.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
NODES = {
    "startEvent": "start",
    "endEvent": "end",
    "userTask": "step",
    "exclusiveGateway": "choice",
    "parallelGateway": "parallel",
    "intermediateCatchEvent": "timer",
    "boundaryEvent": "boundary",
}
SILENT = {"laneSet", "documentation", "extensionElements", "textAnnotation", "association", "group", "ioSpecification"}
LARGEST = 2_000_000  # bytes
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_HAN = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file: where and what."""

    file: str
    element: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.element or '(file)'}: {self.message}"


class BrokenDiagram(Exception):
    """The file is refused; `problems` lists why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Node:
    """A drawn thing one can stand on."""

    id: str
    kind: str
    name_en: str = ""
    name_zh: str = ""
    role: str = ""
    many: str = ""  # "", "parallel" or "sequential"
    over: str = ""  # the data list a multi-instance step runs over
    until: str = ""  # completion condition of a multi-instance step
    attached_to: str = ""
    duration: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow."""

    id: str
    source: str
    target: str
    condition: str = ""
    name_en: str = ""
    name_zh: str = ""


@dataclass(slots=True)
class Diagram:
    """A file as read."""

    file: str
    process: str = ""
    hash: str = ""
    source: bytes = b""
    tree: etree._Element | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)  # lane id → role
    problems: list[Problem] = field(default_factory=list)

    def blame(self, element: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.file, element, message))

    def leaving(self, node: str) -> list[Flow]:
        """Arrows out of a node, in file order."""
        return [flow for flow in self.flows.values() if flow.source == node]


def split_names(text: str) -> tuple[str, str]:
    """`Register / 登记` or `登记 / Register` → (`Register`, `登记`). A missing half is ""."""
    parts = [part.strip() for part in re.split(r"\s+/\s+|\s*\n\s*", text.strip(), maxsplit=1) if part.strip()]
    english = next((part for part in parts if not _HAN.search(part)), "")
    chinese = next((part for part in parts if _HAN.search(part)), "")
    return english, chinese


def read(source: bytes, file: str) -> Diagram:
    """Read a file without running anything in it. Problems are collected, not raised."""
    diagram = Diagram(file=file, source=source, hash=hashlib.sha256(source).hexdigest())
    if len(source) > LARGEST:
        diagram.blame("", "the file is too large")
        return diagram
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        diagram.blame("", f"broken XML: {error.msg}")
        return diagram
    if root.getroottree().docinfo.doctype:
        diagram.blame("", "a document type declaration is not allowed")
        return diagram
    if root.tag != f"{{{BPMN}}}definitions":
        diagram.blame("", "not a BPMN 2.0 file")
        return diagram
    diagram.tree = root
    processes = root.findall(f"{{{BPMN}}}process")
    if len(processes) != 1:
        diagram.blame("", f"one process is expected, {len(processes)} found")
        return diagram
    process = processes[0]
    diagram.process = process.get("id", "")
    _lanes(diagram, process)
    lane_of = _lane_of(process, diagram)
    for element in process:
        _element(diagram, element, lane_of)
    _identifiers(diagram, root)
    _shapes(diagram, root)
    return diagram


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _lanes(diagram: Diagram, process: etree._Element) -> None:
    for lane in process.iter(f"{{{BPMN}}}lane"):
        name = (lane.get("name") or "").strip()
        if not name:
            diagram.blame(lane.get("id", "lane"), "the lane names no role")
        diagram.lanes[lane.get("id", "")] = name


def _lane_of(process: etree._Element, diagram: Diagram) -> dict[str, str]:
    found: dict[str, str] = {}
    for reference in process.iter(f"{{{BPMN}}}flowNodeRef"):
        lane = reference.getparent()
        node = (reference.text or "").strip()
        if node in found:
            diagram.blame(node, "stands in two lanes")
        if lane is not None:
            found[node] = (lane.get("name") or "").strip()
    return found


def _element(diagram: Diagram, element: etree._Element, lane_of: Mapping[str, str]) -> None:
    kind, ident = _local(element), element.get("id", "")
    if kind == "" or kind in SILENT:
        return
    name_en, name_zh = split_names(element.get("name", ""))
    if kind == "sequenceFlow":
        condition = element.findtext(f"{{{BPMN}}}conditionExpression") or ""
        diagram.flows[ident] = Flow(
            ident, element.get("sourceRef", ""), element.get("targetRef", ""), condition.strip(), name_en, name_zh
        )
        return
    if kind not in NODES:
        diagram.blame(ident or kind, f"{kind} is not allowed: what a step does is written in its binding")
        return
    many, over, until = _multiplicity(diagram, element, ident)
    duration = _timer(diagram, element, ident, kind)
    if kind == "boundaryEvent" and element.get("cancelActivity", "true") != "false":
        diagram.blame(ident, 'a boundary timer must not interrupt its step (cancelActivity="false")')
    diagram.nodes[ident] = Node(
        id=ident,
        kind=NODES[kind],
        name_en=name_en,
        name_zh=name_zh,
        role=lane_of.get(ident, ""),
        many=many,
        over=over,
        until=until,
        attached_to=element.get("attachedToRef", ""),
        duration=duration,
        default=element.get("default", ""),
    )


def _multiplicity(diagram: Diagram, element: etree._Element, ident: str) -> tuple[str, str, str]:
    if element.find(f"{{{BPMN}}}standardLoopCharacteristics") is not None:
        diagram.blame(ident, "draw a loop with a gateway, so that the reader sees it")
    loop = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if loop is None:
        return "", "", ""
    over = (loop.findtext(f"{{{BPMN}}}loopDataInputRef") or "").strip()
    if not over:
        diagram.blame(ident, "a step done by many names its list in loopDataInputRef")
    until = (loop.findtext(f"{{{BPMN}}}completionCondition") or "").strip()
    return "sequential" if loop.get("isSequential") == "true" else "parallel", over, until


def _timer(diagram: Diagram, element: etree._Element, ident: str, kind: str) -> str:
    events = [child for child in element if _local(child).endswith("EventDefinition")]
    wants_timer = kind in {"boundaryEvent", "intermediateCatchEvent"}
    if not events:
        if wants_timer:
            diagram.blame(ident, "this event needs a timer")
        return ""
    if not wants_timer or len(events) > 1 or _local(events[0]) != "timerEventDefinition":
        diagram.blame(ident, f"{_local(events[0])} is not allowed here")
        return ""
    duration = (events[0].findtext(f"{{{BPMN}}}timeDuration") or "").strip()
    if not duration:
        diagram.blame(ident, "a timer gives a timeDuration")
    return duration


def _identifiers(diagram: Diagram, root: etree._Element) -> None:
    seen: set[str] = set()
    for element in root.iter():
        ident = element.get("id") if isinstance(element.tag, str) else None
        if ident is None:
            continue
        if ident in seen:
            diagram.blame(ident, "this id is used twice")
        seen.add(ident)
    for node in diagram.nodes:
        if not IDENTIFIER.match(node):
            diagram.blame(node, "an id is a word: letters, digits, underscore")


def _shapes(diagram: Diagram, root: etree._Element) -> None:
    drawn = {shape.get("bpmnElement", "") for shape in root.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge")}
    for ident in (*diagram.nodes, *diagram.flows, *diagram.lanes):
        if ident not in drawn:
            diagram.blame(ident, "is not drawn: the diagram has no shape for it")


def reachable(diagram: Diagram) -> Iterator[str]:
    """Nodes one can come to from the start, breadth first: also the reading order of the steps."""
    queue = [node.id for node in diagram.nodes.values() if node.kind == "start"]
    seen = set(queue)
    while queue:
        here = queue.pop(0)
        yield here
        onward = [flow.target for flow in diagram.leaving(here)]
        onward += [node.id for node in diagram.nodes.values() if node.attached_to == here]
        for target in onward:
            if target in diagram.nodes and target not in seen:
                seen.add(target)
                queue.append(target)
