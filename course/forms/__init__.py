"""What learners tell us at a chapter's end."""
