//! All common kinds of the cluster, opened one after the other while the watches of the former go on.

use super::{PATIENCE, Stage, open, run};
use crate::catalog::SORTS;
use crate::error::{Error, Result};
use crate::report::{Line, kilobytes, line, show};
use crate::rutter::thousands;
use regex::Regex;
use std::time::Instant;

/// Behind the pods, which are there from the start.
const KINDS: [&str; 6] = ["nodes", "replicasets", "deployments", "services", "endpointslices", "events"];

pub fn measure(stage: &mut Stage) -> Result<Vec<Line>> {
    let mut terminal = open(&stage.program()?)?;
    let began = Instant::now();
    for kind in KINDS {
        let sort = SORTS.iter().find(|sort| sort.plural == kind && sort.has_objects());
        let sort = sort.ok_or_else(|| Error::from(format!("the mock has no {kind}")))?;
        let count = thousands(sort.range(&stage.cluster, None).end);
        let all = if sort.namespaced { " -A" } else { "" };
        run(&mut terminal, &format!("{kind}{all}"))?;
        let full = Regex::new(&format!(r"{kind}(?:\([^)]*\))? {count}(?:[^0-9,]|$)"))?;
        let seen = terminal.until(PATIENCE, |screen| full.is_match(&screen.contents()));
        seen.ok_or_else(|| Error::from(format!("the full count of {kind} never showed")))?;
    }
    let took = began.elapsed();
    let open = stage.server.tally()?.of("open");
    let usage = terminal.usage().ok_or("the program ended")?;
    Ok(vec![
        line("lists of 7 kinds, all rows of the last six", show(took)),
        line("watches open at the server then", open.to_string()).target("7", open == 7),
        line("peak RSS until then", kilobytes(usage.peak)).target("<= 96 MB", usage.peak <= 96_000),
        line("RSS then", kilobytes(usage.rss)),
    ])
}
