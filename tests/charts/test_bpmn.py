"""Drawings of BPMN files: what stands in them and what never does."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from pendapa.charts import DrawingRefused, draw

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "title", "desc", "g", "rect", "circle", "path", "text", "tspan"}

SOURCE = """<?xml version="1.0" encoding="UTF-8"?>
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:dd="http://www.omg.org/spec/DD/20100524/DI" targetNamespace="urn:x">
  <b:collaboration id="C"><b:participant id="Pool" name="Permit" processRef="P"/></b:collaboration>
  <b:process id="P" name="A &lt;script&gt; permit">
    <b:laneSet id="LS"><b:lane id="L" name="Office"><b:flowNodeRef>A</b:flowNodeRef></b:lane></b:laneSet>
    <b:startEvent id="S" name="Comes &amp; goes"/>
    <b:userTask id="A" name="Check the &quot;papers&quot; of the applicant thoroughly and completely, twice if need be"/>
    <b:boundaryEvent id="T" name="Late" attachedToRef="A" cancelActivity="false"><b:timerEventDefinition/></b:boundaryEvent>
    <b:exclusiveGateway id="G" name="Good?" default="F3"/>
    <b:endEvent id="E" name="Issued"/>
    <b:sequenceFlow id="F1" sourceRef="S" targetRef="A"/>
    <b:sequenceFlow id="F2" sourceRef="A" targetRef="G"/>
    <b:sequenceFlow id="F3" name="yes" sourceRef="G" targetRef="E"/>
    <b:sequenceFlow id="F4" name="no" sourceRef="G" targetRef="A"/>
    <b:sequenceFlow id="F5" sourceRef="T" targetRef="E"/>
  </b:process>
  <di:BPMNDiagram id="D"><di:BPMNPlane id="Plane" bpmnElement="C">
    <di:BPMNShape id="d1" bpmnElement="Pool" isHorizontal="true"><dc:Bounds x="100" y="50" width="700" height="200"/></di:BPMNShape>
    <di:BPMNShape id="d2" bpmnElement="L" isHorizontal="true"><dc:Bounds x="130" y="50" width="670" height="200"/></di:BPMNShape>
    <di:BPMNShape id="d3" bpmnElement="S"><dc:Bounds x="180" y="132" width="36" height="36"/></di:BPMNShape>
    <di:BPMNShape id="d4" bpmnElement="A"><dc:Bounds x="280" y="110" width="100" height="80"/></di:BPMNShape>
    <di:BPMNShape id="d5" bpmnElement="T"><dc:Bounds x="340" y="172" width="36" height="36"/></di:BPMNShape>
    <di:BPMNShape id="d6" bpmnElement="G"><dc:Bounds x="450" y="125" width="50" height="50"/>
      <di:BPMNLabel><dc:Bounds x="455" y="100" width="40" height="14"/></di:BPMNLabel></di:BPMNShape>
    <di:BPMNShape id="d7" bpmnElement="E"><dc:Bounds x="640" y="132" width="36" height="36"/></di:BPMNShape>
    <di:BPMNEdge id="e1" bpmnElement="F1"><dd:waypoint x="216" y="150"/><dd:waypoint x="280" y="150"/></di:BPMNEdge>
    <di:BPMNEdge id="e3" bpmnElement="F3"><dd:waypoint x="500" y="150"/><dd:waypoint x="640" y="150"/></di:BPMNEdge>
  </di:BPMNPlane></di:BPMNDiagram>
