"""One file that holds the index and all that could not be made again: uploads, feedback, users, the audit log."""
