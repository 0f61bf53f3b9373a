//! Ten watches of ten namespaces on one screen, and nothing happens.

use super::{Stage, open};
use crate::data::{PER_NAMESPACE, namespace};
use crate::error::Result;
use crate::report::{Line, line};
use crate::rutter::thousands;
use crate::session;
use std::time::Duration;

/// How many.
const WATCHES: u64 = 10;
/// How long the program may settle.
const SETTLE: Duration = Duration::from_secs(5);

pub fn measure(stage: &mut Stage) -> Result<Vec<Line>> {
    let names: Vec<String> = (0..WATCHES).map(namespace).collect();
    let count = thousands((WATCHES * PER_NAMESPACE).min(stage.cluster.pods));
    let program = stage.at(&format!("pods {}", names.join(",")), &format!(r"\) {count}(?:[^0-9,]|$)"))?;
    let mut terminal = open(&program)?;
    terminal.wait(SETTLE);
    let before = stage.server.tally()?;
    let idle = Duration::from_secs(stage.args.idle);
    let (rest, _) = session::rest(&mut terminal, Duration::ZERO, idle).ok_or("the program ended while at rest")?;
    let after = stage.server.tally()?;
    let requests = after.since(&before, "requests");
    Ok(vec![
        line("watches open at the server", after.of("open").to_string()).target("10", after.of("open") == WATCHES),
        line(format!("in {} s: frames / bytes", idle.as_secs()), format!("{} / {}", rest.frames, rest.bytes))
            .target("0", rest.frames == 0 && rest.bytes == 0),
        line("wake-ups per second", format!("{:.1}", rest.wakeups)).target("<= 2", rest.wakeups <= 2.0),
        line("processor", format!("{:.3} %", rest.cpu)).target("<= 0.1 %", rest.cpu <= 0.1),
        line("requests meanwhile", requests.to_string()).target("0", requests == 0),
    ])
}
