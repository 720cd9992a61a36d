"""A question and what was asked before it, to one question that says all it means; no language model."""
