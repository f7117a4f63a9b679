"""Section 2. Chapter 5: Batch normalization."""
