#!/usr/bin/env python3
"""Opens a report in headless Chromium and looks at it as a person would: on a desktop, on a phone, in the dark, on paper.

report_in_browser_test.py PROGRAM [ARGUMENT ...]: PROGRAM writes the page to the file that is its last argument.
report_in_browser_test.py --page FILE: the page is there already.
Exit code 77: skipped, because there is no browser.
"""

import base64
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import chromium
import screenshot

SECONDS = 60  # for everything; on an idle machine it takes three
HERE = pathlib.Path(__file__).parent


class ReportInBrowserTest(unittest.TestCase):
    """One browser for all cases: starting it takes longer than they do."""

    page = None
    browser = None

    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(chromium.Chromium(chromium.find(), SECONDS))

    def view(self, width, height, scheme, media=""):
        self.browser.show_as(width, height, scheme, media)
        self.browser.open(self.page)

    def picture(self):
        """The upper part of the page, a quarter of its size."""
        width, height = self.browser.evaluate("[innerWidth, innerHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 0.25}
        return screenshot.pixels(base64.b64decode(self.browser.call("Page.captureScreenshot", clip=clip)["data"]))

    def events(self, name):
        return [event["params"] for event in self.browser.events if event.get("method") == name]

    def test_nothing_is_logged_and_nothing_asked_for(self):
        self.view(1280, 900, "light")
        self.browser.evaluate("new Promise(done => setTimeout(done, 100))")
        self.assertEqual(self.events("Log.entryAdded"), [])
        self.assertEqual(self.events("Runtime.consoleAPICalled"), [])
        self.assertEqual(self.events("Runtime.exceptionThrown"), [])
        requests = [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]
        itself = "file://" + os.path.abspath(self.page)
        self.assertEqual([url for url in requests if url != itself and not url.startswith("data:")], [])
        self.assertIn(itself, requests)

    def test_it_shows_something_in_light_and_in_dark(self):
        for width, height in [(1280, 900), (390, 844)]:
            for scheme, darkest, brightest in [("light", 200, 255), ("dark", 5, 70)]:
                with self.subTest(width=width, scheme=scheme):
                    self.view(width, height, scheme)
                    colours = self.picture()
                    self.assertGreater(len(set(colours)), 50)
                    self.assertGreater(screenshot.brightness(colours), darkest)
                    self.assertLess(screenshot.brightness(colours), brightest)

    def test_it_never_scrolls_sideways(self):
        for width in [320, 390, 768, 1023, 1024, 1280, 1920]:
            with self.subTest(width=width):
                self.view(width, 844, "light")
                self.assertEqual(self.browser.evaluate("innerWidth"), width)
                self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), width)

    def test_every_text_has_enough_contrast(self):
        script = (HERE / "contrast.js").read_text(encoding="utf-8")
        for scheme in ["light", "dark"]:
            with self.subTest(scheme=scheme):
                self.view(1280, 900, scheme)
                result = self.browser.evaluate(script)
                self.assertGreater(result["texts"], 50)
                self.assertEqual(result["low"], [])

    def test_every_number_of_the_heat_map_has_enough_contrast(self):
        self.view(1280, 900, "light")
        if self.browser.evaluate("!document.querySelector('[id^=confusion-cell]')"):
            self.skipTest("the sample page has no drawn heat map")
        script = (HERE / "heat_map_contrast.js").read_text(encoding="utf-8")
        for scheme in ["light", "dark"]:
            with self.subTest(scheme=scheme):
                self.view(1280, 900, scheme)
                result = self.browser.evaluate(script)
                self.assertGreater(result["cells"], 10)
                self.assertEqual(result["low"], [])

    def test_nothing_is_cut_on_a_phone(self):
        self.view(390, 844, "light")
        self.browser.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        cut = ("[...document.querySelectorAll('.scroll, figure svg, .card, dd, pre')].filter(each => "
               "each.scrollWidth > each.clientWidth + 1 || each.getBoundingClientRect().right > innerWidth)"
               ".map(each => each.outerHTML.slice(0, 80))")
        self.assertEqual(self.browser.evaluate(cut), [])

    def test_cards_are_equal(self):
        for width in [390, 768, 1280]:
            with self.subTest(width=width):
                self.view(width, 844, "light")
                sizes = self.browser.evaluate("[...document.querySelectorAll('.card')].map(each => "
                                              "Math.round(each.getBoundingClientRect().width))")
                self.assertGreater(len(sizes), 3)
                self.assertLessEqual(max(sizes) - min(sizes), 1)

    def test_what_is_folded_is_printed(self):
        seen = "document.querySelector('details .scroll').checkVisibility()"
        self.view(800, 900, "light")
        self.assertFalse(self.browser.evaluate(seen))
        self.view(800, 900, "light", "print")
        self.assertTrue(self.browser.evaluate(seen))

    def test_paper_is_white_for_those_who_like_it_dark(self):
        colour = "getComputedStyle(document.body).backgroundColor"
        self.view(800, 900, "dark", "print")
        self.assertEqual(self.browser.evaluate(colour), "rgb(255, 255, 255)")
        self.assertEqual(self.browser.evaluate("getComputedStyle(document.querySelector('nav')).display"), "none")

    def test_its_script_runs_and_no_other(self):
        self.view(1280, 900, "light")
        self.browser.evaluate("document.querySelector('.matrix td').dispatchEvent("
                              "new PointerEvent('pointerover', {bubbles: true}))")
        self.assertGreater(self.browser.evaluate("document.querySelectorAll('.matrix .across').length"), 2)
        self.browser.evaluate("{ const script = document.createElement('script');"
                              " script.textContent = 'globalThis.stranger = true'; document.body.append(script); }")
        self.assertFalse(self.browser.evaluate("'stranger' in globalThis"))


def main():
    """Makes the page where it is not there yet, and tests it."""
    if not chromium.find():
        print("skipped: no chromium here")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        ReportInBrowserTest.page = sys.argv[2] if sys.argv[1] == "--page" else os.path.join(folder, "report.html")
        if sys.argv[1] != "--page":
            subprocess.run([*sys.argv[1:], ReportInBrowserTest.page], check=True, timeout=SECONDS)
        outcome = unittest.main(argv=sys.argv[:1], exit=False).result
    sys.exit(0 if outcome.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
