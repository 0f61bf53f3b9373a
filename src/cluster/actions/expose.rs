//! A Service for what is selected, built as kubectl 1.36 `pkg/cmd/expose` builds it.

use super::create::posted;
use crate::cluster::gate::{Action, Live, Plan, Problem, Reader, Target, quoted};
use crate::cluster::manifest::set;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Map, Value, json};

/// The longest name of a Service, which is a DNS label.
const LONGEST: usize = 63;

/// Makes a Service that leads to the pods of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expose {
    /// The ports; where there are none, those that the object names.
    pub ports: Vec<u16>,
    /// The port of the pods, a number or a name; `""` is the port itself.
    pub target_port: String,
    /// The name; `""` is that of the object.
    pub name: String,
    /// `ClusterIP`, `NodePort`, …; `""` leaves it to the server.
    pub service_type: String,
    /// `TCP`, `UDP` or `SCTP`; `""` is what the object names, else TCP.
    pub protocol: String,
}

impl Action for Expose {
    fn verb(&self) -> &'static str {
        "expose"
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        let ports: Vec<String> = self.ports.iter().map(ToString::to_string).collect();
        let flags = [
            ("port", ports.join(",")),
            ("target-port", self.target_port.clone()),
            ("name", self.name.clone()),
            ("type", self.service_type.clone()),
            ("protocol", self.protocol.clone()),
        ];
        let flags = flags.iter().filter(|(_, value)| !value.is_empty());
        let flags: Vec<String> = flags.map(|(flag, value)| format!(" --{flag}={}", quoted(value))).collect();
        Some(format!("expose {}{}", target.kubectl(), flags.concat()))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.service(live).and_then(|service| {
            let shown = shown(&service);
            posted(live, "services", service, &shown)
        }))
        .boxed()
    }
}

impl Expose {
    /// The Service.
    ///
    /// # Errors
    /// When the object selects no pods by labels, or nobody says which ports.
    pub fn service(&self, live: &Live) -> Result<Value, Problem> {
        let selector = selector(live)?;
        let named = named_ports(&live.object);
        let ports: Vec<u16> = if self.ports.is_empty() { distinct(&named) } else { self.ports.clone() };
        if ports.is_empty() {
            return Err(Problem::new(format!("{} names no port", live.target), "say which: expose --port=PORT"));
        }
        let several = ports.len() > 1;
        let ports: Vec<Value> = ports
            .iter()
            .enumerate()
            .flat_map(|(at, port)| self.port((several.then_some(at + 1), *port), &named))
            .collect();
        let name = if self.name.is_empty() {
            live.target.name.get(..LONGEST).unwrap_or(&live.target.name)
        } else {
            &self.name
        };
        let mut service = json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": {"name": name, "namespace": live.target.namespace},
            "spec": {"selector": selector, "ports": ports},
        });
        if let Some(labels) = live.object.pointer("/metadata/labels") {
            set(&mut service, "/metadata", "labels", labels.clone());
        }
        if !self.service_type.is_empty() {
            set(&mut service, "/spec", "type", json!(self.service_type));
        }
        Ok(service)
    }

    /// One port, once for each protocol that the object names with it.
    fn port(&self, (number, port): (Option<usize>, u16), named: &[(u16, String)]) -> Vec<Value> {
        let known: Vec<&str> = named.iter().filter(|(one, _)| *one == port).map(|(_, protocol)| &**protocol).collect();
        let protocols = match (self.protocol.as_str(), known.is_empty()) {
            ("", true) => vec!["TCP"],
            ("", false) => known,
            (protocol, _) => vec![protocol],
        };
        let target = match self.target_port.parse::<u16>() {
            _ if self.target_port.is_empty() => json!(port),
            Ok(number) => json!(number),
            Err(_) => json!(self.target_port),
        };
        let make = |protocol: &&str| {
            let mut made = json!({"port": port, "protocol": protocol, "targetPort": target});
            let name = match number {
                Some(number) if protocols.len() > 1 => format!("port-{number}-{}", protocol.to_lowercase()),
                // As kubectl, where a single port has several protocols: their names have to differ.
                None if protocols.len() > 1 => format!("port-1-{}", protocol.to_lowercase()),
                Some(number) => format!("port-{number}"),
                None => return made,
            };
            set(&mut made, "", "name", json!(name));
            made
        };
        protocols.iter().map(make).collect()
    }
}

