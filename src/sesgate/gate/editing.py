"""Edits of a gate's text that leave everything else as it is: comments, order, quotes. Pure."""

from collections.abc import Mapping

import yaml

from sesgate.gate.loading import double_quoted

WAIVERS = "waivers"


class CannotEdit(Exception):  # noqa: N818 - a statement about the text
    """The text is written in a way that is not edited; says which line, and what to do."""


def with_waiver(text: str, waiver: Mapping[str, str]) -> str:
    """The text of a valid gate with one waiver more, at the end of `waivers`. Raises CannotEdit."""
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    key, value = next(((key, value) for key, value in root.value if key.value == WAIVERS), (None, None))
    if key is None or value is None:
        if root.flow_style:
            raise CannotEdit("line 1: the gate is written in braces, and only one with a line for each key is edited")
        added = ["", f"{WAIVERS}:", *_item(waiver, "  ")]
        lines += added
    elif isinstance(value, yaml.SequenceNode) and value.value and not value.flow_style:
        at = _last_line(value.value[-1]) + 1
        lines[at:at] = _item(waiver, " " * value.start_mark.column)
    elif _is_empty(value):
        lines[key.start_mark.line : value.end_mark.line + 1] = [f"{WAIVERS}:", *_item(waiver, "  ")]
    else:
        line = key.start_mark.line + 1
        raise CannotEdit(f"line {line}: `{WAIVERS}` is written in brackets; write one entry a line, each after a dash")
    return ending.join(lines) + ending


def _is_empty(value: yaml.Node) -> bool:
    return not value.value or (isinstance(value, yaml.ScalarNode) and value.value in ("~", "null"))


def _last_line(node: yaml.Node) -> int:
    """The line, from 0, on which the last scalar of a node ends: what follows are comments, and stay where they are."""
    if isinstance(node, yaml.ScalarNode):
        ends_before = node.end_mark.column == 0 and node.end_mark.line > node.start_mark.line
        return int(node.end_mark.line) - (1 if ends_before else 0)
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.line)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _item(waiver: Mapping[str, str], indent: str) -> list[str]:
    """A waiver as an entry of a block sequence."""
    fields = [f"{name}: {_scalar(name, value)}" for name, value in waiver.items()]
    return [f"{indent}{'- ' if at == 0 else '  '}{line}" for at, line in enumerate(fields)]


def _scalar(name: str, value: str) -> str:
    """Ids and days as they are, words in double quotes."""
    return value if name in ("check", "cause", "expires") else double_quoted(value)
