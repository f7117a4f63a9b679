"""What the class understood: figures from the graded rows and recorded answers, as a page and as CSV files."""
