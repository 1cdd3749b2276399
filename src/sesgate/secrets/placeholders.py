"""Values that were never filled in: `changeme`, `<your-…>`, `xxx`, `${…}`."""

import re

_LONGEST = 4096

_WORDS = frozenset(
    [
        *("changeme", "changeit", "changethis", "replaceme", "replacethis", "fixme", "fillme", "fillin"),
        *("todo", "tbd", "tba", "placeholder", "example", "sample", "dummy", "insertme"),
        *("yoursecret", "yourpassword", "yourkey", "undefined", "notset", "unset", "xyz", "redacted"),
    ]
)
"""In small letters, without -, _, . and spaces."""

# `todo-api` and `sample-data` are names that somebody may really use; these beginnings are not.
_BEGINNINGS = re.compile(
    r"(?:your|change[-_ ]?me|placeholder|dummy|example)[-_ :!@]"
    r"|(?:todo|fixme|tbd)[:!( ]"
    r"|change[-_ ]?(?:me|it|this)[0-9!]{1,8}\Z"
    r"|(?:insert|enter|put|replace|change|add|set|fill|paste)[-_ ](?:your|me|this|it|the|in|here|with)(?![a-z])"
)
_ENDINGS = re.compile(
    r"[-_ ](?:placeholder|change[-_]?me|example)\Z"
    r"|(?:key|secret|token|password|value|id|name|url|arn)[-_ ](?:goes[-_ ])?here\Z"
)
_FILLER = re.compile(r"[x*.?#…]{3,}\Z")

# A reference that whoever reads the variable leaves as it is: shell, Spring and Terraform; Kubernetes; ERB.
_REFERENCES = re.compile(r"\$\{[^{}\n]{1,200}\}|\$\{\{|\$\([A-Za-z_][A-Za-z0-9_.]{0,99}\)|<%=?[^%\n]{1,200}%>")
_WHOLE = re.compile(
    r"(?:<[^<>\n]{1,200}>|\{\{[^{}\n]{1,200}\}\}|\[[A-Za-z][^\[\]\n\",]{1,200}\]"
    r"|__[A-Za-z0-9_]{1,100}__|%[A-Za-z_]\w{0,99}%|\$[A-Z_][A-Z0-9_]{2,99}"
    r"|#\{[^{}\n]{1,200}\}#?|@[A-Za-z_][\w.-]{0,99}@|@@[A-Za-z_][\w.-]{0,99}@@)\Z",
    re.ASCII,
)
_GAP = re.compile(r"(?:arn:|[a-z][a-z0-9+.-]{1,20}://)[^\s<>?#]{0,300}<[a-z][a-z0-9 _-]{0,60}>", re.ASCII)
"""An ARN or a URL with a part to be filled in: `arn:aws:iam::<account>:role/api`."""

# RFC 2606: names that nobody can own.
_RESERVED = re.compile(
    r"(?:\A|[@./])example\.(?:com|net|org|edu)(?=[:/?#,;\s>]|\Z)|\.(?:example|invalid|test)(?=[:/?#,;\s>]|\Z)"
)


def looks_like_placeholder(value: str) -> bool:
    """Whether a value stands for one that someone still has to fill in. An empty value is none: it is empty.

    Reserved names (`example.com`) count, `yourdomain.com` does not: somebody owns it. RFC 2606.
    """
    text = value[:_LONGEST].strip().strip("\"'").strip()
    small = text.lower()
    return bool(text) and bool(
        re.sub(r"[-_. ]", "", small) in _WORDS
        or _FILLER.match(re.sub(r"[-_ ]", "", small))
        or _WHOLE.match(text)
        or _REFERENCES.search(text)
        or _GAP.match(small)
        or _BEGINNINGS.match(small)
        or _ENDINGS.search(small)
        or text.endswith(("EXAMPLE", "EXAMPLEKEY"))
        or _RESERVED.search(small)
    )
