"""Weights unpacked once instead of at every word.

The reviewed files hold 8-bit weights in onnxruntime's own format, which it runs as it finds it: every step of the
decoder turns all weights into floats again, three quarters of its time. As a plain ONNX model, which onnxruntime
can write, the same graph is folded when it is loaded.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import onnxruntime

_GRAPH, _NODE, _ATTRIBUTE, _SUBGRAPH = 7, 1, 5, 6
_NAMED = b"\x12\x06branch"
"""Protobuf for `GraphProto.name = "branch"`: onnxruntime leaves branches nameless, and then refuses them."""


def unpacked(ort_file: Path) -> bytes:
    """The model in an `.ort` file as ONNX."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    options.add_session_config_entry("session.save_model_format", "ONNX")
    options.add_session_config_entry("session.disable_prepacking", "1")
    with tempfile.TemporaryDirectory() as directory:
        plain = Path(directory) / "model.onnx"
        options.optimized_model_filepath = str(plain)
        onnxruntime.InferenceSession(str(ort_file), options)
        model = memoryview(plain.read_bytes())
    return _changed(model, (_GRAPH, _NODE, _ATTRIBUTE, _SUBGRAPH), lambda branch: bytes(branch) + _NAMED)


def _changed(message: memoryview, path: tuple[int, ...], change: Callable[[memoryview], bytes]) -> bytes:
    """A protobuf message with every submessage at this path of field numbers changed."""
    if not path:
        return change(message)
    parts = []
    for field, content, whole in _fields(message):
        if field == path[0] and content is not None:
            inner = _changed(content, path[1:], change)
            parts += [_varint(field << 3 | 2), _varint(len(inner)), inner]
        else:
            parts.append(bytes(whole))
    return b"".join(parts)


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview | None, memoryview]]:
    """(number, content if it has a length, the field as it lies there)."""
    at = 0
    while at < len(message):
        start = at
        key, at = _read_varint(message, at)
        content = None
        match key & 7:
            case 0:
                _, at = _read_varint(message, at)
            case 1:
                at += 8
            case 2:
                length, at = _read_varint(message, at)
                content = message[at : at + length]
                at += length
            case 5:
                at += 4
        yield key >> 3, content, message[start:at]


def _read_varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
