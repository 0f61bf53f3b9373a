//! The reads that a rollout needs: what keeps the revisions of a workload.

use super::Workload;
use super::history::History;
use crate::cluster::gate::{Live, Problem, Reader};
use crate::cluster::url;
use crate::kinds::selector::Selector;
use serde::Deserialize;
use serde_json::Value;

/// Reads the history of a workload that was just read: what its selector finds in its namespace and it controls.
///
/// # Errors
/// When it does not roll out, its selector is invalid, or its revisions cannot be listed.
pub async fn history(reader: &Reader, live: &Live) -> Result<(Workload, History), Problem> {
    let workload = Workload::of(live.target.names).ok_or_else(|| {
        Problem::new(format!("{} does not roll out", live.target), "Deployments, StatefulSets and DaemonSets do")
    })?;
    let selector = selector_of(&live.object)
        .ok_or_else(|| Problem::new(format!("the selector of {} is invalid", live.target), "its YAML shows it"))?;
    let mut query = "labelSelector=".to_owned();
    url::encode(&selector, &mut query);
    let path = url::path(workload.keeper(), Some(&live.target.namespace));
    let found = reader.list(&path, &query).await?;
    Ok((workload, History::new(workload, &live.object, found)))
}

/// The selector of a workload, in kubectl's syntax; none when it is invalid.
pub fn selector_of(live: &Value) -> Option<String> {
    Selector::deserialize(live.pointer("/spec/selector")?).ok()?.text()
}
