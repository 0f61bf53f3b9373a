//! `Picker`: a list of offers that narrows while one types. The palette, the help and every choice are pickers;
//! what is chosen runs as a command line, so a choice takes the same path as a key.

use super::super::canvas::{Canvas, split_top, width};
use super::super::motion::scrolled;
use super::super::text::folded;
use super::line::Line;
use crate::config::Role;
use crossterm::event::{KeyCode, KeyEvent};
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::layout::Rect;

/// Offers that a page has.
const PAGE: usize = 10;

/// Rows that a picker takes at most: what is below stays in sight.
const ROWS: u16 = 16;

/// Columns around a label.
const GAP: u16 = 3;

/// Rows below the offers that say the whole of what is cut in the one under the cursor.
const TOLD: u16 = 2;

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offer {
    /// What is matched and shown.
    pub label: String,
    /// What it does.
    pub detail: String,
    /// The command line that choosing it runs.
    pub run: String,
    /// Why it cannot be chosen now, `""` when it can.
    pub refusal: String,
}

impl Offer {
    /// What is said beside its label: what it does, or why it cannot be chosen.
    fn told(&self) -> &str {
        if self.refusal.is_empty() { &self.detail } else { &self.refusal }
    }
}

/// What a key did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// The picker stays.
    Stay,
    /// It closes and nothing happens.
    Cancel,
    /// It closes and this command line runs.
    Run(String),
}

/// Decides whether typed text is a command line of its own.
struct Reads(Box<dyn Fn(&str) -> bool>);

impl std::fmt::Debug for Reads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reads")
    }
}

/// A choice being made.
#[derive(Debug)]
pub struct Picker {
    title: String,
    label: &'static str,
    line: Line,
    offers: Vec<Offer>,
    shown: Vec<Shown>,
    at: usize,
    top: usize,
    free: Option<(Reads, &'static str)>,
    rows: u16,
}

/// An offer that matches, and the characters of its label that do.
#[derive(Debug)]
struct Shown {
    offer: usize,
    matched: Vec<u32>,
}

impl Picker {
    /// A picker of `offers`, asked for by `label`.
    pub fn new(title: impl Into<String>, label: &'static str, offers: Vec<Offer>) -> Self {
        let mut picker = Self {
            title: title.into(),
            label,
            line: Line::new(""),
            offers,
            shown: Vec::new(),
            at: 0,
            top: 0,
            free: None,
            rows: ROWS,
        };
        picker.narrow();
        picker
    }

    /// The same picker, where typed text for which `reads` holds runs as it is, behind `before`.
    #[must_use]
    pub fn free(mut self, before: &'static str, reads: impl Fn(&str) -> bool + 'static) -> Self {
        self.free = Some((Reads(Box::new(reads)), before));
        self
    }

    /// The same picker over as much of the screen as it needs, for reading.
    #[must_use]
    pub fn tall(mut self) -> Self {
        self.rows = u16::MAX;
        self
    }

    /// Takes a key that is text.
    pub fn press(&mut self, key: KeyEvent) -> Picked {
        let leaves = key.code == KeyCode::Backspace && self.line.text().is_empty();
        if self.line.press(key) {
            self.narrow();
        }
        if leaves { Picked::Cancel } else { Picked::Stay }
    }

    /// Does what a key of the key map's section `palette` says.
    pub fn command(&mut self, name: &str) -> Picked {
        match name {
            "back" => return Picked::Cancel,
            "enter" => return self.choose(),
            "complete" => self.complete(),
            "down" => self.at += 1,
            "up" => self.at = self.at.saturating_sub(1),
            "page-down" => self.at += PAGE,
            "page-up" => self.at = self.at.saturating_sub(PAGE),
            _ => {}
        }
        self.at = self.at.min(self.shown.len().saturating_sub(1));
        Picked::Stay
    }

    /// Inserts pasted text; it chooses nothing.
    pub fn paste(&mut self, text: &str) {
        self.line.paste(text);
        self.narrow();
    }

