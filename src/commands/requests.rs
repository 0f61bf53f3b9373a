//! What looking at a cluster costs its server.

use super::Command;

/// Shows how many requests were sent and how many bytes came back, or hides it.
pub const REQUESTS: Command = Command {
    name: "requests",
    aliases: &["traffic"],
    help: "show how many requests this context was sent and what came back, or hide it",
    run: |cx, _| {
        cx.stack.shows_traffic = !cx.stack.shows_traffic;
        Ok(())
    },
    ..Command::BLANK
};
