"""Speech to text on this machine: Moonshine base-en run by onnxruntime, one utterance at a time, English only."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from roleplay.embedded import weights
from roleplay.embedded.audio import EAR_RATE, Samples, loudness
from roleplay.embedded.unpacking import unpacked

LANGUAGE = "en"

_LAYERS_SHAPE = (0, 8, 1, 52)
_START, _END = 1, 2
_TOKENS_PER_SECOND = 6.5
"""More tokens than this for the length of the sound means the decoder is going round in circles."""
_LONGEST = 24 * EAR_RATE
_SHORTEST = EAR_RATE // 10
_AFTERSOUND = EAR_RATE * 3 // 10
"""Silence after the last word, without which the model mishears it."""
_WHISPER_DB = -58.0
_DOUBTFUL = -1.2
_SURELY_NOTHING = 0.9
_NOISE_WORDS = 2


@dataclass(frozen=True)
class Heard:
    """`confidence` is the mean log-probability of the words, 0 being certain."""

    text: str
    confidence: float = 0.0


class Hearing:
    """Safe to call from several threads. `threads` is what one transcription may use."""

    def __init__(self, threads: int = 2) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        # Spinning threads would starve the relay and the web app on the same small machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._encoder = onnxruntime.InferenceSession(unpacked(weights.ENCODER.locate()), options)
        self._decoder = onnxruntime.InferenceSession(unpacked(weights.DECODER.locate()), options)
        self._tokenizer = Tokenizer.from_file(str(weights.TOKENIZER.locate()))
        self._past = [entry.name for entry in self._decoder.get_inputs() if entry.name.startswith("past_key_values")]

    def transcribe(self, samples: Samples) -> Heard:
        """Words in 16 kHz sound of any length; an empty text where nobody spoke."""
        pieces = [self._utterance(piece) for piece in cut_at_pauses(samples)]
        said = [piece for piece in pieces if piece.text]
        return Heard(" ".join(piece.text for piece in said), min((piece.confidence for piece in said), default=0.0))

    def _utterance(self, samples: Samples) -> Heard:
        if len(samples) < _SHORTEST or loudness(samples) < _WHISPER_DB:
            return Heard("")
        tokens, confidence, nothing = self._decode(samples)
        text = str(self._tokenizer.decode(tokens)).strip()
        invented = nothing > _SURELY_NOTHING and len(text.split()) <= _NOISE_WORDS
        if invented or confidence < _DOUBTFUL or not any(character.isalnum() for character in text):
            return Heard("")
        return Heard(text, confidence)

    def _decode(self, samples: Samples) -> tuple[list[int], float, float]:
        """Tokens, their mean log-probability, and how likely the model found it that nothing was said at all.

        The model drops whole utterances on a whim of their alignment, so it is made to begin; in mere noise it then
        gets no further than a word.
        """
        (encoded,) = self._encoder.run(None, {"input_values": np.pad(samples, (0, _AFTERSOUND))[np.newaxis]})
        past = {name: np.zeros(_LAYERS_SHAPE, np.float32) for name in self._past}
        tokens, certainty, nothing, token = list[int](), 0.0, 0.0, _START
        for step in range(math.ceil(len(samples) / EAR_RATE * _TOKENS_PER_SECOND) + 2):
            inputs = {
                "input_ids": np.array([[token]], np.int64),
                "encoder_hidden_states": encoded,
                "use_cache_branch": np.array([step > 0]),
            }
            logits, *present = self._decoder.run(None, inputs | past)
            scores = logits[0, -1]
            if step == 0:
                nothing = math.exp(_log_probability(scores, _END))
                scores[_END] = -np.inf
            token = int(scores.argmax())
            certainty += _log_probability(scores, token)
            if token == _END:
                break
            tokens.append(token)
            # After the first step the encoder's part of the cache is final and comes back empty.
            past.update({n: p for n, p in zip(past, present, strict=True) if step == 0 or "decoder" in n})
        return tokens, certainty / (len(tokens) + 1), nothing


def _log_probability(scores: Samples, token: int) -> float:
    highest = scores.max()
    return float(scores[token] - highest - np.log(np.exp(scores - highest).sum()))


def cut_at_pauses(samples: Samples) -> list[Samples]:
    """Pieces short enough for the model, cut at the quietest 100 ms of the later part of each."""
    edges = [0]
    while len(samples) - edges[-1] > _LONGEST:
        begin = edges[-1] + _LONGEST // 2
        window = samples[begin : edges[-1] + _LONGEST]
        hop = EAR_RATE // 50
        power = np.square(window[: len(window) // hop * hop], dtype=np.float64).reshape(-1, hop).mean(axis=1)
        quiet = np.convolve(power, np.ones(5), "valid")
        edges.append(begin + (int(quiet.argmin()) + 2) * hop + hop // 2)
    return [samples[start:end] for start, end in pairwise([*edges, len(samples)])]