/// The labels by which the object's pods are found.
fn selector(live: &Live) -> Result<Value, Problem> {
    let refused = |why: &str| Problem::new(format!("{} {why}", live.target), "make the Service from a file");
    let (path, expressions) = match live.target.names.kind {
        "Pod" => ("/metadata/labels", None),
        "Service" | "ReplicationController" => ("/spec/selector", None),
        "Deployment" | "ReplicaSet" => {
            ("/spec/selector/matchLabels", live.object.pointer("/spec/selector/matchExpressions"))
        }
        _ => return Err(refused("cannot be exposed")),
    };
    if expressions.and_then(Value::as_array).is_some_and(|list| !list.is_empty()) {
        return Err(refused("selects pods by expressions, which a Service cannot"));
    }
    let labels = live.object.pointer(path).and_then(Value::as_object).filter(|labels: &&Map<_, _>| !labels.is_empty());
    labels.cloned().map(Value::Object).ok_or_else(|| refused("has no labels to select pods by"))
}

/// The ports that an object names, with their protocols.
fn named_ports(object: &Value) -> Vec<(u16, String)> {
    let array = |value: &Value, path: &str| value.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default();
    let containers = ["/spec/containers", "/spec/template/spec/containers"].map(|path| array(object, path)).concat();
    let ports = containers.iter().flat_map(|container| array(container, "/ports")).map(|port| (port, "containerPort"));
    let ports = ports.chain(array(object, "/spec/ports").into_iter().map(|port| (port, "port")));
    let read = |(port, field): (Value, &str)| {
        let number = port.get(field).and_then(Value::as_u64).and_then(|number| u16::try_from(number).ok())?;
        Some((number, port.get("protocol").and_then(Value::as_str).unwrap_or("TCP").to_owned()))
    };
    ports.filter_map(read).collect()
}

/// The numbers, each once, in their order.
fn distinct(ports: &[(u16, String)]) -> Vec<u16> {
    let mut numbers = Vec::new();
    for (port, _) in ports {
        if !numbers.contains(port) {
            numbers.push(*port);
        }
    }
    numbers
}

/// The ports in a few words: `80→8080/TCP`.
fn shown(service: &Value) -> String {
    let ports = service.pointer("/spec/ports").and_then(Value::as_array);
    let text = |port: &Value, name: &str| match port.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let one = |port: &Value| format!("{}→{}/{}", text(port, "port"), text(port, "targetPort"), text(port, "protocol"));
    ports.into_iter().flatten().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::{drafted, refused, target};

    fn web(ports: &Value) -> Value {
        json!({"kind": "Deployment", "metadata": {"name": "web", "namespace": "a", "uid": "u", "labels": {"l": "1"}},
            "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": {"spec": {"containers": [{"name": "c", "ports": ports}]}}}})
    }

    #[tokio::test]
    async fn ports_are_those_of_the_containers() {
        let draft = drafted(&Expose::default(), "deployments", &web(&json!([{"containerPort": 80}]))).await;
        let want = json!({"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "web", "namespace": "a", "labels": {"l": "1"}},
            "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}]}});
        assert_eq!((&draft.wire.body, draft.wire.path.as_str()), (&want, "/api/v1/namespaces/a/services"));
        assert_eq!(draft.effect, "create service a/web (80→80/TCP) for deployment a/web");
        let several =
            web(&json!([{"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53}, {"containerPort": 80}]));
        let draft = drafted(&Expose::default(), "deployments", &several).await;
        let names: Vec<&Value> =
            draft.wire.body["spec"]["ports"].as_array().unwrap().iter().map(|port| &port["name"]).collect();
        assert_eq!(names, ["port-1-udp", "port-1-tcp", "port-2"]);
    }

    #[tokio::test]
    async fn what_is_asked_for_counts() {
        let expose = Expose {
            ports: vec![80],
            target_port: "http".into(),
            name: "x".into(),
            service_type: "NodePort".into(),
            protocol: "UDP".into(),
        };
        let web = web(&json!([]));
        let spec = drafted(&expose, "deployments", &web).await.wire.body["spec"].clone();
        assert_eq!(spec["ports"], json!([{"port": 80, "protocol": "UDP", "targetPort": "http"}]));
        assert_eq!(spec["type"], "NodePort");
        let line = expose.kubectl(&target("deployments", &web)).unwrap();
        assert_eq!(line, "expose deployment/web --port=80 --target-port=http --name=x --type=NodePort --protocol=UDP");
        assert!(refused(&Expose::default(), "deployments", &web).await.sentence.contains("names no port"));
    }

    #[tokio::test]
    async fn what_a_service_cannot_select_is_refused() {
        let mut odd = web(&json!([{"containerPort": 80}]));
        odd["spec"]["selector"]["matchExpressions"] = json!([{"key": "a", "operator": "Exists"}]);
        assert!(refused(&Expose::default(), "deployments", &odd).await.sentence.contains("by expressions"));
        assert!(
            refused(&Expose::default(), "nodes", &json!({"metadata": {"name": "n"}}))
                .await
                .sentence
                .contains("cannot be exposed")
        );
    }
}
