"""Files and chat: taken over, held against each other, given back."""
