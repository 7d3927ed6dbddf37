"""Whether the questionnaires that a hotline hands out itself can be trusted."""
