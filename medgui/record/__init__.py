"""What is known about one person. Standard library only."""
