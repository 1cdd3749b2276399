"""Small parts of the shell's grammar. POSIX.1-2017, Shell Command Language."""

import re

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")

_KEYWORDS = frozenset({"if", "then", "elif", "else", "do", "while", "until", "!", "{", "time", "coproc"})
_HEADS = frozenset({"for", "select", "case"})
"""What follows these, up to the next separator, is no command."""
_ENDS = frozenset({"fi", "done", "esac", "}", "in"})


def is_assignment(word: str) -> bool:
    """Whether the word sets a variable: `A=b`."""
    return _ASSIGNMENT.match(word) is not None


def closing(text: str, at: int) -> int:
    """Where the parenthesis closes that is open at `at`; the end of the text where it does not."""
    depth, quote = 1, ""
    while at < len(text):
        character = text[at]
        if character == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0:
                return at
        at += 1
    return len(text)


def without_keywords(words: list[str]) -> list[str]:
    """The command behind words such as `if`, `then` and `!`; nothing for the head of a loop."""
    index = 0
    while index < len(words):
        word = words[index]
        if word in _HEADS or word in _ENDS:
            return []
        if word != "function" and word not in _KEYWORDS:
            return words[index:]
        index += 2 if word == "function" else 1
    return []
