//! `Theme`: a style for every role, read from `themes/NAME.yaml`.

use super::color::{Level, NAMES, at_level, is_strong, parse};
use super::expect::{boolean, entries};
use super::problem::{Problem, Report, did_you_mean};
use super::role::{COUNT, RECORDS, Role};
use super::shelf::{DEFAULT, Sheet, Shelf};
use super::tree::{At, Entry, Node, Value};
use ratatui::style::{Color, Modifier, Style};
use std::path::Path;

/// The themes that come with the program.
pub static BUILT_IN: &[(&str, &str)] = &[
    ("default", include_str!("../../themes/default.yaml")),
    ("ember", include_str!("../../themes/ember.yaml")),
    ("fjord", include_str!("../../themes/fjord.yaml")),
    ("high-contrast", include_str!("../../themes/high-contrast.yaml")),
    ("light", include_str!("../../themes/light.yaml")),
    ("lilac", include_str!("../../themes/lilac.yaml")),
    ("reef", include_str!("../../themes/reef.yaml")),
    ("terminal", include_str!("../../themes/terminal.yaml")),
];

const MODIFIERS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

/// A style for every role.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    styles: [Style; COUNT],
}

impl Default for Theme {
    /// The built-in default, in all its colours.
    fn default() -> Self {
        Self::load(None, DEFAULT).0
    }
}

impl Theme {
    /// The theme `name` of the user's directory `dir` or of the built-in ones, and what is wrong in its files.
    ///
    /// What cannot be read keeps the style that the file inherits.
    pub fn load(dir: Option<&Path>, name: &str) -> (Self, Vec<Problem>) {
        let mut sheets = shelf(dir).open(name);
        let palette = palette(&mut sheets);
        let mut theme = Self { styles: [Style::new(); COUNT] };
        let mut problems = Vec::new();
        for mut sheet in sheets {
            for entry in &sheet.entries {
                theme.read(entry, &palette, &mut sheet.report);
            }
            problems.append(&mut sheet.report.problems);
        }
        (theme, problems)
    }

    /// How a role looks.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// The same theme for a terminal that shows fewer colours.
    #[must_use]
    pub fn for_level(mut self, level: Level) -> Self {
        for (style, record) in self.styles.iter_mut().zip(RECORDS) {
            *style = match level {
                Level::True => *style,
                Level::Indexed => Style { fg: at(style.fg, level), bg: at(style.bg, level), ..*style },
                Level::Sixteen => sixteen(*style),
                Level::None => Style { fg: None, bg: None, ..*style }.add_modifier(record.mono),
            };
        }
        self
    }

    fn read(&mut self, entry: &Entry, palette: &Palette, report: &mut Report) {
        let Some(role) = Role::named(&entry.name) else {
            let known = RECORDS.iter().map(|record| record.name).chain(["palette", "inherits"]);
            let hint = did_you_mean(&entry.name, known);
            let hint = hint.or_else(|| Some("themes/default.yaml names them all".to_owned()));
            report.say(entry.at, &format!("there is no role called `{}`", entry.name), hint);
            return;
        };
        let style = match &entry.node.value {
            Value::Map(_) => read_style(entry.node.clone(), palette, report),
            _ => palette.color(entry, report).map(|color| Style::new().fg(color)),
        };
        if let (Some(style), Some(place)) = (style, self.styles.get_mut(role as usize)) {
            *place = style;
        }
    }
}

/// The themes of the user's directory and the built-in ones.
pub fn shelf(dir: Option<&Path>) -> Shelf {
    Shelf { what: "theme", folder: "themes", built_in: BUILT_IN, dir: dir.map(Path::to_path_buf) }
}

fn at(color: Option<Color>, level: Level) -> Option<Color> {
    color.map(|color| at_level(color, level))
}

