"""The book in headless Chromium: links, anchors, search, console, width of a telephone, accessibility.

Run by `make book-test`, which makes the book and installs playwright, axe and Chromium. The argument is the folder of
the book; with a second one, screenshots go there.
"""

import functools
import http.server
import os
import shutil
import sys
import threading
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

TELEPHONE, SCREEN = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# Pages of every kind, which are looked at in both widths and both schemes of colour.
KINDS = ["index.html", "map.html", "findings.html", "results/theorem-2-depth.html", "results/lemma-3-sigma-min.html",
         "results/corollary-4-lower.html", "claims.html", "experiments.html", "formal/Statements.v.html"]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that does not write what it serves."""

    def log_message(self, *_):
        """Says nothing."""


def serve(folder):
    """Serves the folder on a free port of this machine; returns its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}/"


def main(folder, shots):
    """Runs every check; prints each fault, and fails if there is one."""
    faults = []
    base = serve(folder)
    pages = sorted(p.relative_to(folder).as_posix() for p in Path(folder).rglob("*.html"))
    assert len(pages) > 30, f"{folder} is no book: {pages}"
    chromium = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        context = browser.new_context(viewport=TELEPHONE)
        page = context.new_page()
        page.set_default_timeout(120000)
        now = [""]
        page.on("console", lambda m: faults.append(f"{now[0]}: console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: faults.append(f"{now[0]}: {e}"))
        page.on("requestfailed", lambda r: faults.append(f"{now[0]}: not loaded: {r.url}"))
        page.on("request", lambda r: None if r.url.startswith((base, "data:"))
                else faults.append(f"{now[0]}: asks another host: {r.url}"))
        ids, links = {}, []
        for name in pages:
            now[0] = name
            page.goto(base + name)
            found = page.evaluate("""() => ({
                ids: [...document.querySelectorAll('[id]')].map(e => e.id),
                links: [...document.querySelectorAll('a[href]')].map(e => e.getAttribute('href')),
                width: document.documentElement.scrollWidth - document.documentElement.clientWidth,
                broken: [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src),
                errors: document.querySelectorAll('merror').length,
            })""")
            twice = {i for i in found["ids"] if found["ids"].count(i) > 1}
            ids[name] = set(found["ids"])
            links += [(name, link) for link in found["links"]]
            faults += [f"{name}: two elements have the id {i}" for i in twice]
            faults += [f"{name}: {found['width']} pixels wider than a telephone"] if found["width"] > 0 else []
            faults += [f"{name}: picture not shown: {src}" for src in found["broken"]]
            faults += [f"{name}: {found['errors']} formulas not set"] if found["errors"] else []
        for name, link in links:
            if link.startswith(("http:", "https:")):
                continue
            target, anchor = urldefrag(urljoin(base + name, link))
            path = urlsplit(target).path.lstrip("/")
            if not (Path(folder) / path).is_file():
                faults.append(f"{name}: no such page: {link}")
            elif anchor and anchor not in ids[path]:
                faults.append(f"{name}: no such place: {link}")
        faults += search(page, base, now)
        for width, scheme in ((TELEPHONE, "light"), (SCREEN, "dark")):
            page.set_viewport_size(width)
            page.emulate_media(color_scheme=scheme)
            faults += accessible(page, base, now, f"{width['width']}-{scheme}", shots)
        browser.close()
    for fault in dict.fromkeys(faults):
        print(fault)
    print(f"{len(pages)} pages, {len(links)} links, {len(set(faults))} faults")
    return 1 if faults else 0


def search(page, base, now):
    """What a reader looks for is found, and leads to its place."""
    wanted = [("eq. (40)", "(40)", "proofs.html#finding-theorem-4eq-40"), ("Corollary 4", "Corollary 4", "results/corollary-4"),
              ("line 867", "Line 867", "map.html#line-867"), ("theorem-2/product", "Delta", "proofs.html#finding")]
    for query, title, leads in wanted:
        now[0] = f"search {query}"
        page.goto(base + "index.html")
        page.fill("#query", query)
        try:
            page.wait_for_selector("#found li a", timeout=20000)
        except Exception:  # playwright's own
            yield f"search: nothing found for {query!r}"
            continue
        hits = page.evaluate("[...document.querySelectorAll('#found li a')].map(a => [a.textContent, a.href])")
        if not any(title in text and leads in href for text, href in hits[:5]):
            yield f"search: {query!r} finds {hits[:5]}"
        page.click("#found li a")
        page.wait_for_load_state()
    now[0] = "a folded part"
    page.goto(base + "proofs.html#line-867")
    if not page.evaluate("document.getElementById('line-867').closest('details').open"):
        yield "a link into a folded part does not open it"


def accessible(page, base, now, tag, shots):
    """No serious fault by axe; a screenshot of each kind of page."""
    for name in KINDS:
        now[0] = f"{name}, {tag}"
        page.goto(base + name)
        for v in Axe().run(page).response["violations"]:
            if v["impact"] in ("serious", "critical"):
                yield f"{now[0]}: {v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])} places)"
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            yield f"{now[0]}: wider than the window"
        if shots:
            page.screenshot(path=f"{shots}/{name.replace('/', '_')}-{tag}.png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None))
