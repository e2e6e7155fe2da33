//! Series of a figure in a word.

use crate::harness::evidence::Series;

/// Points.
pub(crate) fn points(label: &str, xy: Vec<(f64, f64)>) -> Series {
    series(label, "points", xy)
}

/// A series in a style of [`Series::style`].
pub(crate) fn series(label: &str, style: &str, xy: Vec<(f64, f64)>) -> Series {
    let (x, y) = xy.into_iter().unzip();
    Series { label: label.into(), style: style.into(), x, y, ..Series::default() }
}

/// In the colour of this number in the palette.
pub(crate) fn coloured(mut s: Series, colour: u8) -> Series {
    s.colour = Some(colour);
    s
}

/// A line in a colour.
pub(crate) fn line(label: &str, colour: u8, xy: Vec<(f64, f64)>) -> Series {
    coloured(series(label, "line", xy), colour)
}

/// A dashed line in a colour: a bound, a level.
pub(crate) fn dashed(label: &str, colour: u8, xy: Vec<(f64, f64)>) -> Series {
    coloured(series(label, "dashed", xy), colour)
}
