"""Section 2. Chapter 1: Overfitting and underfitting."""
