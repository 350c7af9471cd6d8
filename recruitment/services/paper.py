"""HTML of ours as PDF/UA: our own fonts, our own style sheets, and nothing from outside.

The renderer may fetch nothing: no network, no file of the machine. What a sheet or a page may use is named in ASSETS. Text of a
user reaches the HTML escaped; even if it did not, an address in it leads nowhere.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

VARIANT = "pdf/ua-1"
ASSETS: Mapping[str, tuple[Path, str]] = {
    "asset:mark.svg": (Path(__file__).resolve().parents[2] / "static" / "mark.svg", "image/svg+xml"),
}


class LocalFetcher(URLFetcher):
    """The renderer's only way out: the assets above, by their names. Anything else stays out of the paper."""

    def fetch(self, url, headers=None):
        """The asset of this name; ValueError for every other address, which WeasyPrint takes as "not there"."""
        if url not in ASSETS:
            raise ValueError(f"Paper fetches nothing: {url[:80]}")
        path, media_type = ASSETS[url]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": media_type})


def write_pdf(html: str, styles: Sequence[str], out: BinaryIO) -> int:
    """Write the page as tagged PDF to `out`; the number of its pages. The same HTML gives the same bytes."""
    fonts, fetcher = FontConfiguration(), LocalFetcher()
    sheets = [CSS(string=style, url_fetcher=fetcher, font_config=fonts) for style in styles]
    page = HTML(string=html, url_fetcher=fetcher, base_url=None)
    made = page.render(stylesheets=sheets, font_config=fonts, pdf_variant=VARIANT)
    made.write_pdf(out, pdf_variant=VARIANT)
    return len(made.pages)
