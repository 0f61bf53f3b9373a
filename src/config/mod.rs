//! Files that people edit: themes, key maps and settings. Every mistake is told with its place and a hint, and the
//! rest of the file still applies.

pub mod color;
mod expect;
pub mod key;
pub mod keymap;
pub mod keys;
pub mod problem;
pub mod role;
pub mod sets;
pub mod settings;
pub mod shelf;
pub mod theme;
pub mod tree;
pub mod views;

pub use color::Level;
pub use key::Key;
pub use keymap::{Binding, Keymap};
pub use keys::{Keys, Press};
pub use problem::Problem;
pub use role::Role;
pub use settings::Settings;
pub use theme::Theme;

use std::path::{Path, PathBuf};

/// Everything that is read from files before the screen opens.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// How things look, in all colours; see [`Theme::for_level`].
    pub theme: Theme,
    /// What keys mean.
    pub keys: Keys,
    /// The rest.
    pub settings: Settings,
}

/// The directory of the user's files, which need not exist: `$RUTTER_CONFIG_DIR`, or `rutter` in `$XDG_CONFIG_HOME`
/// (when that is an absolute path, as the XDG base directory specification 0.8 asks), or `~/.config/rutter`.
/// `variable` looks a variable of the environment up. `None` when not even a home is known.
pub fn dir(variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let get = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let config = || get("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
    get("RUTTER_CONFIG_DIR").or_else(|| {
        config().or_else(|| get("HOME").map(|home| home.join(".config"))).map(|config| config.join("rutter"))
    })
}

/// Reads `settings.yaml` in `dir` and the theme and key map that it names; what is missing or wrong is as by default.
/// The problems come in the order in which the files were read.
pub fn load(dir: Option<&Path>) -> (Config, Vec<Problem>) {
    let (settings, mut problems) = load_settings(dir);
    let (theme, in_theme) = Theme::load(dir, &settings.theme);
    let (keys, in_keys) = Keys::load(dir, &settings.keymap);
    problems.extend(in_theme);
    problems.extend(in_keys);
    (Config { theme, keys, settings }, problems)
}

fn load_settings(dir: Option<&Path>) -> (Settings, Vec<Problem>) {
    let Some(dir) = dir else { return (Settings::default(), Vec::new()) };
    let (mut report, node) = shelf::load(&dir.join("settings.yaml"));
    let shelves = [theme::shelf(Some(dir)), keymap::shelf(Some(dir))];
    let settings = Settings::read(node.unwrap_or_default(), &shelves, &mut report);
    let settings = Settings { dir: Some(dir.to_owned()), ..settings };
    (settings, report.problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::{Color, Style};

    #[test]
    fn the_directory_comes_from_the_environment() {
        let find = |variables: &[(&str, &str)]| {
            let get = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            dir(get).map(|path| path.display().to_string())
        };
        let home = ("HOME", "/home/me");
        assert_eq!(find(&[home]).as_deref(), Some("/home/me/.config/rutter"));
        assert_eq!(find(&[home, ("XDG_CONFIG_HOME", "/cfg")]).as_deref(), Some("/cfg/rutter"));
        assert_eq!(find(&[home, ("XDG_CONFIG_HOME", "cfg")]).as_deref(), Some("/home/me/.config/rutter"));
        assert_eq!(find(&[home, ("XDG_CONFIG_HOME", "/cfg"), ("RUTTER_CONFIG_DIR", "here")]).as_deref(), Some("here"));
        assert_eq!(find(&[home, ("RUTTER_CONFIG_DIR", "")]).as_deref(), Some("/home/me/.config/rutter"));
        assert_eq!(find(&[]), None);
    }

    #[test]
    fn without_files_everything_is_as_by_default() {
        let empty = tempfile::tempdir().unwrap();
        for dir in [None, Some(empty.path()), Some(Path::new("/does/not/exist"))] {
            let (config, problems) = load(dir);
            assert_eq!(problems, []);
            let settings = Settings { dir: dir.map(Path::to_owned), ..Settings::default() };
            assert_eq!((config.theme, config.settings), (Theme::default(), settings));
            assert_eq!(config.keys.reverse("list", "first-line"), ["g g", "home"]);
        }
    }

    #[test]
    fn files_are_read_together_and_each_keeps_what_is_right() {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("settings.yaml", "theme: mine\nkeymap: mine\nmouse: maybe\n");
        write("themes/mine.yaml", "curser: 3\nkey: 3\n");
        write("keymaps/mine.yaml", "all: { F: fly, C-x: y }\n");
        let (config, problems) = load(Some(dir.path()));
        let shown = problems.iter().map(|p| p.to_string().replace(&format!("{}/", dir.path().display()), ""));
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                "settings.yaml:3:8: `mouse` is neither true nor false: `maybe`",
                "themes/mine.yaml:1:1: there is no role called `curser`",
                "keymaps/mine.yaml:1:16: there is no key called `C-x`",
            ]
        );
        assert_eq!(config.theme.style(Role::Key), Style::new().fg(Color::Indexed(3)));
        assert_eq!(config.keys.reverse("list", "fly"), ["F"]);
        assert!(config.settings.mouse);
        assert_eq!(theme::shelf(Some(dir.path())).names().iter().filter(|name| *name == "mine").count(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("settings.yaml")).unwrap();
        let (config, problems) = load(Some(dir.path()));
        assert_eq!(config.settings, Settings { dir: Some(dir.path().to_owned()), ..Settings::default() });
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        assert!(problem.to_string().contains("settings.yaml: it cannot be read: "), "{problem}");
        std::fs::remove_dir(dir.path().join("settings.yaml")).unwrap();
        std::fs::write(dir.path().join("settings.yaml"), b"mouse: true\nth\xc3\xa9\xff").unwrap();
        let problem = load(Some(dir.path())).1.remove(0);
        assert!(problem.to_string().ends_with("settings.yaml:2:4: this is not UTF-8 text"), "{problem}");
    }
}
