"""What the dashboard suggests: the number that is red is that of generation."""

answer = ("generation", 10)