/// Only strong backgrounds survive: a tint would become black or the colour of its own text, so it is reversed.
fn sixteen(style: Style) -> Style {
    let fg = at(style.fg, Level::Sixteen);
    match style.bg {
        Some(bg) if !is_strong(bg) => Style { fg, bg: None, ..style }.add_modifier(Modifier::REVERSED),
        bg => Style { fg, bg: at(bg, Level::Sixteen), ..style },
    }
}

/// The style that a map describes; what is wrong in it is left out of it.
fn read_style(node: Node, palette: &Palette, report: &mut Report) -> Option<Style> {
    let mut style = Style::new();
    let entries = entries(node, report);
    for entry in &entries {
        let modifier = MODIFIERS.iter().find(|(name, _)| *name == entry.name);
        match (entry.name.as_str(), modifier) {
            ("fg", _) => style.fg = palette.color(entry, report),
            ("bg", _) => style.bg = palette.color(entry, report),
            (_, Some((_, modifier))) if boolean(entry, report) == Some(true) => style = style.add_modifier(*modifier),
            (_, Some(_)) => {}
            (name, None) => {
                let hint = did_you_mean(name, ["fg", "bg"].into_iter().chain(MODIFIERS.map(|(name, _)| name)));
                let hint =
                    hint.unwrap_or_else(|| "a style has fg, bg, bold, dim, italic, underline, reverse".to_owned());
                report.say(entry.at, &format!("a style has no `{name}`"), Some(hint));
            }
        }
    }
    (style != Style::new() || entries.is_empty()).then_some(style)
}

/// Colours by name: all that a theme and those that it inherits define, the nearest definition of each name.
#[derive(Debug, Default)]
struct Palette(Vec<(String, Color)>);

/// Takes the palettes out of `sheets`. They are merged before any role is read, so that a theme may recolour
/// everything that it inherits by its palette alone.
fn palette(sheets: &mut [Sheet]) -> Palette {
    let mut palette = Palette::default();
    for sheet in sheets {
        let Some(place) = sheet.entries.iter().position(|entry| entry.name == "palette") else { continue };
        for entry in entries(sheet.entries.remove(place).node, &mut sheet.report) {
            if let Some(color) = Palette::default().color(&entry, &mut sheet.report) {
                palette.0.retain(|(name, _)| *name != entry.name);
                palette.0.push((entry.name, color));
            }
        }
    }
    palette
}

