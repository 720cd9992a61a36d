"""The public originals behind the corpus: a list of them, and a polite way to download those that a user picks."""
