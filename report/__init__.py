"""Report: the Quarto book, figures, tables, data-bound prose, publisher, open data."""
