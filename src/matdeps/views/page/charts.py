"""Shares of countries as bars, with the concentration of each stage: for people who look rather than read."""

from matdeps.views.inert import escape_html
from matdeps.views.page.labels import LABELS
from matdeps.views.protocols import AnswerLike
from matdeps.views.stages import StageFrame, group_frames
from matdeps.views.words import say_hhi, say_share

_NAME, _BAR, _SHARE, _ROW = 150, 380, 90, 24
_MOST = 15


def draw_charts(answer: AnswerLike) -> list[str]:
    """Draw one chart for each stage of an answer of `sources`; none for other answers.

    Returns
    -------
    list of str
        HTML figures. Countries whose share is not known are named without a bar, never as zero.
    """
    return [_draw(frame) for frame in group_frames(answer)] if answer.query == "sources" else []


def _draw(frame: StageFrame) -> str:
    rows = sorted(frame.rows, key=lambda row: (row.share is None, -(row.share or 0), row.id))
    shown = rows[:_MOST]
    known = sum(row.share or 0 for row in rows)
    bars = [(row.name, row.share) for row in shown]
    more = rows[_MOST:]
    if more:
        shares = [row.share for row in more if row.share is not None]
        bars.append((f"+ {len(more)}", sum(shares) if shares else None))
    if frame.figures.get("known_share") is not None and known < 0.995:
        bars.append((LABELS["chart_unknown"], max(0.0, 1 - known)))
    stage = f"{frame.item}: {frame.stage}" if frame.item else frame.stage
    title = LABELS["chart_share"].format(stage=stage, year=frame.year or LABELS["chart_no_year"])
    hhi = frame.figures.get("hhi")
    about = LABELS["chart_hhi"].format(hhi=say_hhi(hhi)) if hhi else ""
    width, height = _NAME + _BAR + _SHARE, len(bars) * _ROW + 8
    name = LABELS["chart_name"].format(stage=stage)
    told = "; ".join(f"{bar} {say_share(share)}" for bar, share in bars)
    parts = [
        f'<figure class="chart"><figcaption><strong>{escape_html(title)}</strong> {escape_html(about)}</figcaption>'
        f'<svg class="bars" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape_html(f"{name}: {told}")}">'
    ]
    for number, (label, share) in enumerate(bars):
        y = number * _ROW + 4
        unknown = " unknown" if label == LABELS["chart_unknown"] or share is None else ""
        length = 0.0 if share is None else max(2.0, share * _BAR) if share > 0 else 0.0
        parts.append(
            f'<text class="name" x="{_NAME - 8}" y="{y + 15}">{escape_html(label[:24])}</text>'
            f'<rect class="rail" x="{_NAME}" y="{y + 3}" width="{_BAR}" height="16"/>'
            f'<rect class="bar{unknown}" x="{_NAME}" y="{y + 3}" width="{length:.1f}" height="16"/>'
            f'<text x="{_NAME + _BAR + 8}" y="{y + 15}">{escape_html(say_share(share))}</text>'
        )
    return "".join(parts) + "</svg></figure>"
