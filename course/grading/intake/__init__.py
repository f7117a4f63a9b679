"""Work that comes in: archives, folders, whose it is, and when it was handed in."""
