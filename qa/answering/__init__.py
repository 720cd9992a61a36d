"""Hits to checked answers: sentences that answer, quoted exactly, or none."""
