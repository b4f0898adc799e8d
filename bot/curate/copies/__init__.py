"""Posts that carry what was corrected: what they should say now, and the promise that they will."""
