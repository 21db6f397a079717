"""What is made of a recording: analysis, review, comparison of visits, results as JSON."""
