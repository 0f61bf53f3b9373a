//! `Confirm`: what a change would do, shown before it counts. Enter applies it, or the typed name where it is grave.

use super::super::canvas::{Canvas, split_bottom, split_top, width};
use super::super::text::folded;
use super::line::Line;
use crate::config::Role;
use crate::text::safe;
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use std::borrow::Cow;

/// Lines that a page of the difference has.
const PAGE: usize = 10;

/// Columns by which what goes on stands further in.
const INDENT: u16 = 2;

/// What a change would do.
#[derive(Debug)]
pub struct Confirm {
    /// The number of the change.
    pub id: u64,
    title: String,
    proposal: Option<Proposal>,
    line: Line,
    top: usize,
    height: usize,
}

/// What the server says that a change would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proposal {
    /// Where it would happen: context, cluster, user.
    pub place: String,
    /// How kubectl is told to do the same, `""` where it cannot.
    pub kubectl: String,
    /// The effects, targets, notes and the difference, in their roles.
    pub lines: Vec<(String, Role)>,
    /// What has to be typed, `""` where Enter is enough.
    pub word: String,
    /// Whether there is anything to confirm.
    pub possible: bool,
}

/// What a key made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// It still waits.
    Stay,
    /// It is dropped.
    Leave,
    /// It is confirmed.
    Yes,
}

impl Confirm {
    /// The change `id` of which nothing is known yet but what was asked for.
    pub fn new(id: u64, title: impl Into<String>) -> Self {
        Self { id, title: title.into(), proposal: None, line: Line::new(""), top: 0, height: 1 }
    }

    /// Takes over what the server says.
    pub fn propose(&mut self, proposal: Proposal) {
        self.proposal = Some(proposal);
    }

    /// Whether the server has said what would happen. What was typed before that counts for nothing.
    pub fn is_answered(&self) -> bool {
        self.proposal.is_some()
    }

    /// How kubectl is told to do the same, `""` where it cannot or it is not known yet.
    pub fn kubectl(&self) -> &str {
        self.proposal.as_ref().map_or("", |proposal| &proposal.kubectl)
    }

    /// Takes a key that is text: part of the name to type.
    pub fn press(&mut self, key: KeyEvent) {
        if self.proposal.as_ref().is_some_and(|proposal| proposal.possible && !proposal.word.is_empty()) {
            self.line.press(key);
        }
    }

    /// Does what a key of the key map's section for prompts says.
    pub fn command(&mut self, name: &str) -> Confirmed {
        match name {
            "back" => return Confirmed::Leave,
            "enter" => return self.enter(),
            "down" => self.top += 1,
            "up" => self.top = self.top.saturating_sub(1),
            "page-down" => self.top += self.height.clamp(1, PAGE),
            "page-up" => self.top = self.top.saturating_sub(self.height.clamp(1, PAGE)),
            _ => {}
        }
        Confirmed::Stay
    }

    fn enter(&self) -> Confirmed {
        match &self.proposal {
            Some(proposal) if !proposal.possible => Confirmed::Leave,
            Some(proposal) if self.line.text().trim() == proposal.word => Confirmed::Yes,
            Some(_) | None => Confirmed::Stay,
        }
    }

    /// Draws it at the bottom of `area`, as high as it needs to be.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect) {
        let empty = Proposal {
            lines: vec![("asking the server what this would do …".to_owned(), Role::Quiet)],
            ..Proposal::default()
        };
        let proposal = self.proposal.as_ref().unwrap_or(&empty);
        let rows: Vec<(Cow<'_, str>, Role)> = proposal.lines.iter().flat_map(|line| rows(line, area.width)).collect();
        let wanted = u16::try_from(rows.len() + 2).unwrap_or(u16::MAX);
        let height = wanted.min(area.height);
        let area = Rect { y: area.bottom() - height, height, ..area };
        canvas.clear(area);
        let (head, rest) = split_top(area);
        let (body, foot) = split_bottom(rest);
        self.height = usize::from(body.height);
        self.top = self.top.min(rows.len().saturating_sub(self.height));
        let below = rows.len().saturating_sub(self.top + self.height);
        draw_head(canvas, head, (&self.title, &proposal.place), below);
        canvas.lines(body, rows.into_iter().skip(self.top).map(|(text, role)| (format!(" {text}"), role)));
        self.draw_foot(canvas, foot);
    }

