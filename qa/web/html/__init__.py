"""Records to HTML. Nothing from a document or a question becomes markup: it all goes through ``escape``."""
