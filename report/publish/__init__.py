"""The embedded publisher: a Quarto book published from Python wheels, without the Quarto CLI."""
