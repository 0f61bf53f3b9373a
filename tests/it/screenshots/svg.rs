//! A screen as SVG: one rectangle per run of a background, one text per run of a style, in the theme's own colours.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use rutter::config::color::rgb;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Size of a cell and of its letters in pixels.
const CELL: (f32, f32) = (8.4, 18.0);
const LETTERS: f32 = 14.0;
/// Room around the screen.
const EDGE: f32 = 12.0;
/// What a terminal of the dark sort has where nothing says otherwise.
const PAPER: &str = "#14171c";
const INK: &str = "#d5dae3";

/// How a run of cells looks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Look {
    ink: String,
    paper: String,
    modifier: Modifier,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let (ink, paper) = (hex(cell.fg, INK), hex(cell.bg, PAPER));
        let reversed = cell.modifier.contains(Modifier::REVERSED);
        let (ink, paper) = if reversed { (paper, ink) } else { (ink, paper) };
        Self { ink, paper, modifier: cell.modifier }
    }

    /// The attributes of a text.
    fn attributes(&self) -> String {
        let styles = [
            (Modifier::BOLD, " font-weight=\"bold\""),
            (Modifier::ITALIC, " font-style=\"italic\""),
            (Modifier::UNDERLINED, " text-decoration=\"underline\""),
            (Modifier::DIM, " opacity=\"0.6\""),
        ];
        let worn = styles.into_iter().filter(|(modifier, _)| self.modifier.contains(*modifier));
        worn.map(|(_, attribute)| attribute).collect()
    }
}

/// Cells of one look in one line.
#[derive(Debug)]
struct Run {
    x: u16,
    y: u16,
    width: u16,
    text: String,
    look: Look,
}

/// The picture of a screen.
pub fn picture(buffer: &Buffer, title: &str) -> String {
    let (width, height) = (place(buffer.area.width, CELL.0) + EDGE, place(buffer.area.height, CELL.1) + EDGE);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.1}\" height=\"{height:.1}\" \
         viewBox=\"0 0 {width:.1} {height:.1}\" font-family=\"'JetBrains Mono','DejaVu Sans Mono',Menlo,Consolas,monospace\" \
         font-size=\"{LETTERS}\" xml:space=\"preserve\">\n<title>{}</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n",
        escaped(title)
    );
    let runs: Vec<Run> = (0..buffer.area.height).flat_map(|y| runs(buffer, y)).collect();
    runs.iter().filter(|run| run.look.paper != PAPER).for_each(|run| paper(&mut out, run));
    runs.iter().filter(|run| !run.text.trim().is_empty()).for_each(|run| text(&mut out, run));
    out + "</svg>\n"
}

fn paper(out: &mut String, run: &Run) {
    let (x, y, width) = (place(run.x, CELL.0), place(run.y, CELL.1), f32::from(run.width) * CELL.0);
    let (height, fill) = (CELL.1, &run.look.paper);
    writeln!(out, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\"/>")
        .unwrap();
}

fn text(out: &mut String, run: &Run) {
    // Spaces at the ends are no ink, and the length of the rest is fixed, so that every font keeps the columns.
    let indent = u16::try_from(run.text.len() - run.text.trim_start_matches(' ').len()).unwrap();
    let text = run.text.trim_matches(' ');
    let (x, y) = (place(run.x + indent, CELL.0), place(run.y, CELL.1) + CELL.1 * 0.72);
    let length = f32::from(u16::try_from(text.width()).unwrap()) * CELL.0;
    let (ink, attributes, text) = (&run.look.ink, run.look.attributes(), escaped(text));
    writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\" fill=\"{ink}\"{attributes}>{text}</text>"
    )
    .unwrap();
}

/// The runs of a line.
fn runs(buffer: &Buffer, y: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0;
    while let Some(cell) = buffer.cell((x, y)).filter(|_| x < buffer.area.width) {
        let width = u16::try_from(cell.symbol().width()).unwrap().max(1);
        let look = Look::of(cell);
        match runs.last_mut().filter(|run| run.look == look) {
            Some(run) => {
                run.width += width;
                run.text.push_str(cell.symbol());
            }
            None => runs.push(Run { x, y, width, text: cell.symbol().to_owned(), look }),
        }
        x += width;
    }
    runs
}

/// Where a cell lies.
fn place(at: u16, size: f32) -> f32 {
    EDGE + f32::from(at) * size
}

/// A colour; the terminal's own is `otherwise`.
fn hex(color: Color, otherwise: &str) -> String {
    match color {
        Color::Reset => otherwise.to_owned(),
        color => {
            let (red, green, blue) = rgb(color);
            format!("#{red:02x}{green:02x}{blue:02x}")
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
