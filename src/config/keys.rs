//! `Keys`: what a pressed key means, with the count and the keys that came before it.

use super::key::{Key, show};
use super::keymap::{Binding, Keymap, section_of};
use super::problem::Problem;
use crossterm::event::{KeyEvent, KeyEventKind};
use std::path::Path;

/// What a pressed key means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// A command line, and the count typed before it.
    Command(String, Option<u32>),
    /// The beginning of something: the keys that may follow and their command lines; none after a count alone.
    Pending(Vec<(String, String)>),
    /// Nothing is bound to it (where one types: it is text). What was begun is dropped.
    Unbound,
    /// Nothing to do: Esc dropped what was begun, or a key was let go.
    Nothing,
}

/// The largest count; more digits stay there.
const MOST: u32 = 1_000_000;

/// A key map and what was typed of a count and a sequence so far.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    map: Keymap,
    screen: String,
    count: Option<u32>,
    begun: Vec<Key>,
}

impl Keys {
    /// Nothing pressed yet.
    pub fn new(map: Keymap) -> Self {
        Self { map, screen: String::new(), count: None, begun: Vec::new() }
    }

    /// The keys of the key map `name`, and what is wrong in its files; see [`Keymap::load`].
    pub fn load(dir: Option<&Path>, name: &str) -> (Self, Vec<Problem>) {
        let (map, problems) = Keymap::load(dir, name);
        (Self::new(map), problems)
    }

    /// What `key` means on `screen` (a name of [`super::keymap::SECTIONS`]; others are like `all`).
    ///
    /// Digits are counts where one does not type and they are not bound; 0 only after another digit. On another
    /// screen than before, what was begun is dropped first.
    pub fn press(&mut self, screen: &str, key: KeyEvent) -> Press {
        if key.kind == KeyEventKind::Release {
            return Press::Nothing;
        }
        if self.screen != screen {
            self.drop_begun();
            screen.clone_into(&mut self.screen);
        }
        let key = Key::from(key);
        let waiting = !self.begun.is_empty() || self.count.is_some();
        if waiting && key.is_esc() {
            self.drop_begun();
            return Press::Nothing;
        }
        self.counted(key).unwrap_or_else(|| self.follow(key))
    }

    /// What was typed of a count and a sequence, as in `12 g`; empty when nothing was begun.
    pub fn begun(&self) -> String {
        let count = self.count.map(|count| count.to_string());
        count.into_iter().chain(self.begun.iter().map(ToString::to_string)).collect::<Vec<_>>().join(" ")
    }

    /// The keys that run exactly this command line on `screen`, as one writes them, in the order of the key map.
    pub fn reverse(&self, screen: &str, command: &str) -> Vec<String> {
        let bindings = self.map.on(screen).iter().filter(|binding| binding.command == command);
        bindings.map(Binding::shown).collect()
    }

    /// Every binding that holds on `screen`: the keys that hold wider first, each in the order of its file.
    pub fn entries(&self, screen: &str) -> &[Binding] {
        self.map.on(screen)
    }

    fn drop_begun(&mut self) {
        self.begun.clear();
        self.count = None;
    }

    /// Takes `key` as a digit of the count, if it is one here.
    fn counted(&mut self, key: Key) -> Option<Press> {
        let digit = key.digit().filter(|_| self.begun.is_empty())?;
        let typing = section_of(&self.screen).is_none_or(|section| section.typing);
        let bound = || self.map.on(&self.screen).iter().any(|binding| binding.keys.starts_with(&[key]));
        if self.count.is_none() && (typing || digit == 0 || bound()) {
            return None;
        }
        self.count = Some(self.count.unwrap_or_default().saturating_mul(10).saturating_add(digit).min(MOST));
        Some(Press::Pending(Vec::new()))
    }

