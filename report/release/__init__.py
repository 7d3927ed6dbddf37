"""Open data: the tables of an edition, described, packaged and checked."""
