//! Columns that the settings ask for: from their words to what tables show, and back into the file.

use super::App;
use crate::config::settings::Settings;
use crate::config::tree::At;
use crate::config::views::{self, View, ViewColumn};
use crate::kinds::joined::choosable;
use crate::kinds::own::{OwnColumn, Reading};
use crate::kinds::{self, Heading, Place, Tone, Width};
use crate::model::diff::of_texts;
use crate::model::views::Views;
use crate::model::{KindRef, Notice};
use crate::text::safe;
use crate::ui::text::Source;
use crate::ui::{Offer, Picker, Prompt, Screen, TextScreen};
use std::path::{Path, PathBuf};

/// The columns that `settings` ask for; what cannot be is told.
pub fn chosen(settings: &Settings, problems: &mut Vec<Notice>) -> Views {
    let mut chosen = Views::default();
    let file =
        path(settings.dir.as_deref()).map(|path| safe(&path.display().to_string()).into_owned()).unwrap_or_default();
    for view in &settings.views {
        let mut say = |line: usize, column: usize, sentence: String| {
            problems.push(Notice::warning(format!("{file}:{line}:{column}: {sentence}"), ""));
        };
        let Some(kind) = kinds::find(&view.kind).map(KindRef) else {
            say(view.at.line, view.at.column, format!("there is no kind called `{}`", safe(&view.kind)));
            continue;
        };
        let mut own: Vec<OwnColumn> = Vec::new();
        for column in &view.columns {
            let read = own_column(column);
            match kinds::jsonpath::Template::relaxed(&read.path) {
                Ok(_) => own.push(read),
                Err(mistake) => {
                    let at = column.path_at;
                    say(at.line, at.column, format!("the path of {} has a mistake: {mistake}", safe(&column.name)));
                }
            }
        }
        let mut show = Vec::new();
        let joined = kind.joinable().map_or(&[][..], |joinable| joinable.columns).iter().map(|joined| &joined.heading);
        let own_headings = own.iter().map(|own| &own.heading);
        let headings: Vec<Heading> = kind.headings().into_iter().chain(own_headings.chain(joined).cloned()).collect();
        for (name, at) in &view.show {
            match headings.iter().position(|heading| heading.name.eq_ignore_ascii_case(name)) {
                Some(column) => show.push(column),
                None => say(at.line, at.column, format!("{} have no column `{}`", kind.names().plural, safe(name))),
            }
        }
        // Each path was read above.
        let _ = chosen.choose(kind, own, Some(show).filter(|show| !show.is_empty()));
    }
    chosen
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

/// What the settings would have to say for a kind to have the columns that it has.
fn view_of(kind: KindRef, views: &Views) -> View {
    let (own, show) = views.parts(kind);
    let headings = choosable(kind.0);
    let name = |column: usize| headings.get(column).map(|heading| (heading.name.to_string(), At::default()));
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
    View {
        kind: kind.names().plural.to_owned(),
        show: show.unwrap_or_default().into_iter().filter_map(name).collect(),
        columns: columns.collect(),
        ..View::default()
    }
}

fn path(dir: Option<&Path>) -> Option<PathBuf> {
    dir.map(|dir| dir.join("settings.yaml"))
}

impl App {
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
        let mut view = view_of(kind, &self.stack.views);
        let same = |name: &String| kinds::find(name).is_some_and(|known| known.names() == kind.names());
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
        let context = self.stack.top().map_or("", Screen::context).to_owned();
        let lines = of_texts(&before, &after);
        let source = Source::Difference { context, title: shown.clone(), lines };
        self.stack.open(Screen::Text(TextScreen::new(source)));
        let offer = |label: &str, run: &str| Offer { label: label.to_owned(), run: run.to_owned(), ..Offer::default() };
        let offers = vec![offer("write it", "write-columns yes"), offer("leave it as it is", "back")];
        self.stack.prompt = Some(Prompt::Pick(Picker::new(format!("write this into {shown}?"), "", offers)));
        Ok(())
    }
}
