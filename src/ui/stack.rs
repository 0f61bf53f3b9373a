//! `Stack`: the screens, one above the other, and at most one prompt. Going back shows what was there before, with
//! its cursor, its scroll and its filter.

use super::canvas::{Canvas, split_bottom, split_top};
use super::edit::EditScreen;
use super::list::{Habit, ListScreen, News};
use super::prompt::{Confirm, Confirmed, Line, Picked, Prompt};
use super::screen::Screen;
use super::{bars, canvas};
use crate::kinds::Names;
use crate::kinds::jsonpath::Mistake;
use crate::kinds::own::OwnColumn;
use crate::model::views::{Show, Views};
use crate::model::{KindRef, Model};
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use std::collections::HashMap;

/// A key of the hint line: the key, what it does, and whether it can act now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The key.
    pub key: String,
    /// What it does.
    pub help: String,
    /// Whether it can act on what is selected.
    pub possible: bool,
}

/// Places that are remembered.
const RECENT: usize = 12;

/// What a prompt made of a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing more is to be done.
    Done,
    /// This command line is the answer.
    Run(String),
    /// The change with this number is confirmed.
    Confirm(u64),
    /// This text is for the clipboard.
    Copy(String),
}

/// The screens and the prompt.
#[derive(Debug, Default)]
pub struct Stack {
    screens: Vec<Screen>,
    /// What is being asked.
    pub prompt: Option<Prompt>,
    /// Keys that were pressed of a sequence, and what may follow.
    pub pending: Vec<Hint>,
    /// The hint line.
    pub hints: Vec<Hint>,
    /// Which columns tables have.
    pub views: Views,
    /// Whether the top line says what was sent and what came back.
    pub shows_traffic: bool,
    habits: HashMap<Names, Habit>,
    recent: Vec<String>,
    body: Rect,
}

impl Stack {
    /// No screens yet; tables have these columns.
    pub fn with(views: Views) -> Self {
        Self { views, ..Self::default() }
    }

    /// The screen on top.
    pub fn top(&self) -> Option<&Screen> {
        self.screens.last()
    }

    /// The screen on top, to change it.
    pub fn top_mut(&mut self) -> Option<&mut Screen> {
        self.screens.last_mut()
    }

    /// The list on top.
    pub fn list(&self) -> Option<&ListScreen> {
        match self.top()? {
            Screen::List(list) => Some(list),
            _ => None,
        }
    }

    /// The list on top, to change it.
    pub fn list_mut(&mut self) -> Option<&mut ListScreen> {
        match self.top_mut()? {
            Screen::List(list) => Some(list),
            _ => None,
        }
    }

    /// The list on top or nearest below.
    pub fn nearest_list(&self) -> Option<&ListScreen> {
        self.screens.iter().rev().find_map(|screen| match screen {
            Screen::List(list) => Some(list),
            _ => None,
        })
    }

    /// All screens, the lowest first.
    pub fn screens(&self) -> &[Screen] {
        &self.screens
    }

    /// The places that were looked at, as command lines, the newest first.
    pub fn recent(&self) -> impl Iterator<Item = &str> {
        self.recent.iter().rev().map(String::as_str)
    }

    /// Remembers a place that one may want to go back to.
    fn keep_place(&mut self) {
        let Some(list) = self.list().filter(|list| list.is_whole() && list.key.kind.listing().is_none()) else {
            return;
        };
        let names = list.key.kind.names();
        let inside = if names.namespaced { format!(" {}", list.key.scope.namespaces) } else { String::new() };
        let line = format!("{}{inside} @{}", list.key.kind.called(), list.key.context);
        self.recent.retain(|other| *other != line);
        self.recent.push(line);
        self.recent.drain(..self.recent.len().saturating_sub(RECENT));
    }

    /// Opens a screen above the others.
    pub fn open(&mut self, screen: Screen) {
        self.keep_habit();
        self.keep_place();
        self.push(screen);
    }

    /// Puts a screen on top; a list with the columns that were chosen for its kind.
    fn push(&mut self, mut screen: Screen) {
        if let Screen::List(list) = &mut screen
            && let Some(chosen) = self.views.of(list.key.kind)
        {
            list.wear(chosen);
        }
        self.screens.push(screen);
    }

