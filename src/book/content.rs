//! What a page of the book holds.
//!
//! It is apart from `html` for `sources`, which makes such pages without markdown.

/// What stands between the frame's header and footer.
#[derive(Debug)]
pub struct Body {
    /// Title, without markup.
    pub title: String,
    /// HTML.
    pub html: String,
}

/// Text as HTML shows it.
///
/// For text between tags and for values in double quotes: `&` first, so that nothing is escaped twice.
pub fn escaped(s: &str) -> String {
    s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
