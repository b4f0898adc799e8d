"""The mark of a delivery: its id in the outbox, by which it is found again where it was posted."""

import secrets

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_LENGTH = 10
_MANY = len(_LETTERS) ** _LENGTH


def new_mark() -> str:
    """An id for a delivery: it goes into the message, to be found again by it.

    One of 8 × 10¹⁴: should it be there already, the database refuses it, and it is tried again.
    """
    number, letters = secrets.randbelow(_MANY), ""
    for _ in range(_LENGTH):
        number, letter = divmod(number, len(_LETTERS))
        letters += _LETTERS[letter]
    return letters
