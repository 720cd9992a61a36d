"""The index on disk: Chroma for meaning, tantivy for words, SQLite for text, in generations that swap whole."""
