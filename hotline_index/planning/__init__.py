"""Planning: the call plan of an edition, and what it can tell apart."""
