"""`python -m x271` is the command `x271`."""

from .cli import program

if __name__ == "__main__":
    program()
