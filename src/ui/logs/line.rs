//! One line of a log: its time, its source, its own colours, and what was found in it.

use super::super::canvas::Canvas;
use super::super::search::mark;
use super::super::text::StyledLine;
use super::LogScreen;
use crate::config::Role;
use crate::kinds::logs::{LineKind, SourceId};
use crate::model::logs::ansi::{self, Colour, Sgr};
use crate::model::logs::{LineRef, LogBuffer};
use jiff::Timestamp;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// How many bytes a column may take: a letter with all the marks that somebody may want to see.
const BYTES: usize = 32;
/// The roles of sources, one after the other.
const SOURCES: [Role; 6] =
    [Role::LogSource, Role::LogSource2, Role::LogSource3, Role::LogSource4, Role::LogSource5, Role::LogSource6];

impl LogScreen {
    /// A line with its time, its source, its own colours, and what was found in it.
    pub(super) fn line(
        &self,
        line: &LineRef<'_>,
        buffer: &LogBuffer,
        (area, canvas): (Rect, &Canvas<'_>),
    ) -> StyledLine {
        let mut styled = StyledLine::default();
        styled.push(&self.time(line), canvas.style(Role::LogTime));
        if line.kind == LineKind::Marker {
            let text = format!("── {}{} ──", name(buffer, line.source), String::from_utf8_lossy(line.bytes));
            styled.push(&text, canvas.style(Role::Quiet));
            return styled;
        }
        let role = SOURCES.get(usize::from(line.source.0) % SOURCES.len()).copied().unwrap_or(Role::LogSource);
        styled.push(&self.source(line, buffer), canvas.style(role));
        if line.kind == LineKind::Continued {
            styled.push("… ", canvas.style(Role::Quiet));
        }
        let from = styled.text().len();
        let (bytes, more) = self.cut(line.bytes, area);
        for run in ansi::runs(bytes) {
            styled.push(run.text.as_str(), canvas.style(Role::Text).patch(style(&run.sgr)));
        }
        let found = canvas.style(Role::Match);
        if let Some(needle) = self.sieve.as_ref().and_then(|sieve| sieve.needle()) {
            mark(needle, &mut styled, (from, found));
        }
        self.search.mark(&mut styled, from, found);
        if more > 0 {
            let text = format!(" … {} more bytes", super::super::bars::thousands(more));
            styled.push(&text, canvas.style(Role::Quiet));
        }
        styled
    }

    /// As much of a line as a screen can show, and how many bytes more there are.
    fn cut<'a>(&self, bytes: &'a [u8], area: Rect) -> (&'a [u8], usize) {
        let columns = if self.look.wrap {
            usize::from(area.width) * usize::from(area.height)
        } else {
            usize::from(self.left) + usize::from(area.width)
        };
        let most = (columns + 64) * BYTES;
        let end = (0..4).map(|back| most - back).find(|at| bytes.get(*at).is_none_or(|byte| byte & 0xc0 != 0x80));
        match bytes.split_at_checked(end.unwrap_or(most)) {
            Some((shown, rest)) => (shown, rest.len()),
            None => (bytes, 0),
        }
    }

    /// `2026-01-05T12:00:00.000Z `, when times are shown.
    pub(super) fn time(&self, line: &LineRef<'_>) -> String {
        let time = line.time.filter(|_| self.look.timestamps);
        let time = time.and_then(|nanos| Timestamp::from_nanosecond(nanos.into()).ok());
        time.map_or_else(String::new, |time| format!("{time:.3} "))
    }

    /// `pod/container ` of a line, when sources are shown and there are several.
    pub(super) fn source(&self, line: &LineRef<'_>, buffer: &LogBuffer) -> String {
        if self.look.sources { name(buffer, line.source) } else { String::new() }
    }
}

/// `pod/container ` of a line, when there are several.
pub(super) fn name(buffer: &LogBuffer, id: SourceId) -> String {
    if buffer.sources().len() < 2 {
        return String::new();
    }
    buffer.sources().get(&id).map_or_else(String::new, |source| format!("{}/{} ", source.pod, source.container))
}

/// The style that a program asked for.
fn style(sgr: &Sgr) -> Style {
    let colour = |colour: Colour| match colour {
        Colour::Index(index) => Color::Indexed(index),
        Colour::Rgb(r, g, b) => Color::Rgb(r, g, b),
    };
    let pairs = [
        (Sgr::BOLD, Modifier::BOLD),
        (Sgr::DIM, Modifier::DIM),
        (Sgr::ITALIC, Modifier::ITALIC),
        (Sgr::UNDERLINE, Modifier::UNDERLINED),
        (Sgr::REVERSE, Modifier::REVERSED),
        (Sgr::STRUCK, Modifier::CROSSED_OUT),
    ];
    let marks = pairs.into_iter().filter(|(mark, _)| sgr.marks & mark != 0);
    let style = marks.fold(Style::default(), |style, (_, modifier)| style.add_modifier(modifier));
    let style = sgr.text.map_or(style, |text| style.fg(colour(text)));
    sgr.ground.map_or(style, |ground| style.bg(colour(ground)))
}
