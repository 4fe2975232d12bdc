"""What many say first: the fresher the better."""

answer = "7d"
