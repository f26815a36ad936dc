import sys
from importlib.metadata import files

import pytest

from roleplay.embedded import weights
from roleplay.embedded.weights import Weight, WeightsMissingError


@pytest.mark.parametrize(
    "weight", [each for each in vars(weights).values() if isinstance(each, Weight)], ids=lambda weight: weight.path
)
def test_every_model_file_is_the_one_that_was_reviewed(weight: Weight) -> None:
    assert weight.locate().is_file()


def test_another_file_in_its_place_is_refused() -> None:
    with pytest.raises(WeightsMissingError, match="not the file that was reviewed"):
        Weight(weights.TOKENIZER.package, weights.TOKENIZER.path, "0" * 64).locate()


@pytest.mark.parametrize("package", ["moonshine-cpp", "no-such-package"])
def test_a_missing_file_is_told_by_name(package: str) -> None:
    with pytest.raises(WeightsMissingError, match=package):
        Weight(package, "nowhere.ort", "0" * 64).locate()


def test_the_packages_that_only_carry_weights_are_never_imported(machinery: object) -> None:
    assert files("moonshine-cpp")
    assert not {"moonshine_cpp", "moonshine_onnx"} & set(sys.modules)
