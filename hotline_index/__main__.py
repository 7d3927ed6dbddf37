"""Run the command as a module."""

from hotline_index.cli import main

main()
