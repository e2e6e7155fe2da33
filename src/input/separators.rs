//! What separates the fields of a table, and what marks its decimals.
//!
//! The delimiter is named by the user (`--delimiter`) or found by `dialect`; the mark is a point unless the user
//! names another (`--decimal`). Both are part of the JSON that says how a table was read.

use schemars::JsonSchema;
use serde::Serialize;

/// What separates the fields of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// One blank or more.
    Blank,
}

/// What separates the whole digits of a number from its fractional ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// `1.5`
    Point,
    /// `1,5`
    Comma,
}

impl Delimiter {
    /// All of them, in the order in which `dialect` tries them; the first that fits is taken.
    pub(super) const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Blank];

    /// The byte in the file; for `Blank` the blank itself, though tabs and other white space separate fields then
    /// too.
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Blank => b' ',
        }
    }

    /// As it is called in messages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Comma => "commas",
            Self::Semicolon => "semicolons",
            Self::Tab => "tabs",
            Self::Blank => "blanks",
        }
    }
}