    /// Chooses the columns of a kind, for all screens that show it.
    ///
    /// # Errors
    /// With the mistake of the first path that has one; then nothing changes.
    pub fn choose_columns(&mut self, kind: KindRef, own: Vec<OwnColumn>, show: Show) -> Result<(), Mistake> {
        self.views.choose(kind, own, show)?;
        let Some(chosen) = self.views.of(kind) else { return Ok(()) };
        for screen in &mut self.screens {
            match screen {
                Screen::List(list) if list.key.kind.names() == kind.names() => list.wear(chosen),
                Screen::Chooser(chooser) if chooser.key.kind.names() == kind.names() => chooser.key.kind = chosen.kind,
                _ => {}
            }
        }
        Ok(())
    }

    /// What the person chose for a kind earlier.
    pub fn habit(&self, kind: KindRef) -> Habit {
        self.habits.get(kind.names()).cloned().unwrap_or_default()
    }

    /// Opens a screen in place of the one on top.
    pub fn replace(&mut self, screen: Screen) {
        self.keep_habit();
        self.keep_place();
        self.screens.pop();
        self.push(screen);
    }

    /// Closes the screen on top; the last one stays. Tells whether one was closed.
    pub fn back(&mut self) -> bool {
        self.keep_habit();
        self.screens.len() > 1 && self.screens.pop().is_some()
    }

    /// Remembers filter, sort and columns of the list on top for its kind.
    pub fn keep_habit(&mut self) {
        let Some(list) = self.list() else { return };
        let filter = if list.is_whole() { list.habit.filter.clone() } else { self.habit(list.key.kind).filter };
        let (kind, habit) = (list.key.kind, Habit { filter, ..list.habit.clone() });
        self.habits.insert(*kind.names(), habit);
    }

    /// Brings the visible screen up to date, and tells what of it can be seen; when `hasty`, only where its question
    /// changed.
    pub fn refresh(&mut self, model: &Model, hasty: bool) -> News {
        match self.top_mut() {
            Some(Screen::List(list)) => return list.refresh(model, hasty),
            Some(Screen::Logs(logs)) => logs.refresh(model),
            Some(Screen::Yaml(yaml)) => yaml.refresh(model),
            Some(Screen::Explain(explain)) => explain.refresh(model),
            Some(Screen::Chooser(_)) => self.refresh_chooser(model),
            _ => {}
        }
        News::Rows
    }

    /// Brings the choice of columns up to date with the list that it stands above.
    fn refresh_chooser(&mut self, model: &Model) {
        let Some((Screen::Chooser(chooser), below)) = self.screens.split_last_mut() else { return };
        let mut lists = below.iter_mut().rev().filter_map(|screen| match screen {
            Screen::List(list) => Some(list),
            _ => None,
        });
        if let Some(list) = lists.find(|list| list.key == chooser.key) {
            list.refresh(model, true);
            chooser.follow(list, model);
        }
    }

    /// Whether what is drawn is older than what is known.
    pub fn is_behind(&self, model: &Model) -> bool {
        match self.top() {
            Some(Screen::List(list)) => list.is_behind(model),
            Some(Screen::Logs(logs)) => logs.is_behind(model),
            _ => false,
        }
    }

    /// Asks for the filter of the list on top, or for what to find in a text.
    pub fn ask_filter(&mut self) {
        self.prompt = Some(match self.list().map(|list| list.habit.filter.clone()) {
            Some(before) => Prompt::Filter { line: Line::new(&before), before },
            None => Prompt::Search { line: Line::new("") },
        });
    }

    /// Gives a key that is text to the prompt.
    pub fn prompt_key(&mut self, key: KeyEvent) -> Answer {
        match &mut self.prompt {
            Some(Prompt::Pick(picker)) => {
                let outcome = picker.press(key);
                return self.picked(outcome);
            }
            Some(Prompt::Search { line } | Prompt::Ask { line, .. }) => {
                line.press(key);
            }
            Some(Prompt::Confirm(confirm)) => confirm.press(key),
            Some(Prompt::Filter { line, .. }) => {
                line.press(key);
                let text = line.text().to_owned();
                self.filter(&text);
            }
            None => {}
        }
        Answer::Done
    }

    /// Does in the prompt what a key of the key map's sections for prompts says.
    pub fn prompt_command(&mut self, name: &str) -> Answer {
        match &mut self.prompt {
            Some(Prompt::Pick(picker)) => {
                let outcome = picker.command(name);
                return self.picked(outcome);
            }
            Some(Prompt::Confirm(confirm)) if name == "complete" => return Answer::Copy(confirm.kubectl().to_owned()),
            Some(Prompt::Confirm(confirm)) => {
                let (outcome, id) = (confirm.command(name), confirm.id);
                return self.confirmed(outcome, id);
            }
            _ => {}
        }
        let ends = matches!(name, "enter" | "back");
        match self.prompt.take_if(|_| ends) {
            Some(Prompt::Filter { before, .. }) if name == "back" => self.filter(&before),
            Some(Prompt::Search { line }) if name == "enter" => return Answer::Run(format!("find {}", line.text())),
            Some(Prompt::Ask { run, line, .. }) if name == "enter" => {
                return Answer::Run(format!("{run} {}", line.text().trim()));
            }
            _ => {}
        }
        Answer::Done
    }

