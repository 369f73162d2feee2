#!/usr/bin/env python3
"""Opens the page of `nib draw` in headless Chromium, draws on it, and holds what it computes to what nib computes.

draw_in_browser_test.py NIB DRAW_REFERENCE
Exit code 77: skipped, because there is no browser.
"""

import base64
import csv
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

import strokes

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "report"))
import chromium  # noqa: E402
import screenshot  # noqa: E402

SECONDS = 200  # for everything; on an idle machine it takes ten
IMAGES = 1000
WEIGHTS = PROJECT / "tests/golden/keras/trained.safetensors"  # 98.9 % right on MNIST

# Adds strokes as pointer events do, without the events: what the page would prepare, and what it makes of it.
READ = """(canvas => {
  const light = canvas.map(stroke => stroke.map(([x, y]) => ({ x, y }))).reduce(addStroke, blankCanvas());
  const answer = read(light);
  return { light: btoa(String.fromCharCode(...light)), pixels: [...answer.image], warnings: answer.warnings,
           trust: trust && trust.look(answer) };
})"""

# What a hint is about, in the page's words and in nib's.
HINTS = ["more than one", "touches", r"enclose \d+ places", r"in \d+ pieces", "more like [a-z ]+",
         "to the (right|left) it looks like a digit", "not sure", "not stable"]


def kinds(hints):
    """What some hints are about."""
    return sorted(match.group() for hint in hints for match in [re.search(kind, hint.lower()) for kind in HINTS]
                  if match)


def run(*words, cwd=None):
    """What a program prints."""
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, cwd=cwd).stdout


