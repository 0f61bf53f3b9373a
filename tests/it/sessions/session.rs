//! `Session`: rutter as a person has it, over a cluster in memory and a terminal in memory. Time passes only while
//! something waits for it, so a test never sleeps and always sees the same.

use super::keys::event;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rutter::app::{App, Clock, Clusters, ReadOnlyContexts, Setup};
use rutter::commands::Effect;
use rutter::config::{self, Keys, Role, Theme};
use rutter::demo::{Cluster, Story};
use rutter::kinds::Time;
use rutter::ui::terminal::Terminal;
use serde_json::Value;
use std::cell::RefCell;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use unicode_width::UnicodeWidthStr;

/// When every session begins, in seconds since 1970: a Monday at noon (UTC).
pub const BEGIN: i64 = 1_767_614_400;
/// Longer than a frame: after so long without a message nothing is on its way any more.
const QUIET: Duration = Duration::from_millis(40);
/// How long a session waits for what has to come.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the terminal was sent.
#[derive(Debug, Clone, Default)]
struct Sent(Rc<RefCell<Vec<u8>>>);

impl Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How a session begins.
pub struct Start {
    pub place: &'static str,
    pub size: (u16, u16),
    pub story: Story,
    pub theme: Theme,
    pub keys: Keys,
    /// Where the user's files are.
    pub dir: Option<PathBuf>,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            place: "pods -A",
            size: (140, 40),
            story: Story::Still,
            theme: Theme::default(),
            keys: Keys::default(),
            dir: None,
        }
    }
}

impl Start {
    /// At this place.
    pub fn at(place: &'static str) -> Self {
        Self { place, ..Self::default() }
    }

    /// On a terminal of this size.
    pub fn size(self, width: u16, height: u16) -> Self {
        Self { size: (width, height), ..self }
    }

    /// Over a new demo cluster, until everything that can be there is there.
    pub async fn go(self) -> Session {
        let cluster = self.cluster();
        self.over(&cluster).await
    }

    /// The cluster of this story.
    pub fn cluster(&self) -> Cluster {
        Cluster::start_at(self.story, Timestamp::from_second(BEGIN).unwrap())
    }

    /// Over `cluster`, until everything that can be there is there.
    pub async fn over(self, cluster: &Cluster) -> Session {
        let clock = Clock::Tokio(Time(BEGIN), Instant::now());
        let mut session = self.on(Clusters::Demo(cluster.clone(), ReadOnlyContexts::default()), clock);
        session.cluster = Some(cluster.clone());
        session.settle().await;
        session
    }

    /// What the program begins with over `clusters`.
    pub fn setup(&self, clusters: Clusters, clock: Clock) -> Setup {
        Setup {
            clusters,
            context: None,
            place: self.place.to_owned(),
            theme: self.theme.clone(),
            keys: self.keys.clone(),
            clock,
            settings: config::load(self.dir.as_deref()).0.settings,
            problems: Vec::new(),
        }
    }

    /// Over `clusters`, with nothing there yet.
    pub fn on(self, clusters: Clusters, clock: Clock) -> Session {
        let setup = self.setup(clusters, clock);
        let (width, height) = self.size;
        let sent = Sent::default();
        let terminal = Terminal::new(sent.clone(), Rect::new(0, 0, width, height));
        let app = App::new(setup).unwrap_or_else(|notice| panic!("{}", notice.line()));
        Session { app: Box::new(app), terminal, sent, theme: self.theme, cluster: None, effects: Vec::new() }
    }
}

/// A running rutter.
pub struct Session {
    app: Box<App>,
    terminal: Terminal<Sent>,
    sent: Sent,
    theme: Theme,
    cluster: Option<Cluster>,
    effects: Vec<Effect>,
}

impl Session {
    /// The cluster in memory.
    pub fn cluster(&self) -> &Cluster {
        self.cluster.as_ref().expect("the session has a cluster in memory")
    }

    /// Makes an object, or changes it.
    pub async fn put(&mut self, object: Value) -> &mut Self {
        self.cluster().put(object).await.unwrap();
        self.settle().await
    }

    /// Removes an object.
    pub async fn delete(&mut self, object: Value) -> &mut Self {
        self.cluster().delete(object).await.unwrap();
        self.settle().await
    }