    /// The keys that end it, or the line in which the name is typed.
    fn draw_foot(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let Some(proposal) = &self.proposal else {
            hint(canvas, area, &[("esc", "leave it")]);
            return;
        };
        if !proposal.possible {
            hint(canvas, area, &[("esc", "back: nothing can be done")]);
        } else if proposal.word.is_empty() {
            hint(canvas, area, &[("enter", "do it"), ("esc", "leave it"), ("tab", "copy as kubectl")]);
        } else {
            let label = format!(" type {} and press enter, esc leaves it: ", proposal.word);
            self.line.draw(canvas, area, &label);
        }
    }
}

/// A line on as many rows as it takes, so that nothing of what would happen stays out of sight. What goes on stands
/// further in.
fn rows((text, role): &(String, Role), columns: u16) -> Vec<(Cow<'_, str>, Role)> {
    if width(&safe(text)) < columns {
        return vec![(Cow::Borrowed(text), *role)];
    }
    let indent = " ".repeat(text.len() - text.trim_start().len());
    let room = columns.saturating_sub(width(&indent) + INDENT + 1).max(1);
    let begin = |at: usize| if at == 0 { String::new() } else { " ".repeat(INDENT.into()) };
    let rows = folded(text.trim_start(), room).into_iter().enumerate();
    rows.map(|(at, row)| (format!("{indent}{}{row}", begin(at)).into(), *role)).collect()
}

/// `── scale deployment shop/web ── demo · in memory ───`, and how much of a long text is below.
fn draw_head(canvas: &mut Canvas<'_>, area: Rect, (title, place): (&str, &str), below: usize) {
    let more = if below > 0 { format!(" {below} more lines ↓ ") } else { String::new() };
    let area = if more.is_empty() { area } else { canvas.right(area, more, Role::Quiet) };
    let left = canvas.text(area, "── ", Role::Border);
    let left = canvas.text(left, title, Role::Title);
    let left = if place.is_empty() {
        left
    } else {
        let left = canvas.text(left, " ── ", Role::Border);
        canvas.text(left, place, Role::Quiet)
    };
    canvas.text(left, format!(" {}", "─".repeat(usize::from(left.width))), Role::Border);
}

fn hint(canvas: &mut Canvas<'_>, area: Rect, keys: &[(&str, &str)]) {
    let mut left = area;
    for (key, what) in keys {
        if left.width < width(key) + width(what) + 3 {
            return;
        }
        left = canvas.text(left, format!(" {key}"), Role::Key);
        left = canvas.text(left, format!(" {what} "), Role::Quiet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyModifiers};

    fn ready(word: &str) -> Confirm {
        let mut confirm = Confirm::new(1, "delete pod a/b");
        confirm.propose(Proposal { word: word.into(), possible: true, ..Proposal::default() });
        confirm
    }

    fn type_in(confirm: &mut Confirm, text: &str) {
        for c in text.chars() {
            confirm.press(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        }
    }

    #[test]
    fn what_was_typed_before_the_server_answered_counts_for_nothing() {
        let mut confirm = Confirm::new(1, "delete pod a/b");
        type_in(&mut confirm, "b");
        assert_eq!(confirm.command("enter"), Confirmed::Stay);
        confirm.propose(Proposal { word: "b".into(), possible: true, ..Proposal::default() });
        assert_eq!(confirm.command("enter"), Confirmed::Stay);
        type_in(&mut confirm, "b");
        assert_eq!(confirm.command("enter"), Confirmed::Yes);
    }

    #[test]
    fn enter_is_enough_where_no_name_is_asked_for() {
        assert_eq!(ready("").command("enter"), Confirmed::Yes);
        assert_eq!(ready("").command("back"), Confirmed::Leave);
        let mut wrong = ready("web");
        type_in(&mut wrong, "we");
        assert_eq!(wrong.command("enter"), Confirmed::Stay);
    }

    #[test]
    fn nothing_of_a_long_line_stays_out_of_sight() {
        let rows = |text: &str, columns| -> Vec<String> {
            super::rows(&(text.to_owned(), Role::Text), columns).into_iter().map(|(row, _)| row.into_owned()).collect()
        };
        assert_eq!(rows("  scale web to 3", 17), ["  scale web to 3"]);
        assert_eq!(rows("  scale web to 3", 16), ["  scale web", "    to 3"]);
        assert_eq!(rows("  - image: nginx:1.25.31", 16), ["  - image:", "    nginx:1.25.", "    31"]);
        assert_eq!(rows("日本日本", 8), ["日本", "  日本"]);
    }

    #[test]
    fn what_cannot_be_done_is_only_left() {
        let mut confirm = Confirm::new(1, "x");
        confirm.propose(Proposal::default());
        assert!(confirm.is_answered());
        assert_eq!(confirm.command("enter"), Confirmed::Leave);
    }
}
