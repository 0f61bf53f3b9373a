//! `rutter explain`: what kubectl prints of a kind or a field, from the same schemas.

use crate::app::Clusters;
use crate::args::Explain;
use crate::cluster::explain;
use crate::kinds::Kinds;
use crate::kinds::schema::text::{self, Unknown};
use crate::model::Notice;
use crate::text::safe;
use std::io::{self, Write};

/// Prints what is asked for.
///
/// # Errors
/// When there is no such kind or field, the cluster cannot be reached or says no, or nobody reads what is printed.
pub async fn explain(asked: &Explain, clusters: Clusters) -> Result<(), Notice> {
    let (connected, _) = clusters.open(asked.cluster.context.as_deref()).await?;
    let explained = explain::explain(&connected.lanes.read, (&asked.path, &Kinds::default()), &[]).await?;
    let told = text::explain(&explained, asked.recursive).map_err(|Unknown(why)| Notice::error(why, ""))?;
    match io::stdout().lock().write_all(tame(&told).as_bytes()) {
        // `rutter explain … | head` is no failure.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Notice::error(format!("cannot write: {error}"), ""))
        }
        _ => Ok(()),
    }
}

/// The text with nothing that a terminal would obey but ends of lines and tabs.
fn tame(text: &str) -> String {
    let line = |line: &str| line.split('\t').map(safe).collect::<Vec<_>>().join("\t");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}
