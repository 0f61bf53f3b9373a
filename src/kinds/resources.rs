//! What a pod asks for, or is limited to, as a whole (`component-helpers` `resource`): the sum of its containers, but at
//! least what its init containers need, or what the pod itself says.

use super::describe::Json;
use super::quantity::Quantity;
use std::collections::BTreeMap;

/// Amounts by resource.
pub type Amounts = BTreeMap<String, Quantity>;

/// What is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// What it asks for.
    Requests,
    /// What it may use at most.
    Limits,
}

impl Of {
    /// The field of a container's resources.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Limits => "limits",
        }
    }
}

/// The amounts of a pod; `resized` looks at what the kubelet says that containers have by now.
pub fn amounts(pod: Json<'_>, of: Of, resized: bool) -> Amounts {
    let mut sum = of_containers(pod, of, resized);
    let own = pod.at("spec.resources");
    let counts = match of {
        Of::Requests => supported(own.at("requests")).count() > 0,
        Of::Limits => supported(own.at("requests")).chain(supported(own.at("limits"))).count() > 0,
    };
    if counts {
        sum.extend(supported(own.at(of.key())));
    }
    for (name, amount) in read(pod.at("spec.overhead")) {
        match (of, sum.get_mut(&name)) {
            (Of::Requests, _) => *sum.entry(name).or_default() += amount,
            (Of::Limits, Some(limit)) if !limit.is_zero() => *limit += amount,
            _ => {}
        }
    }
    sum
}

fn of_containers(pod: Json<'_>, of: Of, resized: bool) -> Amounts {
    let own = |container: Json<'_>, may: bool| {
        let status = if resized && may { status(pod, container) } else { None };
        effective(pod, (container, status), of)
    };
    let mut sum = Amounts::new();
    for container in pod.at("spec.containers").list() {
        add(&mut sum, &own(container, true));
    }
    let (mut sidecars, mut most) = (Amounts::new(), Amounts::new());
    for container in pod.at("spec.initContainers").list() {
        let is_sidecar = container.at("restartPolicy").text() == "Always";
        let amounts = own(container, is_sidecar);
        let mut at_once = amounts.clone();
        if is_sidecar {
            add(&mut sum, &amounts);
            add(&mut sidecars, &amounts);
            at_once.clone_from(&sidecars);
        } else {
            add(&mut at_once, &sidecars);
        }
        raise(&mut most, at_once);
    }
    raise(&mut sum, most);
    sum
}

/// The status of a container that says which resources it has.
fn status<'a>(pod: Json<'a>, container: Json<'_>) -> Option<Json<'a>> {
    let name = container.at("name").text();
    let lists = ["containerStatuses", "initContainerStatuses"].map(|list| pod.at("status").at(list));
    let found = lists.into_iter().flat_map(Json::list).rfind(|status| status.at("name").text() == name);
    found.filter(|status| status.at("resources").is_set())
}

/// What counts while a container is being resized: the larger of what is wanted and what it has.
fn effective(pod: Json<'_>, (container, status): (Json<'_>, Option<Json<'_>>), of: Of) -> Amounts {
    let wanted = read(container.at("resources").at(of.key()));
    let Some(status) = status else { return wanted };
    let mut conditions = pod.at("status.conditions").list();
    let pending = conditions.find(|condition| condition.at("type").text() == "PodResizePending");
    let is_infeasible = pending.is_some_and(|condition| condition.at("reason").text() == "Infeasible");
    let mut amounts = if is_infeasible { Amounts::new() } else { wanted };
    raise(&mut amounts, read(status.at("resources").at(of.key())));
    if of == Of::Requests {
        raise(&mut amounts, read(status.at("allocatedResources")));
    }
    amounts
}

/// The amounts that are written there.
pub fn read(amounts: Json<'_>) -> Amounts {
    amounts.entries().into_iter().map(|(name, amount)| (name.to_owned(), amount.quantity())).collect()
}

/// The resources that a pod as a whole can have.
fn supported(amounts: Json<'_>) -> impl Iterator<Item = (String, Quantity)> {
    let known = |name: &str| ["cpu", "memory"].contains(&name) || name.starts_with("hugepages-");
    read(amounts).into_iter().filter(move |(name, _)| known(name))
}

fn add(sum: &mut Amounts, amounts: &Amounts) {
    for (name, amount) in amounts {
        *sum.entry(name.clone()).or_default() += *amount;
    }
}

/// Makes each amount at least as large.
fn raise(sum: &mut Amounts, amounts: Amounts) {
    for (name, amount) in amounts {
        let known = sum.entry(name).or_insert(amount);
        *known = (*known).max(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn init_containers_raise_what_a_pod_asks_for_and_sidecars_add_to_it() {
        let ask = |name: &str, cpu: &str| json!({"name": name, "resources": {"requests": {"cpu": cpu}}});
        let mut sidecar = ask("s", "100m");
        sidecar["restartPolicy"] = json!("Always");
        let pod = json!({"spec": {
            "containers": [ask("a", "200m"), ask("b", "300m")],
            "initContainers": [ask("early", "550m"), sidecar, ask("late", "700m")],
            "overhead": {"cpu": "10m"},
        }});
        let cpu = |pod: &serde_json::Value| amounts(Json::of(pod), Of::Requests, true)["cpu"].to_string();
        assert_eq!(cpu(&pod), "810m");
        let mut own = pod.clone();
        own["spec"]["resources"] = json!({"requests": {"cpu": "1"}});
        assert_eq!(cpu(&own), "1010m");
        let mut resized = pod.clone();
        resized["status"] = json!({"containerStatuses": [
            {"name": "a", "resources": {"requests": {"cpu": "600m"}}, "allocatedResources": {"cpu": "500m"}}]});
        assert_eq!(cpu(&resized), "1010m");
        let limits = |pod: &serde_json::Value| amounts(Json::of(pod), Of::Limits, true).len();
        assert_eq!(limits(&pod), 0, "where nothing is the limit, nothing is added to it");
    }
}
