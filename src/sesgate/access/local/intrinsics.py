"""CloudFormation's intrinsic functions, as far as a template alone can tell them.

What follows from the account and region under audit becomes `${known:AWS::Region}`, to be filled in when the policy is
judged. What nothing tells becomes `${open:NAME}`: to the evaluator a policy variable of an unknown context key, so that
a decision which turns on it is "depends", never yes or no.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sesgate.access.local.left_open import OPEN, open_name
from sesgate.access.local.nodes import Entry, Listing, Node, Place, Scalar, Table, items_of

PSEUDO = frozenset({"AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::URLSuffix"})
NO_VALUE = "AWS::NoValue"
DEEPEST = 40
MOST_CALLS = 20_000
LONGEST = 8192
"""Characters. No resource of a policy is longer."""
_SHORT = re.compile(r"!([A-Za-z0-9]+(?:::[A-Za-z0-9]+)*)")
_IN_SUB = re.compile(r"\$\{([^}]{0,256})\}")
_DYNAMIC = re.compile(r"\{\{resolve:([^}]{0,512})\}\}")
_NAMED_BY = {
    "AWS::SES::EmailIdentity": "EmailIdentity",
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SES::Template": "TemplateName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::Group": "GroupName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
}
"""What `Ref` of a resource is, where that is a property of it."""
_ARN = "arn:${known:AWS::Partition}:"
_HERE = "${known:AWS::Region}:${known:AWS::AccountId}:"
_ARNS = {
    "AWS::IAM::Role": (_ARN + "iam::${known:AWS::AccountId}:role/", ""),
    "AWS::IAM::User": (_ARN + "iam::${known:AWS::AccountId}:user/", ""),
    "AWS::Logs::LogGroup": (_ARN + "logs:" + _HERE + "log-group:", ":*"),
    "AWS::S3::Bucket": (_ARN + "s3:::", ""),
}
"""What `GetAtt` of `Arn` is, around the name."""


@dataclass
class Template:
    """A template, to resolve nodes in. `assumed` are the parameters whose default was taken.

    A template may refer to itself in circles, or double a text with each step: both end in a placeholder.
    """

    root: Table
    assumed: dict[str, None] = field(default_factory=dict)
    calls: int = 0
    _under_way: set[str] = field(default_factory=set)

    def resolve(self, node: Node, depth: int = 0) -> Node:
        """The node without intrinsic functions; text in their place, or several items in a list."""
        if depth > DEEPEST:
            return Scalar(open_name("nested-too-deep"), node.place)
        function = called(node)
        if function is not None:
            return self._call(*function, node.place, depth + 1)
        match node:
            case Scalar(value=str() as text):
                return Scalar(_without_dynamic_references(text), node.place)
            case Listing():
                return Listing(tuple(self._items(node, depth + 1)), node.place)
            case Table():
                kept = (entry for entry in node.entries if not _is_no_value(entry.value))
                resolved = tuple(Entry(each.key, each.place, self.resolve(each.value, depth + 1)) for each in kept)
                return Table(resolved, node.place)
        return Scalar(node.value, node.place)

    def text(self, node: Node | None) -> str | None:
        """The resolved text of a node; None where it is no text."""
        if node is None:
            return None
        found = self.resolve(node)
        return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None

    def resource(self, name: str) -> Table | None:
        """A resource by its logical id."""
        return (self.root.table("Resources") or Table((), Place(1, 1))).table(name)

    def _items(self, node: Listing, depth: int) -> Iterator[Node]:
        """A list's items; what a function gives as a list, and both sides of a condition, stand in its place."""
        for item in node.items:
            if _is_no_value(item):
                continue
            function = called(item)
            if function is None:
                yield self.resolve(item, depth)
            elif function[0] == "If":
                yield from self._either(function[1], depth)
            else:
                found = self._call(*function, item.place, depth)
                yield from found.items if isinstance(found, Listing) else (found,)

    def _either(self, argument: Node, depth: int) -> Iterator[Node]:
        condition, *sides = items_of(argument)
        name = condition.value if isinstance(condition, Scalar) else "condition"
        for side in sides:
            if _is_no_value(side):
                continue
            for item in items_of(self.resolve(side, depth)):
                yield _only_if(item, str(name))

    def _call(self, function: str, argument: Node, place: Place, depth: int) -> Node:
        self.calls += 1
        if self.calls > MOST_CALLS:
            return Scalar(open_name("too-many-functions"), place)
        match function:
            case "Ref":
                found = self._ref(self._plain(argument))
            case "GetAtt":
                found = self._attribute(argument)
            case "Sub":
                found = self._sub(argument, depth)
            case "Join":
                found = self._join(argument, depth)
            case "Select":
                return self._select(argument, place, depth)
            case "Split":
                return self._split(argument, place, depth)
            case "FindInMap":
                found = self._find(argument, depth)
            case "If":
                sides = list(self._either(argument, depth))
                if len(sides) == 1 and not isinstance(sides[0], Scalar):
                    return sides[0]
                found = open_name(f"If.{self._plain(next(iter(items_of(argument)), argument))}")
            case _:
                found = open_name(f"{function}.{self._plain(argument)}")
        return Scalar(found if len(found) <= LONGEST else open_name(f"{function}-too-long"), place)

    def _plain(self, node: Node) -> str:
        """A name that is written out; "" for anything else."""
        return str(node.value) if isinstance(node, Scalar) else ""

    def _ref(self, name: str) -> str:
        if name in PSEUDO:
            return "${known:" + name + "}"
        parameter = (self.root.table("Parameters") or Table((), Place(1, 1))).table(name)
        if parameter is not None:
            default = parameter.get("Default")
            if isinstance(default, Scalar) and default.value is not None:
                self.assumed[name] = None
                return str(default.value)
        return self._named(name) or open_name(name)

    def _named(self, name: str) -> str | None:
        """The name of a resource, where its properties tell it."""
        resource = self.resource(name)
        wanted = _NAMED_BY.get(resource.text("Type") or "") if resource else None
        properties = resource.table("Properties") if resource else None
        if properties is None or wanted is None or name in self._under_way:
            return None
        self._under_way.add(name)
        try:
            return self.text(properties.get(wanted))
        finally:
            self._under_way.discard(name)

    def _attribute(self, argument: Node) -> str:
        if isinstance(argument, Listing):
            name, attribute = (*(self._plain(item) for item in argument.items[:2]), "", "")[:2]
        else:
            name, _, attribute = self._plain(argument).partition(".")
        resource = self.resource(name)
        around = _ARNS.get(resource.text("Type") or "") if resource and attribute == "Arn" else None
        named = self._named(name)
        if around and named and OPEN not in named:
            return around[0] + self._path_of(name) + named + around[1]
        return open_name(f"{name}.{attribute}")

    def _path_of(self, name: str) -> str:
        """The path of a role or user, as its ARN holds it."""
        resource = self.resource(name)
        properties = resource.table("Properties") if resource else None
        path = self.text(properties.get("Path")) if properties else None
        return (path or "/").removeprefix("/")

    def _sub(self, argument: Node, depth: int) -> str:
        template, own = argument, Table((), argument.place)
        if isinstance(argument, Listing):
            template = argument.items[0] if argument.items else argument
            if len(argument.items) > 1 and isinstance(argument.items[1], Table):
                own = argument.items[1]

        def filled(match: re.Match[str]) -> str:
            name = match[1].strip()
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            given = own.get(name)
            if given is not None:
                found = self.resolve(given, depth)
                return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else open_name(name)
            if "." in name:
                return self._attribute(Scalar(name, argument.place))
            return self._ref(name)

        return _without_dynamic_references(_IN_SUB.sub(filled, self._plain(template)))

    def _join(self, argument: Node, depth: int) -> str:
        delimiter, values = (*items_of(argument), None, None)[:2]
        if delimiter is None or values is None:
            return open_name("Join")
        parts = items_of(self.resolve(values, depth))
        if not all(isinstance(part, Scalar) for part in parts):
            return open_name("Join")
        return self._plain(delimiter).join(self._plain(part) for part in parts)

    def _select(self, argument: Node, place: Place, depth: int) -> Node:
        index, values = (*items_of(argument), None, None)[:2]
        items = items_of(self.resolve(values, depth)) if values is not None else ()
        number = self._plain(self.resolve(index, depth)) if index is not None else ""
        if number.isdecimal() and len(number) < 5 and int(number) < len(items) and isinstance(values, Listing):
            return items[int(number)]
        return Scalar(open_name("Select"), place)

    def _split(self, argument: Node, place: Place, depth: int) -> Node:
        delimiter, value = (*items_of(argument), None, None)[:2]
        text = self.text(value)
        if text is None or delimiter is None or not self._plain(delimiter) or "${" in text or depth > DEEPEST:
            return Scalar(open_name("Split"), place)
        return Listing(tuple(Scalar(part, place) for part in text.split(self._plain(delimiter))), place)

    def _find(self, argument: Node, depth: int) -> str:
        names = [self._plain(self.resolve(item, depth)) for item in items_of(argument)[:3]]
        found: Node | None = self.root.get("Mappings")
        for name in names:
            found = found.get(name) if isinstance(found, Table) else None
        if isinstance(found, Scalar) and isinstance(found.value, str):
            return found.value
        return open_name("FindInMap." + ".".join(name for name in names if "${" not in name))


