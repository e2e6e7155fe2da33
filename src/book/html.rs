//! A page's markdown as HTML: formulas as MathML, links to the pages of the book, tables that a telephone can show,
//! long sections folded.
//!
//! Markdown is read into a list of events by `pulldown_cmark`, the list is rewritten in one pass, and its HTML is put
//! together by the same library; so nesting and escaping of what is not touched are the library's. What is rewritten:
//!
//! | event | becomes |
//! | --- | --- |
//! | inline and displayed formula | MathML, by `pulldown_latex` |
//! | heading | a heading with an anchor, as the report's own links expect it; of level three in a long page, the summary of a fold |
//! | table | a table whose cells carry the head of their column, which narrow screens show beside them |
//! | link | a link inside the book, or plain text where nothing is at its end |
//! | coloured square | an empty `span` with a class |

use super::content::{Body, escaped};
use super::sources::Sources;
use crate::error::{Error, Result};
use crate::report::text;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use pulldown_latex::{Parser as Latex, RenderConfig, Storage, push_mathml};
use std::collections::BTreeMap;

/// Sections of level three from which on they are folded.
const FOLDED: usize = 12;
/// Bytes of LaTeX beyond which a formula may be wider than a telephone.
const LONG: usize = 32;

/// The page of the book for a page of the report: `results/lemma-1.md` becomes `results/lemma-1.html`.
///
/// The one page that is called otherwise is `README.md`, which becomes `index.html`; other files keep their names.
pub fn target(page: &str) -> String {
    match page.strip_suffix(".md") {
        Some("README") => "index.html".into(),
        Some(stem) => format!("{stem}.html"),
        None => page.into(),
    }
}

/// Characters in every row of a table that a telephone can show as one.
const NARROW: usize = 100;

/// LaTeX as MathML; a number put beside a display by `\tag` follows it, and lines that are broken are set as lines.
///
/// A formula of more than 32 bytes of LaTeX is cut where a line may break (`broken_up`), each part a formula of its
/// own.
///
/// # Errors
/// LaTeX that cannot be read.
pub fn formula(tex: &str) -> Result<String> {
    let tagged = tex.split_once(r"\tag{").and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    let bare = match tagged {
        Some((before, (number, after))) => format!(r"{before}\qquad ({number}){after}"),
        None => tex.to_string(),
    };
    let broken = bare.contains(r"\\") && !bare.contains(r"\begin{");
    let bare = if broken { format!(r"\begin{{aligned}}{bare}\end{{aligned}}") } else { bare };
    let storage = Storage::new();
    let events = Latex::new(&bare, &storage).collect::<std::result::Result<Vec<_>, _>>();
    let events = events.map_err(|e| Error::internal(format!("{tex}: {e}").replace('\n', " ")))?;
    let mut out = String::new();
    let never = events.into_iter().map(Ok::<_, std::convert::Infallible>);
    push_mathml(&mut out, never, RenderConfig::default()).map_err(|e| Error::internal(format!("MathML: {e}")))?;
    if tex.len() <= LONG {
        return Ok(out);
    }
    let parts: Vec<String> = broken_up(&out).iter().map(|p| format!("<span class=\"long\">{p}</span>")).collect();
    Ok(parts.join("<wbr>"))
}

/// Signs before which a line may break.
const RELATIONS: [&str; 9] = ["=", "≥", "≤", "<", ">", "⩾", "⩽", "→", "∼"];

/// A long formula cut before the relations that stand in no fraction, root or the like: a browser breaks no line inside
/// of MathML.
///
/// Depth is counted over tags: a relation at depth 0 is one that stands in nothing. The parts repeat the opening tag
/// of the whole; a relation that begins a part is marked as infix, since it still stands between two sides. A formula
/// with a table, or with formulas in it, is not cut.
fn broken_up(mathml: &str) -> Vec<String> {
    let inside = mathml.split_once('>').and_then(|(open, rest)| Some((open, rest.strip_suffix("</math>")?)));
    let Some((open, inside)) = inside.filter(|(_, i)| !i.contains("<mtable") && !i.contains("<math")) else {
        return vec![mathml.to_string()];
    };
    let relation = |at: usize| {
        RELATIONS.iter().any(|r| {
            let sign = escaped(r);
            inside[at..]
                .strip_prefix("<mo>")
                .is_some_and(|s| s.strip_prefix(sign.as_str()).is_some_and(|s| s.starts_with("</mo>")))
        })
    };
    let (mut depth, mut cuts) = (0i32, vec![0]);
    for (at, _) in inside.match_indices('<') {
        let tag = &inside[at..at + inside[at..].find('>').unwrap_or(0)];
        if depth == 0 && at > 0 && relation(at) {
            cuts.push(at);
        }
        depth += if tag.starts_with("</") { -1 } else { i32::from(!tag.ends_with('/')) };
    }
    cuts.push(inside.len());
    let part = |w: &[usize]| {
        let part = &inside[w[0]..w[1]];
        // The first of its formula is still between two sides.
        let part = if w[0] == 0 { part.to_string() } else { part.replacen("<mo>", "<mo form=\"infix\">", 1) };
        format!("{open}>{part}</math>")
    };
    cuts.windows(2).map(part).collect()
}

