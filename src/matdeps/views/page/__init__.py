"""An answer as one HTML file that can be mailed, opened offline, searched, understood and printed."""
