"""From files to the graph: one module a source family, one shared audit of rows."""
