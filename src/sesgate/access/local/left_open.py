"""What a template leaves open: `${open:NAME}` stands for it, to the evaluator a variable of an unknown context key."""

import re

from sesgate.access.local.nodes import Entry, Listing, Node, Scalar, Table

OPEN = "${open:"
_COLONS_BEFORE_THE_RESOURCE = 5


def open_name(name: str) -> str:
    """The placeholder of something that nothing tells."""
    return OPEN + (re.sub(r"[^A-Za-z0-9:._/-]", "_", name)[:100] or "unnamed") + "}"


def names_left_open(text: str) -> tuple[str, ...]:
    """The names of all placeholders in a text."""
    return tuple(dict.fromkeys(re.findall(r"\$\{open:([A-Za-z0-9:._/-]{1,100})\}", text)))


def with_open_arns(node: Node, element: str = "") -> Node:
    """Resources that leave something open before an ARN's fifth colon become a placeholder as a whole.

    IAM takes variables only after it, so that the evaluator would read such a resource as one that matches nothing.
    """
    match node:
        case Scalar(value=str() as text) if element in ("Resource", "NotResource") and _open_early(text):
            return Scalar(open_name("+".join(names_left_open(text))), node.place)
        case Listing():
            return Listing(tuple(with_open_arns(item, element) for item in node.items), node.place)
        case Table():
            entries = (Entry(each.key, each.place, with_open_arns(each.value, each.key)) for each in node.entries)
            return Table(tuple(entries), node.place)
    return node


def _open_early(text: str) -> bool:
    head = re.sub(r"\$\{(?!open:)[^}]*\}", "", text)
    at = head.find(OPEN)
    return at != -1 and head.count(":", 0, at) < _COLONS_BEFORE_THE_RESOURCE