def called(node: Node) -> tuple[str, Node] | None:
    """(function, argument) where a node is a call of an intrinsic function, in its short or its long form."""
    if node.tag:
        match = _SHORT.fullmatch(node.tag)
        name = match[1] if match else "Unknown"
        plain: Node
        match node:
            case Scalar():
                plain = Scalar(node.value, node.place)
            case Listing():
                plain = Listing(node.items, node.place)
            case Table():
                plain = Table(node.entries, node.place)
        return name, plain
    if isinstance(node, Table) and len(node.entries) == 1:
        key = node.entries[0].key
        if key == "Ref" or key.startswith("Fn::"):
            return key.removeprefix("Fn::"), node.entries[0].value
    return None


def _only_if(node: Node, condition: str) -> Node:
    """A statement that stands under a condition of the template gets a condition that nothing tells."""
    if not isinstance(node, Table) or "Effect" not in node.names():
        return node
    unknown = Entry(f"open:{open_name(condition)[len(OPEN) : -1]}", node.place, Scalar("true", node.place))
    own = node.table("Condition")
    entries = own.entries if own else ()
    again = next((each for each in entries if each.key == "StringEquals" and isinstance(each.value, Table)), None)
    inner = (*again.value.entries, unknown) if again and isinstance(again.value, Table) else (unknown,)
    equals = Entry("StringEquals", node.place, Table(inner, node.place))
    conditions = Table((*(each for each in entries if each is not again), equals), node.place)
    others = tuple(each for each in node.entries if each.key != "Condition")
    return Table((*others, Entry("Condition", node.place, conditions)), node.place)


def _without_dynamic_references(text: str) -> str:
    return _DYNAMIC.sub(lambda match: open_name(match[1]), text) if "{{resolve:" in text else text


def _is_no_value(node: Node) -> bool:
    function = called(node)
    return function is not None and function[0] == "Ref" and function[1] == Scalar(NO_VALUE, function[1].place)
