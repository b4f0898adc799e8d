"""A form: what a command asks for, where a platform can show fields to be filled in."""

from typing import NamedTuple

MAX_FIELDS = 5  # what Discord shows at once
MAX_VALUE = 4000  # characters; what Discord takes
MAX_CHOICES = 25  # of one field; what Discord takes


class Field(NamedTuple):
    """One field of a form."""

    name: str  # of the parameter that its value is for
    label: str  # at most 45 characters
    value: str = ""  # what stands in it at first
    help: str = ""  # at most 100 characters
    long: bool = False  # several lines
    required: bool = True
    most: int = MAX_VALUE  # characters
    choices: tuple[tuple[str, str], ...] = ()  # what to show and what to send for it: one of them is chosen
    place: bool = False  # a channel is chosen; it comes as it is mentioned: <#123>


class Form(NamedTuple):
    """A form. Filled in, it is a request by name: for what `words` say, with the values of its fields."""

    words: str  # the command and its typed parameters, as a button has them: "correct 2022-07-13-end"
    title: str  # at most 45 characters
    fields: tuple[Field, ...]
