"""Answers written by a language model, of which only what is proven is shown; the extractive answer stands behind it."""
