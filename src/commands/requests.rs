//! What looking at a cluster costs its server.

use super::Command;

/// Shows how many requests were sent, how many bytes came back and who one is, or hides it.
pub const REQUESTS: Command = Command {
    name: "requests",
    aliases: &["traffic"],
    help: "show how many requests this context was sent, what came back, and whom it takes you for, or hide it",
    run: |cx, _| {
        cx.stack.shows_traffic = !cx.stack.shows_traffic;
        Ok(())
    },
    ..Command::BLANK
};
