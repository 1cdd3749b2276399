"""The go-live gate for applications that send mail through Amazon SES."""

__version__ = "0.1.0"
