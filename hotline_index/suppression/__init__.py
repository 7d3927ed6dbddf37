"""Suppression: what rests on few persons is left out of the results."""
