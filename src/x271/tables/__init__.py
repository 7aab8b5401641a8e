"""Columns: the records of many answers as four Arrow tables, joined by `key`. The list of columns is `columns.tsv`."""
