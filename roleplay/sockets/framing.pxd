"""The frames of RFC 6455 that carry sound, in C; `codec` has all of them."""

from cpython.buffer cimport PyBUF_READ
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.memoryview cimport PyMemoryView_FromMemory
from libc.string cimport memcpy

from roleplay.sockets cimport kernel

cdef enum:
    LONG = 126              # in the place of a length: it follows in two bytes
    MANY = 0x20000


cdef inline Py_ssize_t length(const unsigned char *data) noexcept:
    """Of the payload, in a frame of middle length."""
    return <Py_ssize_t>data[2] << 8 | data[3]


cdef inline Py_ssize_t whole(const unsigned char *data, Py_ssize_t size) noexcept:
    """The size of the frame that it begins with, even if not all of it is there; more than it can be while that is not
    known. 0 when it is long and not all there."""
    cdef unsigned long long all = 0
    cdef int place
    if size < 2 or (size < 4 and data[1] & 0x7F == LONG):
        return MANY
    if data[1] & 0x7F < LONG:
        all = 2 + (data[1] & 0x7F)
    elif data[1] & 0x7F == LONG:
        all = 4 + length(data)
    elif size >= 10 and data[2] | data[3] | data[4] | data[5] == 0:
        for place in range(4):
            all = all << 8 | data[6 + place]
        all += 10
    all += 4 if data[1] & 0x80 else 0
    return 0 if all > size and data[1] & 0x7F > LONG else all


cdef inline unsigned char *head(unsigned char *out, unsigned char first, Py_ssize_t size, const unsigned char *mask) noexcept:
    """Writes a frame's head; returns where its payload begins."""
    cdef int place
    cdef unsigned char masked = 0x80 if mask else 0
    out[0] = first
    if size < LONG:
        out[1] = masked | <unsigned char>size
        out += 2
    elif size < 0x10000:
        out[1], out[2], out[3] = masked | LONG, <unsigned char>(size >> 8), <unsigned char>size
        out += 4
    else:
        out[1] = masked | LONG + 1
        for place in range(8):
            out[2 + place] = <unsigned char>(size >> 8 * (7 - place))
        out += 10
    if mask:
        out = lay(out, mask, 4)
    return out


cdef inline unsigned char *lay(unsigned char *to, const void *data, Py_ssize_t size) noexcept:
    """Returns what is behind it."""
    memcpy(to, data, size)
    return to + size


cdef inline unsigned char *lay_bytes(unsigned char *to, bytes data) noexcept:
    return lay(to, PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data))


cdef inline void apply_mask(
    unsigned char *to, const unsigned char *data, Py_ssize_t size, const unsigned char *mask
) noexcept:
    """`to` may be `data`. Eight bytes at a time, which a compiler turns into more."""
    cdef unsigned long long twice, piece
    cdef Py_ssize_t at = 0
    memcpy(&twice, mask, 4)
    memcpy(<char *>&twice + 4, mask, 4)
    while at + 8 <= size:
        memcpy(&piece, data + at, 8)
        piece ^= twice
        memcpy(to + at, &piece, 8)
        at += 8
    while at < size:
        to[at] = data[at] ^ mask[at & 3]
        at += 1


cdef inline object view(const void *data, Py_ssize_t size):
    return PyMemoryView_FromMemory(<char *>data, size, PyBUF_READ)


cdef inline unsigned char *find(const void *data, Py_ssize_t size, bytes what) noexcept:
    return <unsigned char *>kernel.memmem(data, size, PyBytes_AS_STRING(what), PyBytes_GET_SIZE(what))
