//! `AnswerScreen`: the answer to a question, with a cursor, folds and search. A line that stands for an object is as
//! good as a row: Enter opens it, and commands act on it.

use super::canvas::Canvas;
use super::motion::{Motion, columns, moved, scrolled};
use super::screen::View;
use super::search::{Search, Searched};
use super::text::{Fold, StyledLine};
use crate::config::Role;
use crate::kinds::answer::{Answer, Ink, Line, Piece, To};
use crate::model::logs::{Direction, Needle};
use crate::model::{AnswerKey, AnswerPage, Model, Topic};
use ratatui::layout::Rect;
use std::collections::HashSet;

/// An answer on the screen.
#[derive(Debug)]
pub struct AnswerScreen {
    /// To which question.
    pub key: AnswerKey,
    /// Whether long lines are wrapped.
    pub wrap: bool,
    search: Search,
    /// Lines whose deeper lines are hidden, by the texts of the lines that they lie under.
    folded: HashSet<String>,
    /// The lines that are not folded away, as places in the answer with this number.
    visible: ((u32, u32), Vec<usize>),
    /// The line under the cursor, counted without those that are folded away.
    cursor: usize,
    /// The same line by what tells it apart, so that the cursor stays on it when lines come and go around it.
    held: Option<String>,
    top: usize,
    left: u16,
    height: usize,
}

impl AnswerScreen {
    /// The answer to `key`, from its first line on.
    pub fn new(key: AnswerKey) -> Self {
        let (search, folded, visible) = Default::default();
        Self { key, wrap: false, search, folded, visible, cursor: 0, held: None, top: 0, left: 0, height: 1 }
    }

    fn page<'a>(&self, model: &'a Model) -> Option<&'a AnswerPage> {
        model.answers.get(&self.key)
    }

    fn answer<'a>(&self, model: &'a Model) -> Option<&'a Answer> {
        self.page(model)?.answer.as_ref()
    }

    /// Finds out which lines are to be seen, if there is another answer; tells whether there was.
    pub fn refresh(&mut self, model: &Model) -> bool {
        let version = self.page(model).map(|page| page.version).unwrap_or_default();
        let is_new = self.visible.0 != version;
        if is_new {
            self.list_lines(model);
        }
        is_new
    }

    fn list_lines(&mut self, model: &Model) {
        let version = self.page(model).map(|page| page.version).unwrap_or_default();
        let lines = self.answer(model).map(|answer| self.unfolded(answer)).unwrap_or_default();
        self.visible = (version, lines);
    }

    /// The places of the lines that are not folded away.
    fn unfolded(&self, answer: &Answer) -> Vec<usize> {
        let (parents, mut hidden_below) = (parents(answer), None);
        let all = answer.lines.iter().enumerate();
        let seen = all.filter(|(at, line)| {
            if hidden_below.is_some_and(|depth| line.depth > depth) {
                return false;
            }
            let folds = !self.folded.is_empty()
                && has_more(answer, *at)
                && self.folded.contains(&path(answer, *at, |at| above(&parents, at)));
            hidden_below = folds.then_some(line.depth);
            true
        });
        seen.map(|(at, _)| at).collect()
    }

    /// The line at a place on the screen, with its place in the answer.
    fn line<'a>(&self, answer: &'a Answer, at: usize) -> Option<(usize, &'a Line)> {
        let place = *self.visible.1.get(at)?;
        Some((place, answer.lines.get(place)?))
    }

    /// Where the line under the cursor leads; nothing when that line is gone and no other one was looked at yet.
    pub fn selected<'a>(&self, model: &'a Model) -> Option<&'a To> {
        let answer = self.answer(model)?;
        let (at, line) = self.line(answer, self.at(answer))?;
        self.held.as_ref().is_none_or(|held| *held == path_of(answer, at)).then_some(&line.to)
    }

    /// Where the cursor is among the lines that are to be seen.
    fn at(&self, answer: &Answer) -> usize {
        let lines = &self.visible.1;
        let near = self.cursor.min(lines.len().saturating_sub(1));
        let Some(held) = &self.held else { return near };
        if lines.get(near).is_some_and(|line| path_of(answer, *line) == *held) {
            return near;
        }
        let parents = parents(answer);
        let is_held = |line: &usize| path(answer, *line, |at| above(&parents, at)) == *held;
        lines.iter().position(is_held).unwrap_or(near)
    }

    /// Puts the cursor on a line.
    fn hold(&mut self, at: usize, model: &Model) {
        let line = self.visible.1.get(at).copied();
        self.held = self.answer(model).zip(line).map(|(answer, line)| path_of(answer, line));
        self.cursor = at;
    }

    /// Hides what lies under the line at the cursor, or under the one that it lies under; or shows it again.
    pub fn fold(&mut self, model: &Model) {
        self.refresh(model);
        let Some(answer) = self.answer(model) else { return };
        let Some((at, _)) = self.line(answer, self.at(answer)) else { return };
        let at = if has_more(answer, at) { at } else { parent(answer, at).unwrap_or(at) };
        let path = path_of(answer, at);
        if !self.folded.remove(&path) {
            self.folded.insert(path);
        }
        self.list_lines(model);
        let cursor = self.visible.1.iter().position(|line| *line == at).unwrap_or(self.cursor);
        self.hold(cursor, model);
    }

    /// How many lines there are to see.
    pub fn len(&self) -> usize {
        self.visible.1.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.visible.1.is_empty()
    }

    /// The whole text, for the clipboard.
    pub fn text(&self, model: &Model) -> String {
        let now = model.now();
        self.answer(model).map_or_else(String::new, |answer| {
            answer.lines.iter().map(|line| line.show(now).trim_end().to_owned() + "\n").collect()
        })
    }

    /// A line with its colours and what was found in it.
    fn styled(&self, line: &Line, canvas: &mut Canvas<'_>) -> StyledLine {
        let mut styled = StyledLine::default();
        let mut at = usize::from(line.indent);
        styled.push(&" ".repeat(at), canvas.style(Role::Text));
        for piece in &line.pieces {
            let text = canvas.show(&piece.cell);
            let width = piece.columns(at);
            at += text.chars().count().max(width);
            styled.push(&format!("{text:<width$}"), canvas.style(role(piece)));
        }
        self.search.mark(&mut styled, 0, canvas.style(Role::Match));
        styled
    }

    fn draw_lines(&self, canvas: &mut Canvas<'_>, area: Rect, answer: &Answer) {
        let mut rest = area;
        let fold = if self.wrap { Fold::Wrapped } else { Fold::Scrolled(self.left) };
        for at in self.top..self.len() {
            let Some((_, line)) = self.line(answer, at).filter(|_| rest.height > 0) else { break };
            let text = Rect { x: rest.x + rest.width.min(1), width: rest.width.saturating_sub(1), ..rest };
            let drawn = self.styled(line, canvas).draw(canvas, text, (fold, 0));
            if at == self.cursor {
                canvas.paint(Rect { height: drawn, ..rest }, Role::Cursor);
            }
            rest = Rect { y: rest.y + drawn, height: rest.height.saturating_sub(drawn), ..rest };
        }
    }
}

