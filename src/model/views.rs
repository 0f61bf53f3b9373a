//! `Views`: which columns the tables of each kind have, where a person chose them.

use super::place::KindRef;
use crate::kinds::jsonpath::Mistake;
use crate::kinds::own::{Own, OwnColumn};
use crate::kinds::{Heading, Names};
use std::collections::HashMap;

/// The columns of one kind.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The kind without columns of the user's.
    base: KindRef,
    /// The kind with them.
    pub kind: KindRef,
    /// Those of the user's, which stand behind the kind's own.
    pub own: Vec<OwnColumn>,
    /// Which of the columns that the kind has or could have are shown.
    pub show: Show,
}

/// Which columns are shown, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Show {
    /// All that usually are.
    #[default]
    Usual,
    /// These, as indices of the headings.
    These(Vec<usize>),
    /// Those that are called so, and how many of that name stand before each: of a kind whose headings only the server
    /// knows, and may change.
    Called(Vec<(String, usize)>),
}

impl Show {
    /// These columns; those that usually are when there are none.
    pub fn these(columns: Vec<usize>) -> Self {
        if columns.is_empty() { Self::Usual } else { Self::These(columns) }
    }

    /// Those that are called so; a name that stands here again means the next of that name.
    pub fn called(names: impl IntoIterator<Item = String>) -> Self {
        let mut called: Vec<(String, usize)> = Vec::new();
        for name in names {
            let before = called.iter().filter(|(other, _)| *other == name).count();
            called.push((name, before));
        }
        if called.is_empty() { Self::Usual } else { Self::Called(called) }
    }

    /// Some of the columns that have these names, in order.
    pub fn by_name(columns: &[usize], names: &[&str]) -> Self {
        let called = |column: &usize| {
            let (before, rest) = names.split_at_checked(*column)?;
            let name = rest.first()?;
            Some(((*name).to_owned(), before.iter().filter(|other| other.eq_ignore_ascii_case(name)).count()))
        };
        Self::Called(columns.iter().filter_map(called).collect())
    }

    /// The columns among `headings`; none for those that usually are, or when there are none of them.
    pub fn among(&self, headings: &[Heading]) -> Option<Vec<usize>> {
        let columns: Vec<usize> = match self {
            Self::Usual => return None,
            Self::These(columns) => columns.iter().copied().filter(|column| *column < headings.len()).collect(),
            Self::Called(names) => names.iter().filter_map(|(name, before)| nth(headings, name, *before)).collect(),
        };
        Some(columns).filter(|columns| !columns.is_empty())
    }

    /// Whether one of the columns from `first` on is shown.
    fn reaches(&self, first: usize) -> bool {
        matches!(self, Self::These(columns) if columns.iter().any(|column| *column >= first))
    }
}

/// Which of `headings` is called `name`.
pub fn called(headings: &[Heading], name: &str) -> Option<usize> {
    nth(headings, name, 0)
}

/// Which of `headings` is called `name` and has so many of that name before it.
fn nth(headings: &[Heading], name: &str, before: usize) -> Option<usize> {
    let same = headings.iter().enumerate().filter(|(_, heading)| heading.name.eq_ignore_ascii_case(name));
    same.map(|(column, _)| column).nth(before)
}

/// A kind with more columns than its own.
#[derive(Debug)]
struct Made {
    own: Vec<OwnColumn>,
    joined: bool,
    kind: KindRef,
}

/// The columns of all kinds for which they were chosen.
#[derive(Debug, Default)]
pub struct Views {
    chosen: HashMap<Names, Chosen>,
    /// The kinds that were made: one that is chosen again is the same again, and so is its list.
    made: Vec<Made>,
}

impl Views {
    /// What was chosen for a kind.
    pub fn of(&self, kind: KindRef) -> Option<&Chosen> {
        self.chosen.get(kind.names())
    }

    /// The columns of the user's and those that are shown, to change them.
    pub fn parts(&self, kind: KindRef) -> (Vec<OwnColumn>, Show) {
        self.of(kind).map(|chosen| (chosen.own.clone(), chosen.show.clone())).unwrap_or_default()
    }

    /// Chooses columns for a kind. A kind with other columns is a new one; there are as many as a person chooses, and
    /// they live as long as the program, as all kinds do.
    ///
    /// # Errors
    /// With the mistake of the first path that has one; then nothing changes.
    pub fn choose(&mut self, kind: KindRef, own: Vec<OwnColumn>, show: Show) -> Result<(), Mistake> {
        let before = self.of(kind);
        let base = before.map_or(kind, |before| before.base);
        let first = base.headings().len() + own.len();
        let joined = base.joinable().is_some() && show.reaches(first);
        let kind = if own.is_empty() && !joined { base } else { self.made(base, &own, joined)? };
        self.chosen.insert(*base.names(), Chosen { base, kind, own, show });
        Ok(())
    }

    /// The kind with these columns.
    fn made(&mut self, base: KindRef, own: &[OwnColumn], joined: bool) -> Result<KindRef, Mistake> {
        let is = |made: &&Made| made.kind.names() == base.names() && made.own == own && made.joined == joined;
        if let Some(made) = self.made.iter().find(is) {
            return Ok(made.kind);
        }
        let number = u32::try_from(self.made.len() + 1).unwrap_or(u32::MAX);
        let made = Own::new(base.0, own.to_vec(), number)?;
        let kind = KindRef(Box::leak(Box::new(if joined { made.joined_to() } else { made })));
        self.made.push(Made { own: own.to_vec(), joined, kind });
        Ok(kind)
    }
}
