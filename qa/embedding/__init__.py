"""Which SentenceTransformer, where its weights come from, and how it runs."""