/// How a piece is written.
fn role(piece: &Piece) -> Role {
    match piece.ink {
        Ink::Tone => super::list::role(piece.cell.tone),
        Ink::Heading => Role::Heading,
        Ink::Key => Role::YamlKey,
    }
}

/// The line that a line lies under.
fn parent(answer: &Answer, at: usize) -> Option<usize> {
    let depth = answer.lines.get(at)?.depth;
    (0..at).rev().find(|above| answer.lines.get(*above).is_some_and(|line| line.depth < depth))
}

/// The lines that all lines lie under, found in one go: where each is asked for, looking upwards from each would take as
/// long as the answer is, squared.
fn parents(answer: &Answer) -> Vec<Option<usize>> {
    let mut open: Vec<(usize, u8)> = Vec::new();
    let parent = |(at, line): (usize, &Line)| {
        while open.pop_if(|(_, depth)| *depth >= line.depth).is_some() {}
        let parent = open.last().map(|(above, _)| *above);
        open.push((at, line.depth));
        parent
    };
    answer.lines.iter().enumerate().map(parent).collect()
}

fn above(parents: &[Option<usize>], at: usize) -> Option<usize> {
    parents.get(at).copied().flatten()
}

/// Whether something lies under a line.
fn has_more(answer: &Answer, at: usize) -> bool {
    let depth = |at: usize| answer.lines.get(at).map(|line| line.depth);
    depth(at + 1).zip(depth(at)).is_some_and(|(next, own)| next > own)
}

/// The path of one line.
fn path_of(answer: &Answer, at: usize) -> String {
    path(answer, at, |at| parent(answer, at))
}

/// What tells a line apart from others, whatever comes and goes around it: its object, else its name, and those of all
/// that it lies under, which `parent` finds.
fn path(answer: &Answer, at: usize, parent: impl Fn(usize) -> Option<usize>) -> String {
    let mut path = String::new();
    let mut at = Some(at);
    while let Some(line) = at.and_then(|at| answer.lines.get(at)) {
        if let Some(object) = line.to.object() {
            for part in [&object.kind, &object.namespace, &object.name] {
                path.push_str(part);
                path.push('/');
            }
        } else {
            let names = line.pieces.iter().filter(|piece| !piece.cell.ages()).take(2);
            names.for_each(|piece| path.push_str(&piece.cell.show(crate::kinds::Time(0))));
        }
        path.push('\n');
        at = at.and_then(&parent);
    }
    path
}

