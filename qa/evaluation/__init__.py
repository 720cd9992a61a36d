"""Retrieval measured on test sets of questions whose answering documents are known."""
