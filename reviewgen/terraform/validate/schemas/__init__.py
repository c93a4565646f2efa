"""Bodies of resources, data sources, providers and provisioners against their schemas."""