class DrawInBrowserTest(unittest.TestCase):
    """One browser and one page for all cases: starting takes longer than they do."""

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="nib-draw-"))
        cls.page = os.path.join(cls.folder, "draw.html")
        run(NIB, "draw", WEIGHTS, "-o", cls.page)
        scored, cls.scored = (os.path.join(cls.folder, name) for name in ["scored.safetensors", "scored.html"])
        run(REFERENCE, "score", WEIGHTS, scored)
        run(NIB, "draw", scored, "-o", cls.scored)
        cls.browser = cls.enterClassContext(chromium.Chromium(chromium.find(), SECONDS))

    def view(self, width=1280, height=900, scheme="light", page=None):
        self.browser.show_as(width, height, scheme)
        self.browser.open(page or self.page)

    def mouse(self, kind, place, buttons=1):
        self.browser.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", buttons=buttons,
                          clickCount=1)

    def draw(self, digit):
        """Draws strokes with the mouse."""
        left, top, side = self.browser.evaluate("(({left, top, width}) => [left, top, width])"
                                                "(find('canvas').getBoundingClientRect())")
        for stroke in digit:
            places = [(left + x * side, top + y * side) for x, y in strokes.dense(stroke, 0.07)]
            self.mouse("mousePressed", places[0])
            for place in places[1:]:
                self.mouse("mouseMoved", place)
            self.mouse("mouseReleased", places[-1], 0)

    def put(self, digit):
        """The same without a mouse, whose every event waits for the screen."""
        points = [[{"x": x, "y": y} for x, y in strokes.dense(stroke)] for stroke in digit]
        self.browser.evaluate(f"for (pad.current of {json.dumps(points)}) {{ pad.finish(); pad.show(); }}")

    def touch(self, digit, others=()):
        """Draws strokes with a finger, while other ones rest on the canvas from the second point of each on."""
        left, top, side = self.browser.evaluate("(({left, top, width}) => [left, top, width])"
                                                "(find('canvas').getBoundingClientRect())")
        for stroke in digit:
            for number, (x, y) in enumerate(strokes.dense(stroke, 0.07)):
                fingers = [(x, y), *others] if number > 1 else [(x, y)]
                points = [{"x": left + x * side, "y": top + y * side, "id": finger}
                          for finger, (x, y) in enumerate(fingers)]
                kind = "touchStart" if number == 0 or (others and number == 2) else "touchMove"
                self.browser.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)
            self.browser.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def press(self, key, modifiers=0, times=1):
        for _ in range(times):
            text = {"text": key} if len(key) == 1 and not modifiers else {}
            self.browser.call("Input.dispatchKeyEvent", type="keyDown", key=key, modifiers=modifiers, **text)
            self.browser.call("Input.dispatchKeyEvent", type="keyUp", key=key, modifiers=modifiers)

    def shown(self):
        """What the page says, once it has followed the drawing."""
        return self.browser.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done({"
            " verdict: find('verdict').textContent, confidence: parseFloat(find('confidence').textContent),"
            " hints: find('hints').textContent, strokes: pad.strokes.length,"
            " shares: bars.map(bar => parseFloat(bar.share.textContent)),"
            " inked: [...document.querySelectorAll('#seen canvas, .maps canvas')].map(canvas => canvas.getContext('2d')"
            "   .getImageData(0, 0, canvas.width, canvas.height).data.some(value => value))}))))")

    def events(self, name):
        return [event["params"] for event in self.browser.events if event.get("method") == name]

    def test_a_thousand_test_images_get_the_classes_and_probabilities_of_nib(self):
        out = os.path.join(self.folder, "evaluation")
        run(NIB, "evaluate", WEIGHTS, "--data", "mnist", "--limit", IMAGES, "--device", "cpu", "--out", out)
        with open(os.path.join(out, "test_predictions.csv"), newline="", encoding="ascii") as file:
            expected = list(csv.DictReader(file))
        with gzip.open(next((PROJECT / "data/mnist").glob("t10k-images*.gz"))) as file:
            pixels = file.read()[16:16 + IMAGES * 784]
        self.assertEqual((len(expected), len(pixels)), (IMAGES, IMAGES * 784))
        self.view()
        answers = self.browser.evaluate(
            "(pixels => Array.from({length: pixels.length / 784}, (_, index) =>"
            " [...network.classify(pixels.subarray(index * 784, (index + 1) * 784))]))"
            f"(Uint8Array.from(atob('{base64.b64encode(pixels).decode()}'), letter => letter.charCodeAt(0)))")
        self.assertEqual(len(answers), IMAGES)
        largest = 0
        for row, answer in zip(expected, answers):
            self.assertEqual(max(range(10), key=answer.__getitem__), int(row["predicted"]), row["index"])
            largest = max(largest, *(abs(answer[digit] - float(row[f"p{digit}"])) for digit in range(10)))
        self.assertLess(largest, 1e-5)
        print(f"largest difference of {10 * IMAGES} probabilities: {largest:g}", file=sys.stderr)

    def test_every_kind_of_layer_computes_what_nib_computes(self):
        networks = sorted((PROJECT / "tests/golden/networks").glob("*.json"))
        self.assertEqual(len(networks), 9)
        for network in networks:
            with self.subTest(network=network.name):
                page = os.path.join(self.folder, network.stem + ".html")
                images = list(map(json.loads, run(REFERENCE, "network", network, page).splitlines()))
                self.assertEqual(len(images), 10)
                self.view(page=page)
                answers = self.browser.evaluate(f"{json.dumps([image['pixels'] for image in images])}"
                                                ".map(pixels => [...network.classify(pixels)])")
                for image, answer in zip(images, answers):
                    self.assertEqual(len(answer), len(image["probabilities"]))
                    for one, other in zip(answer, image["probabilities"]):
                        self.assertAlmostEqual(one, other, delta=1e-5)
                self.put(strokes.DIGITS[3])
                self.assertNotEqual(self.shown()["verdict"], "\u2013")
                self.assertEqual(self.events("Runtime.exceptionThrown"), [])

    def test_the_preparation_is_that_of_nib(self):
        canvases = [strokes.moved(digit, scale, right, down) for digit in strokes.DIGITS.values()
                    for scale, right, down in
                    [(1, 0, 0), (0.5, -0.2, 0.1), (1.25, 0, 0), (0.25, 0.3, -0.3), (1, -0.32, 0)]]
        two = strokes.moved(strokes.DIGITS[4], 0.6, -0.22) + strokes.moved(strokes.DIGITS[2], 0.6, 0.22)
        canvases += [two, [[(0.5, 0.5)]], [[(0.3, 0.3), (0.7, 0.7)], [(0.1, 0.9)]]]
        self.view()
        files, mine = [], []
        for number, canvas in enumerate(canvases):
            mine.append(self.browser.evaluate(f"{READ}({json.dumps(list(map(strokes.dense, canvas)))})"))
            files.append(os.path.join(self.folder, f"{number}.pgm"))
            pathlib.Path(files[-1]).write_bytes(b"P5\n280 280\n255\n" + base64.b64decode(mine[-1]["light"]))
        nibs = list(map(json.loads, run(REFERENCE, "prepare", 28, 28, *files).splitlines()))
        self.assertEqual(len(nibs), len(canvases))
        equal = 0
        for number, (one, other) in enumerate(zip(mine, nibs)):
            self.assertEqual(len(one["warnings"]), len(other["warnings"]), number)
            # nib finds out how light the paper is, here it is known: a pixel at a stroke's edge may fall otherwise.
            difference = max(abs(a - b) for a, b in zip(one["pixels"], other["pixels"], strict=True))
            self.assertLessEqual(difference, 10, number)
            equal += difference == 0
        self.assertGreaterEqual(equal, 0.9 * len(canvases))
        self.assertEqual([warning for each in mine[-3:] for warning in each["warnings"]],
                         ["Looks like more than one drawing: the largest is taken."])
        print(f"{equal} of {len(canvases)} canvases prepared to the same bytes", file=sys.stderr)

    def test_what_is_no_digit_is_told_as_nib_predict_tells_it(self):
        weights = os.path.join(self.folder, "scored.safetensors")
        self.view(page=self.scored)
        pair = strokes.moved(strokes.DIGITS[4], 0.6, -0.16) + strokes.moved(strokes.DIGITS[2], 0.6, 0.16)
        # nib looks inside of outlines and takes out ruled lines, which nobody draws around a digit here.
        enclosed = [strokes.OTHERS[name] for name in ["house", "face"]]
        canvases = [*strokes.DIGITS.values(), *strokes.OTHERS.values(), *map(strokes.turned, strokes.DIGITS.values()),
                    *(strokes.moved(digit, 0.4, 0.2, -0.2) for digit in strokes.DIGITS.values()), pair]
        mine, files = [], []
        for number, canvas in enumerate(canvases):
            mine.append(self.browser.evaluate(f"{READ}({json.dumps(list(map(strokes.dense, canvas)))})"))
            files.append(os.path.join(self.folder, f"scored-{number}.pgm"))
            pathlib.Path(files[-1]).write_bytes(b"P5\n280 280\n255\n" + base64.b64decode(mine[-1]["light"]))
        nibs = json.loads(run(NIB, "predict", weights, *files, "--json", "--quiet"))["images"]
        self.assertEqual(len(nibs), len(canvases))
        seen, largest = set(), 0
        for number, (canvas, one, other) in enumerate(zip(canvases, mine, nibs)):
            trust, hints = one["trust"], kinds(one["warnings"] + one["trust"]["hints"])
            self.assertEqual(not hints, other["accepted"], number)
            if canvas in enclosed:
                continue
            self.assertEqual(hints, kinds(other["warnings"]), number)
            self.assertEqual(len(hints), len(other["warnings"]), number)
            seen.update(hints)
            largest = max(largest, abs(trust["noDigit"] - other["no_digit_score"]),
                          abs(trust["probability"] - other["calibrated_probability"]))
        self.assertLess(largest, 0.01)
        self.assertGreaterEqual(seen, {"more like a letter or a drawing", "more like several digits", "not sure"})
        print(f"{len(canvases)} drawings judged within {largest:g}", file=sys.stderr)

    def test_what_a_score_says_is_shown_once_the_drawing_rests(self):
        self.view(page=self.scored)
        self.put(strokes.OTHERS["W"])
        deadline = time.monotonic() + 20
        while not self.shown()["hints"] and time.monotonic() < deadline:
            time.sleep(0.1)
        hints = self.shown()["hints"]
        self.assertIn("Looks like no single digit, more like a letter or a drawing.", hints)
        self.assertIn(hints, self.browser.evaluate("find('announcement').textContent"))
        self.assertTrue(self.shown()["inked"][0])
        self.press("Escape")
        self.put(strokes.DIGITS[3])
        self.browser.evaluate("new Promise(done => setTimeout(done, 1000))")
        self.assertEqual((self.shown()["verdict"], self.shown()["hints"]), ("3", ""))

    def test_each_digit_that_is_drawn_is_read(self):
        self.view()
        for digit, drawing in strokes.DIGITS.items():
            with self.subTest(digit=digit):
                self.draw(drawing)
                shown = self.shown()
                self.assertEqual(shown["verdict"], str(digit))
                self.assertGreater(shown["confidence"], 60)
                self.assertEqual(shown["strokes"], len(drawing))
                self.assertAlmostEqual(sum(shown["shares"]), 100, delta=0.1)
                self.assertEqual(shown["shares"].index(max(shown["shares"])), digit)
                self.assertTrue(shown["inked"][0])
                self.assertGreater(sum(shown["inked"][1:]), 48, "of 96 activations")
                self.press("Escape")
                self.assertEqual(self.shown()["verdict"], "\u2013")

    def test_a_finger_draws_and_a_second_one_does_not(self):
        self.view(390, 844)
        self.browser.call("Emulation.setTouchEmulationEnabled", enabled=True)
        self.touch(strokes.DIGITS[2])
        self.assertEqual((self.shown()["verdict"], self.shown()["strokes"]), ("2", 1))
        alone = self.browser.evaluate("[...read(pad.picture()).image]")
        self.browser.evaluate("pad.clear()")
        self.touch(strokes.DIGITS[2], others=[(0.9, 0.9), (0.1, 0.7)])
        self.assertEqual(self.shown()["strokes"], 1)
        changed = sum(a != b for a, b in zip(alone, self.browser.evaluate("[...read(pad.picture()).image]")))
        self.assertLess(changed, 40, "the other fingers left marks")
        self.assertEqual(self.browser.evaluate("scrollY"), 0)
        self.browser.call("Emulation.setTouchEmulationEnabled", enabled=False)

    def test_undo_and_clear(self):
        self.view()
        self.assertTrue(self.browser.evaluate("find('undo').disabled && find('clear').disabled"))
        self.draw(strokes.DIGITS[7])
        seven = self.browser.evaluate("[...read(pad.picture()).image]")
        self.draw([[(0.45, 0.5), (0.7, 0.52)]])
        self.assertNotEqual(self.browser.evaluate("[...read(pad.picture()).image]"), seven)
        self.browser.evaluate("find('undo').click()")
        self.assertEqual(self.browser.evaluate("[...read(pad.picture()).image]"), seven)
        self.assertEqual(self.shown()["strokes"], 1)
        self.browser.evaluate("find('clear').click()")
        self.assertEqual(self.shown()["verdict"], "\u2013")
        self.assertFalse(any(self.shown()["inked"]))
        self.press("z", modifiers=2)  # what was cleared comes back
        self.assertEqual(self.shown()["verdict"], "7")
        self.press("Backspace", times=2)
        self.assertEqual(self.shown()["verdict"], "\u2013")
        self.assertTrue(self.browser.evaluate("find('undo').disabled && find('clear').disabled"))

    def test_the_keyboard_draws(self):
        self.view()
        self.browser.evaluate("find('canvas').focus()")
        for key, times in [("ArrowLeft", 8), (" ", 1), ("ArrowRight", 14)]:
            self.press(key, times=times)
        for _ in range(8):
            self.press("ArrowDown", times=3)
            self.press("ArrowLeft", times=1)
        self.press(" ")
        shown = self.shown()
        self.assertEqual((shown["verdict"], shown["strokes"]), ("7", 1))
        self.browser.evaluate("find('undo').focus()")
        self.assertEqual(self.shown()["strokes"], 1)

    def test_undo_and_clear_lift_the_keyboards_pen(self):
        for key in ["Escape", "Delete", "Backspace"]:
            self.view()
            self.browser.evaluate("find('canvas').focus()")
            for each in [" ", "ArrowRight", key, "ArrowRight", "ArrowDown"]:
                self.press(each)
            self.assertEqual(self.browser.evaluate("[Boolean(pad.current), Boolean(pad.keyPenIsDown)]"), [False, False])
            for each in [" ", "ArrowDown", " "]:
                self.press(each)
            self.assertEqual(self.browser.evaluate("pad.strokes.length"), 1, key)

    def test_what_it_reads_is_told_to_those_who_do_not_see_it(self):
        self.view()
        self.draw(strokes.DIGITS[8])
        deadline = time.monotonic() + 20
        while "8, " not in self.browser.evaluate("find('announcement').textContent") and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertRegex(self.browser.evaluate("find('announcement').textContent"), r"^8, \d+\.\d percent\.")
        names = self.browser.evaluate("[...document.querySelectorAll('[role], button')].map(each =>"
                                      " each.getAttribute('aria-label') ?? each.textContent)")
        self.assertTrue(all(names) and len(names) == 7, names)

    def test_nothing_is_logged_and_nothing_asked_for(self):
        self.view()
        self.draw(strokes.DIGITS[4])
        self.shown()
        self.browser.evaluate("new Promise(done => setTimeout(done, 100))")
        for event in ["Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"]:
            self.assertEqual(self.events(event), [])
        requests = [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]
        self.assertEqual([url for url in requests if not url.startswith("data:")], ["file://" + self.page])

    def test_its_script_runs_and_no_other_and_no_request_leaves(self):
        self.view()
        self.browser.evaluate("{ const script = document.createElement('script');"
                              " script.textContent = 'globalThis.stranger = true'; document.body.append(script); }")
        self.assertFalse(self.browser.evaluate("'stranger' in globalThis"))
        self.assertTrue(self.browser.evaluate("fetch('http://127.0.0.1:9/').then(() => false, () => true)"))
        self.assertIn("Content Security Policy", str(self.events("Log.entryAdded")))

    def test_it_fits_phones_and_desks_in_light_and_dark(self):
        contrast = (HERE.parent / "report/contrast.js").read_text(encoding="utf-8")
        for width in [320, 390, 768, 1280, 1920]:
            for scheme, darkest, brightest in [("light", 200, 255), ("dark", 5, 70)]:
                with self.subTest(width=width, scheme=scheme):
                    self.view(width, 844, scheme)
                    self.put(strokes.DIGITS[0])
                    self.shown()
                    self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), width)
                    result = self.browser.evaluate(contrast)
                    self.assertGreater(result["texts"], 25)
                    self.assertEqual(result["low"], [])
                    clip = {"x": 0, "y": 0, "width": width, "height": 844, "scale": 0.1}
                    picture = self.browser.call("Page.captureScreenshot", clip=clip)["data"]
                    brightness = screenshot.brightness(screenshot.pixels(base64.b64decode(picture)))
                    self.assertGreater(brightness, darkest)
                    self.assertLess(brightness, brightest)


def main():
    """Skips where there is no browser."""
    if not chromium.find():
        print("skipped: no chromium here")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])


if __name__ == "__main__":
    NIB, REFERENCE = sys.argv[1:3]
    main()
