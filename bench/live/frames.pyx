# cython: boundscheck=False, wraparound=False, cdivision=True
"""Frames of sound that know whose they are and when they were sent, who says them, and an account of what came back.

Compiled, because 50,000 frames a second pass here, and the engine and the database live on the same core. A stamp is 24
bytes, which base64 makes 32 characters with nothing left over: what follows is encoded once for all.
"""

import os
from array import array
from asyncio import Event

from pybase64 import b64encode

from cpython cimport array as arrays
from cpython.bytearray cimport PyByteArray_AS_STRING
from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.time cimport monotonic, monotonic_ns
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcmp, memcpy, memmove
from picows.picows cimport WSFrame, WSListener, WSMsgType, WSTransport

FRAME_SECONDS = 0.04
AT_ONCE = 256
"""Frames in one go when the clock is behind, before what has come back is read."""

cdef enum:
    CONTENTS = 16
    FRAME_BYTES = 1920
    STAMP_BYTES = 24
    CONTENT_BYTES = FRAME_BYTES - STAMP_BYTES
    STAMP_CHARACTERS = STAMP_BYTES // 3 * 4
    CONTENT_CHARACTERS = CONTENT_BYTES // 3 * 4
    APPEND_CHARACTERS = 45
    DELTA_CHARACTERS = 9
    DELTA_EVENT_CHARACTERS = 36
    END_CHARACTERS = 2

cdef const char* APPEND = b'{"type":"input_audio_buffer.append","audio":"'
cdef const char* DELTA_EVENT = b'{"type":"response.output_audio.delta"'
cdef const char* DELTA = b'"delta":"'
cdef const char* END = b'"}'
cdef const uint8_t* BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

cdef list FRAMES = [bytearray(STAMP_BYTES) + os.urandom(CONTENT_BYTES) for _ in range(CONTENTS)]
cdef list APPENDS = [
    bytearray(APPEND + bytes(STAMP_CHARACTERS) + b64encode(bytes(frame[STAMP_BYTES:])) + END) for frame in FRAMES
]
"""As a browser and as the provider takes them; stamped anew each time."""

cdef packed struct Stamp:
    uint32_t call
    uint32_t number
    uint64_t sent_at  # nanoseconds
    uint64_t content


cdef void encode(const Stamp* stamp, char* characters) noexcept:
    cdef const uint8_t* three = <const uint8_t*>stamp
    cdef int at
    for at in range(0, STAMP_CHARACTERS, 4):
        characters[at] = BASE64[three[0] >> 2]
        characters[at + 1] = BASE64[(three[0] & 3) << 4 | three[1] >> 4]
        characters[at + 2] = BASE64[(three[1] & 15) << 2 | three[2] >> 6]
        characters[at + 3] = BASE64[three[2] & 63]
        three += 3


cdef class Account:
    """What all callers of a row sent and got back. `delays` are round trips in nanoseconds."""

    cdef readonly int64_t sent, received, altered, reordered
    cdef public bint measuring
    cdef readonly arrays.array delays

    def __init__(self, bint measuring=False):
        self.measuring = measuring
        self.delays = array("Q")

    @property
    def lost(self):
        return self.sent - self.received

    def percentiles(self, *shares):
        """In milliseconds."""
        ordered = sorted(self.delays)
        if not ordered:
            return [float("nan")] * len(shares)
        return [ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1e6 for share in shares]


