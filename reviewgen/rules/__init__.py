"""The catalogue: each rule a small pure function on the resource graph, its knowledge in dated tables with sources."""
