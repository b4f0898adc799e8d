"""What an admin can do about a refusal: words in which every platform's ends."""

RESUME = "then `digest resume`"
ELSEWHERE = "end it with `digest unsubscribe`, and subscribe in another channel"
LOG = "whoever runs the bot finds this in the log"
