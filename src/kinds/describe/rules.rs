//! The rules of a role, as short as they can be said: verbs of the same resource on one line
//! (`kubectl` `pkg/util/rbac`).

use super::json::Json;

/// A rule about one resource, or about one path that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule<'a> {
    verbs: Vec<&'a str>,
    groups: Vec<&'a str>,
    resources: Vec<&'a str>,
    names: Vec<&'a str>,
    urls: Vec<&'a str>,
}

/// The rules, sorted as kubectl sorts them.
pub(super) fn compact(rules: Json<'_>) -> Vec<Rule<'_>> {
    let mut compacted: Vec<Rule<'_>> = Vec::new();
    for rule in rules.list().flat_map(broken_down) {
        let same = |known: &&mut Rule<'_>| {
            rule.urls.is_empty()
                && known.groups == rule.groups
                && known.resources == rule.resources
                && known.names == rule.names
        };
        match compacted.iter_mut().filter(|known| known.urls.is_empty()).find(same) {
            Some(known) => known
                .verbs
                .extend(rule.verbs.iter().filter(|verb| !known.verbs.contains(verb)).copied().collect::<Vec<_>>()),
            None => compacted.push(rule),
        }
    }
    compacted.sort_by_cached_key(Rule::printed);
    compacted
}

/// One rule for each resource, verb and name.
fn broken_down(rule: Json<'_>) -> Vec<Rule<'_>> {
    let of = |field: &str| rule.at(field).texts();
    let (verbs, names) = (of("verbs"), of("resourceNames"));
    let names: Vec<Vec<&str>> =
        if names.is_empty() { vec![vec![]] } else { names.into_iter().map(|name| vec![name]).collect() };
    let mut all = Vec::new();
    for group in of("apiGroups") {
        for resource in of("resources") {
            for verb in &verbs {
                all.extend(names.iter().map(|names| Rule {
                    verbs: vec![*verb],
                    groups: vec![group],
                    resources: vec![resource],
                    names: names.clone(),
                    urls: vec![],
                }));
            }
        }
    }
    let urls = of("nonResourceURLs");
    let of_url = |url| {
        verbs.iter().map(move |verb| Rule {
            verbs: vec![*verb],
            groups: vec![],
            resources: vec![],
            names: vec![],
            urls: vec![url],
        })
    };
    all.extend(urls.into_iter().flat_map(of_url));
    all
}

impl Rule<'_> {
    /// As Go prints it, which is what rules are sorted by.
    fn printed(&self) -> String {
        let [verbs, groups, resources, names, urls] =
            [&self.verbs, &self.groups, &self.resources, &self.names, &self.urls].map(|list| list.join(" "));
        format!(
            "&PolicyRule{{Verbs:[{verbs}],APIGroups:[{groups}],Resources:[{resources}],ResourceNames:[{names}],NonResourceURLs:[{urls}],}}"
        )
    }

    /// Its row: resource, paths, names and verbs.
    pub(super) fn row(&self) -> String {
        let [urls, names, verbs] = [&self.urls, &self.names, &self.verbs].map(|list| list.join(" "));
        format!("{}\t[{urls}]\t[{names}]\t[{verbs}]", self.resource())
    }

    /// `deployments.apps/scale`.
    fn resource(&self) -> String {
        let Some(resource) = self.resources.first() else { return String::new() };
        let (name, part) = resource.split_once('/').map_or((*resource, None), |(name, part)| (name, Some(part)));
        let group = self.groups.first().filter(|group| !group.is_empty());
        let group = group.map(|group| format!(".{group}")).unwrap_or_default();
        let part = part.map(|part| format!("/{part}")).unwrap_or_default();
        format!("{name}{group}{part}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn verbs_of_a_resource_stand_together() {
        let rules = json!([
            {"apiGroups": ["apps"], "resources": ["deployments", "deployments/scale"], "verbs": ["get", "list"]},
            {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["list", "watch"]},
            {"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["a", "b"], "verbs": ["get"]},
            {"nonResourceURLs": ["/healthz"], "verbs": ["get", "post"]},
        ]);
        let rows: Vec<String> = compact(Json::of(&rules)).iter().map(Rule::row).collect();
        assert_eq!(
            rows,
            [
                "deployments.apps\t[]\t[]\t[get list watch]",
                "deployments.apps/scale\t[]\t[]\t[get list]",
                "\t[/healthz]\t[]\t[get]",
                "secrets\t[]\t[a]\t[get]",
                "secrets\t[]\t[b]\t[get]",
                "\t[/healthz]\t[]\t[post]",
            ]
        );
    }
}
