//! Columns that the settings ask for: from their words to what tables show, and back into the file.

use super::App;
use crate::cluster::Message;
use crate::config::problem::did_you_mean;
use crate::config::settings::Settings;
use crate::config::tree::At;
use crate::config::views::{self, View, ViewColumn};
use crate::kinds::joined::choosable;
use crate::kinds::own::{OwnColumn, Reading};
use crate::kinds::{self, Change, Heading, Place, Tone, Width};
use crate::model::diff::of_texts;
use crate::model::views::{Show, Views, called};
use crate::model::{Found, KindRef, Notice, Topic};
use crate::text::safe;
use crate::ui::text::Source;
use crate::ui::{Offer, Picker, Prompt, Screen, TextScreen};
use std::path::{Path, PathBuf};

/// Columns for a kind that may be one of a server's.
#[derive(Debug)]
pub(super) struct Unplaced {
    /// The file and where in it, as notices begin.
    at: String,
    /// What the settings call it.
    kind: String,
    own: Vec<OwnColumn>,
    /// The names of the columns that are shown, and where in the file they stand.
    show: Vec<(String, String)>,
    /// Whether nothing more is to be said of the kind.
    told: bool,
    /// Whether the columns were compared with those of the server's table.
    checked: bool,
}

impl Unplaced {
    fn shown(&self) -> Show {
        Show::called(self.show.iter().map(|(name, _)| name.clone()))
    }
}

/// The columns that `settings` ask for, and those of kinds that only a server knows; what cannot be is told.
pub(super) fn chosen(settings: &Settings, problems: &mut Vec<Notice>) -> (Views, Vec<Unplaced>) {
    let (mut chosen, mut unplaced) = (Views::default(), Vec::new());
    let file =
        path(settings.dir.as_deref()).map(|path| safe(&path.display().to_string()).into_owned()).unwrap_or_default();
    let place = |at: At| format!("{file}:{}:{}", at.line, at.column);
    for view in &settings.views {
        let mut own: Vec<OwnColumn> = Vec::new();
        for column in &view.columns {
            let read = own_column(column);
            match kinds::jsonpath::Template::relaxed(&read.path) {
                Ok(_) => own.push(read),
                Err(mistake) => {
                    let sentence = format!("the path of {} has a mistake: {mistake}", safe(&column.name));
                    problems.push(wrong(&place(column.path_at), &sentence));
                }
            }
        }
        let show = view.show.iter().map(|(name, at)| (name.clone(), place(*at)));
        let Some(kind) = kinds::find(&view.kind).map(KindRef) else {
            let (at, kind, show) = (place(view.at), view.kind.clone(), show.collect());
            unplaced.push(Unplaced { at, kind, own, show, told: false, checked: false });
            continue;
        };
        let own_headings = own.iter().map(|own| own.heading.clone());
        let headings: Vec<Heading> = kind.headings().into_iter().chain(own_headings).collect();
        let headings = choosable(kind.0, &headings);
        let mut columns = Vec::new();
        for (name, at) in show {
            match called(&headings, &name) {
                Some(column) => columns.push(column),
                None => problems.push(no_column(&at, kind, (&name, &headings))),
            }
        }
        // Each path was read above.
        let _ = chosen.choose(kind, own, Show::these(columns));
    }
    (chosen, unplaced)
}

/// What is wrong at a place of the file.
fn wrong(at: &str, sentence: &str) -> Notice {
    Notice::warning(format!("{at}: {sentence}"), "")
}

/// None of the headings of a kind is called `name`.
fn no_column(at: &str, kind: KindRef, (name, headings): (&str, &[Heading])) -> Notice {
    let names = || headings.iter().map(|heading| &*heading.name);
    let all = || format!("there are {}", names().collect::<Vec<_>>().join(", "));
    let sentence = format!("{at}: {} have no column `{}`", kind.names().plural, safe(name));
    Notice::warning(sentence, did_you_mean(name, names()).unwrap_or_else(all))
}

fn own_column(column: &ViewColumn) -> OwnColumn {
    let mut own = OwnColumn::new(&column.name, &column.path);
    own.reading = match column.reads.as_str() {
        "number" => Reading::Number,
        "quantity" => Reading::Quantity,
        "time" => Reading::Time,
        _ => Reading::Text,
    };
    own.heading.right = column.right;
    own.heading.width = column.width.map_or(own.heading.width, Width::Fit);
    own.heading.place = if column.wide { Place::Wide } else { Place::Always };
    own.tones = column.tones.iter().map(|(text, tone)| (text.clone(), tone_called(tone))).collect();
    own
}

const TONES: [(&str, Tone); 6] = [
    ("plain", Tone::Plain),
    ("good", Tone::Good),
    ("busy", Tone::Busy),
    ("warn", Tone::Warn),
    ("bad", Tone::Bad),
    ("quiet", Tone::Quiet),
];

fn tone_called(name: &str) -> Tone {
    TONES.iter().find(|(called, _)| *called == name).map_or(Tone::Plain, |(_, tone)| *tone)
}

