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


def here_document(text: str, start: int, delimiter: str, *, strips_tabs: bool) -> tuple[str, int]:
    """The text of a here-document that begins at `start`, and where the line with its delimiter ends."""
    position = start
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line = text[position:end].rstrip("\r")
        if (line.lstrip("\t") if strips_tabs else line) == delimiter:
            break
        position = end + 1
    newline = text.find("\n", position)
    return text[start:position], len(text) if newline < 0 else newline


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


def program(word: str) -> str:
    """The name of a program: without its folder, its version as packages have it, and the endings of scripts."""
    plain = word.replace("\\", "/")
    folder, slash, name = plain.rpartition("/")
    scope = folder.rpartition("/")[2]
    if slash and scope.startswith("@"):
        name = f"{scope}/{name}"
    at = name.find("@", 1)
    name = name[:at] if at > 0 else name
    for ending in (".cmd", ".exe", ".ps1", ".phar"):
        name = name.removesuffix(ending)
    return name


def behind_shell_options(arguments: list[str]) -> tuple[list[str], bool]:
    """What follows the options of a shell, and whether `-c` is among them. `-o` and `--rcfile` take a word."""
    index, is_inline = 0, False
    while index < len(arguments) and arguments[index].startswith(("-", "+")) and len(arguments[index]) > 1:
        word = arguments[index]
        index += 1
        if word == "--":
            break
        is_long = word.startswith("--")
        is_inline = is_inline or (not is_long and "c" in word)
        index += word in {"--rcfile", "--init-file"} or (not is_long and word.endswith("o"))
    return arguments[index:], is_inline