/// The formula, or its source where the extraction of the paper's text tore it.
fn formula_or_source(tex: &str) -> String {
    formula(tex).unwrap_or_else(|_| format!("<code class=\"torn\">{}</code>", escaped(tex)))
}

/// Where a link of `page` leads in the book; `None` if nothing of the book is there.
///
/// `dest` is relative to `page`, a path inside the report's folder. Addresses of other hosts and anchors stay; `..`
/// above the folder leads to the repository, of which the book has only the Coq sources; the folder of the results
/// has no page of its own and leads to their list.
fn link(dest: &str, page: &str, files: &[(String, String)], sources: &mut Sources) -> Option<String> {
    if dest.contains("://") || dest.starts_with('#') {
        return Some(dest.into());
    }
    let (path, anchor) = dest.split_once('#').map_or((dest, String::new()), |(p, a)| (p, format!("#{a}")));
    let mut whole: Vec<&str> = page.split('/').collect();
    whole.pop();
    // Above the report's folder lies the repository.
    let mut outside = false;
    for part in path.split('/').filter(|p| !p.is_empty() && *p != ".") {
        match part {
            ".." if whole.pop().is_none() => outside = true,
            ".." => {}
            p => whole.push(p),
        }
    }
    let whole = whole.join("/");
    let root = "../".repeat(page.matches('/').count());
    if outside {
        return whole.strip_prefix("formal/").and_then(|f| sources.link(f)).map(|href| format!("{root}{href}{anchor}"));
    }
    let known = files.iter().any(|(name, _)| *name == whole);
    match whole.as_str() {
        "results" => Some(format!("{root}index.html#the-stated-results")),
        _ if known => Some(format!("{root}{}{anchor}", target(&whole))),
        _ => None,
    }
}

