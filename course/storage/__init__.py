"""Files that outlive a program: written whole or not at all, read with care."""