/// What the settings would have to say for a kind with these headings to have the columns that it has.
fn view_of(kind: KindRef, headings: &[Heading], views: &Views) -> View {
    let (own, show) = views.parts(kind);
    let name = |column: usize| headings.get(column).map(|heading| (heading.name.to_string(), At::default()));
    let shown = match show {
        // Their headings may not have come yet.
        Show::Called(names) => names.into_iter().map(|(name, _)| (name, At::default())).collect(),
        show => show.among(headings).unwrap_or_default().into_iter().filter_map(name).collect(),
    };
    let columns = own.iter().map(|own| ViewColumn {
        name: own.heading.name.to_string(),
        path: own.path.clone(),
        reads: match own.reading {
            Reading::Number => "number",
            Reading::Quantity => "quantity",
            Reading::Time => "time",
            Reading::Text | Reading::Json => "text",
        }
        .to_owned(),
        width: if let Width::Fit(width) = own.heading.width {
            Some(width).filter(|width| *width != OwnColumn::WIDEST)
        } else {
            None
        },
        right: own.heading.right,
        wide: own.heading.place == Place::Wide,
        tones: own
            .tones
            .iter()
            .filter_map(|(text, tone)| {
                Some((text.clone(), TONES.iter().find(|(_, other)| other == tone)?.0.to_owned()))
            })
            .collect(),
        ..ViewColumn::default()
    });
    View { kind: kind.called(), show: shown, columns: columns.collect(), ..View::default() }
}

fn path(dir: Option<&Path>) -> Option<PathBuf> {
    dir.map(|dir| dir.join("settings.yaml"))
}

impl App {
    /// Gives the kinds that the server of `context` serves the columns that the settings ask for. What was chosen since
    /// stays.
    pub(super) fn place_views(&mut self, context: &str) {
        for view in &mut self.discoveries.views {
            let name = safe(&view.kind);
            let sentence = match self.model.catalogue.find(context, &view.kind) {
                Found::One(kind) => {
                    view.told = true;
                    if self.stack.views.of(kind).is_none() {
                        // Each path was read before.
                        let _ = self.stack.choose_columns(kind, view.own.clone(), view.shown());
                    }
                    continue;
                }
                Found::Several(_) => format!("several kinds are called `{name}`: it takes the group, too"),
                Found::NoList(_) => format!("`{name}` cannot be listed"),
                Found::Nothing => format!("no kind is called `{name}`"),
            };
            // The server of another context may have it.
            if !std::mem::replace(&mut view.told, true) {
                self.model.say(wrong(&view.at, &sentence));
                self.draw.dirty = true;
            }
        }
    }

    /// Tells which columns that the settings name a server's table does not have, when its headings come for the first time.
    pub(super) fn check_columns(&mut self, message: &Message) {
        let Message::Changes { of, batch } = message else { return };
        let mut unchecked = self.discoveries.views.iter_mut().filter(|view| !view.checked).peekable();
        if unchecked.peek().is_none() {
            return;
        }
        let Some(Topic::List(key)) = self.tasks.topic_of(*of) else { return };
        let come =
            |change: &Change| if let Change::Columns { headings } = change { Some(headings.clone()) } else { None };
        let Some(headings) = batch.iter().find_map(come) else { return };
        for view in unchecked {
            let found = self.model.catalogue.find(&key.context, &view.kind);
            view.checked = matches!(found, Found::One(kind) if kind.names() == key.kind.names());
            let lacks = |(name, _): &&(String, String)| view.checked && called(&headings, name).is_none();
            for (name, at) in view.show.iter().filter(lacks) {
                self.model.say(no_column(at, key.kind, (name, &headings)));
                self.draw.dirty = true;
            }
        }
    }

    /// Shows what the columns of a kind change in the settings file, or changes it.
    pub(super) fn write_columns(&mut self, kind: KindRef, sure: bool) {
        if let Err(notice) = self.columns_written(kind, sure) {
            self.model.say(notice);
        }
    }

    fn columns_written(&mut self, kind: KindRef, sure: bool) -> Result<(), Notice> {
        let nowhere = || Notice::error("there is no folder for your settings", "set RUTTER_CONFIG_DIR");
        let path = path(self.forwards.dir()).ok_or_else(nowhere)?;
        let shown = safe(&path.display().to_string()).into_owned();
        let cannot = |error: std::io::Error| Notice::error(format!("{shown} cannot be used: {error}"), "");
        let before = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            read => read.map_err(cannot)?,
        };
        let list = self.model.lists.iter().find(|(key, _)| key.kind == kind);
        let headings = list.map_or_else(|| kind.headings(), |(_, list)| list.headings.clone());
        let mut view = view_of(kind, &choosable(kind.0, &headings), &self.stack.views);
        let context = self.stack.top().map_or("", Screen::context).to_owned();
        let same = |name: &String| match self.model.catalogue.find(&context, name) {
            Found::One(known) => known.names() == kind.names(),
            _ => false,
        };
        if let Some(name) = views::kinds(&before).into_iter().find(same) {
            view.kind = name;
        }
        let by_hand = |why| Notice::error(format!("{shown} is not changed: {why}"), "edit it by hand");
        let after = views::with_view(&before, &view).map_err(by_hand)?;
        views::refuse_other_changes(&before, &after, &view.kind).map_err(by_hand)?;
        if sure {
            crate::config::sets::write(&path, &after).map_err(cannot)?;
            if matches!(self.stack.top(), Some(Screen::Text(_))) {
                self.stack.back();
            }
            self.model.say(Notice::info(format!("wrote the columns of {} into {shown}", view.kind)));
            return Ok(());
        }
        if before == after {
            self.model.say(Notice::info(format!("{shown} says so already")));
            return Ok(());
        }
        let lines = of_texts(&before, &after);
        let source = Source::Difference { context, title: shown.clone(), lines };
        self.stack.open(Screen::Text(TextScreen::new(source)));
        let offer = |label: &str, run: &str| Offer { label: label.to_owned(), run: run.to_owned(), ..Offer::default() };
        let offers = vec![offer("write it", "write-columns yes"), offer("leave it as it is", "back")];
        self.stack.prompt = Some(Prompt::Pick(Picker::new(format!("write this into {shown}?"), "", offers)));
        Ok(())
    }
}
