"""The index on disk: Chroma for meaning, arrays for words and filters, SQLite for text, in generations that swap whole."""
