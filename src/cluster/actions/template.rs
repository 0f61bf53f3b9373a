//! Where the pod template of an object stands.

use crate::cluster::gate::{Live, Problem};

/// JSON pointer of the pod template; `""` for a pod, which is its own.
///
/// # Errors
/// When the kind makes no pods.
pub fn template_path(live: &Live) -> Result<String, Problem> {
    let inside = match live.target.names.kind {
        "Pod" => "",
        "CronJob" => "/spec/jobTemplate/spec/template",
        _ if live.object.pointer("/spec/template").is_some() => "/spec/template",
        kind => return Err(Problem::new(format!("a {} has no pod template", kind.to_lowercase()), "")),
    };
    Ok(inside.to_owned())
}
