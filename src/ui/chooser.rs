//! `ChooserScreen`: which columns the table below has. What is chosen stands in the table at once.

use super::canvas::{Canvas, split_top};
use super::list::ListScreen;
use super::motion::{Motion, moved, scrolled};
use crate::config::Role;
use crate::kinds::Uid;
use crate::kinds::joined::choosable;
use crate::kinds::own::OwnColumn;
use crate::model::views::Show;
use crate::model::{List, ListKey, Model};
use ratatui::layout::Rect;
use std::borrow::Cow;

/// The widest that a heading is drawn, in cells.
const NAME: u16 = 28;

/// The columns of a table.
#[derive(Debug)]
pub struct ChooserScreen {
    /// The list whose columns they are.
    pub key: ListKey,
    /// The row whose cells are shown beside them.
    pub row: Option<Uid>,
    /// All columns in order: which of the headings, and whether it is shown.
    pub columns: Vec<(usize, bool)>,
    /// Those of the user's, which stand behind the kind's own headings.
    pub own: Vec<OwnColumn>,
    /// The names of the columns before them.
    names: Vec<String>,
    /// Whether it is known which columns there are.
    known: bool,
    at: usize,
    top: usize,
    height: usize,
}

impl ChooserScreen {
    /// The columns of a list: those that are shown first, and then the others. A list whose columns are not known yet
    /// has none.
    pub fn new(list: &ListScreen, own: Vec<OwnColumn>, model: &Model) -> Self {
        let (key, columns, names) = (list.key.clone(), Vec::new(), Vec::new());
        let mut new = Self { key, row: None, columns, own, names, known: false, at: 0, top: 0, height: 1 };
        new.follow(list, model);
        new
    }

    /// Takes over the columns of its list when they are others now.
    pub fn follow(&mut self, list: &ListScreen, model: &Model) {
        self.row = self.row.or_else(|| list.selected(model).map(|row| row.uid()));
        if !model.lists.get(&self.key).is_some_and(List::knows_columns) {
            return;
        }
        let headings = choosable(self.key.kind.0, list.headings());
        let joined = self.key.kind.joinable().map_or(0, |joinable| joinable.columns.len());
        let base = headings.len().saturating_sub(self.own.len() + joined);
        let names = || headings.iter().take(base).map(|heading| &*heading.name);
        if !self.known || !names().eq(self.names.iter().map(String::as_str)) {
            let names = names().map(str::to_owned).collect();
            self.take(names, &list.visible_columns(), headings.len());
        }
    }

    /// Takes over so many columns. The cursor stays on the one that is called as before.
    fn take(&mut self, names: Vec<String>, shown: &[usize], count: usize) {
        let on = self.columns.get(self.at).map(|(column, _)| self.name(*column).to_owned());
        let hidden = (0..count).filter(|column| !shown.contains(column));
        let columns = shown.iter().map(|column| (*column, true)).chain(hidden.map(|column| (column, false)));
        (self.columns, self.names, self.known) = (columns.collect(), names, true);
        let same = self.columns.iter().position(|(column, _)| Some(self.name(*column)) == on.as_deref());
        self.at = same.unwrap_or(self.at).min(self.columns.len().saturating_sub(1));
    }

    /// Why nothing can be chosen yet, if so.
    pub fn waits(&self) -> Option<String> {
        let kind = self.key.kind.names().plural;
        (!self.known).then(|| format!("the server has not told yet which columns {kind} have"))
    }

    /// What is chosen. The columns of a server's table are meant by their names: it may tell others while they are shown.
    pub fn show(&self) -> Show {
        let shown = self.shown();
        if !self.key.kind.by_table() {
            return Show::These(shown);
        }
        let names: Vec<&str> = (0..self.columns.len()).map(|column| self.name(column)).collect();
        Show::by_name(&shown, &names)
    }

    /// The columns that are shown, in order.
    pub fn shown(&self) -> Vec<usize> {
        self.columns.iter().filter(|(_, shown)| *shown).map(|(column, _)| *column).collect()
    }

    /// Moves the cursor.
    pub fn step(&mut self, motion: Motion) {
        self.at = moved(motion, self.at, self.columns.len(), self.height);
    }

    /// Shows or hides the column under the cursor. The last one stays.
    pub fn toggle(&mut self) {
        let shown = self.shown().len();
        if let Some((_, on)) = self.columns.get_mut(self.at)
            && (!*on || shown > 1)
        {
            *on = !*on;
        }
    }

