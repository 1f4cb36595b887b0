"""Short DMN files for tests."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" '
    'id="D" name="test" namespace="http://example.org/test">'
)


def table(
    id_: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    *rules: Sequence[str],
    policy: str = "UNIQUE",
    requires: Sequence[str] = (),
    kind: str = "number",
    aggregation: str = "",
) -> str:
    """One decision. An output may be written `name: "a", "b"` with its values; a rule is inputs, then outputs."""
    needs = "".join(
        f'<informationRequirement id="{id_}_{r}"><requiredDecision href="#{r}"/></informationRequirement>'
        for r in requires
    )
    columns = "".join(
        f'<input id="{id_}_i{n}"><inputExpression id="{id_}_e{n}" typeRef="{kind}"><text>{escape(text)}</text>'
        "</inputExpression></input>"
        for n, text in enumerate(inputs)
    )
    for n, text in enumerate(outputs):
        name, _, values = text.partition(":")
        inner = f"<outputValues><text>{escape(values.strip())}</text></outputValues>" if values else ""
        columns += f'<output id="{id_}_o{n}" name={quoteattr(name)}>{inner}</output>'
    rows = ""
    for n, rule in enumerate(rules):
        cells = [
            f'<{"inputEntry" if place < len(inputs) else "outputEntry"} id="{id_}_{n}_{place}"><text>{escape(cell)}'
            f"</text></{'inputEntry' if place < len(inputs) else 'outputEntry'}>"
            for place, cell in enumerate(rule)
        ]
        rows += f'<rule id="{id_}_r{n}">{"".join(cells)}</rule>'
    extra = f' aggregation="{aggregation}"' if aggregation else ""
    return (
        f'<decision id="{id_}" name="{id_}">{needs}<decisionTable id="{id_}_t" hitPolicy="{policy}"{extra}>'
        f"{columns}{rows}</decisionTable></decision>"
    )


def dmn(*decisions: str) -> bytes:
    return f"{HEAD}{''.join(decisions)}</definitions>".encode()
