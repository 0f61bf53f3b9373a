//! Drawing a table: only the rows that are on the screen.

use super::super::canvas::{Canvas, age_changes_in, split_top, width};
use super::super::motion::scrolled;
use super::super::text::folded;
use super::ListScreen;
use super::columns::{Drawn, GAP};
use crate::config::Role;
use crate::kinds::{Freshness, Heading, Place, Time, Tone, Width};
use crate::model::list::List;
use crate::model::packed::View;
use crate::model::store::RowRef;
use crate::model::{Model, SessionState};
use ratatui::layout::Rect;
use std::borrow::Cow;

/// One visible row, its texts made.
struct Line<'a> {
    cells: Vec<(Cow<'a, str>, Tone)>,
    selected: bool,
    marked: bool,
    unreadable: Option<&'a str>,
}

impl ListScreen {
    /// Draws the table.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let (head, body) = split_top(area);
        let inner = |area: Rect| Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(2), ..area };
        self.height = usize::from(body.height).max(1);
        self.top = scrolled(self.at, self.top, self.table.len(), self.height);
        let Some(list) = model.lists.get(&self.key) else { return empty(canvas, body, &["connecting …"]) };
        if self.table.is_empty() {
            return self.draw_empty(canvas, body, (list, model));
        }
        let headings = self.drawn_headings();
        let lines = self.lines(list, canvas);
        let texts = widest(&lines, headings.len());
        let pinned = 1 + usize::from(self.shows_namespace());
        let drawn = self.columns.layout(&headings, &texts, pinned, inner(body).width);
        self.draw_headings(canvas, inner(head), &headings, &drawn);
        for (y, line) in lines.iter().enumerate() {
            let row = Rect { y: body.y + u16::try_from(y).unwrap_or(u16::MAX), height: 1, ..body };
            draw_line(canvas, inner(row), line, (&headings, &drawn));
            if line.marked {
                canvas.paint(row, Role::Marked);
            }
            if line.selected {
                canvas.paint(row, Role::Cursor);
            }
        }
    }

    /// The headings as drawn: the namespace first when it is shown.
    fn drawn_headings(&self) -> Vec<Heading> {
        let namespace = Heading { name: "NAMESPACE".into(), width: Width::Fit(24), place: Place::Always, right: false };
        let shown = self.visible_columns().into_iter().filter_map(|column| self.headings.get(column).cloned());
        self.shows_namespace().then_some(namespace).into_iter().chain(shown).collect()
    }

    /// The rows that are on the screen.
    fn lines<'a>(&self, list: &'a List, canvas: &mut Canvas<'_>) -> Vec<Line<'a>> {
        let columns = self.visible_columns();
        let end = (self.top + self.height).min(self.table.len());
        let rows = (self.top..end).filter_map(|at| Some((at, self.table.row(&list.store, at)?)));
        rows.map(|(at, row)| self.line((list, &row), (&columns, at == self.at), canvas)).collect()
    }

    fn line<'a>(
        &self,
        (list, row): (&'a List, &RowRef<'a>),
        (columns, selected): (&[usize], bool),
        canvas: &mut Canvas<'_>,
    ) -> Line<'a> {
        let namespace = self.shows_namespace().then(|| (Cow::Borrowed(row.namespace()), Tone::Quiet));
        let cells = columns.iter().enumerate().map(|(index, column)| {
            note_age(canvas, &row.view(*column));
            let text = if index == 0 && row.unreadable().is_some() {
                Cow::Borrowed(row.name())
            } else {
                list.show(row, *column, canvas.now)
            };
            (text, row.tone(*column))
        });
        let marked = self.marks.contains_key(&row.uid());
        Line { cells: namespace.into_iter().chain(cells).collect(), selected, marked, unreadable: row.unreadable() }
    }

    fn draw_headings(&self, canvas: &mut Canvas<'_>, area: Rect, headings: &[Heading], drawn: &[Drawn]) {
        let columns = self.visible_columns();
        let offset = usize::from(self.shows_namespace());
        for column in drawn {
            let Some(heading) = headings.get(column.index) else { continue };
            let sorted = column.index.checked_sub(offset).and_then(|index| columns.get(index));
            let mark = match self.habit.sort {
                Some(sort) if Some(&sort.column) == sorted => {
                    if sort.descending {
                        "↓"
                    } else {
                        "↑"
                    }
                }
                _ => "",
            };
            let cell = Rect { x: area.x + column.x, width: column.width, ..area };
            let text = format!("{}{mark}", heading.name);
            if heading.right && mark.is_empty() {
                canvas.right(cell, text, Role::Heading);
            } else {
                canvas.text(Rect { width: column.width + u16::from(!mark.is_empty()), ..cell }, text, Role::Heading);
            }
        }
    }

    /// Why there is no row.
    fn draw_empty(&self, canvas: &mut Canvas<'_>, area: Rect, (list, model): (&List, &Model)) {
        match model.sessions.get(&*self.key.context).map(|session| &session.state) {
            Some(SessionState::Failed { sentence, hint }) => return empty(canvas, area, &[sentence, hint]),
            Some(SessionState::SigningIn { says }) => {
                let ways = "esc gives it up, :sign-in gives it the terminal";
                let lines: Vec<&str> = says.iter().map(String::as_str).chain([ways]).collect();
                return empty(canvas, area, &lines);
            }
            _ => {}
        }
        let plural = self.key.kind.names().plural;
        let hint = if self.key.kind.names().namespaced {
            "0 shows all namespaces, : goes elsewhere"
        } else {
            ": goes elsewhere"
        };
        let lines: [Cow<'_, str>; 2] = match list.freshness() {
            Freshness::Connecting | Freshness::Filling { .. } if list.store.is_empty() => {
                ["loading …".into(), "".into()]
            }
            Freshness::Forbidden { why } => [why.into(), "type a namespace that you may see: :ns NAME".into()],
            Freshness::Refused { why } => {
                [why.into(), "the server does not take this selector: go there with another one".into()]
            }
            Freshness::NotServed { why } => [why.into(), "this server does not know the kind".into()],
            Freshness::Reconnecting { why, .. } if list.store.is_empty() => [why.into(), "trying again …".into()],
            _ if !list.store.is_empty() => {
                [format!("the filter hides all {} {plural}", list.store.len()).into(), "Esc clears it".into()]
            }
            _ => match &self.key.scope.namespaces {
                crate::model::Namespaces::All => [format!("no {plural}").into(), hint.into()],
                only @ crate::model::Namespaces::Only(_) => [format!("no {plural} in {only}").into(), hint.into()],
            },
        };
        empty(canvas, area, &lines);
    }
}

