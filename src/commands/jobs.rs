//! Jobs and cron jobs: start one now, once more, let one stand still.

use super::target::{able, change, of_kind};
use super::{Command, Context, Need, On};
use crate::cluster::actions::{Rerun, Suspend, Trigger};
use crate::kinds::Can;

pub const TRIGGER: Command = Command {
    name: "trigger",
    help: "make a job from the cron job, now",
    hint: "trigger",
    changes: true,
    needs: &[Need::on("create", "batch", "jobs")],
    on: On::Object,
    when: |s| of_kind(s, &["cronjobs"]),
    run: |cx, _| {
        let suffix = format!("manual-{}", moment(cx));
        change(cx, Trigger { suffix })
    },
    ..Command::BLANK
};

pub const RERUN: Command = Command {
    name: "re-run",
    aliases: &["rerun"],
    help: "make the same job once more",
    changes: true,
    needs: &[Need::on("create", "batch", "jobs")],
    on: On::Object,
    when: |s| of_kind(s, &["jobs"]),
    run: |cx, _| {
        let suffix = format!("again-{}", moment(cx));
        change(cx, Rerun { suffix })
    },
    ..Command::BLANK
};

pub const SUSPEND: Command = Command {
    name: "suspend-job",
    help: "let the job or cron job stand still, or go on",
    hint: "suspend",
    changes: true,
    needs: &[Need::to("patch")],
    on: On::Object,
    when: |s| able(s, Can::SUSPEND, "nothing that could stand still"),
    run: |cx, _| change(cx, Suspend { on: None }),
    ..Command::BLANK
};

/// A few letters that tell one second from another.
pub fn moment(cx: &Context<'_>) -> String {
    const DIGITS: &[u8; 32] = b"bcdfghjklmnpqrstvwxz0123456789ay";
    let second = u64::try_from(cx.model.now().0).unwrap_or_default();
    let digit = |place: u32| DIGITS.get(usize::try_from(second >> (5 * place) & 31).unwrap_or_default()).copied();
    (0..5).rev().filter_map(digit).map(char::from).collect()
}
