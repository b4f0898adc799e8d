"""Local doubles of the platforms: they speak the real protocol over real sockets, on loopback."""