    /// Moves the column under the cursor one place down, or up.
    pub fn shift(&mut self, down: bool) {
        let to = if down { self.at + 1 } else { self.at.wrapping_sub(1) };
        if to < self.columns.len() && self.at < self.columns.len() {
            self.columns.swap(self.at, to);
            self.at = to;
        }
    }

    /// Adds a column of the user's behind all others, and goes to it.
    pub fn add(&mut self, column: OwnColumn) {
        let place = self.base() + self.own.len();
        for (other, _) in self.columns.iter_mut().filter(|(other, _)| *other >= place) {
            *other += 1;
        }
        self.columns.push((place, true));
        self.own.push(column);
        self.at = self.columns.len() - 1;
    }

    /// Takes the column under the cursor away, if it is one of the user's.
    pub fn remove(&mut self) -> bool {
        let Some((column, _)) = self.columns.get(self.at).copied() else { return false };
        let Some(own) = column.checked_sub(self.base()).filter(|own| *own < self.own.len()) else { return false };
        self.own.remove(own);
        self.columns.remove(self.at);
        for (other, _) in self.columns.iter_mut().filter(|(other, _)| *other > column) {
            *other -= 1;
        }
        self.at = self.at.min(self.columns.len().saturating_sub(1));
        true
    }

    /// How many headings its table has without those of the user's and those that are joined.
    fn base(&self) -> usize {
        self.names.len()
    }

    /// What a column is called: the kind's own stand first, then those of the user's, then those that can be joined.
    fn name(&self, column: usize) -> &str {
        let Some(behind) = column.checked_sub(self.base()) else {
            return self.names.get(column).map_or("", String::as_str);
        };
        let own = self.own.get(behind).map(|own| &own.heading);
        let joined = || self.key.kind.joinable()?.column(self.own.len(), behind);
        own.or_else(|| Some(&joined()?.heading)).map_or("", |heading| &heading.name)
    }

    /// Draws the columns, each with the cell of the row below.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let (head, body) = split_top(area);
        self.height = usize::from(body.height).max(1);
        self.top = scrolled(self.at, self.top, self.columns.len(), self.height);
        let list = model.lists.get(&self.key);
        let row = self.row.and_then(|uid| Some((list?, list?.store.find(uid)?)));
        let of = row.map_or_else(String::new, |(_, row)| format!("OF {}", row.name()));
        draw_line(canvas, head, (" ", "COLUMN", &of), Role::Heading);
        if let Some(why) = self.waits() {
            canvas.text(Rect { x: body.x + 4, width: body.width.saturating_sub(4), ..body }, why, Role::Quiet);
        }
        for (y, (at, (column, shown))) in (body.y..body.bottom()).zip(self.columns.iter().enumerate().skip(self.top)) {
            let line = Rect { y, height: 1, ..body };
            let cell = row.map_or(Cow::Borrowed(""), |(list, row)| list.show(&row, *column, canvas.now));
            let path = column.checked_sub(self.base()).and_then(|own| self.own.get(own)).map(|own| own.path.as_str());
            let cell = path.map_or_else(|| cell.clone(), |path| format!("{cell}   {path}").into());
            let role = if *shown { Role::Text } else { Role::Quiet };
            draw_line(canvas, line, (if *shown { "✓" } else { "·" }, self.name(*column), &cell), role);
            if at == self.at {
                canvas.paint(line, Role::Cursor);
            }
        }
    }
}

fn draw_line(canvas: &mut Canvas<'_>, line: Rect, (mark, name, cell): (&str, &str, &str), role: Role) {
    let room = line.width.saturating_sub(4 + NAME + 2);
    canvas.text(Rect { x: line.x + 1, width: line.width.min(2), ..line }, mark, role);
    canvas.text(Rect { x: line.x + 4, width: NAME.min(line.width.saturating_sub(4)), ..line }, name, role);
    canvas.text(Rect { x: line.x + 6 + NAME, width: room, ..line }, cell, role);
}

#[cfg(test)]
mod tests {
    use super::super::list::Habit;
    use super::super::{Screen, Stack};
    use super::*;
    use crate::kinds::kind::names;
    use crate::kinds::served::Served;
    use crate::kinds::{Can, Change, Heading, Names, Place, Width};
    use crate::model::{KindRef, Namespaces, Scope, Topic};

