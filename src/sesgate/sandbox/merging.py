"""A step from one state of plain data to the next, made in a third that has gone on meanwhile."""

import copy
from typing import Any


def merge(live: Any, before: Any, after: Any) -> Any:
    """What `live` is once the step from `before` to `after` is made in it; dicts are changed where they are.

    What only `live` has stays, and what it has no more stays away, in dicts and in lists.
    """
    if before == after:
        return live
    if isinstance(live, dict) and isinstance(before, dict) and isinstance(after, dict):
        for name in before.keys() - after.keys():
            live.pop(name, None)
        for name, value in after.items():
            if name not in live or name not in before:
                if before.get(name) != value:
                    live[name] = copy.deepcopy(value)
            else:
                live[name] = merge(live[name], before[name], value)
        return live
    if isinstance(live, list) and isinstance(before, list) and isinstance(after, list) and live != before:
        return _lists(live, before, after)
    return copy.deepcopy(after)


def _lists(live: list[Any], before: list[Any], after: list[Any]) -> list[Any]:
    """Place by place where the lengths allow it; else what left goes out, and what came goes to the end."""
    if len(before) == len(after) <= len(live):
        stepped = [merge(*three) for three in zip(live, before, after, strict=False)]
        return stepped + live[len(after) :]
    left = [one for one in before if one not in after]
    return [one for one in live if one not in left] + [copy.deepcopy(one) for one in after if one not in before]
