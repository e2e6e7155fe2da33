//! What a figure shows, as numbers: series of points, axes, a caption. `report` draws it, from these numbers only.
//!
//! The numbers are plain doubles: a figure is looked at and decides nothing. Where an enclosure is shown, its ends
//! become a band. Styles and colours are names and numbers here, so that a figure is part of the evidence (as JSON)
//! and drawn the same from the file as from the run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A series of points of a figure; ends of enclosures where there are two.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Series {
    /// What it is called beside the curve or in the legend; empty: it goes with another series of its colour.
    pub label: String,
    /// `line`, `dashed`, `dotted`, `points`, `cells` or `band` (between `y` and `y_hi`).
    pub style: String,
    /// Abscissas.
    pub x: Vec<f64>,
    /// Ordinates (lower end of a band).
    pub y: Vec<f64>,
    /// Upper end of a band.
    pub y_hi: Option<Vec<f64>>,
    /// Number of its colour in the palette; without one, that of its place in the figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<u8>,
    /// Label of a second, linear ordinate on the right that it belongs to: the same for all series on the right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
}

/// One pair of axes of a figure.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Panel {
    /// Above it; empty where the figure has one panel.
    pub title: String,
    /// Axis label.
    pub x_label: String,
    /// Axis label.
    pub y_label: String,
    /// Logarithmic abscissa.
    pub x_log: bool,
    /// Logarithmic ordinate.
    pub y_log: bool,
    /// The series.
    pub series: Vec<Series>,
}

impl Panel {
    /// With these labels of its axes; which of them are logarithmic; its series.
    ///
    /// Without a title, as the only panel of its figure has none.
    pub fn new((x, y): (&str, &str), (x_log, y_log): (bool, bool), series: Vec<Series>) -> Self {
        Self { title: String::new(), x_label: x.into(), y_label: y.into(), x_log, y_log, series }
    }
    /// The figure of which it is the only pair of axes: file stem, title, and what a reader should see.
    pub fn figure(self, id: impl Into<String>, title: impl Into<String>, caption: impl Into<String>) -> FigureData {
        FigureData::new(id, title, caption, vec![self])
    }
    /// One of several, under this title.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }
}

/// The numbers of one figure: the SVG is drawn from these and from nothing else.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FigureData {
    /// File stem.
    pub id: String,
    /// Title.
    pub title: String,
    /// What a reader should see in it.
    pub caption: String,
    /// Its axes, from left to right.
    pub panels: Vec<Panel>,
}

impl FigureData {
    /// File stem, title, what a reader should see, axes from left to right.
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        caption: impl Into<String>,
        panels: Vec<Panel>,
    ) -> Self {
        Self { id: id.into(), title: title.into(), caption: caption.into(), panels }
    }
}

/// Points.
///
/// Not joined by a line, in the colour of its place in the figure.
pub fn points(label: &str, xy: Vec<(f64, f64)>) -> Series {
    series(label, "points", xy)
}

/// A series in a style of [`Series::style`].
///
/// The pairs become abscissas and ordinates; no upper end, no colour, on the left ordinate.
pub fn series(label: &str, style: &str, xy: Vec<(f64, f64)>) -> Series {
    let (x, y) = xy.into_iter().unzip();
    Series { label: label.into(), style: style.into(), x, y, ..Series::default() }
}

/// In the colour of this number in the palette.
pub fn coloured(mut s: Series, colour: u8) -> Series {
    s.colour = Some(colour);
    s
}

/// A line in a colour.
pub fn line(label: &str, colour: u8, xy: Vec<(f64, f64)>) -> Series {
    coloured(series(label, "line", xy), colour)
}

/// A dashed line in a colour: a bound, a level.
pub fn dashed(label: &str, colour: u8, xy: Vec<(f64, f64)>) -> Series {
    coloured(series(label, "dashed", xy), colour)
}
