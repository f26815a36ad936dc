"""`python -m roleplay <command>`."""

from roleplay.cli import main

main()
