"""For eyes: cards and tables on a terminal, and the card as a page. Nothing here is imported with the package.

rich is the extra `cli`, jinja2 (for the page) the extra `html`.
"""
