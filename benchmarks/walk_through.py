"""Pictures of one table as four kinds of file, each from the file to a value with its marked cell.

The files are those of docs/examples: an Excel sheet, a Word table, an article's page saved from a browser, and a table
copied from it. They are opened as they are (sheet and document as LibreOffice converts them), a release is built of
all four, and the page of one value of each is opened in Chromium.

Usage: python benchmarks/walk_through.py docs/pictures
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

EXAMPLES: Final = Path(__file__).parent.parent / "docs" / "examples"
#: The file, and how its page is scrolled to its table.
FILES: Final = ("extraction-sheet.xlsx", "word-table.docx", "saved-page.html", "browser-copy.txt")
SIZE: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 640}}
VALUE: Final = "5/n_total/1"


def opened(path: Path, folder: Path) -> Path:
    """The file as a browser shows it."""
    if path.suffix in (".html", ".txt"):
        return path
    command = ["soffice", "--headless", "--convert-to", "html", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    made = folder / f"{path.stem}.html"
    if not made.exists():  # LibreOffice says so only in words
        raise SystemExit(f"walk_through: LibreOffice does not open {path.name}; install libreoffice-writer")
    return made


def picture(browser: Browser, address: str, path: Path, to: str = "") -> None:
    """A picture of a page."""
    page = browser.new_context(**SIZE).new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if to and page.locator(to).count():
        page.locator(to).last.scroll_into_view_if_needed()
    page.screenshot(path=path)
    page.context.close()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pictures", type=Path)
    asked = parser.parse_args()
    program = [sys.executable, "-m", "trialgraph"]
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        files = [str(EXAMPLES / name) for name in FILES]
        subprocess.run([*program, "-q", "build", *files, "-o", str(folder / "releases")], check=True)
        serve = [*program, "serve", "--port", "0", "--release", str(folder / "releases")]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            assert server.stdout is not None
            home = server.stdout.readline().strip()
            try:
                for name in map(Path, FILES):
                    shown = opened(EXAMPLES / name, folder).as_uri()
                    picture(
                        browser, shown, asked.pictures / f"file-{name.stem}.png", "td >> text=NCT02239393"
                    )
                    picture(
                        browser,
                        f"{home}reading/{name.stem}/{VALUE}",
                        asked.pictures / f"value-{name.stem}.png",
                    )
            finally:
                browser.close()
                server.terminate()


if __name__ == "__main__":
    main()
