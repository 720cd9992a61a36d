"""Who is let in, what they may send and how much, and what browsers are told of it."""