    /// The offers as they are shown, for tests and for the height.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.shown.iter().filter_map(|shown| self.offers.get(shown.offer)).map(|offer| offer.label.as_str())
    }

    /// Draws the picker at the bottom of `area`.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect) {
        let labels = self.labels().map(width).max().unwrap_or(0).min(area.width * 2 / 3);
        let room = area.width.saturating_sub(labels + GAP);
        let told = if self.offers.iter().any(|offer| width(offer.told()) > room) { TOLD } else { 0 };
        let most = area.height.saturating_sub(3 + told).min(self.rows);
        let rows = u16::try_from(self.shown.len()).unwrap_or(u16::MAX).min(most);
        let height = (rows + 2 + told).min(area.height);
        let area = Rect { y: area.bottom() - height, height, ..area };
        canvas.clear(area);
        let (head, rest) = split_top(area);
        let text = format!("── {} ── {} of {} ", self.title, self.shown.len(), self.offers.len());
        let left = canvas.text(head, text, Role::Border);
        canvas.text(left, "─".repeat(usize::from(left.width)), Role::Border);
        let (line, list) = split_top(rest);
        self.line.draw(canvas, line, self.label);
        let list = Rect { height: list.height.min(rows), ..list };
        self.draw_offers(canvas, labels, list);
        self.draw_told(canvas, room, Rect { y: list.bottom(), height: area.bottom() - list.bottom(), ..list });
    }

    /// Says the whole of what has no room beside the offer under the cursor.
    fn draw_told(&self, canvas: &mut Canvas<'_>, room: u16, area: Rect) {
        let chosen = self.shown.get(self.at).and_then(|shown| self.offers.get(shown.offer));
        let Some(offer) = chosen.filter(|offer| width(offer.told()) > room) else { return };
        let area = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
        canvas.lines(area, folded(offer.told(), area.width).into_iter().map(|line| (line, Role::Text)));
    }

    /// Draws the offers; their labels take `widest` columns.
    fn draw_offers(&mut self, canvas: &mut Canvas<'_>, widest: u16, area: Rect) {
        let height = usize::from(area.height);
        self.top = scrolled(self.at, self.top, self.shown.len(), height.max(1));
        for (y, (index, shown)) in (area.y..area.bottom()).zip(self.shown.iter().enumerate().skip(self.top)) {
            let Some(offer) = self.offers.get(shown.offer) else { continue };
            let row = Rect { y, height: 1, ..area };
            let name = Rect { x: row.x + 1, width: widest.min(row.width.saturating_sub(1)), ..row };
            let possible = offer.refusal.is_empty();
            canvas.text(name, &offer.label, if possible { Role::Text } else { Role::Quiet });
            paint_matched(canvas, name, offer, &shown.matched);
            let indent = widest + GAP;
            let detail = Rect { x: row.x + indent.min(row.width), width: row.width.saturating_sub(indent), ..row };
            canvas.text(detail, offer.told(), Role::Quiet);
            if index == self.at {
                canvas.paint(row, Role::Cursor);
            }
        }
    }

    /// What Enter does: the typed text when it reads as a command line of its own, else the offer under the cursor.
    fn choose(&self) -> Picked {
        let typed = self.line.text().trim();
        let chosen = self.shown.get(self.at).and_then(|shown| self.offers.get(shown.offer));
        match (&self.free, chosen) {
            (Some((reads, before)), _) if !typed.is_empty() && (reads.0)(typed) => {
                Picked::Run(format!("{before}{typed}"))
            }
            (_, Some(offer)) => Picked::Run(offer.run.clone()),
            (Some((_, before)), None) if !typed.is_empty() => Picked::Run(format!("{before}{typed}")),
            _ => Picked::Cancel,
        }
    }

    /// Takes the offer under the cursor into the line, to go on typing behind it.
    fn complete(&mut self) {
        if let Some(offer) = self.shown.get(self.at).and_then(|shown| self.offers.get(shown.offer)) {
            let text = format!("{} ", offer.run);
            self.line.set(&text);
            self.narrow();
        }
    }

    /// Keeps the offers that match what is typed, the best first; offers of equal score stay in their order.
    fn narrow(&mut self) {
        let text = self.line.text().trim();
        let pattern = Pattern::new(text, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
        let mut engine = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, Shown)> = Vec::new();
        for (index, offer) in self.offers.iter().enumerate() {
            let mut matched = Vec::new();
            let haystack = Utf32Str::new(&offer.label, &mut buffer);
            let exact = offer.label.split(' ').any(|word| word.eq_ignore_ascii_case(text));
            if let Some(score) = pattern.indices(haystack, &mut engine, &mut matched) {
                let score = score + if exact { 1_000 } else { 0 };
                scored.push((score, Shown { offer: index, matched }));
            }
        }
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        self.shown = scored.into_iter().map(|(_, shown)| shown).collect();
        (self.at, self.top) = (0, 0);
    }
}

