"""What a review tells beside its issues: coverage, strengths, notes, listings, places and the closing words."""
