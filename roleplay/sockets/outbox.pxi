# What was put together in one go and leaves at its end: a part of `pump`.

cdef struct Parcel:
    PyObject *wire
    PyObject *item
    PyObject *data          # what `at` lies in, unless that is the arena
    const char *at
    Py_ssize_t size
    Py_ssize_t weight       # unframed

cdef Parcel _outbox[OUTBOX]
cdef int _parcels = 0
cdef unsigned char _arena[ARENA]
cdef Py_ssize_t _filled = 0


cdef class _Window:
    """Shows a stretch of memory to whoever reads it at once; one for all, because a memoryview for each costs more."""

    cdef void *at
    cdef Py_ssize_t size

    cdef _Window on(self, void *at, Py_ssize_t size):
        self.at, self.size = at, size
        return self

    def __getbuffer__(self, Py_buffer *buffer, int flags):
        PyBuffer_FillInfo(buffer, self, self.at, self.size, 1, flags)

cdef _Window _window = _Window()


cdef unsigned char *_place() except NULL:
    """Where the next frame may be written."""
    if _parcels == OUTBOX or _filled > ARENA - 2 * PIECE:
        _leave()
    return _arena + _filled


cdef bytes _masks = b""
cdef Py_ssize_t _masks_used = 0


cdef unsigned char *_next_mask() except NULL:
    global _masks, _masks_used
    if _masks_used == len(_masks):
        _masks, _masks_used = os.urandom(4096), 0
    _masks_used += 4
    return <unsigned char *>PyBytes_AS_STRING(_masks) + _masks_used - 4


cdef int _put(Wire wire, unsigned char *end, Py_ssize_t weight, object item) except -1:
    """Has the frame leave that was written in its place, up to `end`."""
    global _parcels, _filled
    cdef Parcel *parcel = &_outbox[_parcels]
    cdef unsigned char *begin = _arena + _filled
    cdef object data = None
    if wire.tls is None:
        parcel.at, parcel.size = <const char *>begin, end - begin
        _filled += end - begin
    else:
        data = _encrypt(wire, begin, end - begin)
        parcel.at, parcel.size = PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data)
    parcel.wire, parcel.item, parcel.data = <PyObject *>wire, <PyObject *>item, <PyObject *>data
    parcel.weight = weight
    Py_INCREF(wire)
    Py_INCREF(item)
    Py_INCREF(data)
    _parcels += 1
    wire.sent += 1
    return 0


cdef bytes _encrypt(Wire wire, unsigned char *data, Py_ssize_t size):
    try:
        wire.tls.write(_window.on(data, size))
    except ssl.SSLError:
        wire.free = False
        wire.outgoing.read()
        wire.channel.broken()
        return b""
    return wire.outgoing.read()


cdef int _leave() except -1:
    """Sends what was put together. What a socket does not take at once, its channel keeps."""
    global _parcels, _filled
    cdef int number
    cdef Py_ssize_t gone
    cdef Parcel *parcel
    cdef Wire wire
    cdef list kept = []
    for number in range(_parcels):
        parcel = &_outbox[number]
        wire = <Wire>parcel.wire
        gone = kernel.send(wire.fd, parcel.at, parcel.size, MSG_DONTWAIT | MSG_NOSIGNAL) if wire.free else 0
        if gone != parcel.size:
            broken = gone < 0 and errno != EAGAIN and errno != EINTR
            wire.free = False
            data = PyBytes_FromStringAndSize(parcel.at, parcel.size)
            kept.append((wire, data, max(gone, 0), <object>parcel.item, parcel.weight, broken))
        Py_DECREF(<object>parcel.data)
        Py_DECREF(<object>parcel.item)
        Py_DECREF(wire)
    _parcels = _filled = 0
    for wire, data, gone, item, weight, broken in kept:
        if wire.channel is not None:
            wire.channel.keep_back(data, gone, item=item, weight=weight)
            if broken:
                wire.channel.broken()
    return 0