/// Shows which characters match.
fn paint_matched(canvas: &mut Canvas<'_>, area: Rect, offer: &Offer, matched: &[u32]) {
    if !offer.label.is_ascii() {
        return;
    }
    for index in matched {
        let x = u16::try_from(*index).unwrap_or(u16::MAX);
        if x < area.width {
            canvas.paint(Rect { x: area.x + x, width: 1, ..area }, Role::PromptMatch);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Time;
    use crossterm::event::KeyModifiers;

    fn picker() -> Picker {
        let offer = |label: &str| Offer { label: label.into(), run: format!("goto {label}"), ..Offer::default() };
        Picker::new("go to", ":", ["pods", "deployments", "podtemplates"].map(offer).to_vec())
    }

    fn type_in(picker: &mut Picker, text: &str) {
        for c in text.chars() {
            picker.press(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        }
    }

    fn enter(picker: &mut Picker) -> Picked {
        picker.command("enter")
    }

    #[test]
    fn typing_narrows_and_the_exact_one_comes_first() {
        let mut picker = picker();
        type_in(&mut picker, "pods");
        assert_eq!(picker.labels().next(), Some("pods"));
        assert_eq!(enter(&mut picker), Picked::Run("goto pods".into()));
    }

    #[test]
    fn letters_need_not_stand_together() {
        let mut picker = picker();
        type_in(&mut picker, "dply");
        assert_eq!(picker.labels().collect::<Vec<_>>(), ["deployments"]);
        type_in(&mut picker, "zzz");
        assert_eq!(enter(&mut picker), Picked::Cancel);
    }

    #[test]
    fn what_has_no_room_is_said_whole_below() {
        let offer =
            |label: &str, detail: &str| Offer { label: label.into(), detail: detail.into(), ..Offer::default() };
        let long = "follow the logs of a pod, a container, or all pods of a workload";
        let mut picker = Picker::new("keys", "?", vec![offer("logs", long), offer("yaml", "the object")]);
        let drawn = |picker: &mut Picker| {
            let area = Rect::new(0, 0, 40, 12);
            let mut buffer = ratatui::buffer::Buffer::empty(area);
            picker.draw(&mut Canvas::new(&mut buffer, &crate::config::Theme::default(), Time(0)), area);
            let line = |y: u16| (0..40).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
            (0..12).map(line).filter(|line| !line.is_empty()).collect::<Vec<_>>()
        };
        let rows = [" logs  follow the logs of a pod, a conta", " yaml  the object"];
        assert_eq!(drawn(&mut picker)[2..4], rows);
        assert_eq!(drawn(&mut picker)[4..], [" follow the logs of a pod, a container,", " or all pods of a workload"]);
        picker.command("down");
        assert_eq!(drawn(&mut picker)[2..], rows);
    }

    #[test]
    fn free_text_runs_as_typed_and_pasted_text_does_not_run() {
        let mut picker = picker().free("", |text| text.contains(' '));
        picker.paste("pods kube-system\n");
        assert_eq!(enter(&mut picker), Picked::Run("pods kube-system".into()));
    }
}
