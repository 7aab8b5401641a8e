"""Archives and compressed files: what is in them, one thing at a time and within limits.

In the order of the data's way: `stream` reads, `kinds` says what a stream is, `packed`, `tars` and `zips` open it,
`lines` cuts JSON Lines, `walk` goes through all of it, `documents` gives what it comes to.
"""
