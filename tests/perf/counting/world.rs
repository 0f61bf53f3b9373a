//! What the counted paths work on: pods as JSON and as rows, and a list of 150,000 of them on a screen.

use crate::data::{Change as PodChange, Cluster, namespace};
use crate::json::Writer;
use ratatui::layout::Rect;
use rutter::config::Theme;
use rutter::kinds::{self, AnyKind, Cell, Change, Freshness, Row, Server, Time, Uid};
use rutter::model::{KindRef, List, ListKey, Model, Scope};
use rutter::ui::list::News;
use rutter::ui::terminal::Terminal;
use rutter::ui::{Habit, ListScreen, Screen, Stack};
use std::cell::RefCell;
use std::io;
use std::rc::Rc;

/// Rows of the long list.
pub const ROWS: u64 = 150_000;
/// The moment at which all of it is looked at.
pub const NOW: i64 = 1_800_000_000;
/// Pods that are made; the rows of the long list are these with other names.
const PODS: u64 = 2_000;
/// Pods that are kept as JSON.
const JSON: usize = 200;
/// The column of the restarts.
const RESTARTS: usize = 3;

/// All of it.
pub struct World {
    /// Pods as JSON.
    pub json: Vec<String>,
    /// Pods as rows, before they are packed.
    pub rows: Vec<Row>,
    /// The long list.
    pub model: RefCell<Model>,
}

/// The kind that is counted.
pub fn pods() -> &'static dyn AnyKind {
    &kinds::pods::Pods
}

/// The list that is shown.
pub fn key() -> ListKey {
    ListKey { context: Rc::from("perf"), kind: KindRef(pods()), scope: Scope::default() }
}

impl World {
    /// With the long list.
    pub fn new() -> Self {
        Self::of(ROWS)
    }

    /// With a list of so many rows.
    pub fn of(count: u64) -> Self {
        let writer = Writer::new(Cluster { seed: 1, pods: PODS, now: NOW });
        let (mut json, mut rows) = (Vec::new(), Vec::new());
        for index in 0..PODS {
            let mut text = String::new();
            writer.item(index, PodChange::default(), &mut text);
            // A pod that cannot be read leaves a row that says so; the tests of the harness would see it.
            let _ = pods().read(text.as_bytes(), Server::default(), &mut rows);
            json.push(text);
        }
        json.truncate(JSON);
        let mut list = List::new(&key(), 1);
        list.apply((0..count).map(|number| put(row(&rows, number))).collect());
        list.freshen(0, Freshness::Live);
        let mut model = Model { now: Some(Time(NOW)), ..Model::default() };
        model.lists.insert(key(), list);
        Self { json, rows, model: RefCell::new(model) }
    }
}

/// One of the many rows: one of the few with a namespace, a name and an identity of its own.
pub fn row(rows: &[Row], number: u64) -> Row {
    let few = rows.len().max(1) as u64;
    let of = usize::try_from(number % few).unwrap_or_default();
    let mut row = rows.get(of).cloned().unwrap_or_default();
    let cluster = Cluster { seed: 1, pods: ROWS, now: NOW };
    row.name = cluster.pod(number, PodChange::default()).name.into();
    if let Some(cell) = row.cells.first_mut() {
        *cell = Cell::text(row.name.clone());
    }
    Row { uid: Uid(u128::from(number) + 1), namespace: namespace(number / 1_000).into(), ..row }
}

/// The change that puts a row.
pub fn put(row: Row) -> Change {
    Change::Put { part: 0, row: Box::new(row) }
}

/// The change of one of the many rows whose container started again; another one each time.
pub fn restarted(world: &World, number: u64) -> Change {
    let version = world.model.borrow().lists.get(&key()).map_or(0, |list| list.store.version());
    let mut row = row(&world.rows, number);
    if let Some(cell) = row.cells.get_mut(RESTARTS) {
        *cell = Cell::restarts(i64::try_from(version).unwrap_or_default(), Some(Time(NOW)));
    }
    put(row)
}

/// What was written, counted.
#[derive(Default, Clone)]
pub struct Sent(Rc<std::cell::Cell<u64>>);

impl io::Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terminal of 200×50 with the list on it, or another screen.
pub struct Window {
    /// The screens.
    pub stack: Stack,
    /// The terminal.
    pub terminal: Terminal<Sent>,
    sent: Sent,
    theme: Theme,
}

impl Window {
    /// With nothing drawn yet, brought up to date.
    pub fn new(model: &Model) -> Self {
        Self::of(Screen::List(ListScreen::new(key(), Habit::default())), model)
    }

    /// The same with this screen on it.
    pub fn of(screen: Screen, model: &Model) -> Self {
        let mut stack = Stack::default();
        stack.open(screen);
        stack.refresh(model, false);
        let sent = Sent::default();
        let terminal = Terminal::new(sent.clone(), Rect::new(0, 0, 200, 50));
        Self { stack, terminal, sent, theme: Theme::default() }
    }

    /// Brings it up to date and draws a frame if its rows look different, as the loop does when nobody pressed a key.
    pub fn follow(&mut self, model: &Model) {
        if self.stack.refresh(model, false) == News::Rows {
            self.draw(model);
        }
    }

    /// Brings it up to date and draws a frame, as the loop does after a key.
    pub fn draw(&mut self, model: &Model) {
        self.stack.refresh(model, false);
        let stack = &mut self.stack;
        // What is written to cannot fail.
        let _ = self.terminal.draw(&self.theme, model.now(), |canvas| stack.draw(canvas, model));
    }

    /// Bytes and frames so far.
    pub fn written(&self) -> (u64, u64) {
        (self.sent.0.get(), self.terminal.frames())
    }
}
