//! `Screen`: what fills the terminal between the bars. To add one: its file with `impl View`, and its lines in `Screen`.

use super::answer::AnswerScreen;
use super::canvas::Canvas;
use super::chooser::ChooserScreen;
use super::drain::DrainScreen;
use super::edit::EditScreen;
use super::explain::ExplainScreen;
use super::forwards::ForwardsScreen;
use super::list::ListScreen;
use super::logs::LogScreen;
use super::motion::Motion;
use super::revisions::RevisionScreen;
use super::rollout::RolloutScreen;
use super::search::Searched;
use super::text::TextScreen;
use super::yaml::YamlScreen;
use crate::model::{Model, Topic};
use ratatui::layout::Rect;

/// What every screen can do.
pub trait View {
    /// The section of the key map that holds its keys.
    fn section(&self) -> &'static str;

    /// The context that it looks at.
    fn context(&self) -> &str;

    /// What it shows and somebody has to keep fresh.
    fn topic(&self) -> Option<Topic> {
        None
    }

    /// What it shows beside that, as long as it is on top.
    fn beside(&self) -> Vec<Topic> {
        Vec::new()
    }

    /// Moves its cursor or its view.
    fn step(&mut self, motion: Motion, model: &Model);

    /// Draws it.
    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model);

    /// Draws what it is, on one line.
    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model);

    /// Itself, if one reads and searches in it.
    fn searched(&self) -> Option<&dyn Searched> {
        None
    }

    /// The same, to change it.
    fn searched_mut(&mut self) -> Option<&mut dyn Searched> {
        None
    }
}

/// A screen.
#[derive(Debug)]
pub enum Screen {
    /// A table of objects.
    List(ListScreen),
    /// A text.
    Text(TextScreen),
    /// An object.
    Yaml(Box<YamlScreen>),
    /// What a kind and its fields are for.
    Explain(Box<ExplainScreen>),
    /// Logs.
    Logs(LogScreen),
    /// A text being edited.
    Edit(EditScreen),
    /// A drain.
    Drain(DrainScreen),
    /// How far a rollout is.
    Rollout(RolloutScreen),
    /// Revisions of a workload.
    Revisions(RevisionScreen),
    /// The port-forwards.
    Forwards(ForwardsScreen),
    /// The answer to a question.
    Answer(AnswerScreen),
    /// Which columns a table has.
    Chooser(ChooserScreen),
}

impl Screen {
    /// What it can do.
    pub fn view(&self) -> &dyn View {
        match self {
            Self::List(screen) => screen,
            Self::Text(screen) => screen,
            Self::Yaml(screen) => &**screen,
            Self::Explain(screen) => &**screen,
            Self::Logs(screen) => screen,
            Self::Edit(screen) => screen,
            Self::Drain(screen) => screen,
            Self::Rollout(screen) => screen,
            Self::Revisions(screen) => screen,
            Self::Forwards(screen) => screen,
            Self::Answer(screen) => screen,
            Self::Chooser(screen) => screen,
        }
    }

    /// The same, to change it.
    pub fn view_mut(&mut self) -> &mut dyn View {
        match self {
            Self::List(screen) => screen,
            Self::Text(screen) => screen,
            Self::Yaml(screen) => &mut **screen,
            Self::Explain(screen) => &mut **screen,
            Self::Logs(screen) => screen,
            Self::Edit(screen) => screen,
            Self::Drain(screen) => screen,
            Self::Rollout(screen) => screen,
            Self::Revisions(screen) => screen,
            Self::Forwards(screen) => screen,
            Self::Answer(screen) => screen,
            Self::Chooser(screen) => screen,
        }
    }

    /// The section of the key map that holds its keys.
    pub fn section(&self) -> &'static str {
        self.view().section()
    }

    /// The context that it looks at.
    pub fn context(&self) -> &str {
        self.view().context()
    }

    /// What it shows and somebody has to keep fresh.
    pub fn topic(&self) -> Option<Topic> {
        self.view().topic()
    }

    /// Whether it shows something of `topic`.
    pub fn shows(&self, topic: &Topic) -> bool {
        self.topic().as_ref() == Some(topic) || self.view().beside().contains(topic)
    }

    /// Moves its cursor or its view.
    pub fn step(&mut self, motion: Motion, model: &Model) {
        self.view_mut().step(motion, model);
    }

    /// The screen, if one reads and searches in it.
    pub fn searched(&self) -> Option<&dyn Searched> {
        self.view().searched()
    }

    /// The same, to change it.
    pub fn searched_mut(&mut self) -> Option<&mut dyn Searched> {
        self.view_mut().searched_mut()
    }
}