    static NAMES: Names = names("x.example", "v1", "webs", "Web", &[]);
    static WEBS: Served = Served { names: &NAMES, can: Can::NOTHING };

    fn stack(model: &mut Model) -> Stack {
        let namespaces = Namespaces::one("shop");
        let scope = Scope { namespaces, ..Scope::default() };
        let key = ListKey { context: "demo".into(), kind: KindRef(&WEBS), scope };
        model.open(&Topic::List(key.clone()), 0);
        let mut stack = Stack::default();
        stack.open(Screen::List(ListScreen::new(key, Habit::default())));
        stack
    }

    /// Lets the server tell these columns.
    fn tell(model: &mut Model, names: &[&'static str]) {
        let heading = |name: &&'static str| Heading {
            name: (*name).into(),
            width: Width::Fit(9),
            place: Place::Always,
            right: false,
        };
        let headings = names.iter().map(heading).collect();
        model.lists.values_mut().for_each(|list| list.apply(vec![Change::Columns { headings: Vec::clone(&headings) }]));
    }

    fn choose(stack: &mut Stack, model: &Model) {
        let Some(list) = stack.list() else { panic!("no list") };
        let chooser = ChooserScreen::new(list, Vec::new(), model);
        stack.open(Screen::Chooser(chooser));
    }

    /// Changes the choice, and the table with it.
    fn change(stack: &mut Stack, with: impl FnOnce(&mut ChooserScreen)) {
        let Some(Screen::Chooser(chooser)) = stack.top_mut() else { panic!("no choice") };
        with(chooser);
        let (kind, own, show) = (chooser.key.kind, chooser.own.clone(), chooser.show());
        stack.choose_columns(kind, own, show).unwrap();
    }

    /// What the choice and the table show of their columns.
    fn seen(stack: &mut Stack, model: &Model) -> (Vec<String>, Vec<String>) {
        stack.refresh(model, false);
        let Some(Screen::Chooser(chooser)) = stack.top() else { panic!("no choice") };
        let mark =
            |(column, shown): &(usize, bool)| format!("{}{}", if *shown { "" } else { "-" }, chooser.name(*column));
        let list = stack.nearest_list().unwrap();
        let heading = |column: usize| list.headings()[column].name.to_string();
        (chooser.columns.iter().map(mark).collect(), list.visible_columns().into_iter().map(heading).collect())
    }

    #[test]
    fn a_choice_among_the_columns_of_a_server_is_kept_by_their_names() {
        let mut model = Model::default();
        let mut stack = stack(&mut model);
        tell(&mut model, &["NAME", "SIZE", "MOOD", "AGE"]);
        stack.refresh(&model, false);
        choose(&mut stack, &model);
        change(&mut stack, |chooser| {
            chooser.step(Motion::Down(1));
            chooser.toggle();
            chooser.step(Motion::Down(1));
        });
        let (choice, table) = seen(&mut stack, &model);
        assert_eq!(choice, ["NAME", "-SIZE", "MOOD", "AGE"]);
        assert_eq!(table, ["NAME", "MOOD", "AGE"]);
        // The definition changes: one column comes before those that are shown, and one goes.
        tell(&mut model, &["NAME", "ZONE", "SIZE", "MOOD", "TYPE"]);
        let (choice, table) = seen(&mut stack, &model);
        assert_eq!(choice, ["NAME", "MOOD", "-ZONE", "-SIZE", "-TYPE"]);
        assert_eq!(table, ["NAME", "MOOD"]);
        // The cursor stays where it was, and one that comes back is still chosen.
        change(&mut stack, ChooserScreen::toggle);
        tell(&mut model, &["AGE", "MOOD", "NAME", "SIZE"]);
        assert_eq!(seen(&mut stack, &model).1, ["NAME"]);
    }

    #[test]
    fn of_two_columns_of_one_name_the_one_that_was_chosen_stays() {
        let mut model = Model::default();
        let mut stack = stack(&mut model);
        tell(&mut model, &["NAME", "READY", "READY"]);
        stack.refresh(&model, false);
        choose(&mut stack, &model);
        change(&mut stack, |chooser| {
            chooser.step(Motion::Down(1));
            chooser.toggle();
        });
        stack.refresh(&model, false);
        assert_eq!(stack.nearest_list().unwrap().visible_columns(), [0, 2]);
    }
}
