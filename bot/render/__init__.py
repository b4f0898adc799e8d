"""Reply → what a platform shows, within its limits. No I/O, and no platform's SDK."""
