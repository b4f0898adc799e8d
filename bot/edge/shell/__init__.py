"""The shell: every command of the table, and those of whoever runs the bot."""
