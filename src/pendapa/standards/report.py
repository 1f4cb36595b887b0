"""A scorecard as JSON and as text."""

from __future__ import annotations

from decimal import Decimal

from pendapa.standards.scorecard import NOT_REPORTED, Change, Completeness, Result, Scorecard, change, compute
from pendapa.standards.standard import Indicator, Peer
from pendapa.standards.wording import Said, figure

STATUS = {
    "measured": Said("diukur", "measured"),
    "estimated": Said("diperkirakan", "estimated"),
    "proxy": Said("pendekatan", "proxy"),
    "not_available": Said("tidak tersedia", "not available"),
    "not_applicable": Said("tidak berlaku", "not applicable"),
    NOT_REPORTED: Said("belum dilaporkan", "not reported"),
}
DIRECTION = {
    "higher_better": Said("makin tinggi makin baik", "higher is better"),
    "lower_better": Said("makin rendah makin baik", "lower is better"),
    "contextual": Said("tergantung keadaan", "depends on the context"),
}
READING = {
    "better": Said("membaik", "better"),
    "worse": Said("memburuk", "worse"),
    "same": Said("tetap", "the same"),
}
QUALITY = {"high": Said("tinggi", "high"), "medium": Said("sedang", "medium"), "low": Said("rendah", "low")}
COUNT = "1"  # the unit of a count, as UCUM writes it
TO_CONFIRM = Said("perlu dikonfirmasi", "to be confirmed")


def _both(said: Said) -> dict[str, str]:
    return {"id": said.id, "en": said.en}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def as_data(card: Scorecard) -> dict[str, object]:
    """Everything, under the keys that docs/standards.md names."""
    found, index = card.standard, card.index
    return {
        "standard": found.id,
        "edition": found.edition,
        "title": _both(found.title),
        "remark": _both(found.remark),
        "year": card.year,
        "indicators": [
            _result(one, found.indicators[one.code]) | {"change": _change(_moved(card, one))}
            for one in card.results
        ],
        "earlier": [_result(one, found.indicators[one.code], brief=True) for one in card.earlier],
        "themes": [
            {"theme": code, "name": _both(name), **_completeness(card.themes[code])}
            for code, name in found.themes.items()
        ],
        "total": _completeness(card.total),
        "index": index
        and {
            "value": _number(index.value),
            "class": index.name and _both(index.name),
            "reason": index.reason and {"code": index.reason.code, **_both(index.reason.said)},
            "rule": found.index and str(found.index.rule.text),
        },
    }


def _moved(card: Scorecard, one: Result) -> Change | None:
    return change(card.standard.indicators[one.code], one, card.earlier)


def _change(moved: Change | None) -> dict[str, object] | None:
    if moved is None:
        return None
    return {
        "year": moved.year,
        "value": _number(moved.value),
        "by": _number(moved.by),
        "reading": moved.reading,
    }


def _completeness(counts: Completeness) -> dict[str, object]:
    return {"indicators": counts.indicators, "with_value": counts.with_value, **counts.by_status}


def _result(one: Result, indicator: Indicator, *, brief: bool = False) -> dict[str, object]:
    numerator, denominator = one.inputs.get("numerator"), one.inputs.get("denominator")
    described: dict[str, object] = {"code": one.code}
    if not brief:
        described |= {
            "theme": indicator.theme,
            "name": _both(indicator.name),
            "direction": indicator.direction,
            "usual_owner": indicator.owner,
            "to_confirm": indicator.to_confirm or None,
            "defined_by": {
                name: {"unit": given.unit, **_both(given.text)} for name, given in indicator.inputs.items()
            },
            "rules": [rule.text for rule in indicator.rules],
            "peers": [_peer(peer, indicator) for peer in indicator.peers],
        }
    return described | {
        "year": one.year,
        "status": one.status,
        "value": _number(one.value),
        "unit": indicator.unit,
        "rule": one.rule and one.rule.text,
        "numerator": _number(numerator.number) if numerator else None,
        "denominator": _number(denominator.number) if denominator else None,
        "inputs": {
            name: {"value": _number(given.number), "unit": given.unit or indicator.inputs[name].unit}
            for name, given in one.inputs.items()
        },
        "stated": _number(one.stated),
        "reason": one.reason and {"code": one.reason.code, **_both(one.reason.said)},
        "owner": one.owner or None,
        "quality": one.quality,
        "source": one.source,
        "note": one.note,
        "warnings": [_both(warning) for warning in one.warnings],
    }


