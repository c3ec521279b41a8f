"""A believable organisation for trying things out. Every person, place of work and note is invented."""
