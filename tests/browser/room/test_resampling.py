"""The resampler of capture and playback, run where it runs: in the browser."""

import pytest
from playwright.sync_api import Page

MEASURE = """async ([from, to, hz]) => {
  await import("/static/js/room/worklets/resampler.js");
  const resampler = new globalThis.RoleplayResampler(from, to);
  const output = [];
  for (let start = 0; start < from; start += 128) {
    const block = Float32Array.from({ length: 128 }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hz * (start + n)) / from));
    output.push(...resampler.process(block));
  }
  const steady = output.slice(to / 4, (to * 3) / 4);
  const phase = (n) => (2 * Math.PI * hz * n) / to;
  const fit = (wave) => (2 / steady.length) * steady.reduce((sum, value, n) => sum + value * wave(phase(n)), 0);
  const [sine, cosine] = [fit(Math.sin), fit(Math.cos)];
  const residue = steady.map((value, n) => value - sine * Math.sin(phase(n)) - cosine * Math.cos(phase(n)));
  const loudest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const amplitude = Math.hypot(sine, cosine);
  return { amplitude, residue: loudest(residue), loudest: loudest(steady), made: output.length };
}"""


@pytest.mark.parametrize(("rate", "to"), [(48_000, 24_000), (44_100, 24_000), (16_000, 24_000), (24_000, 44_100)])
def test_a_tone_keeps_its_pitch_and_loudness(page: Page, rate: int, to: int) -> None:
    page.goto("/voice")
    measured = page.evaluate(MEASURE, [rate, to, 1000])
    assert measured["amplitude"] == pytest.approx(0.5, abs=0.001)
    assert measured["residue"] < 0.0005
    assert measured["made"] == pytest.approx(to, abs=300)


def test_what_the_wire_cannot_carry_does_not_fold_back(page: Page) -> None:
    page.goto("/voice")
    assert page.evaluate(MEASURE, [48_000, 24_000, 15_000])["loudest"] < 0.0005