</b:definitions>"""  # noqa: E501  a line a shape reads better
BARE = re.sub(r"<di:BPMNDiagram.*</di:BPMNDiagram>", "", SOURCE, flags=re.DOTALL)


def drawn(source: str = SOURCE, **more: object) -> Element:
    return fromstring(draw(source.encode(), **more))  # type: ignore[arg-type]


def words(root: Element) -> str:
    return " ".join(span.text or "" for span in root.iter(f"{SVG}tspan"))


def test_shapes_stand_where_the_file_puts_them() -> None:
    root = drawn()
    # The pool spans 100..800 by 50..250; 20 units of margin around it.
    assert root.get("viewBox") == "80 30 740 240"
    boxes = [tuple(rect.get(k) for k in ("x", "y", "width", "height")) for rect in root.iter(f"{SVG}rect")]
    assert ("280", "110", "100", "80") in boxes
    # The start event: x 180 + 36/2, y 132 + 36/2.
    assert ("198", "150", "18") in [
        tuple(c.get(k) for k in ("cx", "cy", "r")) for c in root.iter(f"{SVG}circle")
    ]


def test_names_are_on_the_picture() -> None:
    text = words(drawn())
    for name in ("Permit", "Office", "Comes & goes", "Late", "Good?", "Issued", "yes"):
        assert name in text


def test_a_long_name_is_broken_inside_its_box_and_shortened() -> None:
    group = next(g for g in drawn().iter(f"{SVG}g") if g.get("data-element") == "A")
    spans = list(group.iter(f"{SVG}tspan"))
    assert 3 <= len(spans) <= 5
    assert all(110 < float(span.get("y", "0")) < 190 for span in spans)
    assert (spans[-1].text or "").endswith("…")


@pytest.mark.parametrize("source", [SOURCE, BARE], ids=["layout", "no layout"])
def test_the_picture_keeps_a_strict_content_policy(source: str) -> None:
    for node in drawn(source, at=["A"], done=["S"]).iter():
        assert node.tag.removeprefix(SVG) in ALLOWED
        for attribute in node.attrib:
            assert attribute not in ("style", "href", "class", "id")
            assert not attribute.startswith("on")


def test_names_are_escaped() -> None:
    svg = draw(SOURCE.encode(), at=["A"])
    assert "<script>" not in svg
    assert "A &lt;script&gt; permit" in svg


def test_a_screen_reader_hears_the_title_and_the_present_step() -> None:
    root = drawn(at=["A"], done=["S"], language="en")
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Process: A <script> permit"
    assert (root.findtext(f"{SVG}desc") or "").startswith('Present step: Check the "papers"')
    assert "Done: Comes & goes." in (root.findtext(f"{SVG}desc") or "")
    assert "Langkah sekarang" in (drawn(at=["A"]).findtext(f"{SVG}desc") or "")


def test_the_present_step_is_ringed_and_a_done_one_ticked() -> None:
    plain, marked = draw(SOURCE.encode()), draw(SOURCE.encode(), at=["A"], done=["S"])
    assert "#a8482a" not in plain
    assert "#1f6b3a" not in plain
    # The ring lies 6 units outside of the task's box.
    assert re.search(r'<rect x="274" y="104" width="112" height="92" [^>]*stroke="#a8482a"', marked)
    assert 'fill="#1f6b3a"' in marked


def test_a_file_without_layout_is_laid_out_left_to_right() -> None:
    middles = {}
    for group in drawn(BARE).iter(f"{SVG}g"):
        shape = group[0]
        if shape.tag == f"{SVG}circle":
            middles[group.get("data-element")] = float(shape.get("cx", "0"))
        elif shape.tag == f"{SVG}rect":
            middles[group.get("data-element")] = (
                float(shape.get("x", "0")) + float(shape.get("width", "0")) / 2
            )
    assert middles["S"] < middles["A"] < middles["E"]
    assert abs(middles["T"] - middles["A"]) < 60


def test_no_box_of_a_layout_lies_on_another() -> None:
    boxes = []
    for group in drawn(BARE).iter(f"{SVG}g"):
        shape = group[0]
        if shape.tag == f"{SVG}rect":
            x, y, w, h = (float(shape.get(k, "0")) for k in ("x", "y", "width", "height"))
            boxes.append((x, y, x + w, y + h))
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_the_regency_s_processes_can_be_drawn() -> None:
    files = sorted((Path(__file__).parents[2] / "regencies").glob("*/services/*/process.bpmn"))
    assert files
    for file in files:
        assert "<desc>" in draw(file.read_bytes())


def test_a_compiled_process_is_drawn_from_its_source() -> None:
    class Compiled:
        source = SOURCE.encode()

    assert draw(Compiled()) == draw(SOURCE.encode())


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"<a", "not well-formed"),
        (b"<a/>", "not BPMN 2.0"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "document type"),
        (b" " * 4_000_001, "4,000,001 bytes"),
        (SOURCE.replace('x="216"', 'x="nan"').encode(), "no place on a drawing"),
        (SOURCE.replace('x="216"', 'x="1e9"').encode(), "no place on a drawing"),
        (re.sub(r"<b:process.*</b:process>", "", BARE, flags=re.DOTALL).encode(), "nothing to draw"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_sentence(source: bytes, sentence: str) -> None:
    with pytest.raises(DrawingRefused, match=sentence):
        draw(source)


def test_a_file_too_large_to_be_laid_out_is_refused() -> None:
    many = "".join(f'<b:task id="N{n}"/>' for n in range(600))
    with pytest.raises(DrawingRefused, match="605 elements"):
        # S, A, T, G and E besides
        draw(BARE.replace("</b:process>", f"{many}</b:process>").encode())


def test_an_element_that_is_not_there_is_refused() -> None:
    with pytest.raises(DrawingRefused, match="no element 'Gone'"):
        draw(SOURCE.encode(), at=["Gone"])
