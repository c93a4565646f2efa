"""What the provider itself checks of values at validate time, from tables of measured facts."""