cdef class Track:
    """One caller's frames: numbered without gaps, and expected back in that order, bit by bit."""

    cdef readonly uint32_t call
    cdef public Account account
    cdef uint32_t sent, expected
    cdef Stamp* under_way
    cdef Py_ssize_t first, after, room

    def __cinit__(self, uint32_t call, Account account):
        self.call, self.account = call, account

    def __dealloc__(self):
        PyMem_Free(self.under_way)

    cdef Stamp* next(self) except NULL:
        """Sent now; good until the next one."""
        if self.after == self.room:
            self.make_room()
        cdef Stamp* stamp = self.under_way + self.after
        stamp.call, stamp.number, stamp.content = self.call, self.sent, (self.call + self.sent) % CONTENTS
        self.after += 1
        self.sent += 1
        self.account.sent += 1
        stamp.sent_at = monotonic_ns()
        return stamp

    cdef int make_room(self) except -1:
        cdef Py_ssize_t count = self.after - self.first
        if count:
            memmove(self.under_way, self.under_way + self.first, count * sizeof(Stamp))
        self.first, self.after = 0, count
        if count * 2 < self.room:
            return 0
        cdef Py_ssize_t room = 2 * self.room + 16
        cdef void* larger = PyMem_Realloc(self.under_way, room * sizeof(Stamp))
        if larger is NULL:
            raise MemoryError
        self.under_way, self.room = <Stamp*>larger, room
        return 0

    cdef int check(self, const char* frame, Py_ssize_t size) except -1:
        cdef Py_ssize_t at = self.after
        if size == FRAME_BYTES:
            at = self.first
            while at < self.after and memcmp(frame, self.under_way + at, STAMP_BYTES):
                at += 1
        if at == self.after:
            return self.count_altered()
        cdef const char* content = PyByteArray_AS_STRING(FRAMES[self.under_way[at].content]) + STAMP_BYTES
        if memcmp(frame + STAMP_BYTES, content, CONTENT_BYTES):
            return self.count_altered()
        return self.count(at)

    cdef int check_delta(self, const char* event, Py_ssize_t size) except -1:
        """As the provider gives it: what is equal in base64 is equal in every bit."""
        cdef Py_ssize_t rest = CONTENT_CHARACTERS + END_CHARACTERS
        cdef const char* sound = event + size - rest - STAMP_CHARACTERS
        cdef Py_ssize_t at = self.after
        cdef char stamp[STAMP_CHARACTERS]
        if sound - DELTA_CHARACTERS >= event and memcmp(sound - DELTA_CHARACTERS, DELTA, DELTA_CHARACTERS) == 0:
            at = self.first
            while at < self.after:
                encode(self.under_way + at, stamp)
                if memcmp(sound, stamp, STAMP_CHARACTERS) == 0:
                    break
                at += 1
        if at == self.after:
            return self.count_altered()
        cdef const char* append = PyByteArray_AS_STRING(APPENDS[self.under_way[at].content])
        if memcmp(sound + STAMP_CHARACTERS, append + APPEND_CHARACTERS + STAMP_CHARACTERS, rest):
            return self.count_altered()
        return self.count(at)

    cdef int count_altered(self) except -1:
        self.account.received += 1
        self.account.altered += 1
        return 0

    cdef int count(self, Py_ssize_t at) except -1:
        cdef Stamp stamp = self.under_way[at]
        cdef Account account = self.account
        cdef uint64_t delay
        memmove(self.under_way + self.first + 1, self.under_way + self.first, (at - self.first) * sizeof(Stamp))
        self.first += 1
        account.received += 1
        if stamp.number < self.expected:
            account.reordered += 1
        else:
            self.expected = stamp.number + 1
        if account.measuring:
            delay = monotonic_ns() - stamp.sent_at
            arrays.extend_buffer(account.delays, <char*>&delay, 1)
        return 0


cdef class Talker(WSListener):
    """Says binary frames, as a browser does, or the provider's own JSON. What is not sound goes to `read`."""

    cdef readonly Track track
    cdef public WSTransport transport
    cdef public int64_t heard  # bytes
    cdef bint binary

    def __init__(self, uint32_t call, Account account, *, bint binary):
        self.track = Track(call, account)
        self.binary = binary

    cpdef speak(self):
        cdef Stamp* stamp = self.track.next()
        if self.binary:
            frame = FRAMES[stamp.content]
            memcpy(PyByteArray_AS_STRING(frame), stamp, STAMP_BYTES)
            self.transport.send(WSMsgType.BINARY, frame)
        else:
            frame = APPENDS[stamp.content]
            encode(stamp, PyByteArray_AS_STRING(frame) + APPEND_CHARACTERS)
            self.transport.send(WSMsgType.TEXT, frame)

    cpdef on_ws_frame(self, WSTransport transport, WSFrame frame):
        cdef const char* data = frame.payload_ptr
        cdef Py_ssize_t size = frame.payload_size
        if frame.msg_type == WSMsgType.BINARY and self.binary:
            self.heard += size
            self.track.check(data, size)
        elif frame.msg_type == WSMsgType.TEXT:
            if not self.binary and size > DELTA_EVENT_CHARACTERS and not memcmp(data, DELTA_EVENT, DELTA_EVENT_CHARACTERS):
                self.track.check_delta(data, size)
            else:
                self.read(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()

    def read(self, message):
        raise NotImplementedError


cdef class Ticker:
    """Lets callers say what is due, each frame at its own time, and knows how late it was at worst."""

    cdef list callers
    cdef double apart, began
    cdef int64_t frames, sent
    cdef readonly double latest
    cdef readonly object done

    def __init__(self, callers, double seconds):
        self.callers = list(callers)
        self.apart = FRAME_SECONDS / len(self.callers)
        self.frames = round(seconds / FRAME_SECONDS) * len(self.callers)
        self.began = monotonic() + 0.1
        self.done = Event()

    def tick(self):
        cdef int64_t due = <int64_t>((monotonic() - self.began) / self.apart) + 1
        due = min(due, self.frames, self.sent + <int64_t>AT_ONCE)
        while self.sent < due:
            self.latest = max(self.latest, monotonic() - self.began - self.sent * self.apart)
            (<Talker>self.callers[self.sent % len(self.callers)]).speak()
            self.sent += 1
        if self.sent == self.frames:
            self.done.set()
