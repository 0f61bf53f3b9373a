//! Setting the image of containers, as kubectl 1.36 `pkg/cmd/set/set_image.go`: a strategic merge patch by container name.

use super::template::template_path;
use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Reader, Target, Wire, quoted};
use crate::cluster::json::put;
use crate::text::safe;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Value, json};

/// Sets images: container name and image; `*` is every container.
#[derive(Debug, Clone)]
pub struct SetImage {
    /// The containers and their new images.
    pub images: Vec<(String, String)>,
}

impl Action for SetImage {
    fn verb(&self) -> &'static str {
        "set image"
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        let words: Vec<String> = self.images.iter().map(|(name, image)| quoted(&format!("{name}={image}"))).collect();
        Some(format!("set image {} {}", target.kubectl(), words.join(" ")))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.draft(live)).boxed()
    }
}

/// The lists of containers whose images can be set.
const LISTS: [&str; 2] = ["containers", "initContainers"];

impl SetImage {
    fn draft(&self, live: &Live) -> Result<Plan, Problem> {
        let template = template_path(live)?;
        let mut spec = json!({});
        let mut changed = Vec::new();
        for (name, image) in &self.images {
            let mut found = false;
            for list in LISTS {
                let containers = live.object.pointer(&format!("{template}/spec/{list}")).and_then(Value::as_array);
                for container in
                    containers.into_iter().flatten().filter(|container| name == "*" || text(container, "name") == name)
                {
                    found = true;
                    if text(container, "image") != image {
                        changed.push(format!("{}={image}", text(container, "name")));
                        push(&mut spec, list, json!({"name": text(container, "name"), "image": image}));
                    }
                }
            }
            if !found {
                return Err(unknown(live, &template, name));
            }
        }
        if changed.is_empty() {
            return Ok(Plan::Nothing(format!("{} runs these images already", live.target)));
        }
        let mut patch = live.pinned(json!({}));
        // The pod's own spec, or that of the template, however deep it lies.
        let inside = format!("{template}/spec")
            .split('/')
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .fold(spec, |inner, name| json!({name: inner}));
        merge(&mut patch, inside);
        let effect = format!("set image of {} {}", live.target, safe(&changed.join(" ")));
        Ok(Draft::new(Wire::strategic(live.target.path(), patch), effect).plan())
    }
}

fn text<'a>(container: &'a Value, field: &str) -> &'a str {
    container.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn push(spec: &mut Value, list: &str, container: Value) {
    match spec.get_mut(list).and_then(Value::as_array_mut) {
        Some(known) => known.push(container),
        None => put(spec, &[list], json!([container])),
    }
}

fn merge(patch: &mut Value, more: Value) {
    if let (Some(patch), Value::Object(more)) = (patch.as_object_mut(), more) {
        patch.extend(more);
    }
}

/// There is no such container.
fn unknown(live: &Live, template: &str, name: &str) -> Problem {
    let lists = LISTS.iter().filter_map(|list| live.object.pointer(&format!("{template}/spec/{list}"))?.as_array());
    let names: Vec<&str> = lists.flatten().map(|container| text(container, "name")).collect();
    Problem::new(
        format!("unable to find container named \"{}\" in {}", safe(name), live.target),
        format!("there are: {}", safe(&names.join(", "))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::{drafted, nothing, refused};

    fn deployment() -> Value {
        json!({"kind": "Deployment", "metadata": {"name": "web", "namespace": "a", "uid": "u", "resourceVersion": "7"},
            "spec": {"template": {"spec": {"containers": [{"name": "web", "image": "nginx:1"}, {"name": "log", "image": "fluent"}],
                "initContainers": [{"name": "init", "image": "busybox"}]}}}})
    }

    fn set(name: &str, image: &str) -> SetImage {
        SetImage { images: vec![(name.to_owned(), image.to_owned())] }
    }

    #[tokio::test]
    async fn only_the_containers_that_are_named_change() {
        let draft = drafted(&set("web", "nginx:2"), "deployments", &deployment()).await;
        let containers = json!({"template": {"spec": {"containers": [{"name": "web", "image": "nginx:2"}]}}});
        assert_eq!(draft.wire.body["spec"], containers);
        assert_eq!(draft.effect, "set image of deployment a/web web=nginx:2");
        let all = drafted(&set("*", "x"), "deployments", &deployment()).await;
        assert_eq!(all.wire.body["spec"]["template"]["spec"]["containers"].as_array().unwrap().len(), 2);
        assert_eq!(all.wire.body["spec"]["template"]["spec"]["initContainers"][0]["name"], "init");
        let pod = json!({"kind": "Pod", "metadata": {"name": "p", "namespace": "a"}, "spec": {"containers": [{"name": "web", "image": "a"}]}});
        let draft = drafted(&set("web", "b"), "pods", &pod).await;
        assert_eq!(draft.wire.body["spec"]["containers"], json!([{"name": "web", "image": "b"}]));
    }

    #[tokio::test]
    async fn what_is_not_there_or_is_so_already_is_said() {
        let why = refused(&set("db", "x"), "deployments", &deployment()).await;
        assert_eq!(
            (why.sentence.as_str(), why.hint.as_str()),
            ("unable to find container named \"db\" in deployment a/web", "there are: web, log, init")
        );
        assert_eq!(
            nothing(&set("web", "nginx:1"), "deployments", &deployment()).await,
            "deployment a/web runs these images already"
        );
    }
}
