"""The first sentences of every answer: its figures and how sure they are, ready to be read aloud."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from matdeps.graph.schema import KINDS
from matdeps.views.protocols import (
    AnswerLike,
    ControlRowLike,
    ExposureRowLike,
    RowLike,
    SourcesRowLike,
    WhyRowLike,
)
from matdeps.views.stages import StageFrame, group_frames
from matdeps.views.words import Names, count, join, name_kind, say_bounds, say_checked, say_hhi, say_share

_DIFFERS = "This is not the same as clear"


def summarise(answer: AnswerLike) -> str:
    """Say an answer in one to four sentences.

    Returns
    -------
    str
        Plain text of one line. Names in it come from the data: whoever shows it makes it harmless first.
    """
    make = _MAKERS.get(answer.query)
    return make(answer) if make else f"{count(get_hits(answer), 'row')}."


def get_hits(answer: AnswerLike) -> int:
    """Count the rows that the answer has, given or not."""
    return int(answer.summary.get("hits", len(answer.rows)))


def get_ids(answer: AnswerLike, name: str) -> list[str]:
    """Get the ids that a parameter holds, one or several; empty where it is not set."""
    value = answer.parameters.get(name)
    if not value:
        return []
    return [value] if isinstance(value, str) else [str(one) for one in value]


def _as_of(answer: AnswerLike) -> str:
    day = answer.parameters.get("as_of")
    return f" as of {day}" if day else ""


def _on(answer: AnswerLike) -> str:
    day = answer.parameters.get("as_of")
    return f" on {day}" if day else ""


def _subject(answer: AnswerLike, parameter: str, *, last: str = "and") -> str:
    return Names(answer).join(get_ids(answer, parameter), last, most=4) or "what was asked about"


def name_kinds(kinds: Sequence[str], *, many: bool = True, last: str = "and") -> str:
    """Name the kinds asked for, in the order of the schema."""
    if not kinds or set(kinds) >= KINDS.keys():
        return "nodes" if many else "node"
    return join((name_kind(kind, many=many) for kind in KINDS if kind in kinds), last)


def get_kinds(answer: AnswerLike) -> list[str]:
    """Get the kinds asked for; where the answer does not say, those that it has."""
    asked = answer.parameters.get("kind")
    if isinstance(asked, str):
        return asked.split(",")
    return [str(kind) for kind in asked] if asked else sorted(answer.summary.get("by_kind", {}))


def _bound(answer: AnswerLike) -> str:
    if answer.parameters.get("direct"):
        return "directly "
    return ""


def _within(answer: AnswerLike) -> str:
    most = answer.parameters.get("max_tier")
    return f" within {count(int(most), 'hop')}" if most and not answer.parameters.get("direct") else ""


def _say_exposed(answer: AnswerLike) -> str:
    hits, targets = get_hits(answer), answer.summary.get("targets")
    if not hits:
        return _say_nothing(
            answer,
            f"No {name_kinds(get_kinds(answer), many=False, last='or')} is recorded as {_bound(answer)}depending on "
            f"{_subject(answer, 'start', last='or')}{_within(answer)}{_as_of(answer)}",
        )
    figure = f"{hits:,}" + (f" of {targets:,}" if targets is not None else "")
    kinds = name_kinds(get_kinds(answer), many=targets is not None or hits != 1)
    verb = "depends" if hits == 1 else "depend"
    return (
        f"{figure} {kinds} {_bound(answer)}{verb} on {_subject(answer, 'start', last='or')}"
        f"{_within(answer)}{_as_of(answer)}: {_say_certainties(answer, hits)}.{_say_sureness(answer, hits)}"
    )


def _say_depends(answer: AnswerLike) -> str:
    hits, targets = get_hits(answer), answer.summary.get("targets")
    # Several nodes are one question: each row is needed by at least one of them.
    subject = _subject(answer, "node", last="or")
    many = False
    if not hits:
        return _say_nothing(
            answer,
            f"{_upper(subject)} {'are' if many else 'is'} not recorded as {_bound(answer)}depending on any "
            f"{name_kinds(get_kinds(answer), many=False, last='or')}{_within(answer)}{_as_of(answer)}",
        )
    figure = f"{hits:,}" + (f" of {targets:,}" if targets is not None else "")
    kinds = name_kinds(get_kinds(answer), many=targets is not None or hits != 1)
    return (
        f"{_upper(subject)} {_bound(answer)}{'depend' if many else 'depends'} on {figure} {kinds}"
        f"{_within(answer)}{_as_of(answer)}: {_say_certainties(answer, hits)}.{_say_sureness(answer, hits)}"
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _say_nothing(answer: AnswerLike, sentence: str) -> str:
    limits = [f"view {answer.parameters['through']}"] if answer.parameters.get("through") else []
    if answer.parameters.get("confidence") not in {None, "inferred"}:
        limits.append(f"only links that are at least {answer.parameters['confidence']}")
    if answer.parameters.get("checked"):
        limits.append("only links one of whose sources was read")
    targets, blind = answer.summary.get("targets"), answer.summary.get("targets_without_upstream")
    known = []
    if targets is not None:
        known.append(f"{targets:,} {'was' if targets == 1 else 'were'} looked at")
    if blind:
        known.append(f"for {blind:,} of them nothing upstream is recorded")
    tail = f"{_DIFFERS}: {' and '.join(known)}." if known else f"{_DIFFERS}: it says what is recorded, not what is so."
    return sentence + (f" ({', '.join(limits)})" if limits else "") + ". " + tail


def _say_certainties(answer: AnswerLike, hits: int) -> str:
    figures: Mapping[str, int] = answer.summary.get("certainty", {})
    minor, possible = figures.get("minor", 0), figures.get("possible", 0)
    definite = hits - possible
    words = []
    if definite:
        of_them = "all of them" if minor == definite else f"{minor:,} of them"
        words.append(f"{_all_or(definite, hits)}definitely" + (f" ({of_them} through a minor input)" if minor else ""))
    if possible:
        words.append(f"{_all_or(possible, hits)}possibly")
    return ", ".join(words) or "none"


def _all_or(part: int, whole: int) -> str:
    return ("all " if whole > 1 else "") if part == whole else f"{part:,} "


def _say_sureness(answer: AnswerLike, hits: int) -> str:
    """Say how many rows rest on what; the word confirmed comes with what was read."""
    rows: Sequence[ExposureRowLike] = answer.rows
    if not rows:
        return ""
    given = "" if len(rows) == hits else f"Of the {len(rows):,} rows given, "
    by = Counter(row.confidence for row in rows)
    words = []
    if by["confirmed"]:
        unread = sum(row.confidence == "confirmed" and row.unchecked > 0 for row in rows)
        text = f"{by['confirmed']:,} {_verb(by['confirmed'], 'rest')} only on confirmed links"
        if not unread:
            words.append(f"{text} whose sources were read")
        elif unread == by["confirmed"]:
            words.append(f"{text}, {'each ' if unread > 1 else ''}with some whose sources nobody here has read")
        else:
            words.append(f"{text}, {unread:,} of them with some whose sources nobody here has read")
    if by["reported"]:
        words.append(
            f"{by['reported']:,} {_verb(by['reported'], 'rest')} on a link that is only reported by press or trade"
        )
    if by["inferred"]:
        words.append(
            f"{by['inferred']:,} {_verb(by['inferred'], 'contain')} a link that only we reasoned out (inferred)"
        )
    text = "; ".join(words)
    return f" {given}{text}." if text else ""


def _verb(number: int, stem: str) -> str:
    return stem + "s" if number == 1 else stem


def _say_why(answer: AnswerLike) -> str:
    rows: Sequence[WhyRowLike] = answer.rows
    names = Names(answer)
    without = set(answer.summary.get("starts_without_path", ()))
    leading = [one for one in get_ids(answer, "start") if one not in without]
    start, target = names.join(leading, "and", most=4) or _subject(answer, "start"), _subject(answer, "target")
    if not rows:
        view = answer.parameters.get("through", "consumed")
        any_start = _subject(answer, "start", last="or")
        return (
            f"No path is recorded from {any_start} to {target}{_as_of(answer)} (view {view}). "
            f"{_DIFFERS}: it says what is recorded, not what is so."
        )
    first = rows[0]
    sure = next((row for row in rows if row.by == "surest"), None)
    several = len({row.through for row in rows}) > 1
    is_definite = any(row.certainty == "definite" for row in rows)
    is_minor = is_definite and all(row.minor for row in rows if row.certainty == "definite")
    text = (
        f"{_upper(names.in_sentence(first.id))} {'definitely' if is_definite else 'possibly'} depends on {start}"
        f"{' through a minor input' if is_minor else ''}{_as_of(answer)}: "
        f"the shortest path has {_say_path(first, several)}"
    )
    if sure is not None and not _is_same(sure, first):
        text += f"; the surest has {_say_path(sure, several)}"
    elif sure is not None:
        text += ", and no other is surer"
    if without:
        text += f"; no path leads there from {names.join(sorted(without), 'or', most=4)}"
    return text + "."


_VIEW_WORDS = {
    "contained": "contained all the way",
    "consumed": "through something used up",
    "all": "through equipment",
}


def _say_path(row: WhyRowLike, several_views: bool) -> str:
    words = ["only possible"] if row.certainty == "possible" else []
    # A narrower view ranks first, so that the shortest path of an answer may be longer than another.
    words += [_VIEW_WORDS.get(row.through, row.through)] if several_views else []
    doubt = f" ({', '.join(words)})" if words else ""
    if row.length <= 1:
        return f"{count(row.length, 'hop')}{doubt}, {say_checked(row.confidence, not row.unchecked)}"
    sure = "all confirmed" if row.confidence == "confirmed" else f"the weakest {row.confidence}"
    read = f", with {row.unchecked} whose sources nobody here has read" if row.unchecked else ", all with a source read"
    return f"{count(row.length, 'hop')}{doubt}, {sure}{read}"


def _is_same(one: WhyRowLike, other: WhyRowLike) -> bool:
    return [(h.tail, h.head, h.key) for h in one.path] == [(h.tail, h.head, h.key) for h in other.path]


VERDICT_ORDER = ("restricted", "lost", "reduced", "unknown", "possible", "covered", "clear", "no data")
"""Verdicts, the worst first."""


def _say_whatif(answer: AnswerLike) -> str:
    verdicts: Mapping[str, int] = answer.summary.get("verdicts", {})
    told = [f"{verdicts[verdict]:,} {verdict}" for verdict in VERDICT_ORDER if verdicts.get(verdict)]
    targets = answer.summary.get("targets", get_hits(answer))
    kinds = name_kinds(get_kinds(answer))
    scenario = " ".join(str(line) for line in answer.summary.get("scenario", ()))
    heading = answer.summary.get("heading")
    return f"{f'{heading}. ' if heading else ''}{scenario} Of {targets:,} {kinds}{_as_of(answer)}: {', '.join(told)}."


def _say_sources(answer: AnswerLike) -> str:
    rows: Sequence[SourcesRowLike] = answer.rows
    names, subject = Names(answer), _subject(answer, "node")
    frames = group_frames(answer)
    makers = int(answer.summary.get("makers", sum(row.role == "maker" for row in rows)))
    told = [_say_frame(answer, frame, names, subject) for frame in frames[:3]]
    if len(frames) > 3:
        told.append(f"{count(len(frames) - 3, 'more stage')} below.")
    if not told:
        told.append(_say_no_frame(answer, subject))
    if makers:
        told.append(f"{count(makers, 'maker')} {'is' if makers == 1 else 'are'} recorded by name; there may be others.")
    else:
        stage = answer.parameters.get("stage")
        where = f" at the stage {stage}" if stage else ""
        told.append(f"No maker is recorded by name{where}, which does not mean that there is none.")
    return " ".join(told)


def _say_no_frame(answer: AnswerLike, subject: str) -> str:
    """Say that no country is given, and whether that is for want of data or by what was asked."""
    stage, year = answer.parameters.get("stage"), answer.parameters.get("year")
    others = answer.summary.get("other_stages") or []
    asked = (f" at the stage {stage}" if stage else "") + (f" in {year}" if year else "")
    text = f"In which countries {subject} is made{asked} is not recorded"
    return f"{text}; recorded are: {', '.join(others)}." if others else f"{text}."


def _say_frame(answer: AnswerLike, frame: StageFrame, names: Names, subject: str) -> str:
    known = sorted((row for row in frame.rows if row.share is not None), key=lambda row: (-(row.share or 0), row.id))
    place = f"{_upper(frame.item or subject)}, {frame.stage}, {frame.year or 'no year'}"
    countries, about = frame.rows, frame.figures
    if not known:
        return f"{place}: {count(len(countries), 'country', 'countries')}, shares not known."
    text = f"{place}: " + ", ".join(f"{names(row.id)} {say_share(row.share)}" for row in known[:3])
    if len(countries) > 3:
        text += f" and {len(countries) - 3} more"
    if about.get("hhi"):
        text += f"; concentration (HHI) {say_hhi(about['hhi'])} of 10,000"
    outside = answer.parameters.get("outside")
    if outside and about.get("outside"):
        text += f"; outside {names(str(outside))}: {say_bounds(about['outside'])}"
    return text + "."


def _say_controls(answer: AnswerLike) -> str:
    rows: Sequence[ControlRowLike] = answer.rows
    names = Names(answer)
    about = f" on {_subject(answer, 'node')}" if get_ids(answer, "node") else ""
    to = get_ids(answer, "to")
    toward = f" toward {names.join(to, 'or')}" if to else ""
    use = answer.parameters.get("use")
    purpose = f" for {use} use" if use and use != "any" else ""
    expiring = answer.parameters.get("expiring")
    changing = f" whose status changes within {expiring} days" if expiring is not None else ""
    hits = get_hits(answer)
    if not hits:
        return (
            f"No restriction{about}{toward}{purpose}{changing} is recorded{_on(answer)}. "
            f"{_DIFFERS}: only what is recorded here was looked at."
        )
    by = answer.summary.get("by_status") or Counter(row.status for row in rows)
    order = ("in force", "suspended", "announced", "unknown", "ended")
    told = [
        f"{by[status]:,} {'is' if by[status] == 1 else 'are'} {_STATUS_WORDS[status]}"
        for status in order
        if by.get(status)
    ]
    day = answer.parameters.get("as_of")
    return (
        f"{count(hits, 'restriction')}{about}{toward}{purpose}{changing} {'is' if hits == 1 else 'are'} recorded: "
        f"{f'on {day}, ' if day else ''}{join(told)}."
    )


_STATUS_WORDS = {
    "in force": "in force",
    "suspended": "suspended",
    "announced": "announced, not yet in force",
    "unknown": "of unknown status",
    "ended": "ended",
}


def _say_claims(answer: AnswerLike) -> str:
    about = f" about {_subject(answer, 'node')}" if get_ids(answer, "node") else ""
    hits = get_hits(answer)
    if not hits:
        return f"No claim{about} is recorded. That neither supports nor contradicts anything."
    by = answer.summary.get("by_status") or Counter(row.status for row in answer.rows)
    told = [f"{by[status]:,} {say_status(status)}" for status in sort_statuses(by)]
    return f"{count(hits, 'claim')}{about}: {join(told)}. A claim is no link, and none becomes one."


_CLAIM_ORDER = (
    "corroborated",
    "partly_corroborated",
    "reported",
    "plausible",
    "inferred",
    "single_source",
    "disputed",
    "contradicted",
)


def sort_statuses(statuses: Iterable[str]) -> list[str]:
    """Sort the statuses of claims from well supported to contradicted."""
    return sorted(statuses, key=lambda s: (_CLAIM_ORDER.index(s) if s in _CLAIM_ORDER else len(_CLAIM_ORDER), s))


def say_status(status: str) -> str:
    """Say the status of a claim in words."""
    return {"single_source": "from a single source"}.get(status, status.replace("_", " "))


def _say_find(answer: AnswerLike) -> str:
    text, hits = str(answer.parameters.get("text", "")), get_hits(answer)
    if not hits:
        return f"No node is called “{text}”, or anything near it."
    rows: Sequence[Any] = answer.rows
    exact = sum(row.score >= 100 for row in rows)
    near = hits - exact
    if not exact:
        return f"No node is called “{text}”; {count(near, 'name')} {'comes' if near == 1 else 'come'} near."
    tail = f"; {count(near, 'more name')} {'comes' if near == 1 else 'come'} near" if near else ""
    return f"{count(exact, 'node')} {'is' if exact == 1 else 'are'} called “{text}”{tail}."


def _say_show(answer: AnswerLike) -> str:
    rows: Sequence[Any] = answer.rows
    parts = Counter(row.part for row in rows)
    subject = _upper(_subject(answer, "node"))
    told = [
        count(parts[part], singular, plural)
        for part, singular, plural in (
            ("in", "link in", "links in"),
            ("out", "link out", "links out"),
            ("production", "production figure", None),
            ("control", "restriction", None),
            ("claim", "claim", None),
            ("source", "source", None),
        )
        if parts[part]
    ]
    return f"{subject}{_as_of(answer)}: {join(told)}." if told else f"{subject}: nothing is recorded beyond its name."


def _say_coverage(answer: AnswerLike) -> str:
    hits = get_hits(answer)
    if not hits:
        return f"No gap was found in the graph{_as_of(answer)}; what nobody looked for is not among them."
    gaps = answer.summary.get("gaps") or Counter(row.gap for row in answer.rows)
    sorts = count(sum(1 for number in gaps.values() if number), "sort")
    return f"The graph does not know {count(hits, 'thing')} that it could know{_as_of(answer)}, of {sorts}."


def _say_queries(answer: AnswerLike) -> str:
    rows: Sequence[RowLike] = answer.rows
    return (
        f"{count(get_hits(answer), 'question')} can be asked by name: {join(row.name for row in rows)}."
        if rows
        else "No question is in the catalogue."
    )


_MAKERS: Mapping[str, Callable[[AnswerLike], str]] = {
    "exposed": _say_exposed,
    "depends": _say_depends,
    "why": _say_why,
    "whatif": _say_whatif,
    "sources": _say_sources,
    "controls": _say_controls,
    "claims": _say_claims,
    "find": _say_find,
    "show": _say_show,
    "coverage": _say_coverage,
    "queries": _say_queries,
}
