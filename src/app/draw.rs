//! When the next frame is drawn: at once for a person, else seldom enough to leave time for everything else, and not at
//! all for what cannot be seen.

use super::App;
use crate::kinds::Time;
use crate::model::Traffic;
use crate::ui::Screen;
use crate::ui::list::News;
use crate::ui::terminal::Terminal;
use std::io::{self, Write};
use std::time::Duration;
use tokio::time::Instant;

/// Shortest time between two frames that no key asked for.
const FRAME: Duration = Duration::from_millis(16);
/// Longest time for which keys alone are answered while rows arrive.
const REFRESH: Duration = Duration::from_millis(100);
/// How long counts in a title may be old that no row on the screen belongs to.
const CALM: Duration = Duration::from_millis(100);

/// What is known about the next frame.
#[derive(Debug, Default)]
pub(super) struct Draw {
    /// Something may look different.
    pub dirty: bool,
    /// Rows of the list on the screen changed; whether that can be seen is found out when a frame is due.
    pub rows: bool,
    /// A person waits for it.
    pub urgent: bool,
    /// When the last frame was due, and how long it took.
    last: Option<(Instant, Duration)>,
    /// When the rows were last brought up to date.
    refreshed: Option<Instant>,
    /// When counts that changed are drawn, if nothing else is before.
    counts: Option<Instant>,
    /// When the frame will look different by the clock alone.
    pub next_change: Option<Time>,
}

impl Draw {
    /// Nothing was drawn yet.
    pub fn at_once() -> Self {
        Self { dirty: true, urgent: true, ..Self::default() }
    }

    /// When something is to be drawn, or looked at whether it is.
    pub fn due(&self) -> Option<Instant> {
        let frame = (self.dirty || self.rows).then(|| self.next_frame());
        [frame, self.counts].into_iter().flatten().min()
    }

    /// When the next frame may be drawn: at once for a person, else such that drawing takes at most a fifth of the
    /// time.
    fn next_frame(&self) -> Instant {
        match self.last {
            Some((at, cost)) if !self.urgent => at + FRAME.max(cost * 4),
            _ => Instant::now(),
        }
    }
}

impl App {
    /// Draws a frame if one is due.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn draw_if_due<W: Write>(&mut self, terminal: &mut Terminal<W>) -> io::Result<()> {
        let now = self.clock.now();
        self.model.now = Some(now);
        self.draw.dirty |= self.draw.next_change.is_some_and(|at| at <= now);
        if self.tasks.next_end().is_some_and(|at| at <= Instant::now()) {
            self.follow_screens();
        }
        if self.draw.due().is_some_and(|at| at <= Instant::now()) {
            self.draw_now(terminal)?;
        }
        Ok(())
    }

    fn draw_now<W: Write>(&mut self, terminal: &mut Terminal<W>) -> io::Result<()> {
        let began = Instant::now();
        // A key's frame answers only what the key asked; rows that came meanwhile are in the next one. But somebody who
        // never stops pressing keys is shown them too.
        let fresh = self.draw.refreshed.is_some_and(|at| at + REFRESH > began);
        let hasty = self.draw.urgent && fresh;
        let news = self.stack.refresh(&self.model, hasty);
        let refreshed = if hasty { self.draw.refreshed } else { Some(began) };
        let calm = self.draw.counts.is_none_or(|at| at > began);
        if !self.draw.dirty && calm && news < News::Rows {
            let counts = self.draw.counts.or((news == News::Counts).then(|| began + CALM));
            let (last, next_change) = (Some((began, began.elapsed())), self.draw.next_change);
            let rows = self.stack.is_behind(&self.model);
            self.draw = Draw { rows, last, refreshed, counts, next_change, ..Draw::default() };
            return Ok(());
        }
        self.stack.hints = self.hints();
        self.note_traffic();
        let (stack, model) = (&mut self.stack, &self.model);
        let next_change = terminal.draw(&self.theme, model.now(), |canvas| stack.draw(canvas, model))?;
        self.follow_question();
        let rows = self.stack.is_behind(&self.model);
        self.draw = Draw { rows, last: Some((began, began.elapsed())), refreshed, next_change, ..Draw::default() };
        Ok(())
    }

    /// Learns what passed between us and the server that is looked at, and whom it takes us for.
    fn note_traffic(&mut self) {
        let Some(context) = self.stack.top().filter(|_| self.stack.shows_traffic).map(Screen::context) else { return };
        let Some(meter) = self.tasks.lanes(context).map(|lanes| &lanes.meter) else { return };
        let Some(session) = self.model.sessions.get_mut(context) else { return };
        session.traffic = Traffic { requests: meter.requests(), bytes: meter.bytes() };
        if session.identity.is_none() {
            let context = context.to_owned();
            self.ask_identity(&context);
        }
    }

    /// Whether nothing waits to be drawn.
    pub fn is_settled(&self) -> bool {
        self.draw.due().is_none()
    }
}