    fn picked(&mut self, picked: Picked) -> Answer {
        if picked != Picked::Stay {
            self.prompt = None;
        }
        if let Picked::Run(line) = picked { Answer::Run(line) } else { Answer::Done }
    }

    fn confirmed(&mut self, outcome: Confirmed, id: u64) -> Answer {
        if outcome != Confirmed::Stay {
            self.prompt = None;
        }
        if outcome == Confirmed::Yes { Answer::Confirm(id) } else { Answer::Done }
    }

    /// The change that waits to be confirmed.
    pub fn confirm_mut(&mut self) -> Option<&mut Confirm> {
        match &mut self.prompt {
            Some(Prompt::Confirm(confirm)) => Some(confirm),
            _ => None,
        }
    }

    /// Asks for a value, with `before` in the line; the answer runs behind `run`.
    pub fn ask(&mut self, label: impl Into<String>, run: impl Into<String>, before: &str) {
        self.prompt = Some(Prompt::Ask { label: label.into(), run: run.into(), line: Line::new(before) });
    }

    /// Label and line of the question whose answer runs behind `run`, if it is still asked.
    pub fn asked(&mut self, run: &str) -> Option<(&mut String, &mut Line)> {
        match &mut self.prompt {
            Some(Prompt::Ask { label, run: asked, line }) if asked == run => Some((label, line)),
            _ => None,
        }
    }

    fn filter(&mut self, text: &str) {
        if let Some(list) = self.list_mut() {
            list.set_filter(text);
        }
    }

    /// Gives pasted text to the prompt. It is only text: nothing is run or confirmed by it.
    pub fn paste(&mut self, text: &str) {
        match &mut self.prompt {
            Some(Prompt::Pick(picker)) => picker.paste(text),
            Some(Prompt::Search { line } | Prompt::Ask { line, .. }) => line.paste(text),
            // What is pasted confirms nothing, not even a name that has to be typed.
            Some(Prompt::Confirm(_)) => {}
            Some(Prompt::Filter { line, .. }) => {
                line.paste(text);
                let text = line.text().to_owned();
                self.filter(&text);
            }
            None => {
                if let Some(Screen::Edit(editor)) = self.top_mut() {
                    editor.paste(text);
                }
            }
        }
    }

    /// The editor with this number.
    pub fn editor_mut(&mut self, id: u64) -> Option<&mut EditScreen> {
        self.screens.iter_mut().find_map(|screen| match screen {
            Screen::Edit(editor) if editor.id == id => Some(editor),
            _ => None,
        })
    }

    /// Closes the editor with this number, wherever it is.
    pub fn close_editor(&mut self, id: u64) {
        self.screens.retain(|screen| !matches!(screen, Screen::Edit(editor) if editor.id == id));
    }

    /// The line of the screen's body that is drawn at row `y` of the terminal.
    pub fn body_line(&self, y: u16) -> Option<usize> {
        (self.body.top()..self.body.bottom()).contains(&y).then(|| usize::from(y - self.body.top()))
    }

    /// Draws everything.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, model: &Model) {
        let (bar, rest) = split_top(canvas.area());
        let (title, rest) = split_top(rest);
        let (body, foot) = split_bottom(rest);
        self.body = if self.list().is_some() { canvas::split_top(body).1 } else { body };
        bars::draw_place(canvas, bar, self, model);
        bars::draw_title(canvas, title, self, model);
        if let Some(screen) = self.screens.last_mut() {
            screen.view_mut().draw(canvas, body, model);
        }
        match &mut self.prompt {
            Some(Prompt::Pick(picker)) => picker.draw(canvas, rest),
            Some(Prompt::Filter { line, .. }) => {
                let left = line.draw(canvas, foot, "/");
                bars::draw_filter_error(canvas, (left, body), self);
            }
            Some(Prompt::Search { line }) => {
                line.draw(canvas, foot, "/");
            }
            Some(Prompt::Ask { label, line, .. }) => {
                line.draw(canvas, foot, &format!(" {label}: "));
            }
            Some(Prompt::Confirm(confirm)) => confirm.draw(canvas, rest),
            None => bars::draw_foot(canvas, rest, self, model),
        }
    }
}
