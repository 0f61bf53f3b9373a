//! `rutter explain`: what kubectl prints of a kind or a field, from the same schemas.

use crate::app::{Clusters, Ears};
use crate::args::Explain;
use crate::cluster::{Unreachable, explain};
use crate::kinds::schema::text::{self, Unknown};
use crate::model::Notice;
use crate::text::safe;
use std::io::{self, Write};

/// Prints what is asked for.
///
/// # Errors
/// When there is no such kind or field, the cluster cannot be reached or says no, or nobody reads what is printed.
pub async fn explain(asked: &Explain, clusters: Clusters) -> Result<(), Notice> {
    let trouble = |Unreachable { sentence, hint }| Notice::error(sentence, hint);
    let (_, current) = clusters.sessions();
    let context = asked.cluster.context.clone().or_else(|| current.map(|name| name.to_string()));
    let context = context.ok_or_else(|| Notice::error("the kubeconfig names no current context", "--context NAME"))?;
    let connected = clusters.connect(context, Ears::default()).await.map_err(|error| trouble(error.why))?;
    let explained = explain::explain(&connected.lanes.read, &asked.path, &[]).await.map_err(trouble)?;
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