/// The text of the events up to the end of what begins at `from`.
///
/// Text, code and formulas within a line count, with soft line ends as blanks; other events inside add nothing.
fn inside(events: &[Event], from: usize, end: TagEnd) -> String {
    let mut out = String::new();
    for e in events[from + 1..].iter().take_while(|e| **e != Event::End(end)) {
        match e {
            Event::Text(t) | Event::Code(t) | Event::InlineMath(t) => out.push_str(t),
            Event::SoftBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

/// Characters in the longest row of the table that begins here.
///
/// The heads count as a row.
fn widest_row(table: &[Event]) -> usize {
    let (mut widest, mut row) = (0, 0);
    for event in table.iter().take_while(|e| **e != Event::End(TagEnd::Table)) {
        match event {
            Event::Start(Tag::TableRow) => row = 0,
            Event::Text(t) | Event::Code(t) | Event::InlineMath(t) => row += t.chars().count(),
            _ => {}
        }
        widest = widest.max(row);
    }
    widest
}

/// The colours of the map's squares, as classes: where emoji are not at hand they are shown all the same.
const SQUARES: [(&str, &str); 5] = [("🟩", "good"), ("🟥", "bad"), ("🟧", "fair"), ("🟨", "slip"), ("⬜", "none")];

/// The HTML of a page of the report.
///
/// Headings of one name have different anchors: the second of `x` is `x-1`. The first heading is the title of the
/// page. In a page of twelve and more headings of level three each of them opens a fold, which the next heading of
/// level one to three, or the end of the page, closes.
///
/// A link that leads nowhere loses its tags and keeps its text; the stack `links` says at each closing tag whether
/// there was an opening one.
///
/// # Errors
/// A picture without an end: a bug.
pub fn body(markdown: &str, page: &str, files: &[(String, String)], sources: &mut Sources) -> Result<Body> {
    let events: Vec<Event> = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_MATH).collect();
    let thirds = events.iter().filter(|e| matches!(e, Event::Start(Tag::Heading { level: HeadingLevel::H3, .. })));
    let fold = thirds.count() >= FOLDED;
    let mut out: Vec<Event> = Vec::new();
    let raw = |s: String| Event::Html(CowStr::from(s));
    let inline = |s: String| Event::InlineHtml(CowStr::from(s));
    let mut title = String::new();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    // Of the table that is open: its heads, whether we are in the head, and the column.
    let (mut heads, mut in_head, mut column): (Vec<String>, bool, usize) = (Vec::new(), false, 0);
    // Whether a section is open that folds, and whether the links that are open lead anywhere.
    let (mut section, mut links) = (false, Vec::new());
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::InlineMath(tex) | Event::DisplayMath(tex) => out.push(inline(formula_or_source(tex))),
            Event::Start(Tag::Heading { level, .. }) => {
                let name = inside(&events, at, TagEnd::Heading(*level));
                // The second heading of a name has another anchor, as where markdown is shown.
                let plain = text::anchor(&name.trim().replace(' ', "-"));
                let count = names.entry(plain.clone()).and_modify(|n| *n += 1).or_insert(0);
                let id = if *count == 0 { plain } else { format!("{plain}-{count}") };
                if title.is_empty() {
                    title.clone_from(&name);
                }
                let closes = if section && *level <= HeadingLevel::H3 { "</details>" } else { "" };
                section = section && *level > HeadingLevel::H3;
                let opens = fold && *level == HeadingLevel::H3;
                let start = if opens { "<details class=\"section\"><summary>" } else { "" };
                section = section || opens;
                out.push(raw(format!("{closes}{start}<{level} id=\"{id}\">")));
            }
            Event::End(TagEnd::Heading(level)) => {
                let end = if fold && *level == HeadingLevel::H3 { "</summary>" } else { "" };
                out.push(raw(format!("</{level}>{end}\n")));
            }
            Event::Start(Tag::Table(columns)) => {
                let narrow = columns.len() < 4 && widest_row(&events[at..]) <= NARROW;
                let class = if narrow { "table narrow" } else { "table" };
                out.push(raw(format!("<div class=\"{class}\"><table>")));
            }
            Event::End(TagEnd::Table) => out.push(raw("</tbody></table></div>\n".into())),
            Event::Start(Tag::TableHead) => {
                (heads, in_head) = (Vec::new(), true);
                out.push(raw("<thead><tr>".into()));
            }
            Event::End(TagEnd::TableHead) => {
                in_head = false;
                out.push(raw("</tr></thead><tbody>\n".into()));
            }
            Event::Start(Tag::TableRow) => {
                column = 0;
                out.push(raw("<tr>".into()));
            }
            Event::End(TagEnd::TableRow) => out.push(raw("</tr>\n".into())),
            Event::Start(Tag::TableCell) if in_head => {
                heads.push(inside(&events, at, TagEnd::TableCell));
                out.push(raw("<th scope=\"col\">".into()));
            }
            Event::Start(Tag::TableCell) => {
                let head = heads.get(column).map_or(String::new(), |h| escaped(h));
                column += 1;
                out.push(raw(format!("<td data-label=\"{head}\">")));
            }
            Event::End(TagEnd::TableCell) => out.push(raw(if in_head { "</th>" } else { "</td>" }.into())),
            Event::Start(Tag::Link { dest_url, title, .. }) => {
                let href = link(dest_url, page, files, sources);
                if let Some(href) = &href {
                    // A title is all that a square says.
                    let said = escaped(title);
                    let said = if said.is_empty() { said } else { format!(" title=\"{said}\" aria-label=\"{said}\"") };
                    out.push(inline(format!("<a href=\"{}\"{said}>", escaped(href))));
                }
                links.push(href.is_some());
            }
            Event::End(TagEnd::Link) => {
                if links.pop() == Some(true) {
                    out.push(inline("</a>".into()));
                }
            }
            Event::Text(t) if SQUARES.iter().any(|(s, _)| t.contains(s)) => {
                let squares = SQUARES.iter().fold(escaped(t), |text, (square, class)| {
                    text.replace(square, &format!("<span class=\"square {class}\" aria-hidden=\"true\"></span>"))
                });
                out.push(inline(squares));
            }
            other => out.push(other.clone()),
        }
    }
    if section {
        out.push(raw("</details>".into()));
    }
    let mut done = String::new();
    html::push_html(&mut done, out.into_iter());
    Ok(Body { title, html: inlined(&done, page, files)? })
}

