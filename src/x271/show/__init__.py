"""For eyes: tables on a terminal. Nothing here is imported with the package; rich is the extra `cli`."""