    /// Goes one key further.
    fn follow(&mut self, key: Key) -> Press {
        self.begun.push(key);
        let begun = self.begun.as_slice();
        let mut next = Vec::new();
        for binding in self.map.on(&self.screen).iter().filter(|binding| binding.keys.starts_with(begun)) {
            if binding.keys.len() == begun.len() {
                let press = Press::Command(binding.command.clone(), self.count);
                self.drop_begun();
                return press;
            }
            let rest = binding.keys.get(begun.len()..).unwrap_or_default();
            next.push((show(rest), binding.command.clone()));
        }
        if next.is_empty() {
            self.drop_begun();
            return Press::Unbound;
        }
        Press::Pending(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyModifiers};

    fn event(key: &str) -> KeyEvent {
        match key {
            "esc" => KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE),
            "ctrl-d" => KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL),
            key => KeyEvent::new(KeyCode::Char(key.chars().next().unwrap()), KeyModifiers::NONE),
        }
    }

    /// The last answer to these keys.
    fn press(keys: &mut Keys, screen: &str, typed: &str) -> Press {
        typed.split(' ').map(|key| keys.press(screen, event(key))).last().unwrap()
    }

    fn command(name: &str, count: Option<u32>) -> Press {
        Press::Command(name.to_owned(), count)
    }

    #[test]
    fn one_key_and_several() {
        let mut keys = Keys::default();
        assert_eq!(press(&mut keys, "list", "j"), command("down", None));
        let Press::Pending(next) = press(&mut keys, "list", "g") else { panic!() };
        assert_eq!(next[0], ("g".to_owned(), "first-line".to_owned()));
        assert!(next.contains(&("p".to_owned(), "pods".to_owned())), "{next:?}");
        assert_eq!(keys.begun(), "g");
        assert_eq!(press(&mut keys, "list", "g"), command("first-line", None));
        assert_eq!(keys.begun(), "");
    }

    #[test]
    fn what_is_not_bound_drops_what_was_begun() {
        let mut keys = Keys::default();
        assert_eq!(press(&mut keys, "list", "Y"), Press::Unbound);
        assert_eq!(press(&mut keys, "list", "3 g Y"), Press::Unbound);
        assert_eq!(press(&mut keys, "list", "j"), command("down", None));
    }

    #[test]
    fn counts_go_before_a_command() {
        let mut keys = Keys::default();
        assert_eq!(press(&mut keys, "list", "1"), Press::Pending(Vec::new()));
        assert_eq!(press(&mut keys, "list", "0 g"), press(&mut Keys::default(), "list", "g"));
        assert_eq!(keys.begun(), "10 g");
        assert_eq!(press(&mut keys, "list", "g"), command("first-line", Some(10)));
        assert_eq!(press(&mut keys, "list", "1 2 j"), command("down", Some(12)));
        assert_eq!(press(&mut keys, "list", "0"), command("all-namespaces", None));
        assert_eq!(press(&mut keys, "text", "0"), Press::Unbound);
        assert_eq!(press(&mut keys, "list", "9 9 9 9 9 9 9 9 9 9 9 9 ctrl-d"), command("half-page-down", Some(MOST)));
    }

    #[test]
    fn a_bound_digit_is_a_key_until_a_count_began() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("keymaps")).unwrap();
        std::fs::write(dir.path().join("keymaps/mine.yaml"), "all: { 1: first }").unwrap();
        let (mut keys, problems) = Keys::load(Some(dir.path()), "mine");
        assert_eq!(problems, []);
        assert_eq!(press(&mut keys, "list", "1"), command("first", None));
        assert_eq!(press(&mut keys, "list", "2 1 j"), command("down", Some(21)));
    }

    #[test]
    fn where_one_types_digits_are_text() {
        let mut keys = Keys::default();
        for screen in ["prompt", "filter", "palette"] {
            assert_eq!(press(&mut keys, screen, "1"), Press::Unbound, "{screen}");
            assert_eq!(press(&mut keys, screen, "j"), Press::Unbound, "{screen}");
            assert_eq!(press(&mut keys, screen, "esc"), command("back", None), "{screen}");
        }
    }

    #[test]
    fn esc_drops_what_was_begun_and_is_a_key_otherwise() {
        let mut keys = Keys::default();
        assert_eq!(press(&mut keys, "list", "g esc"), Press::Nothing);
        assert_eq!(press(&mut keys, "list", "4 esc"), Press::Nothing);
        assert_eq!(press(&mut keys, "list", "j"), command("down", None));
        assert_eq!(press(&mut keys, "list", "esc"), command("back", None));
    }

    #[test]
    fn another_screen_begins_anew() {
        let mut keys = Keys::default();
        press(&mut keys, "list", "5 g");
        assert_eq!(press(&mut keys, "text", "j"), command("down", None));
    }

    #[test]
    fn a_key_that_is_let_go_does_nothing() {
        let mut keys = Keys::default();
        press(&mut keys, "list", "g");
        let up = KeyEvent::new_with_kind(KeyCode::Char('g'), KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(keys.press("list", up), Press::Nothing);
        assert_eq!(press(&mut keys, "list", "g"), command("first-line", None));
    }

    #[test]
    fn keys_are_found_by_command() {
        let keys = Keys::default();
        assert_eq!(keys.reverse("list", "first-line"), ["g g", "home"]);
        assert_eq!(keys.reverse("list", "logs"), ["l"]);
        assert_eq!(keys.reverse("list", "right"), ["right"]);
        assert_eq!(keys.reverse("text", "right"), ["l", "right"]);
        assert_eq!(keys.reverse("list", "nothing"), [] as [String; 0]);
        let wrap = keys.entries("logs").iter().find(|binding| binding.command == "wrap").unwrap();
        assert_eq!((wrap.shown().as_str(), wrap.section), ("w", "text"));
    }
}
