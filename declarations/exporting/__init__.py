"""Taking tables out: in which form, under which name, one or many, and what was frozen never twice."""
