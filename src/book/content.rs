//! What a page of the book holds.

/// What stands between the frame's header and footer.
#[derive(Debug)]
pub struct Body {
    /// Title, without markup.
    pub title: String,
    /// HTML.
    pub html: String,
}

/// Text as HTML shows it.
pub fn escaped(s: &str) -> String {
    s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
