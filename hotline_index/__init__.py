"""The roof: an edition's folder, the run, the command."""
