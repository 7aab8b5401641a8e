"""Many documents: files, folders and globs, read one at a time."""