impl Palette {
    fn get(&self, name: &str) -> Option<Color> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, color)| *color).or_else(|| parse(name))
    }

    fn color(&self, entry: &Entry, report: &mut Report) -> Option<Color> {
        let name = match &entry.node.value {
            Value::Text(name) => name,
            Value::Empty => {
                let hint = "an unquoted # begins a comment: quote it, as in \"#fb4934\"";
                report.say(entry.at, &format!("`{}` has no colour", entry.name), Some(hint.to_owned()));
                return None;
            }
            _ => {
                report.say(entry.node.at, &format!("`{}` takes a colour, not a list or a map", entry.name), None);
                return None;
            }
        };
        let color = self.get(name);
        if color.is_none() {
            self.no_color(name, entry.node.at, report);
        }
        color
    }

    fn no_color(&self, name: &str, at: At, report: &mut Report) {
        let known = self.0.iter().map(|(name, _)| name.as_str()).chain(NAMES).chain(["default"]);
        let hint = did_you_mean(name, known).filter(|_| !name.starts_with('#'));
        let hint = hint.unwrap_or_else(|| {
            "a colour is \"#rrggbb\", a name of the palette, one of the 16 names, 0 to 255, or default".to_owned()
        });
        report.say(at, &format!("`{name}` is not a colour"), Some(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::super::color::rgb;
    use super::*;
    use proptest::prelude::*;

    /// A user's directory with these themes.
    fn home(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("themes")).unwrap();
        for (name, text) in files {
            std::fs::write(dir.path().join(format!("themes/{name}.yaml")), text).unwrap();
        }
        dir
    }

    fn load(files: &[(&str, &str)], name: &str) -> (Theme, Vec<String>) {
        let dir = home(files);
        let (theme, problems) = Theme::load(Some(dir.path()), name);
        let prefix = format!("{}/themes/", dir.path().display());
        let shown = problems.iter().map(|p| match &p.hint {
            Some(hint) => format!("{p} ({hint})").replace(&prefix, ""),
            None => p.to_string().replace(&prefix, ""),
        });
        (theme, shown.collect())
    }

    fn problem(text: &str) -> String {
        let (_, problems) = load(&[("mine", text)], "mine");
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems.into_iter().next().unwrap()
    }

    #[test]
    fn every_built_in_theme_is_without_problems_and_sets_every_role() {
        for (name, _) in BUILT_IN {
            let (theme, problems) = Theme::load(None, name);
            assert_eq!(problems, [], "{name}");
            for record in RECORDS {
                assert_ne!(theme.style(record.role), Style::new(), "{name}: {}", record.name);
            }
        }
        let root = super::super::tree::parse(BUILT_IN[0].1, &mut Report::new("default")).unwrap();
        let names: Vec<String> = entries(root, &mut Report::new("")).into_iter().map(|entry| entry.name).collect();
        for record in RECORDS {
            assert!(names.iter().any(|name| name == record.name), "default.yaml does not set {}", record.name);
        }
        assert_eq!(names.len(), RECORDS.len() + 2);
    }

    /// Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
    fn contrast(a: Color, b: Color) -> f64 {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let light = |color| {
            let (red, green, blue) = rgb(color);
            0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        };
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// How much contrast a role needs.
    fn needed(role: Role, theme: &str) -> f64 {
        match (role, theme) {
            (Role::Border, "high-contrast") => 4.5,
            (_, "high-contrast") => 7.0,
            (Role::Border, _) => 2.0,
            (Role::Quiet | Role::ToneQuiet | Role::YamlComment | Role::LogTime | Role::Heading, _) => 3.5,
            _ => 4.5,
        }
    }

    #[test]
    fn every_built_in_theme_is_readable_on_its_grounds() {
        let grounds: &[(&str, &[&str], &str)] = &[
            ("default", &["#000000", "#1e1e1e", "#1d2330"], "#dddddd"),
            ("ember", &["#000000", "#282420"], ""),
            ("fjord", &["#000000", "#2b323d"], ""),
            ("high-contrast", &["#000000"], ""),
            ("light", &["#ffffff", "#f7f7f7"], "#222222"),
            ("lilac", &["#000000", "#1e1d2e"], ""),
            ("reef", &["#000000", "#0b2b36"], ""),
        ];
        assert_eq!(grounds.len() + 1, BUILT_IN.len(), "all but `terminal`, whose colours are the user's");
        let mut poor = Vec::new();
        for (name, grounds, own_text) in grounds {
            let theme = Theme::load(None, name).0;
            let color = |color: Option<Color>, own: &str| match color {
                Some(Color::Reset) | None => parse(own),
                color => color,
            };
            for (record, ground) in RECORDS.iter().flat_map(|record| grounds.iter().map(move |ground| (record, ground)))
            {
                let style = theme.style(record.role);
                let fg = color(style.fg, own_text).unwrap_or_else(|| parse("#dddddd").unwrap());
                let cursor = theme.style(Role::Cursor);
                let behind = [color(style.bg, ground), cursor.bg.filter(|_| cursor.fg.is_none() && style.bg.is_none())];
                for (place, behind) in behind.into_iter().enumerate().filter_map(|(p, c)| c.map(|c| (p, c))) {
                    let found = contrast(fg, behind);
                    let needed = if place == 0 { needed(record.role, name) } else { needed(record.role, name) * 0.75 };
                    if found < needed {
                        poor.push(format!("{name}: {} has {found:.1} of {needed:.1} on {behind}", record.name));
                    }
                }
            }
        }
        assert_eq!(poor, Vec::<String>::new());
    }

    #[test]
    fn the_terminal_theme_uses_nothing_but_the_sixteen() {
        let theme = Theme::load(None, "terminal").0;
        assert_eq!(theme.clone().for_level(Level::Sixteen), theme);
    }

    #[test]
    fn a_palette_recolours_what_is_inherited() {
        let (theme, problems) = load(&[("mine", "palette: { red: '#010203' }\nkey: 9\n")], "mine");
        assert_eq!(problems, [] as [String; 0]);
        assert_eq!(theme.style(Role::ToneBad), Style::new().fg(Color::Rgb(1, 2, 3)).bold());
        assert_eq!(theme.style(Role::Key), Style::new().fg(Color::Indexed(9)));
        assert_eq!(theme.style(Role::Match), Theme::default().style(Role::Match));
    }

    #[test]
    fn the_users_file_replaces_the_built_in_one_and_may_inherit_it() {
        let files =
            [("light", "inherits: light\nkey: bright-red"), ("mine", "inherits: [light]"), ("bare", "inherits: []")];
        let light = Theme::load(None, "light").0;
        let (theme, problems) = load(&files, "mine");
        assert_eq!((theme.style(Role::Key), problems.len()), (Style::new().fg(Color::LightRed), 0));
        assert_eq!(theme.style(Role::Cursor), light.style(Role::Cursor));
        assert_eq!(load(&files, "bare").0.style(Role::Cursor), Style::new());
    }

    #[test]
    fn each_mistake_has_its_sentence() {
        let cases = [
            ("cursr: red", "mine.yaml:1:1: there is no role called `cursr` (did you mean `cursor`?)"),
            ("zebra: red", "mine.yaml:1:1: there is no role called `zebra` (themes/default.yaml names them all)"),
            (
                "key: #fb4934",
                "mine.yaml:1:1: `key` has no colour (an unquoted # begins a comment: quote it, as in \"#fb4934\")",
            ),
            (
                "key:\n  fg: #fb4934\n  bold: true",
                "mine.yaml:2:3: `fg` has no colour (an unquoted # begins a comment: quote it, as in \"#fb4934\")",
            ),
            (
                "palette:\n  red:",
                "mine.yaml:2:3: `red` has no colour (an unquoted # begins a comment: quote it, as in \"#fb4934\")",
            ),
            ("key: grene", "mine.yaml:1:6: `grene` is not a colour (did you mean `green`?)"),
            (
                "key: '#12345'",
                "mine.yaml:1:6: `#12345` is not a colour (a colour is \"#rrggbb\", a name of the palette, one of the 16 names, 0 to 255, or default)",
            ),
            ("key: [red]", "mine.yaml:1:6: `key` takes a colour, not a list or a map"),
            ("key: { bolt: true }", "mine.yaml:1:8: a style has no `bolt` (did you mean `bold`?)"),
            (
                "key: { blink: true }",
                "mine.yaml:1:8: a style has no `blink` (a style has fg, bg, bold, dim, italic, underline, reverse)",
            ),
            ("key: { bold: yes }", "mine.yaml:1:14: `bold` is neither true nor false: `yes` (write true or false)"),
            (
                "key: red\nkey: blue",
                "mine.yaml:2:1: `key` stands here twice (the first is on line 1; only that one counts)",
            ),
            ("- key", "mine.yaml:1:1: lines of the form `name: value` are expected here"),
            ("inherits: ligt", "mine.yaml:1:11: there is no theme called `ligt` (did you mean `light`?)"),
            ("inherits:", "mine.yaml:1:1: `inherits` is empty (write `inherits: []` to begin from nothing)"),
            ("inherits: [[a]]", "mine.yaml:1:12: `inherits` takes a text or a list of texts"),
            (
                "key: *x",
                "mine.yaml:1:6: this is not YAML: while parsing node, found unknown anchor (quote what begins with one of * & ! % @ ` | > { } [ ] # , ? : - ' \")",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(problem(text), expected);
        }
    }

    #[test]
    fn the_rest_of_the_file_still_applies() {
        let (theme, problems) =
            load(&[("mine", "cursr: red\nkey: { fg: grene, bold: true }\ntext: bright-blue\n")], "mine");
        assert_eq!(problems.len(), 2);
        assert_eq!(theme.style(Role::Key), Style::new().bold());
        assert_eq!(theme.style(Role::Text), Style::new().fg(Color::LightBlue));
    }

    #[test]
    fn a_broken_file_falls_back_to_the_built_in_one() {
        let (theme, problems) = load(&[("light", "key: [")], "light");
        assert_eq!(theme, Theme::load(None, "light").0);
        assert_eq!(problems.len(), 1, "{problems:?}");
        let (theme, problems) = load(&[("mine", "a: [")], "mine");
        assert_eq!((theme, problems.len()), (Theme::default(), 1));
    }

    #[test]
    fn circles_are_found() {
        let (theme, problems) = load(&[("a", "inherits: b"), ("b", "inherits: [light, a]\nkey: bright-red")], "a");
        assert_eq!(
            problems,
            ["b.yaml:1:19: this theme inherits itself: a → b → a (take one of these `inherits` lines out)"]
        );
        assert_eq!(theme.style(Role::Key), Style::new().fg(Color::LightRed));
    }

    #[test]
    fn fewer_colours_keep_the_meaning() {
        let text =
            "key: { fg: '#ff7a76', bold: true }\nmatch: { fg: '#14171c', bg: '#e6c56e' }\ncursor: { bg: '#2b3547' }";
        let theme = load(&[("mine", text)], "mine").0;
        let style = |level, role| theme.clone().for_level(level).style(role);
        assert_eq!(style(Level::True, Role::Key), theme.style(Role::Key));
        assert_eq!(style(Level::Indexed, Role::Key), Style::new().fg(Color::Indexed(210)).bold());
        assert_eq!(style(Level::Sixteen, Role::Key), Style::new().fg(Color::LightRed).bold());
        assert_eq!(style(Level::Sixteen, Role::Match), Style::new().fg(Color::Black).bg(Color::LightYellow));
        assert_eq!(style(Level::Sixteen, Role::Cursor), Style::new().reversed());
        assert_eq!(style(Level::None, Role::Cursor), Style::new().reversed());
        assert_eq!(style(Level::None, Role::ToneBad), Style::new().bold().underlined());
        assert_eq!(style(Level::None, Role::ToneGood), Style::new());
    }

    #[test]
    fn at_every_level_the_cursor_and_what_is_bad_stand_out() {
        for (name, _) in BUILT_IN {
            for level in [Level::None, Level::Sixteen, Level::Indexed, Level::True] {
                let theme = Theme::load(None, name).0.for_level(level);
                for role in [Role::Cursor, Role::ToneBad, Role::NoticeError, Role::BarProduction, Role::Match] {
                    assert_ne!(theme.style(role), theme.style(Role::Text), "{name} {level:?} {role:?}");
                    assert_ne!(theme.style(role), Style::new(), "{name} {level:?} {role:?}");
                }
                for record in RECORDS {
                    let style = theme.style(record.role);
                    assert!(style.fg.is_none() || style.fg != style.bg, "{name} {level:?} {}", record.name);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_loader_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), text in "(key|palette|inherits|cursor)?[:{\\[]? ?[#a-z0-9: \n{}\\[\\]]{0,30}") {
            let dir = home(&[("mine", &text)]);
            Theme::load(Some(dir.path()), "mine");
            std::fs::write(dir.path().join("themes/mine.yaml"), &bytes).unwrap();
            let (theme, problems) = Theme::load(Some(dir.path()), "mine");
            if std::str::from_utf8(&bytes).is_err() {
                prop_assert_eq!(theme, Theme::default());
                prop_assert_eq!(&problems[0].sentence, "this is not UTF-8 text");
            }
        }
    }
}
