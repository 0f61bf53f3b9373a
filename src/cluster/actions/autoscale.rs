//! A `HorizontalPodAutoscaler` for what is selected, as kubectl 1.36 `pkg/cmd/autoscale` makes it.

use super::create::posted;
use crate::cluster::gate::{Action, Live, Plan, Problem, Reader, Target, quoted};
use crate::cluster::manifest::set;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Value, json};

/// Lets the number of replicas follow the load.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Autoscale {
    /// The least pods; `None` leaves it to the server.
    pub min: Option<u32>,
    /// The most pods.
    pub max: u32,
    /// The CPU that its pods shall use on average, in percent of what they request; `None` leaves it to the server.
    pub cpu: Option<u32>,
    /// The name; `""` is that of the object.
    pub name: String,
}

impl Action for Autoscale {
    fn verb(&self) -> &'static str {
        "autoscale"
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        let min = self.min.map(|min| format!(" --min={min}")).unwrap_or_default();
        let cpu = self.cpu.map(|cpu| format!(" --cpu={cpu}%")).unwrap_or_default();
        let name = if self.name.is_empty() { String::new() } else { format!(" --name={}", quoted(&self.name)) };
        Some(format!("autoscale {}{min} --max={}{cpu}{name}", target.kubectl(), self.max))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        let shown = format!("{} to {} pods", self.min.unwrap_or(1), self.max);
        ready(posted(live, "horizontalpodautoscalers", self.autoscaler(&live.target), &shown)).boxed()
    }
}

impl Autoscale {
    /// The autoscaler.
    pub fn autoscaler(&self, target: &Target) -> Value {
        let names = target.names;
        let mut made = json!({
            "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": if self.name.is_empty() { &target.name } else { &self.name }, "namespace": target.namespace},
            "spec": {
                "scaleTargetRef": {"apiVersion": names.api_version(), "kind": names.kind, "name": target.name},
                "maxReplicas": self.max,
            },
        });
        if let Some(min) = self.min {
            set(&mut made, "/spec", "minReplicas", json!(min));
        }
        if let Some(cpu) = self.cpu {
            let wanted = json!({"type": "Utilization", "averageUtilization": cpu});
            let metric = json!({"type": "Resource", "resource": {"name": "cpu", "target": wanted}});
            set(&mut made, "/spec", "metrics", json!([metric]));
        }
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::drafted;

    #[tokio::test]
    async fn the_number_of_replicas_follows_the_load() {
        let web = json!({"kind": "Deployment", "metadata": {"name": "web", "namespace": "a", "uid": "u"}});
        let action = Autoscale { min: Some(2), max: 5, cpu: Some(80), name: String::new() };
        let draft = drafted(&action, "deployments", &web).await;
        let want = json!({
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "minReplicas": 2, "maxReplicas": 5,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}],
        });
        assert_eq!(
            (&draft.wire.body["spec"], draft.wire.path.as_str()),
            (&want, "/apis/autoscaling/v2/namespaces/a/horizontalpodautoscalers")
        );
        assert_eq!(draft.effect, "create horizontalpodautoscaler a/web (2 to 5 pods) for deployment a/web");
    }
}
