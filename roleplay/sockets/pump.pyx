# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The pump: all sockets of a process read in one go, and sound passed between two of them without anybody looking at it.

What is not sound, or may not be passed on now, goes to the channel that a socket belongs to, exactly as with plain
wires. What was put together leaves at the end, and always before a channel is given anything: a channel may send.
"""

from cpython.buffer cimport PyBuffer_FillInfo
from cpython.bytearray cimport PyByteArray_AS_STRING
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.ref cimport Py_DECREF, Py_INCREF, PyObject
from libc.errno cimport EAGAIN, EINTR, errno
from libc.string cimport memchr, memcmp, memcpy, memset
from posix.time cimport CLOCK_MONOTONIC, clock_gettime, timespec

from roleplay.sockets cimport framing, kernel
from roleplay.sockets.kernel cimport MSG_DONTWAIT, MSG_NOSIGNAL

import os
import ssl

from pybase64 import b64decode, b64encode

cdef enum:
    AT_ONCE = 256           # sockets read in one go
    PIECE = 65536           # bytes read from a socket in one go
    OUTBOX = 128            # messages that leave in one go
    ARENA = 524288          # bytes of them
    KEPT = 16384            # bytes of a message, at the most, while the rest of it is on its way
    LONGEST_HEAD = 320      # of an engine's message, in front of the sound
    TEXT = 0x81
    SOUND = 0x82

# Shared by every socket: what lies in them is taken or gone before the next one is read.
cdef unsigned char _read[PIECE]
cdef unsigned char _joined[2 * PIECE + 8]
cdef unsigned char _unmasked[PIECE]
_decrypted = bytearray(PIECE)


cdef class Wire:
    """See `plain.Wire`."""

    cdef Pump pump
    cdef object channel, tls, incoming, outgoing
    cdef Coupling coupling
    cdef bytes rest         # the beginning of a message that may be passed on when all of it is there
    cdef int fd
    cdef unsigned int number
    cdef bint masks
    cdef public bint free, deaf, heard
    cdef public Py_ssize_t missing, received, sent

    def __init__(self, Pump pump, channel, connected, tls, bint masks):
        self.pump, self.channel, self.fd, self.masks = pump, channel, connected.fileno(), masks
        self.free = self.heard = True
        if tls is not None:
            self.tls, self.incoming, self.outgoing = tls.raw, tls.incoming, tls.outgoing

    def listen(self, bint on):
        if on:
            self.pump.watch(self)
        else:
            self.pump.ignore(self)

    def uncouple(self):
        cdef Coupling coupling = self.coupling
        if coupling is None:
            return
        # Either may be coupled with another by now.
        if coupling.browser.coupling is coupling:
            coupling.browser.coupling = None
        if coupling.engine.coupling is coupling:
            coupling.engine.coupling = None

    def end(self):
        self.free, self.deaf = False, True
        self.pump.ignore(self)
        self.channel = None
        self.uncouple()


include "outbox.pxi"


cdef class Coupling:
    """See `roleplay.ports.realtime.Coupling`. How the sound lies in the engine's messages: `coding.Coding`."""

    cdef Wire browser, engine
    cdef bytes before, begins, holds, event, key, behind
    cdef double bytes_per_second
    cdef bint ears
    cdef object item        # whose sound goes through the mouth; None when it is closed
    cdef bytes mark
    cdef public Py_ssize_t heard, spoken
    cdef public double until
    cdef unsigned char last[LONGEST_HEAD]
    cdef Py_ssize_t last_size

    def __init__(self, Wire browser, Wire engine, before, begins, item, event, key, behind, bytes_per_second):
        self.browser, self.engine = browser, engine
        self.before, self.begins, self.holds, self.event = before, begins, item, event
        self.key, self.behind, self.bytes_per_second = key, behind, bytes_per_second
        browser.coupling = engine.coupling = self

    def open_ears(self):
        self.ears = True

    def open_mouth(self, str item, double until):
        self.item, self.mark, self.until = item, self.holds % item.encode(), until

    def close(self):
        self.ears, self.item = False, None

    cdef bint pass_on(self, Wire wire, unsigned char *frame) except -1:
        """Whether this was a message of middle length, and passed on, or repeated the one before it."""
        if wire is self.browser:
            return frame[0] == SOUND and frame[1] == (0x80 | framing.LONG) and self.hear(frame + 8, framing.length(frame), frame + 4)
        return frame[0] == TEXT and frame[1] == framing.LONG and self.speak(frame + 4, framing.length(frame))

    cdef bint hear(self, unsigned char *sound, Py_ssize_t size, unsigned char *mask) except -1:
        if not self.ears or not self.engine.free or size & 1:
            return False
        framing.apply_mask(_unmasked, sound, size, mask)
        cdef bytes encoded = b64encode(_window.on(_unmasked, size))
        cdef Py_ssize_t text = len(self.before) + len(encoded) + len(self.behind)
        cdef unsigned char *key = _next_mask() if self.engine.masks else NULL
        cdef unsigned char *body = framing.head(_place(), TEXT, text, key)
        cdef unsigned char *end = framing.lay_bytes(body, self.before)
        end = framing.lay_bytes(framing.lay_bytes(end, encoded), self.behind)
        if key != NULL:
            framing.apply_mask(body, body, text, key)
        self.heard += size
        _put(self.engine, end, text, None)
        return True

    cdef bint speak(self, unsigned char *text, Py_ssize_t size) except -1:
        """Keeps an eye on what repeats itself even while the mouth is closed."""
        if size < len(self.begins) or memcmp(text, PyBytes_AS_STRING(self.begins), len(self.begins)):
            return False
        cdef unsigned char *key = framing.find(text, min(size, LONGEST_HEAD), self.key)
        if key == NULL:
            return False
        cdef Py_ssize_t head = key - text
        if memchr(text, b"\\", head) or memchr(text + 1, b"{", head - 1):
            return False
        if head == self.last_size and not memcmp(text, self.last, head) and framing.find(text, head, self.event):
            return True
        self.last_size = head
        memcpy(self.last, text, head)
        if self.item is None or not self.browser.free or not framing.find(text, head, self.mark):
            return False
        return self.utter(key + len(self.key), text + size - len(self.behind))

    cdef bint utter(self, unsigned char *encoded, unsigned char *end) except -1:
        cdef timespec now
        cdef bytes sound
        cdef object item = self.item
        if end < encoded or memcmp(end, PyBytes_AS_STRING(self.behind), len(self.behind)):
            return False
        try:
            sound = b64decode(_window.on(encoded, end - encoded), validate=True)
        except ValueError:
            return False
        clock_gettime(CLOCK_MONOTONIC, &now)
        self.until = max(self.until, now.tv_sec + now.tv_nsec * 1e-9) + len(sound) / self.bytes_per_second
        self.spoken += len(sound)
        cdef unsigned char *key = _next_mask() if self.browser.masks else NULL
        cdef unsigned char *body = framing.head(_place(), SOUND, len(sound), key)
        _put(self.browser, framing.lay_bytes(body, sound), len(sound), item)
        return True


