"""Section 2. Chapter 2: Bias and variance."""
