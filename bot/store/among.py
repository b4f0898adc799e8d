"""Questions about many ids: as many at a time as one query takes well."""

from collections.abc import Iterable, Sequence

_MOST = 500


def chunks(ids: Iterable[str]) -> list[list[str]]:
    """The ids, each once, as many at a time as one query takes."""
    wanted = list(dict.fromkeys(ids))
    return [wanted[start : start + _MOST] for start in range(0, len(wanted), _MOST)]


def among(column: str, ids: Sequence[str] | None) -> tuple[str, Sequence[str]]:
    """The condition that a column is one of these, and its values; none where there are no ids given."""
    if ids is None:
        return "", ()
    return f" AND {column} IN ({', '.join('?' * len(ids))})", ids
