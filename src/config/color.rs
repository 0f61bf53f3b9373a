//! Colours: how they are written in theme files, and what remains of them on terminals with fewer colours.

use ratatui::style::Color;

/// How many colours a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// None: meaning is carried by bold, underline and reverse.
    None,
    /// The 16 colours that the user chose for the terminal.
    Sixteen,
    /// The 256 indexed colours.
    Indexed,
    /// Red, green and blue.
    True,
}

impl Level {
    /// The level that the environment tells: `NO_COLOR` (any value, even an empty one, as kubectl takes it), `TERM`
    /// and `COLORTERM`. `variable` looks a variable up.
    pub fn from_env(variable: impl Fn(&str) -> Option<String>) -> Self {
        let get = |name| variable(name).unwrap_or_default();
        let (term, colorterm) = (get("TERM"), get("COLORTERM"));
        let knows_rgb = ["direct", "kitty", "alacritty", "ghostty", "wezterm", "foot", "iterm"];
        if variable("NO_COLOR").is_some() || term == "dumb" {
            Self::None
        } else if ["truecolor", "24bit"].contains(&colorterm.as_str())
            || knows_rgb.iter().any(|name| term.contains(name))
            || !get("WT_SESSION").is_empty()
        {
            Self::True
        } else if term.contains("256color") {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }
}

/// The 16 names, in the order of their numbers.
pub const NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// ratatui's name for each of the 16.
const SIXTEEN: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

/// The colour written `text`: `#rrggbb`, one of the 16 names, 0 to 255, or `default` for the terminal's own.
pub fn parse(text: &str) -> Option<Color> {
    if text == "default" {
        return Some(Color::Reset);
    }
    if let Some(place) = NAMES.iter().position(|name| *name == text) {
        return SIXTEEN.get(place).copied();
    }
    match text.strip_prefix('#') {
        Some(hex) if hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
            u32::from_str_radix(hex, 16).ok().map(Color::from_u32)
        }
        Some(_) => None,
        None => text.parse().ok().map(Color::Indexed),
    }
}

/// The colour nearest to `color` that `level` can show; at [`Level::None`] the terminal's own.
pub fn at_level(color: Color, level: Level) -> Color {
    match (level, color) {
        (Level::True, _) | (_, Color::Reset) => color,
        (Level::None, _) => Color::Reset,
        (Level::Indexed, Color::Rgb(..)) => Color::Indexed(nearest_indexed(rgb(color))),
        (Level::Sixteen, Color::Rgb(..) | Color::Indexed(_)) => nearest_sixteen(color),
        _ => color,
    }
}

/// Red, green and blue of a colour; for the 16, which every terminal shows differently, xterm's.
pub fn rgb(color: Color) -> (u8, u8, u8) {
    match color {
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Indexed(index @ 16..=231) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let cube = index - 16;
            (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
        }
        Color::Indexed(index @ 232..) => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
        other => sixteen_rgb(other),
    }
}

fn sixteen_rgb(color: Color) -> (u8, u8, u8) {
    let index = match color {
        Color::Indexed(index) => usize::from(index),
        other => SIXTEEN.iter().position(|known| *known == other).unwrap_or(7),
    };
    let bright = index >= 8;
    let on = if bright { 255 } else { 205 };
    let bit = |mask: usize| if index & mask == 0 { 0 } else { on };
    match index {
        7 => (229, 229, 229),
        8 => (127, 127, 127),
        _ => (bit(1), bit(2), bit(4)),
    }
}

/// The nearest of the 240 colours that all terminals show alike (the first 16 are the user's choice).
fn nearest_indexed(wanted: (u8, u8, u8)) -> u8 {
    (16..=255).min_by_key(|index| distance(rgb(Color::Indexed(*index)), wanted)).unwrap_or(16)
}

fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let square = |x: u8, y: u8| u32::from(x.abs_diff(y)).pow(2);
    square(a.0, b.0) + square(a.1, b.1) + square(a.2, b.2)
}

