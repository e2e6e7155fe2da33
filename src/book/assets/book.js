// The search, the menu, and what is wider than the page. Nothing is loaded from anywhere but this folder.
"use strict";
(() => {
  const root = document.currentScript.dataset.root;
  const query = document.getElementById("query");
  const found = document.getElementById("found");
  const menu = document.querySelector(".menu");

  // The list of contents is open where there is room for it.
  const wide = matchMedia("(min-width: 62rem)");
  const arrange = () => { menu.open = wide.matches; };
  wide.addEventListener("change", arrange);
  arrange();
  if (wide.matches) menu.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });

  // What scrolls can be reached by the keyboard.
  const reach = () => {
    for (const e of document.querySelectorAll(".table, .long, .drawing, pre")) {
      if (e.scrollWidth > e.clientWidth) e.tabIndex = 0;
      else e.removeAttribute("tabindex");
    }
  };
  addEventListener("load", reach);
  addEventListener("resize", reach);
  addEventListener("toggle", reach, true);

  // A link into a folded part opens it.
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let e = target.closest("details"); e; e = e.parentElement.closest("details")) e.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
  addEventListener("beforeprint", () => document.querySelectorAll("main details").forEach((d) => { d.open = true; }));

  // The index is read when the search is first used.
  let index;
  const load = (name) => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = root + name;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  const ready = () => index ??= Promise.all([load("minisearch.js"), load("index.js")]).then(() => {
    const search = new MiniSearch({
      fields: ["t", "p", "b", "s"],
      storeFields: ["t", "p", "b", "u", "k"],
      searchOptions: { boost: { t: 8, p: 3 }, prefix: (term) => term.length > 2, combineWith: "AND" },
    });
    search.addAll(window.BOOK.map((entry, id) => ({ id, ...entry })));
    return search;
  });
  const text = (tag, content) => Object.assign(document.createElement(tag), { textContent: content });
  const cut = (said) => said.length > 160 ? said.slice(0, said.lastIndexOf(" ", 160)) + " …" : said;
  const weight = { result: 6, finding: 2, claim: 1.5, display: 1, sentence: 0.9 };
  const show = async () => {
    const wanted = query.value.trim();
    if (!wanted) { found.hidden = true; return; }
    const search = await ready();
    if (wanted !== query.value.trim()) return;
    const hits = search.search(wanted, { boostDocument: (_, __, stored) => weight[stored.k] ?? 1 }).slice(0, 30);
    const list = document.createElement("ul");
    for (const hit of hits) {
      const link = document.createElement("a");
      link.href = root + hit.u;
      link.append(text("b", hit.t), text("small", `${hit.k}${hit.p ? ", " + hit.p : ""}: ${cut(hit.b)}`));
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    found.replaceChildren(text("p", hits.length ? `${hits.length} found` : "Nothing found"), list);
    found.hidden = false;
  };
  query.addEventListener("focus", ready, { once: true });
  query.addEventListener("input", show);
  query.form.addEventListener("submit", (e) => { e.preventDefault(); found.querySelector("a")?.click(); });
  const close = () => { found.hidden = true; };
  addEventListener("keydown", (e) => {
    if (e.key === "Escape") close();
    if (e.key === "/" && document.activeElement !== query) { e.preventDefault(); query.focus(); }
    if (found.hidden || !["ArrowDown", "ArrowUp"].includes(e.key)) return;
    const all = [query, ...found.querySelectorAll("a")];
    const at = all.indexOf(document.activeElement) + (e.key === "ArrowDown" ? 1 : -1);
    all[Math.max(0, Math.min(at, all.length - 1))].focus();
    e.preventDefault();
  });
  found.addEventListener("click", (e) => { if (e.target.closest("a")) close(); });
  document.addEventListener("click", (e) => { if (!e.target.closest("#found, form")) close(); });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) { query.value = asked; show(); }
})();
