"""Appeals: what a city contests, and what is decided of it."""
