# cython: boundscheck=False, wraparound=False, cdivision=True
"""Sends every piece of sound back at once, as the provider gives it. Compiled, as the callers are."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.time cimport monotonic
from libc.stdint cimport int64_t
from libc.string cimport memcmp, memcpy
from picows.picows cimport WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

cdef enum:
    SOUND_CHARACTERS = 2560
    APPEND_CHARACTERS = 45
    DELTA_CHARACTERS = 11
    END_CHARACTERS = 2
    FRAME_HEAD = 14
    HEAD_CHARACTERS = 300
    MOST_DIGITS = 20
    SOUND_AT = FRAME_HEAD + HEAD_CHARACTERS

cdef const char* APPEND = b'{"type":"input_audio_buffer.append","audio":"'
cdef const char* DELTA = b'","delta":"'
cdef const char* END = b'"}'

cdef char EVENT[SOUND_AT + SOUND_CHARACTERS + END_CHARACTERS]
"""Written anew each time: its head ends where the sound begins."""
memcpy(EVENT + SOUND_AT + SOUND_CHARACTERS, END, END_CHARACTERS)


cdef class Echo(WSListener):
    """Sound goes back at once; other text goes to `obey`."""

    cdef public bytes head
    """Of an event for sound, up to its number."""
    cdef public int64_t events
    cdef public double turn_ends
    cdef public WSTransport transport

    cpdef on_ws_frame(self, WSTransport transport, WSFrame frame):
        cdef Py_ssize_t size = APPEND_CHARACTERS + SOUND_CHARACTERS + END_CHARACTERS
        if frame.payload_size == size and memcmp(frame.payload_ptr, APPEND, APPEND_CHARACTERS) == 0:
            self.echo(frame.payload_ptr + APPEND_CHARACTERS)
        elif frame.msg_type == WSMsgType.TEXT:
            self.obey(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(WSCloseCode.OK)
            transport.disconnect()

    def obey(self, message):
        raise NotImplementedError

    def end_turn(self):
        raise NotImplementedError

    cdef int echo(self, const char* sound) except -1:
        cdef Py_ssize_t head = PyBytes_GET_SIZE(self.head)
        cdef char* begins = EVENT + SOUND_AT - DELTA_CHARACTERS
        cdef int64_t left = self.events
        if head > HEAD_CHARACTERS - DELTA_CHARACTERS - MOST_DIGITS:
            raise ValueError("no room for the head of an event")
        memcpy(EVENT + SOUND_AT, sound, SOUND_CHARACTERS)
        memcpy(begins, DELTA, DELTA_CHARACTERS)
        begins -= 1
        begins[0] = <char>(48 + left % 10)
        while left >= 10:
            left //= 10
            begins -= 1
            begins[0] = <char>(48 + left % 10)
        begins -= head
        memcpy(begins, PyBytes_AS_STRING(self.head), head)
        self.events += 1
        self.transport.send_reuse_external_buffer(WSMsgType.TEXT, begins, EVENT + sizeof(EVENT) - begins)
        if monotonic() > self.turn_ends:
            self.end_turn()
        return 0