cdef class Pump:
    """`fd` becomes readable when there is something to look at, `beats` at a beat that was asked for."""

    cdef readonly int fd, beats
    cdef list wires
    cdef unsigned int number

    def __init__(self):
        self.wires = []
        self.fd = kernel.epoll_create1(kernel.EPOLL_CLOEXEC)
        if self.fd < 0:
            raise OSError(errno, "epoll_create1")
        self.beats = kernel.timerfd_create(CLOCK_MONOTONIC, kernel.TFD_CLOEXEC | kernel.TFD_NONBLOCK)
        if self.beats < 0:
            raise OSError(errno, "timerfd_create")

    def beat(self, double seconds):
        """Makes `beats` readable once, so many seconds from now. The hub's own timers count in whole milliseconds."""
        cdef kernel.itimerspec then
        memset(&then, 0, sizeof(then))
        then.it_value.tv_nsec = <long>(seconds * 1e9)
        if kernel.timerfd_settime(self.beats, 0, &then, NULL) < 0:
            raise OSError(errno, "timerfd_settime")

    cdef int watch(self, Wire wire) except -1:
        cdef kernel.epoll_event event
        while len(self.wires) <= wire.fd:
            self.wires.append(None)
        if self.wires[wire.fd] is wire:
            return 0
        self.number += 1
        self.wires[wire.fd], wire.number = wire, self.number
        event.events, event.data.u64 = kernel.EPOLLIN, <unsigned long long>self.number << 32 | <unsigned int>wire.fd
        if kernel.epoll_ctl(self.fd, kernel.EPOLL_CTL_ADD, wire.fd, &event) < 0:
            raise OSError(errno, "epoll_ctl")
        return 0

    cdef int ignore(self, Wire wire) except -1:
        cdef kernel.epoll_event event
        if wire.fd < len(self.wires) and self.wires[wire.fd] is wire:
            self.wires[wire.fd] = None
            kernel.epoll_ctl(self.fd, kernel.EPOLL_CTL_DEL, wire.fd, &event)
        return 0

    def look(self):
        """Reads once from every socket that has something; returns how many had."""
        cdef kernel.epoll_event events[AT_ONCE]
        cdef int at, count = kernel.epoll_wait(self.fd, events, AT_ONCE, 0)
        cdef Wire wire
        try:
            for at in range(count):
                wire = self.wires[<unsigned int>events[at].data.u64]
                # A socket may be closed, and its descriptor be another's, by what came of the ones before it.
                if wire is not None and wire.number == events[at].data.u64 >> 32:
                    self.read(wire)
        finally:
            _leave()
        return count

    cdef int read(self, Wire wire) except -1:
        cdef Py_ssize_t size = kernel.recv(wire.fd, _read, PIECE, MSG_DONTWAIT)
        if size < 0 and (errno == EAGAIN or errno == EINTR):
            return 0
        if size <= 0:
            _leave()
            wire.channel.hung_up()
            return 0
        wire.heard = True
        if wire.deaf:
            return 0
        return self.hand_on(wire, _read, size) if wire.tls is None else self.decrypt(wire, size)

    cdef int decrypt(self, Wire wire, Py_ssize_t size) except -1:
        """See `tls.Tls.decrypt`."""
        try:
            wire.incoming.write(_window.on(_read, size))
            while wire.incoming.pending and (size := wire.tls.read(PIECE, _decrypted)):
                if wire.outgoing.pending:
                    self.answer(wire)
                self.hand_on(wire, <unsigned char *>PyByteArray_AS_STRING(_decrypted), size)
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            self.answer(wire)
        except ssl.SSLError:
            _leave()
            if wire.channel is not None:
                wire.channel.hung_up()
        finally:
            if wire.incoming.pending:
                wire.incoming.read()
            if wire.outgoing.pending:
                wire.outgoing.read()
        return 0

    cdef int answer(self, Wire wire) except -1:
        """What the protocol itself wants to say to the peer."""
        owed = wire.outgoing.read()
        if owed and wire.channel is not None:
            _leave()
            wire.channel.push(owed)
        return 0

    cdef int hand_on(self, Wire wire, unsigned char *data, Py_ssize_t size) except -1:
        """What is not passed on, the channel takes: no more at a time than one message, where that is known."""
        cdef Py_ssize_t at = 0, next, whole
        if wire.rest is not None:
            size = framing.lay(framing.lay_bytes(_joined, wire.rest), data, size) - _joined
            data, wire.rest = _joined, None
        while at < size and not wire.deaf:
            next = size - at
            if wire.missing:
                next = min(next, wire.missing)
            elif wire.coupling is not None and (whole := framing.whole(data + at, next)):
                if next < whole and next < KEPT:
                    wire.rest = PyBytes_FromStringAndSize(<char *>data + at, next)
                    return 0
                next = min(next, whole)
                if next == whole and wire.coupling.pass_on(wire, data + at):
                    wire.received += 1
                    at += next
                    continue
            _leave()
            wire.channel.take(framing.view(data + at, next))
            at += next
        return 0