    /// Presses keys that are parted by spaces.
    pub async fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            self.event(Event::Key(event(key)));
        }
        self.settle().await
    }

    /// Types text, letter by letter.
    pub async fn type_in(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.event(Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
        self.settle().await
    }

    /// Runs a command line through the palette, as a person would type it.
    pub async fn run(&mut self, line: &str) -> &mut Self {
        self.press(":").await.type_in(line).await.press("enter").await
    }

    /// Clicks on the cell at `x` and `y`, counted from 0.
    pub async fn click(&mut self, x: u16, y: u16) -> &mut Self {
        self.mouse(MouseEventKind::Down(MouseButton::Left), (x, y)).await
    }

    /// Does something with the mouse.
    pub async fn mouse(&mut self, kind: MouseEventKind, (column, row): (u16, u16)) -> &mut Self {
        self.event(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
        self.settle().await
    }

    /// Pastes text.
    pub async fn paste(&mut self, text: &str) -> &mut Self {
        self.event(Event::Paste(text.to_owned()));
        self.settle().await
    }

    /// Makes the terminal so large.
    pub async fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.event(Event::Resize(width, height));
        self.settle().await
    }

    /// Hands the program an event, and draws what it changed at once.
    pub fn event(&mut self, event: Event) {
        self.app.event(event, &mut self.terminal).unwrap();
        self.effects.extend(self.app.effects());
        self.app.draw_if_due(&mut self.terminal).unwrap();
    }

    /// Goes on until nothing happens any more.
    pub async fn settle(&mut self) -> &mut Self {
        while self.turn(QUIET).await || !self.app.is_settled() {}
        self
    }

    /// Lets time pass.
    pub async fn wait(&mut self, time: Duration) -> &mut Self {
        let end = Instant::now() + time;
        while let Some(left) = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            self.turn(left.min(Duration::from_secs(1))).await;
        }
        self.app.draw_if_due(&mut self.terminal).unwrap();
        self
    }

    /// Lets time pass until the screen shows `text`.
    pub async fn until(&mut self, text: &str) -> &mut Self {
        let end = Instant::now() + PATIENCE;
        while !self.screen().contains(text) {
            assert!(Instant::now() < end, "`{text}` does not come:\n{}", self.screen());
            self.turn(QUIET).await;
        }
        self
    }

    /// Draws, and waits this long for a message; tells whether one came.
    async fn turn(&mut self, time: Duration) -> bool {
        self.app.draw_if_due(&mut self.terminal).unwrap();
        let message = tokio::select! {
            biased;
            message = self.app.message() => message,
            () = sleep(time) => None,
        };
        let came = message.is_some();
        if let Some(message) = message {
            self.app.take(message);
        }
        came
    }

    /// The screen holds `text`.
    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        assert!(self.screen().contains(text), "`{text}` is not shown:\n{}", self.screen());
        self
    }

    /// The screen does not hold `text`.
    #[track_caller]
    pub fn hides(&mut self, text: &str) -> &mut Self {
        assert!(!self.screen().contains(text), "`{text}` is shown:\n{}", self.screen());
        self
    }

    /// The cursor's row holds `text`.
    #[track_caller]
    pub fn on(&mut self, text: &str) -> &mut Self {
        let row = self.row();
        assert!(row.contains(text), "the cursor is on `{row}`, not on `{text}`:\n{}", self.screen());
        self
    }

    /// The row under the cursor, `""` when there is none.
    pub fn row(&self) -> String {
        self.cursor_line().map(|y| self.line(y)).unwrap_or_default()
    }

    /// The line of the screen on which the cursor stands, counted from 0; that of a palette when one is open.
    pub fn cursor_line(&self) -> Option<u16> {
        let look = self.theme.style(Role::Cursor).bg;
        (0..self.buffer().area.height)
            .rev()
            .find(|y| self.buffer().cell((0, *y)).is_some_and(|cell| Some(cell.bg) == look))
    }

    /// A line of the screen; empty when there are not so many.
    pub fn line(&self, y: u16) -> String {
        self.screen().lines().nth(usize::from(y)).unwrap_or_default().to_owned()
    }

    /// How many requests were sent, as the top line says after `requests`.
    #[track_caller]
    pub fn requests(&self) -> usize {
        let head = self.line(0);
        let number = head.split_once(" requests, ").and_then(|(before, _)| before.rsplit(' ').next());
        let number = number.and_then(|number| number.replace(',', "").parse().ok());
        number.unwrap_or_else(|| panic!("no requests are shown:\n{head}"))
    }

    /// The bottom line.
    pub fn foot(&self) -> String {
        self.line(self.buffer().area.height.saturating_sub(1))
    }

    /// The first words of the rows of the list, from the top.
    pub fn column(&self, number: usize) -> Vec<String> {
        let height = usize::from(self.buffer().area.height);
        let screen = self.screen();
        let rows = screen.lines().take(height - 1).skip(3).filter(|line| !line.trim().is_empty());
        rows.map(|line| line.split_whitespace().nth(number).unwrap_or_default().to_owned()).collect()
    }

    /// All lines of the screen, without the spaces at their ends.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        (0..buffer.area.height).map(|y| line_of(buffer, y).trim_end().to_owned() + "\n").collect()
    }

    /// What is on the screen, in colour.
    pub fn buffer(&self) -> &Buffer {
        self.terminal.screen()
    }

    /// How many frames were drawn.
    pub fn frames(&self) -> u64 {
        self.terminal.frames()
    }

    /// What the terminal was sent so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.sent.0.borrow().clone()
    }

    /// What the program asked for since the last time.
    pub fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}

/// A line of a screen; what stands behind a wide character is part of it.
fn line_of(buffer: &Buffer, y: u16) -> String {
    let mut line = String::new();
    let mut x = 0;
    while let Some(cell) = buffer.cell((x, y)).filter(|_| x < buffer.area.width) {
        line.push_str(cell.symbol());
        x += u16::try_from(cell.symbol().width()).unwrap().max(1);
    }
    line
}
