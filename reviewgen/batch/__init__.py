"""Many samples: discovery, workers, progress, run report."""
