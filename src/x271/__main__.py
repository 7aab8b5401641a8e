"""`python -m x271` is the command `x271`."""

from .cli import main

if __name__ == "__main__":
    main()
