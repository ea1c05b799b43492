"""指标库: the library of indicators as pages, its picker, and what is proposed for it."""
