"""Mail authentication, pure: SPF (RFC 7208), DKIM key records (RFC 6376), DMARC (RFC 9989), domain names.

No input or output happens here. What needs the DNS is handed a `Resolver`.
"""