/// The graph and the map are put into the page, so that their links work; other pictures are files of their own.
///
/// Their links lead to pages of the report and are turned into those of the book.
///
/// # Errors
/// An image without an end: a bug.
fn inlined(html: &str, page: &str, files: &[(String, String)]) -> Result<String> {
    let mut out = html.to_string();
    for name in ["figures/graph.svg", "figures/map.svg"] {
        let Some(svg) = files.iter().find(|(n, _)| n == name).map(|(_, svg)| svg) else { continue };
        let root = "../".repeat(page.matches('/').count());
        let image = format!("<img src=\"{root}{name}\"");
        while let Some(at) = out.find(&image) {
            let end =
                out[at..].find("/>").ok_or_else(|| Error::internal(format!("{page}: a picture without an end")))?;
            let drawn = svg.split_once("<svg").map_or(String::new(), |(_, rest)| format!("<svg{rest}"));
            let drawn = drawn.replace(".md\"", ".html\"").replace(".md#", ".html#");
            let drawn = drawn.replace("href=\"../", &format!("href=\"{root}"));
            out.replace_range(at..at + end + 2, &format!("<span class=\"drawing\">{drawn}</span>"));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(markdown: &str) -> String {
        let files = [("proofs.md".to_string(), String::new()), ("README.md".to_string(), String::new())];
        body(markdown, "results/x.md", &files, &mut Sources::new(None)).expect("a page").html
    }

    #[test]
    fn links_lead_to_pages_of_the_book() {
        assert!(shown("[a](../proofs.md#x)").contains("<a href=\"../proofs.html#x\">a</a>"));
        assert!(shown("[a](../README.md)").contains("<a href=\"../index.html\">a</a>"));
        let square = shown("[🟩](#x \"line 1: holds\")");
        assert!(square.contains("<a href=\"#x\" title=\"line 1: holds\" aria-label=\"line 1: holds\">"), "{square}");
        assert!(shown("[a](#x)").contains("<a href=\"#x\">a</a>"));
        // Without the Coq sources a theorem is named.
        assert_eq!(shown("[a](../../formal/X.v#L1)"), "<p>a</p>\n");
        assert_eq!(shown("[a](../gone.md)"), "<p>a</p>\n");
    }

    #[test]
    fn formulas_are_mathml() {
        let html = shown(r"$\lVert w \rVert^2$ and $x \tag{5}$");
        assert_eq!(html.matches("<math").count(), 2, "{html}");
        assert!(html.contains("<mn>5</mn>") && !html.contains('$') && !html.contains("merror"), "{html}");
        assert!(formula(r"\frac{1}").is_err());
        let long = formula(r"\frac{a = b}{c} + d + e + f + g + h \le i + j \le k").expect("a formula");
        assert_eq!((long.matches("<wbr>").count(), long.matches("<math").count()), (2, 3), "{long}");
        assert_eq!(long.matches("<mo form=\"infix\">≤</mo>").count(), 2, "{long}");
    }

    #[test]
    fn many_sections_are_folded_each_with_its_heading() {
        let many: String = (0..FOLDED).map(|i| format!("### s{i}\n\ntext\n\n")).collect();
        let html = shown(&format!("## a\n\n{many}## b\n\nend"));
        assert_eq!(html.matches("<details").count(), FOLDED);
        assert_eq!(html.matches("</details>").count(), FOLDED);
        assert!(html.contains("<summary><h3 id=\"s3\">s3</h3></summary>"), "{html}");
        assert!(html.contains("</details><h2 id=\"b\">"), "{html}");
        assert!(!shown("### one\n\ntext").contains("<details"));
    }

    #[test]
    fn cells_carry_the_head_of_their_column() {
        let html = shown("| step | verdict |\n| --- | --- |\n| a | 🟩 holds |");
        assert!(
            html.contains("<th scope=\"col\">verdict</th>") && html.contains("<td data-label=\"verdict\">"),
            "{html}"
        );
        assert!(html.contains("<span class=\"square good\" aria-hidden=\"true\"></span> holds"), "{html}");
    }
}