def _peer(peer: Peer, indicator: Indicator) -> dict[str, object]:
    rule = next((rule for rule in indicator.rules if rule.inputs <= peer.inputs.keys()), None)
    computed = compute(rule, peer.inputs)[0] if rule else None
    return {
        "place": peer.place,
        "period": peer.period,
        "value": _number(peer.value),
        "unit": peer.unit,
        "computed": _number(computed),
        "inputs": {name: _number(number) for name, number in peer.inputs.items()},
        "kind": peer.kind,
        "source": peer.source,
        "note": peer.note,
    }


def as_text(card: Scorecard, language: str) -> str:
    """The scorecard for people; indicators nobody reports appear in the counts alone."""
    found = card.standard
    lines = [found.title.of(language), found.remark.of(language)]
    for code, theme in found.themes.items():
        counts = card.themes[code]
        lines += ["", f"{code} {theme.of(language)}: {_counted(counts, language)}"]
        for one in card.results:
            if found.indicators[one.code].theme == code and one.status != NOT_REPORTED:
                lines += _shown(one, found.indicators[one.code], language)
                if moved := _moved(card, one):
                    reading = f", {READING[moved.reading].of(language)}" if moved.reading else ""
                    lines.append(f"      {moved.year}: {figure(moved.value, language)}{reading}")
    all_themes = Said("Semua", "All").of(language)
    lines += ["", f"{all_themes}: {_counted(card.total, language)}"]
    if found.index and card.index:
        name = found.index.name.of(language)
        if card.index.value is not None:
            band = f" ({card.index.name.of(language)})" if card.index.name else ""
            lines.append(f"{name}: {figure(card.index.value, language)}{band}")
        elif card.index.reason:
            lines.append(f"{name}: {card.index.reason.said.of(language)}")
    return "\n".join(lines)


def _counted(counts: Completeness, language: str) -> str:
    first = Said(
        f"{counts.with_value} dari {counts.indicators} indikator bernilai",
        f"{counts.with_value} of {counts.indicators} indicators have a value",
    ).of(language)
    parts = [f"{STATUS[name].of(language)} {count}" for name, count in counts.by_status.items() if count]
    return f"{first} ({', '.join(parts)})"


def _shown(one: Result, indicator: Indicator, language: str) -> list[str]:
    mark = f" [{TO_CONFIRM.of(language)}]" if indicator.to_confirm else ""
    head = f"  {one.code} {indicator.name.of(language)}{mark}, {one.year}: "
    if one.value is None:
        why = one.reason.said.of(language) if one.reason else ""
        same = why == STATUS[one.status].of(language)
        head += why if same else f"{STATUS[one.status].of(language)}; {why}"
        return [head + (f" ({one.note})" if one.note else "")]
    facts = [STATUS[one.status].of(language), DIRECTION[indicator.direction].of(language)]
    if one.owner:
        facts.append(one.owner)
    if one.quality:
        facts.append(Said("mutu ", "quality ").of(language) + QUALITY[one.quality].of(language))
    lines = [head + f"{figure(one.value, language)} {indicator.unit_shown.of(language)}; " + "; ".join(facts)]
    if one.rule:
        given = ", ".join(
            f"{name} = {_plain(amount.number, language)} {_unit(amount.unit or indicator.inputs[name].unit)}".rstrip()
            for name, amount in one.inputs.items()
        )
        lines.append(f"      {one.rule.text}; {given}")
    else:
        lines.append("      " + Said("dicantumkan sebagaimana tertulis", "shown as stated").of(language))
    if indicator.peers:
        peers = "; ".join(
            f"{peer.place} {peer.period} {figure(peer.value, language)}" for peer in indicator.peers
        )
        lines.append(
            "      " + Said("pembanding, bukan target: ", "peers, no targets: ").of(language) + peers
        )
    warned = Said("periksa", "check").of(language)
    lines += [f"      {warned}: {warning.of(language)}" for warning in one.warnings]
    return lines


def _unit(unit: str) -> str:
    return "" if unit == COUNT else unit


def _plain(number: Decimal, language: str) -> str:
    text = f"{number:f}"
    return text.replace(".", ",") if language == "id" else text
