//! `Role`: what a piece of the screen means. A theme gives each role its style; nothing else knows a colour.

use ratatui::style::Modifier;

/// A meaning on the screen. The order is that of [`RECORDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[allow(missing_docs, reason = "each is described in its record")]
pub enum Role {
    Text,
    Quiet,
    Title,
    Heading,
    HeadingSorted,
    Cursor,
    Marked,
    Match,
    Key,
    Border,
    Prompt,
    PromptMatch,
    Bar,
    BarContext,
    BarProduction,
    BarReadonly,
    FreshLive,
    FreshFilling,
    FreshStale,
    TonePlain,
    ToneGood,
    ToneBusy,
    ToneWarn,
    ToneBad,
    ToneQuiet,
    NoticeInfo,
    NoticeWarn,
    NoticeError,
    DiffAdd,
    DiffRemove,
    YamlKey,
    YamlString,
    YamlNumber,
    YamlComment,
    LogTime,
    LogSource,
    LogSource2,
    LogSource3,
    LogSource4,
    LogSource5,
    LogSource6,
}

/// What is known about a role.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    /// The role.
    pub role: Role,
    /// Its name in theme files.
    pub name: &'static str,
    /// What wears it.
    pub help: &'static str,
    /// How it stands out where there are no colours.
    pub mono: Modifier,
}

/// How many roles there are.
pub const COUNT: usize = RECORDS.len();

const PLAIN: Modifier = Modifier::empty();
const BOLD: Modifier = Modifier::BOLD;
const DIM: Modifier = Modifier::DIM;
const REVERSE: Modifier = Modifier::REVERSED;

/// Every role, in the order of [`Role`].
pub static RECORDS: &[Record] = &[
    record(Role::Text, "text", "text without a meaning of its own", PLAIN),
    record(Role::Quiet, "quiet", "what may be overlooked: hints, units, rulers", DIM),
    record(Role::Title, "title", "the name of a screen", BOLD),
    record(Role::Heading, "heading", "the heading of a column", BOLD),
    record(
        Role::HeadingSorted,
        "heading.sorted",
        "the heading of the column that sorts",
        BOLD.union(Modifier::UNDERLINED),
    ),
    record(Role::Cursor, "cursor", "the row or entry that keys act on", REVERSE),
    record(Role::Marked, "marked", "rows that were marked", BOLD.union(Modifier::UNDERLINED)),
    record(Role::Match, "match", "what a search or filter found", Modifier::UNDERLINED),
    record(Role::Key, "key", "a key in a hint or in the help", BOLD),
    record(Role::Border, "border", "lines around and between things", PLAIN),
    record(Role::Prompt, "prompt", "what is being typed", PLAIN),
    record(
        Role::PromptMatch,
        "prompt.match",
        "the letters of an offer that match what was typed",
        Modifier::UNDERLINED,
    ),
    record(Role::Bar, "bar", "the bar with place and state", REVERSE),
    record(Role::BarContext, "bar.context", "the context in the bar", REVERSE.union(BOLD)),
    record(Role::BarProduction, "bar.production", "the context in the bar when it is production", REVERSE.union(BOLD)),
    record(Role::BarReadonly, "bar.readonly", "the sign that nothing can be changed", REVERSE.union(BOLD)),
    record(Role::FreshLive, "fresh.live", "a list that is up to date", PLAIN),
    record(Role::FreshFilling, "fresh.filling", "a list that is still arriving", PLAIN),
    record(Role::FreshStale, "fresh.stale", "a list that may be out of date", BOLD),
    record(Role::TonePlain, "tone.plain", "neither good nor bad", PLAIN),
    record(Role::ToneGood, "tone.good", "as wished: running, ready, bound", PLAIN),
    record(Role::ToneBusy, "tone.busy", "on its way: pending, creating, rolling out", PLAIN),
    record(Role::ToneWarn, "tone.warn", "worth a look: restarts, deprecated, cordoned", BOLD),
    record(Role::ToneBad, "tone.bad", "broken: failing, crashed, not ready", BOLD.union(Modifier::UNDERLINED)),
    record(Role::ToneQuiet, "tone.quiet", "over or not important: completed, <none>", DIM),
    record(Role::NoticeInfo, "notice.info", "a message that something went well", PLAIN),
    record(Role::NoticeWarn, "notice.warn", "a message that needs a look", BOLD),
    record(Role::NoticeError, "notice.error", "a message that something failed", REVERSE.union(BOLD)),
    record(Role::DiffAdd, "diff.add", "a line that a change adds", BOLD),
    record(Role::DiffRemove, "diff.remove", "a line that a change removes", DIM),
    record(Role::YamlKey, "yaml.key", "a name in YAML", BOLD),
    record(Role::YamlString, "yaml.string", "a text in YAML", PLAIN),
    record(Role::YamlNumber, "yaml.number", "a number, truth value or null in YAML", PLAIN),
    record(Role::YamlComment, "yaml.comment", "a comment in YAML", DIM),
    record(Role::LogTime, "log.time", "the time of a log line", DIM),
    record(Role::LogSource, "log.source", "the pod and container of a log line, of the first source", PLAIN),
    record(Role::LogSource2, "log.source.2", "the same of the second source, so that one tells them apart", PLAIN),
    record(Role::LogSource3, "log.source.3", "the same of the third source", PLAIN),
    record(Role::LogSource4, "log.source.4", "the same of the fourth source", PLAIN),
    record(Role::LogSource5, "log.source.5", "the same of the fifth source", PLAIN),
    record(Role::LogSource6, "log.source.6", "the same of the sixth source; then the first colour comes again", PLAIN),
];

const fn record(role: Role, name: &'static str, help: &'static str, mono: Modifier) -> Record {
    Record { role, name, help, mono }
}

impl Role {
    /// The role that theme files call `name`.
    pub fn named(name: &str) -> Option<Self> {
        RECORDS.iter().find(|record| record.name == name).map(|record| record.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_stand_in_the_order_of_the_roles_and_have_names_of_their_own() {
        for (place, record) in RECORDS.iter().enumerate() {
            assert_eq!(record.role as usize, place, "{}", record.name);
            assert_eq!(Role::named(record.name), Some(record.role), "{}", record.name);
        }
        assert_eq!(Role::named("tone"), None);
    }
}
