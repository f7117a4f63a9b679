"""Section 2. Chapter 3: Norm penalties."""
