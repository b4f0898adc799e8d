"""The words of a language and of a story: what they are, what they mean, how usual they are."""