impl View for AnswerScreen {
    fn section(&self) -> &'static str {
        "answer"
    }

    fn context(&self) -> &str {
        &self.key.context
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Answer(self.key.clone()))
    }

    fn step(&mut self, motion: Motion, model: &Model) {
        match motion {
            Motion::Left(by) => self.left = self.left.saturating_sub(columns(by)),
            Motion::Right(by) => self.left = self.left.saturating_add(columns(by)),
            motion => {
                self.refresh(model);
                let at = self.answer(model).map_or(0, |answer| self.at(answer));
                self.hold(moved(motion, at, self.len(), self.height), model);
            }
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let mut body = area;
        let failure = self.page(model).and_then(|page| page.failure.as_ref());
        if let Some(notice) = failure {
            canvas.text(body, format!(" {}", notice.line()), Role::NoticeError);
            body = super::canvas::split_top(body).1;
        }
        self.refresh(model);
        if self.is_empty() && failure.is_none() {
            let text = if self.answer(model).is_some() { " nothing" } else { " loading …" };
            canvas.text(body, text, Role::Quiet);
        }
        self.height = usize::from(body.height).max(1);
        let at = self.answer(model).map_or(0, |answer| self.at(answer));
        self.hold(at, model);
        self.top = scrolled(self.cursor, self.top, self.len(), self.height);
        if let Some(answer) = self.answer(model) {
            self.draw_lines(canvas, body, answer);
        }
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let left = canvas.text(area, format!(" {}", self.key), Role::Title);
        let stale = self.page(model).is_some_and(|page| page.failure.is_some() && page.answer.is_some());
        let left = if stale { canvas.text(left, " · not as it is now", Role::FreshStale) } else { left };
        super::bars::draw_asked(canvas, left, ("/", self.search.text()));
    }

    fn searched(&self) -> Option<&dyn Searched> {
        Some(self)
    }

    fn searched_mut(&mut self) -> Option<&mut dyn Searched> {
        Some(self)
    }
}

impl Searched for AnswerScreen {
    fn search(&self) -> &Search {
        &self.search
    }

    fn search_mut(&mut self) -> &mut Search {
        &mut self.search
    }

    fn begin(&self) -> (u64, Direction) {
        (self.cursor as u64, Direction::Forward)
    }

    fn find(&self, needle: &Needle, from: u64, direction: Direction, model: &Model) -> Option<u64> {
        let (answer, now) = (self.answer(model)?, model.now());
        let hits = |at: &usize| {
            self.line(answer, *at).is_some_and(|(_, line)| needle.find(line.show(now).as_bytes()).is_some())
        };
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        direction.nearest(from, self.len(), hits).map(|line| line as u64)
    }

    fn show(&mut self, line: u64, model: &Model) {
        self.hold(usize::try_from(line).unwrap_or(usize::MAX), model);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_an_answer_are_listed_once_for_each_answer() {
        let key = AnswerKey { context: "here".into(), question: "tree", about: None, argument: String::new() };
        let mut model = Model::default();
        model.open(&Topic::Answer(key.clone()), 0);
        let mut screen = AnswerScreen::new(key.clone());
        let answer = || Answer { lines: vec![Line::heading("a"), Line::heading("b").below(1), Line::heading("c")] };
        for lines in [3, 4] {
            let mut answer = answer();
            answer.lines.resize(lines, Line::heading("d"));
            model.answers.get_mut(&key).unwrap().take(Ok(answer));
            assert!(screen.refresh(&model) && !screen.refresh(&model));
            assert_eq!(screen.len(), lines);
        }
        screen.fold(&model);
        assert_eq!(screen.visible.1, [0, 2, 3]);
        screen.step(Motion::Down(1), &model);
        assert!(!screen.refresh(&model), "a step and a frame list nothing anew");
        assert_eq!(screen.cursor, 1);
        model.answers.get_mut(&key).unwrap().take(Ok(answer()));
        assert!(screen.refresh(&model));
        assert_eq!(screen.visible.1, [0, 2], "folds stay");
    }

    #[test]
    fn an_answer_that_is_opened_anew_is_not_taken_for_the_old_one() {
        let key = AnswerKey { context: "here".into(), question: "tree", about: None, argument: String::new() };
        let (mut model, mut screen) = (Model::default(), AnswerScreen::new(key.clone()));
        for lines in [3, 1] {
            model.open(&Topic::Answer(key.clone()), 0);
            let answer = Answer { lines: vec![Line::heading("a"); lines] };
            model.answers.get_mut(&key).unwrap().take(Ok(answer));
            screen.refresh(&model);
            assert_eq!(screen.len(), lines);
            model.close(&Topic::Answer(key.clone()));
        }
    }
}
