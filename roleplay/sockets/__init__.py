"""WebSockets as callbacks in gevent's hub: no thread, no greenlet and no waiting for each of them.

`codec` reads and writes frames (RFC 6455), `queue` holds what a peer does not take at once, `channel` is one open
socket, `tls` its encryption, `dialing` opens one to a server, `keeper` watches them all.
"""
