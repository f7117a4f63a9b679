"""What an instructor sets in course.yml, as data: due dates, lateness, points, quizzes, time limits, language."""