/// The one of the 16 with the same hue: by distance alone, every soft colour would become grey.
fn nearest_sixteen(color: Color) -> Color {
    if let Color::Indexed(index @ 0..=15) = color {
        return SIXTEEN.get(usize::from(index)).copied().unwrap_or_default();
    }
    let (r, g, b) = rgb(color);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    if most - least < 32 || most < 72 {
        return grey(most);
    }
    // A channel counts as on when it is in the upper half between the least and the most.
    let on = |channel: u8| usize::from(channel - least > (most - least) / 2);
    let bright = if u16::from(most) + u16::from(least) > 300 { 8 } else { 0 };
    SIXTEEN.get(bright + on(r) + 2 * on(g) + 4 * on(b)).copied().unwrap_or_default()
}

/// Whether `color` is bright and coloured enough to be a background among the 16.
pub fn is_strong(color: Color) -> bool {
    let (Color::Rgb(..) | Color::Indexed(16..)) = color else { return true };
    let (r, g, b) = rgb(color);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    most >= 0x90 && most - least >= 0x50
}

fn grey(light: u8) -> Color {
    match light {
        0..=71 => Color::Black,
        72..=150 => Color::DarkGray,
        151..=235 => Color::Gray,
        _ => Color::White,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(variables: &[(&str, &str)]) -> Level {
        Level::from_env(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn levels_come_from_the_environment() {
        assert_eq!(level(&[("TERM", "xterm-256color")]), Level::Indexed);
        assert_eq!(level(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), Level::True);
        assert_eq!(level(&[("TERM", "xterm-kitty")]), Level::True);
        assert_eq!(level(&[("TERM", "linux")]), Level::Sixteen);
        assert_eq!(level(&[]), Level::Sixteen);
        assert_eq!(level(&[("TERM", "dumb"), ("COLORTERM", "truecolor")]), Level::None);
        assert_eq!(level(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]), Level::None);
        assert_eq!(level(&[("NO_COLOR", ""), ("COLORTERM", "24bit")]), Level::None);
    }

    #[test]
    fn colours_are_written_in_four_ways() {
        assert_eq!(parse("#fb4934"), Some(Color::Rgb(0xfb, 0x49, 0x34)));
        assert_eq!(parse("bright-red"), Some(Color::LightRed));
        assert_eq!(parse("white"), Some(Color::Gray));
        assert_eq!(parse("208"), Some(Color::Indexed(208)));
        assert_eq!(parse("default"), Some(Color::Reset));
        for wrong in ["", "#fff", "#ggg000", "#+fffff", "256", "-1", "crimson", "Red"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn indexed_colours_are_the_nearest() {
        let to = |r, g, b| at_level(Color::Rgb(r, g, b), Level::Indexed);
        assert_eq!(to(255, 0, 0), Color::Indexed(196));
        assert_eq!(to(8, 8, 8), Color::Indexed(232));
        assert_eq!(to(0x5f, 0x87, 0xaf), Color::Indexed(67));
        assert_eq!(at_level(Color::Red, Level::Indexed), Color::Red);
    }

    #[test]
    fn sixteen_keep_the_hue() {
        let to = |r, g, b| at_level(Color::Rgb(r, g, b), Level::Sixteen);
        assert_eq!(to(0xf3, 0x8b, 0xa8), Color::LightRed);
        assert_eq!(to(0xb3, 0x26, 0x1e), Color::Red);
        assert_eq!(to(0xa6, 0xe3, 0xa1), Color::LightGreen);
        assert_eq!(to(0x83, 0xa5, 0x98), Color::Cyan);
        assert_eq!(to(0x80, 0x80, 0x88), Color::DarkGray);
        assert_eq!(to(0x10, 0x10, 0x10), Color::Black);
        assert_eq!(at_level(Color::Indexed(9), Level::Sixteen), Color::LightRed);
        assert_eq!(at_level(Color::Indexed(255), Level::Sixteen), Color::White);
        assert_eq!(at_level(Color::Rgb(1, 2, 3), Level::None), Color::Reset);
    }
}
