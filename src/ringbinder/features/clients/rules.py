"""Decisions about API clients, without input or output."""

from collections.abc import Mapping

from ringbinder.access.limits import Rate, RequestType
from ringbinder.kit.errors import FieldProblems


def own_limits(
    wanted: Mapping[RequestType, int | None],
    *,
    present: Mapping[RequestType, Rate],
    usual: Mapping[RequestType, Rate],
) -> Mapping[RequestType, Rate]:
    """Give a client's own limits of the times a minute that somebody wants; None is the usual.

    An organisation makes a limit tighter than that of the role; what is wider was allowed by the
    operator, and stays as it is while nobody changes it.

    Raises:
        FieldErrors: about each number that is higher than that of the role.

    """
    problems = FieldProblems()
    limits: dict[RequestType, Rate] = {}
    for request, per_minute in wanted.items():
        now = present.get(request)
        if per_minute is None or (now is None and per_minute == usual[request].per_minute):
            continue
        if now is not None and now.per_minute == per_minute:
            limits[request] = now
        elif per_minute > usual[request].per_minute:
            problems.add(str(request), _too_high(usual[request]))
        else:
            limits[request] = tightened(usual[request], per_minute)
    problems.raise_if_any()
    return limits


def tightened(usual: Rate, per_minute: int) -> Rate:
    """Give a limit of so many a minute, of which as large a part may come at once as usual."""
    return Rate(per_minute, max(1, per_minute * usual.burst // usual.per_minute))


def _too_high(usual: Rate) -> str:
    most = f"The value can be at most {usual.per_minute}, as for the role"
    return f"{most}; the operator of the installation can allow more."
