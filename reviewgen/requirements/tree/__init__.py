"""What a tree answers with: conditions on its declarations, values that it certainly deploys with, the tags of its resources."""
