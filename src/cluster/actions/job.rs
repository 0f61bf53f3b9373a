//! Jobs that are made from what there is: a cron job's, now, and a job's once more.

use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Reader, Recreate, Target, Undo, Wire, quoted};
use crate::cluster::json::put;
use crate::cluster::url;
use crate::kinds;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Value, json};

/// The longest name of a job, so that its pods' names fit.
const LONGEST: usize = 52;

/// Makes a job from a cron job, as kubectl 1.36 `create job --from=cronjob/NAME`.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// What the name of the job ends in.
    pub suffix: String,
}

impl Action for Trigger {
    fn verb(&self) -> &'static str {
        "trigger"
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        Some(format!(
            "create job {} --from=cronjob/{}",
            quoted(&named(&target.name, &self.suffix)),
            quoted(&target.name)
        ))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.draft(live)).boxed()
    }
}

impl Trigger {
    fn draft(&self, live: &Live) -> Result<Plan, Problem> {
        let template =
            live.object.pointer("/spec/jobTemplate").ok_or_else(|| Problem::new("it has no job template", ""))?;
        let name = named(&live.target.name, &self.suffix);
        let mut annotations = template.pointer("/metadata/annotations").cloned().unwrap_or_else(|| json!({}));
        put(&mut annotations, &["cronjob.kubernetes.io/instantiate"], json!("manual"));
        let job = json!({
            "apiVersion": "batch/v1", "kind": "Job",
            "metadata": {
                "name": name, "namespace": live.target.namespace, "annotations": annotations,
                "labels": template.pointer("/metadata/labels").cloned().unwrap_or_else(|| json!({})),
                "ownerReferences": [{
                    "apiVersion": "batch/v1", "kind": "CronJob", "name": live.target.name, "uid": live.uid(), "controller": true,
                }],
            },
            "spec": template.get("spec"),
        });
        Ok(created(live, job, format!("create job {}/{name} from {}", live.target.namespace, live.target)))
    }
}

/// Makes a job once more, under another name.
#[derive(Debug, Clone)]
pub struct Rerun {
    /// What the name of the new job ends in.
    pub suffix: String,
}

impl Action for Rerun {
    fn verb(&self) -> &'static str {
        "re-run"
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(Ok(self.draft(live))).boxed()
    }
}

impl Rerun {
    fn draft(&self, live: &Live) -> Plan {
        let name = named(&live.target.name, &self.suffix);
        let mut job = Recreate::cleaned(&live.object);
        put(&mut job, &["metadata", "name"], json!(name));
        for path in ["/metadata/labels", "/spec/template/metadata/labels"] {
            if let Some(labels) = job.pointer_mut(path).and_then(Value::as_object_mut) {
                // The job controller sets these anew.
                labels.retain(|label, _| !matches!(label.as_str(), "job-name" | "batch.kubernetes.io/job-name"));
            }
        }
        created(live, job, format!("create job {}/{name}, the same as {}", live.target.namespace, live.target))
    }
}

/// The plan to make `job`; taking it back deletes it.
fn created(live: &Live, job: Value, effect: String) -> Plan {
    let Some(jobs) = kinds::find("jobs") else { return Plan::Nothing("jobs are not known".to_owned()) };
    let path = url::collection(jobs.names(), Some(&live.target.namespace));
    Draft::new(Wire::post(path, job), effect).undone_by(Undo::Never).plan()
}

/// `name-suffix`, cut so that it is not too long.
fn named(name: &str, suffix: &str) -> String {
    let room = LONGEST.saturating_sub(suffix.len() + 1);
    let name = name.get(..name.len().min(room)).unwrap_or(name).trim_end_matches(['-', '.']);
    format!("{name}-{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_short_enough_for_their_pods() {
        assert_eq!(named("backup", "x1"), "backup-x1");
        assert_eq!(named(&"a".repeat(60), "manual-x1").len(), LONGEST);
    }
}
