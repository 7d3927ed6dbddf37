"""The quality of the data of an edition, told before any score is shown."""
