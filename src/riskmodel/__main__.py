"""`python -m riskmodel`: the command, where its script is not on the path."""

from riskmodel.cli import main

if __name__ == "__main__":
    main()
