"""Take the pictures of docs/handlaggare.md: `python docs/make_form_pictures.py models/releases/2027.1/form.html`.

The answers are nobody's. The pictures are of the day given as a second argument, or else of the release's first day; a
third one is the folder that they are put into.
"""

import re
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).parent
SIZE, PAPER = {"width": 820, "height": 560}, {"width": 794, "height": 1123}
MARGIN, COLOURS = 12, 48
CALM_MS = 500
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ANSWERS = {
    **{"self_rating": "much_help", "education": "compulsory", "work_experience": "up_to_6_months"},
    **{"situation": "unemployed", "swedish": "basic", "health_physical": "some", "housing": "lodger"},
}
OWN = "Sju månader sedan senaste jobbet. Vill arbeta, men värken är inte utredd. Tror att vägledning räcker."


def main(form: Path, day: str, folder: Path) -> None:
    """Fill in the form as a caseworker does, and take a picture of each step."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.clock.set_fixed_time(f"{day}T12:00:00")
        page.goto(form.resolve().as_uri())
        steps(page, folder)
        browser.close()


def steps(page: Page, folder: Path) -> None:
    """From blank to the sheet for the person."""
    page.fill("#reference", "2027-118")
    for question, code in ANSWERS.items():
        page.check(f"#q-{question}-{code}")
    page.fill("#q-age", "34")
    page.fill("#q-earlier_months", "3")
    page.fill("#own", OWN)
    picture(page, folder, "fragor", "main section")
    picture(page, folder, "bedomning", "main section:has(#own)")
    page.click("button.main")
    page.set_viewport_size({**SIZE, "width": 1180})
    picture(page, folder, "rad", ".sides")
    page.wait_for_timeout(CALM_MS)
    page.check("#choice-has_support")
    page.set_viewport_size(SIZE)
    picture(page, folder, "val", ".choosing")
    picture(page, folder, "text", ".text")
    turn(page, "Blad till personen")
    on_paper(page, folder, "blad")
    turn(page, "Tillbaka till rådet")
    turn(page, "Tillbaka till frågorna")
    turn(page, "Poängtabell på papper")
    on_paper(page, folder, "papper")


def turn(page: Page, name: str) -> None:
    """Another view, when the form takes presses again after the last one."""
    page.wait_for_timeout(CALM_MS)
    page.click(f"main .actions button >> text={name}")


def on_paper(page: Page, folder: Path, name: str) -> None:
    """What is printed."""
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    picture(page, folder, name, "main")
    page.set_viewport_size(SIZE)
    page.emulate_media(media="null")


def picture(page: Page, folder: Path, name: str, selector: str) -> None:
    """What `selector` shows, with a margin, in as few colours as it needs."""
    page.evaluate("scrollTo(0, 0)")
    box = page.locator(selector).first.bounding_box()
    clip = {"x": max(0, box["x"] - MARGIN), "y": max(0, box["y"] - MARGIN)}
    clip |= {side: box[side] + 2 * MARGIN for side in ("width", "height")}
    shown = Image.open(BytesIO(page.screenshot(clip=clip, full_page=True))).convert("RGB")
    shown.quantize(COLOURS).save(folder / f"form-{name}.png", optimize=True)


if __name__ == "__main__":
    given = Path(sys.argv[1])
    first = re.search(r'"first":"(\d{4}-\d\d-\d\d)"', given.read_text(encoding="utf-8"))
    day = sys.argv[2] if len(sys.argv) > 2 else first[1] if first else "2027-01-01"
    main(given, day, Path(sys.argv[3]) if len(sys.argv) > 3 else DOCS)
