"""WebSockets as callbacks in gevent's hub: no thread, no greenlet and no waiting for each of them.

`codec` reads and writes frames (RFC 6455), `queue` holds what a peer does not take at once, `channel` is one open
socket, `tls` its encryption, `dialing` opens one to a server, `keeper` watches them all. A channel is told what comes
by its wire: a `plain` one, or one of the `pump`, which reads all of them together and passes sound on (`wires`
chooses, `coding` says how sound lies in messages). `framing`, `kernel` and `outbox` are parts of the pump.
"""
