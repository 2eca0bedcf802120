"""The page inside another one: a notebook cell, a wiki."""

from matdeps.views.inert import escape_html


def render_frame(page: str, *, title: str, height_px: int = 720) -> str:
    """Render a page as a frame that holds it whole.

    Parameters
    ----------
    page
        What `render_page` gave.
    title
        What a screen reader calls the frame.
    height_px
        Height in pixels, more than 0; the frame is as wide as its place.

    Returns
    -------
    str
        An `iframe` that may run the page's own scripts, save its CSV and open its links, and reach nothing of the
        page around it.
    """
    # Not neutralised: the page is markup that was made harmless already, and its policy counts every byte.
    inside = page.replace("&", "&amp;").replace('"', "&quot;")
    return (
        f'<iframe title="{escape_html(title)}" width="100%" height="{height_px}" frameborder="0" '
        f'sandbox="allow-scripts allow-downloads allow-popups allow-modals" srcdoc="{inside}"></iframe>'
    )
