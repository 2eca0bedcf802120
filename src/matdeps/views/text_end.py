"""The end of every text: what the answer does not know, its notes, which graph answered, what to ask next."""

from collections.abc import Sequence

from matdeps.views.layout import Page
from matdeps.views.protocols import AnswerLike, PathRowLike
from matdeps.views.words import count, get_flow


def add_end(page: Page, answer: AnswerLike) -> None:
    """Add what follows the rows."""
    unknown = list_unknown(answer)
    if unknown:
        page.add_heading("What this answer does not know")
        for text in unknown:
            page.add_item(text)
    notes = list_notes(answer)
    if notes:
        page.add_heading("Notes")
        for text in notes:
            page.add_item(text, style="caution" if _is_about_date(text) else None)
    page.add_gap()
    page.add(say_graph(answer), style="dim", hang=2)
    commands = [str(text) for text in answer.summary.get("next", ())]
    if commands:
        page.add_heading("Next:")
        for text in commands:
            page.add(text, indent=2, hang=2)


def list_unknown(answer: AnswerLike) -> list[str]:
    """List what an answer does not know: what its query found, and what can be counted here."""
    texts = []
    targets, blind = answer.summary.get("targets"), answer.summary.get("targets_without_upstream")
    if blind:
        of = f" of the {targets:,}" if targets is not None else ""
        texts.append(
            f"For {blind:,}{of} targets looked at, nothing upstream is recorded: that they are not listed does not "
            "clear them."
        )
    return [*texts, *_count_unread(answer.rows), *(str(text) for text in answer.summary.get("not_known", ()))]


def _count_unread(rows: Sequence[PathRowLike]) -> list[str]:
    hops = {(hop.tail, hop.head, hop.key): hop.checked for row in rows for hop in get_flow(getattr(row, "path", ()))}
    unread = sum(not checked for checked in hops.values())
    if not unread:
        return []
    if len(hops) == 1:
        return ["The one hop on these paths cites only sources that nobody here has read."]
    which = f"the {count(len(hops), 'different hop')} on these paths"
    return [f"Of {which}, {unread:,} {'cites' if unread == 1 else 'cite'} only sources that nobody here has read."]


def list_notes(answer: AnswerLike) -> list[str]:
    """List the notes, warnings first."""
    notes = [str(text) for text in answer.summary.get("notes", ())]
    warnings = [str(text) for text in answer.summary.get("warnings", ())]
    return list(dict.fromkeys([*warnings, *sorted(notes, key=lambda text: not _is_about_date(text))]))


def _is_about_date(text: str) -> bool:
    return text.startswith(("Warning", "The date ", "The data names no day"))


def say_graph(answer: AnswerLike) -> str:
    """Say which graph answered, how far its knowledge reaches, and how it was asked."""
    graph, asked = answer.graph, answer.parameters
    parts = [
        f"Graph {graph.name} {graph.version}, knowledge to {graph.knowledge_until or 'a day that is not recorded'}"
    ]
    if asked.get("as_of"):
        parts.append(f"date {asked['as_of']}")
    if asked.get("through"):
        parts.append(f"view {asked['through']}")
    if int(answer.summary.get("starts", 1)) > 1:
        parts.append(f"{answer.summary['starts']:,} starts")
    if asked.get("confidence") not in {None, "inferred"}:
        parts.append(f"only links at least {asked['confidence']}")
    if asked.get("checked"):
        parts.append("only links one of whose sources was read")
    if asked.get("by") not in {None, "plant"}:
        parts.append("suppliers counted where they have their seat")
    if asked.get("min_share") is not None:
        parts.append(f"least share {asked['min_share']:g}")
    if asked.get("include_rollup"):
        parts.append("roll-ups included")
    return "; ".join([*parts, f"engine {answer.engine}"])
