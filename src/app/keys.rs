//! From keys, pasted text and the mouse to commands.

use super::App;
use super::save::File;
use crate::commands::{self, Effect};
use crate::config::keys::Press;
use crate::model::{Notice, ReadOnlyBy};
use crate::ui::stack::{Answer, Hint};
use crate::ui::{Motion, Prompt, Screen};
use crossterm::event::{Event, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use std::io::{self, Write};

/// Lines that one notch of the wheel moves.
const WHEEL: usize = 3;

impl App {
    /// Takes an event of the terminal. What the program itself has to do is left in [`App::effects`].
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn event<W: Write>(&mut self, event: Event, terminal: &mut super::Terminal<W>) -> io::Result<()> {
        self.draw.dirty = true;
        self.draw.urgent = true;
        match event {
            Event::Key(key) => self.key(key),
            Event::Paste(text) => self.stack.paste(&text),
            Event::Mouse(mouse) => self.mouse(mouse),
            Event::Resize(width, height) => {
                self.height = height;
                terminal.resize(ratatui::layout::Rect::new(0, 0, width, height))?;
            }
            Event::FocusGained | Event::FocusLost => self.draw.urgent = false,
        }
        self.follow_screens();
        Ok(())
    }

    /// Takes what the program itself has to do.
    pub fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    fn key(&mut self, key: KeyEvent) {
        let section = match &self.stack.prompt {
            Some(Prompt::Pick(_)) => "palette",
            Some(_) => "filter",
            None => self.stack.top().map_or("all", crate::ui::Screen::section),
        };
        let asking = self.stack.prompt.is_some();
        self.stack.pending.clear();
        self.model.notices.dismiss();
        let pressed = self.keys.press(section, key);
        // Only leaving is never too early.
        if self.is_too_early() && !matches!(&pressed, Press::Command(line, _) if line == "back") {
            return;
        }
        match pressed {
            Press::Command(line, _) if asking => self.answer(|stack| stack.prompt_command(&line)),
            Press::Command(line, count) => self.run(&line, count),
            Press::Unbound if asking => self.answer(|stack| stack.prompt_key(key)),
            Press::Unbound if section == "editor" => {
                if let Some(Screen::Edit(editor)) = self.stack.top_mut() {
                    editor.press(key);
                }
            }
            Press::Pending(next) => self.stack.pending = next.into_iter().map(follow).collect(),
            Press::Unbound | Press::Nothing => {}
        }
    }

    fn answer(&mut self, ask: impl FnOnce(&mut crate::ui::Stack) -> Answer) {
        match ask(&mut self.stack) {
            Answer::Run(line) => self.run(&line, None),
            Answer::Confirm(id) => self.confirm(id),
            Answer::Copy(text) if text.is_empty() => {}
            Answer::Copy(text) => self.effects.push(Effect::Copy(text)),
            Answer::Done => {}
        }
        self.follow_question();
    }

    /// Runs a command line and says what it could not do.
    pub fn run(&mut self, line: &str, count: Option<u32>) {
        if let Err(notice) = self.command(line, count) {
            self.model.say(notice);
        }
        self.perform();
    }

    /// Does what commands left to do; what the terminal is needed for stays.
    pub(super) fn perform(&mut self) {
        for effect in self.effects() {
            match effect {
                Effect::Palette => self.ask_palette(),
                Effect::Help => self.ask_help(),
                Effect::Retry => self.retry(),
                Effect::Change { context, change } => self.change(&context, change),
                Effect::ChangeFrom(order) => self.change_from(order),
                Effect::Edit { context, target, here: true } => self.open_editor(&context, target),
                Effect::SaveEdit => self.save_edit(),
                Effect::Drain(key) => self.ask_drain(key),
                Effect::StopDrain(key) => self.stop_drain(&key),
                Effect::ChangeKubeconfig(wish) => self.change_kubeconfig(wish),
                Effect::CopyFiles(order) => self.copy_files(order),
                Effect::StopCopy(id) => self.stop_copy(id),
                Effect::Undo { context, id } => self.undo(&context, id),
                Effect::Forward(order) => self.open_forward(order),
                Effect::AskPorts { on, run, container } => self.ask_ports(&on, run, container),
                Effect::WriteColumns { kind, sure } => self.write_columns(kind, sure),
                Effect::StopForward(id) => self.stop_forward(id),
                Effect::SaveForwards { context, name } => self.save_forwards(&context, &name),
                Effect::StartForwards { context, name } => self.start_forwards(&context, &name),
                Effect::ReadOnly { context } => self.switch_read_only(&context),
                Effect::Save { path, name, taken } => self.tasks.save(File { path, name }, taken),
                Effect::Discover { context, line } => self.discover(&context, Some(line)),
                Effect::Refresh => {
                    if let Some(topic) = self.stack.top().and_then(crate::ui::Screen::topic) {
                        self.tasks.restart(&topic);
                    }
                }
                other => self.effects.push(other),
            }
        }
    }

    /// Lets only reads leave for a context, or everything again.
    fn switch_read_only(&mut self, context: &str) {
        let Some(session) = self.model.sessions.get_mut(context) else { return };
        if session.read_only == Some(ReadOnlyBy::CommandLine) {
            return self.model.say(Notice::warning(ReadOnlyBy::CommandLine.why(), "start rutter without it"));
        }
        session.read_only = if session.read_only.is_some() { None } else { Some(ReadOnlyBy::Person) };
        let on = session.read_only.is_some();
        if let Some(lanes) = self.tasks.lanes(context) {
            lanes.read_only.set(on);
        }
        let now = if on { "read-only: nothing but reads leaves rutter" } else { "not read-only any more" };
        self.model.say(Notice::info(format!("{context} is {now}")));
    }

    fn retry(&mut self) {
        self.tasks.retry();
        // They are read again from the beginning.
        self.model.logs.clear();
        self.model.say(Notice::info("trying again"));
    }

    fn mouse(&mut self, mouse: MouseEvent) {
        let by = |motion, app: &mut Self| {
            if let Some(screen) = app.stack.top_mut() {
                screen.step(motion, &app.model);
            }
        };
        match mouse.kind {
            MouseEventKind::ScrollDown => by(Motion::Down(WHEEL), self),
            MouseEventKind::ScrollUp => by(Motion::Up(WHEEL), self),
            MouseEventKind::Down(MouseButton::Left) if self.stack.prompt.is_none() => self.click(mouse.row),
            _ => self.draw.urgent = false,
        }
    }

    fn click(&mut self, y: u16) {
        let Some(line) = self.stack.body_line(y) else { return };
        if let Some(list) = self.stack.list_mut() {
            list.click(line, &self.model);
        }
    }

    /// The keys that stand in the bottom line.
    pub(super) fn hints(&self) -> Vec<Hint> {
        let section = self.stack.top().map_or("all", crate::ui::Screen::section);
        let subject = commands::Subject { stack: &self.stack, model: &self.model };
        // What makes no sense for this kind is left out; what is forbidden is dimmed.
        let fits = |command: &&&commands::Command| {
            !command.hint.is_empty() && (!command.changes || command.fits(&subject).is_ok())
        };
        let hint = |command: &&&commands::Command| {
            let key = self.keys.reverse(section, command.name).into_iter().next()?;
            let possible = command.possible(&subject).is_ok();
            Some(Hint { key, help: command.hint.to_owned(), possible })
        };
        commands::ALL.iter().filter(fits).filter_map(|command| hint(&command)).collect()
    }
}

/// A key that may follow those pressed.
fn follow((key, command): (String, String)) -> Hint {
    Hint { key, help: command, possible: true }
}
