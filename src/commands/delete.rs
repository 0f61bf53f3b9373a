//! Deleting objects.

use super::target::{change, targets};
use super::{Command, Need, On};
use crate::cluster::actions::{Delete, Propagation};
use crate::model::Notice;
use crate::text::safe;

pub const DELETE: Command = Command {
    name: "delete",
    arguments: "[--grace-period=SECONDS] [--now] [--force] [--cascade=foreground|orphan]",
    help: "delete what is selected, after a look at what that does",
    hint: "delete",
    changes: true,
    needs: &[Need::to("delete")],
    on: On::Object,
    when: |s| targets(s).map(drop),
    run: |cx, text| {
        let delete = parse(text)?;
        change(cx, delete)
    },
    ..Command::BLANK
};

/// Reads kubectl's flags.
///
/// # Errors
/// When one is unknown or they contradict each other.
fn parse(text: &str) -> Result<Delete, Notice> {
    let mut delete = Delete::default();
    for word in text.split_whitespace() {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        match (name, value) {
            ("--force", "" | "true") => delete.force = true,
            ("--now", "" | "true") => delete.grace = Some(1),
            ("--grace-period", seconds) => delete.grace = Some(grace(seconds)?),
            ("--cascade", "background") => delete.propagation = Propagation::Background,
            ("--cascade", "foreground") => delete.propagation = Propagation::Foreground,
            ("--cascade", "orphan") => delete.propagation = Propagation::Orphan,
            _ => {
                let hint =
                    "there are --grace-period=SECONDS, --now, --force and --cascade=background|foreground|orphan";
                return Err(Notice::error(format!("delete does not know \"{}\"", safe(word)), hint));
            }
        }
    }
    if delete.force && delete.grace.is_some_and(|seconds| seconds > 0) {
        return Err(Notice::error(
            "--force and a grace period greater than 0 contradict each other",
            "leave one of them out",
        ));
    }
    Ok(delete)
}

fn grace(seconds: &str) -> Result<u32, Notice> {
    seconds.parse().map_err(|_| Notice::error(format!("\"{}\" is no number of seconds", safe(seconds)), "0 or more"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_kubectls() {
        let delete = parse("--now --cascade=orphan").unwrap();
        assert_eq!((delete.grace, delete.propagation, delete.force), (Some(1), Propagation::Orphan, false));
        assert!(parse("--force").unwrap().force);
        for wrong in ["--force --grace-period=5", "--grace-period=x", "web", "--cascade=sideways"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
