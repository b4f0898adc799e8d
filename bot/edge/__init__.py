"""The outside: shell, terminal, Discord, clock. The only clocks and sockets; decides nothing."""