/// Sentences in the middle of an empty body, whole: the first one is what they are about.
fn empty<S: AsRef<str>>(canvas: &mut Canvas<'_>, area: Rect, lines: &[S]) {
    let top = area.y + area.height / 3;
    let role = |nth: usize| if nth == 0 { Role::Text } else { Role::Quiet };
    let room = area.width.saturating_sub(2);
    let rows = lines
        .iter()
        .enumerate()
        .flat_map(|(nth, line)| folded(line.as_ref(), room).into_iter().map(move |row| (row, role(nth))));
    for (y, (row, role)) in (top..area.bottom()).zip(rows) {
        let indent = area.width.saturating_sub(width(&row)) / 2;
        canvas.text(Rect { x: area.x + indent, y, width: area.width - indent, height: 1 }, row, role);
    }
}

/// The widest text of each column.
fn widest(lines: &[Line<'_>], columns: usize) -> Vec<u16> {
    let mut widths = vec![0; columns];
    for line in lines.iter().filter(|line| line.unreadable.is_none()) {
        for (widest, (text, _)) in widths.iter_mut().zip(&line.cells) {
            *widest = width(text).max(*widest);
        }
    }
    widths
}

/// Draws one row.
fn draw_line(canvas: &mut Canvas<'_>, area: Rect, line: &Line<'_>, (headings, drawn): (&[Heading], &[Drawn])) {
    for column in drawn {
        let (Some(heading), Some((text, tone))) = (headings.get(column.index), line.cells.get(column.index)) else {
            continue;
        };
        let cell = Rect { x: area.x + column.x, width: column.width, ..area };
        if heading.right && width(text) <= cell.width {
            canvas.right(cell, text.as_ref(), role(*tone));
        } else {
            draw_text(canvas, cell, text, role(*tone));
        }
    }
    if let Some(why) = line.unreadable {
        let behind_name = drawn.get(headings.len().min(1)).map_or(0, |column| column.x + column.width + GAP);
        canvas.text(
            Rect { x: area.x + behind_name, width: area.width.saturating_sub(behind_name), ..area },
            why,
            Role::ToneBad,
        );
    }
}

/// Draws a text; one that does not fit ends in `…`, so that nobody takes a part for the whole.
fn draw_text(canvas: &mut Canvas<'_>, area: Rect, text: &str, role: Role) {
    let left = canvas.text(area, text, role);
    if left.width == 0 && width(text) > area.width && area.width > 0 {
        canvas.text(Rect { x: area.right() - 1, width: 1, ..area }, "…", role);
    }
}

/// Says when an age that is drawn will read differently.
fn note_age(canvas: &mut Canvas<'_>, view: &View<'_>) {
    if let View::Since(Some(time)) | View::Restarts(1.., Some(time)) = view {
        let seconds = canvas.now.seconds_since(*time);
        canvas.changes_at(Time(canvas.now.0 + age_changes_in(seconds)));
    }
}

/// The role of a tone.
pub fn role(tone: Tone) -> Role {
    match tone {
        Tone::Plain => Role::TonePlain,
        Tone::Good => Role::ToneGood,
        Tone::Busy => Role::ToneBusy,
        Tone::Warn => Role::ToneWarn,
        Tone::Bad => Role::ToneBad,
        Tone::Quiet => Role::ToneQuiet,
    }
}
