"""Questions to hits: dense and lexical search, fused, within the filters."""
