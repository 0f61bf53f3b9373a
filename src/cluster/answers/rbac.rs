//! Roles and bindings, as far as answers about permissions need them: rules, who is bound, and what that adds up to.

use super::ask::{Seen, Watched};
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::json::at;
use crate::kinds;
use futures::future::try_join_all;
use serde_json::Value;

/// The kinds that grant something.
const KINDS: [&str; 4] = ["rolebindings", "clusterrolebindings", "roles", "clusterroles"];

/// A rule of a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Rule {
    /// API groups, `""` for the core group.
    pub groups: Vec<String>,
    /// Resources and subresources: `pods`, `pods/log`.
    pub resources: Vec<String>,
    /// Names of objects; none is all.
    pub names: Vec<String>,
    /// Paths that are no resources.
    pub urls: Vec<String>,
    /// What may be done.
    pub verbs: Vec<String>,
}

/// Somebody that a binding names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// `User`, `Group` or `ServiceAccount`.
    pub kind: String,
    /// The namespace of a service account.
    pub namespace: String,
    /// The name.
    pub name: String,
}

/// A role that is given to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds; `""` is everywhere.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Whether its role is a `ClusterRole`.
    pub cluster_role: bool,
    /// The role's name.
    pub role: String,
    /// To whom.
    pub subjects: Vec<Subject>,
}

/// A role and its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its namespace; `""` for a `ClusterRole`.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What it allows.
    pub rules: Vec<Rule>,
}

/// All roles and bindings, as far as they may be read.
#[derive(Default)]
pub struct Grants {
    /// The bindings.
    pub bindings: Vec<Binding>,
    /// The roles.
    pub roles: Vec<Role>,
    /// What was seen of all that grants something.
    pub seen: Vec<Watched>,
}

/// What is asked about: a verb on a resource.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    /// `get`, `delete`, …
    pub verb: &'a str,
    /// API group.
    pub group: &'a str,
    /// Resource, with its subresource: `pods/log`.
    pub resource: &'a str,
    /// Name of the object, `""` for any.
    pub name: &'a str,
}

impl Rule {
    /// Reads a rule.
    pub fn read(rule: &Value) -> Self {
        let texts = |key: &str| texts(at(rule, key));
        Self {
            groups: texts("/apiGroups"),
            resources: texts("/resources"),
            names: texts("/resourceNames"),
            urls: texts("/nonResourceURLs"),
            verbs: texts("/verbs"),
        }
    }

    /// Whether it allows `deed` (as kubernetes `plugin/pkg/auth/authorizer/rbac`).
    pub fn allows(&self, deed: &Deed<'_>) -> bool {
        let has = |all: &[String], one: &str| all.iter().any(|each| each == "*" || each == one);
        let below = deed.resource.split_once('/').map(|(_, sub)| format!("*/{sub}"));
        has(&self.verbs, deed.verb)
            && has(&self.groups, deed.group)
            && (has(&self.resources, deed.resource) || below.is_some_and(|any| self.resources.contains(&any)))
            && (self.names.is_empty() || self.names.iter().any(|name| name == deed.name))
    }

    /// Its resources with their groups, as kubectl names them: `deployments.apps`.
    pub fn resources(&self) -> String {
        let mut all = Vec::new();
        for resource in &self.resources {
            for group in &self.groups {
                all.push(if group.is_empty() { resource.clone() } else { format!("{resource}.{group}") });
            }
        }
        all.join(",")
    }
}

impl Subject {
    fn read(subject: &Value) -> Self {
        let text = |key: &str| at(subject, key).as_str().unwrap_or_default().to_owned();
        Self { kind: text("/kind"), namespace: text("/namespace"), name: text("/name") }
    }

    /// Reads `user:NAME`, `group:NAME`, `NAMESPACE/NAME` or `system:serviceaccount:NAMESPACE:NAME`.
    pub fn parse(text: &str) -> Option<Self> {
        let of = |kind: &str, namespace: &str, name: &str| {
            Some(Self { kind: kind.to_owned(), namespace: namespace.to_owned(), name: name.to_owned() })
                .filter(|subject| !subject.name.is_empty())
        };
        let account = text.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'));
        match (account, text.split_once(':')) {
            (Some((namespace, name)), _) => of("ServiceAccount", namespace, name),
            (None, Some(("user", name))) => of("User", "", name),
            (None, Some(("group", name))) => of("Group", "", name),
            _ => text.split_once('/').and_then(|(namespace, name)| of("ServiceAccount", namespace, name)),
        }
    }

    /// Whether a binding that names `named` means this one too: a service account is also a user and in three groups.
    pub fn is_meant_by(&self, named: &Self) -> bool {
        if self == named {
            return true;
        }
        let Self { kind, namespace, name } = self;
        match (kind.as_str(), named.kind.as_str()) {
            ("ServiceAccount", "User") => named.name == format!("system:serviceaccount:{namespace}:{name}"),
            ("ServiceAccount", "Group") => {
                named.name == "system:serviceaccounts"
                    || named.name == "system:authenticated"
                    || named.name == format!("system:serviceaccounts:{namespace}")
            }
            ("User", "Group") => named.name == "system:authenticated",
            _ => false,
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { kind, namespace, name } = self;
        if namespace.is_empty() { write!(f, "{kind} {name}") } else { write!(f, "{kind} {namespace}/{name}") }
    }
}

impl Binding {
    fn read(binding: &Value) -> Self {
        let text = |key: &str| at(binding, key).as_str().unwrap_or_default().to_owned();
        Self {
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name"),
            cluster_role: at(binding, "/roleRef/kind") == "ClusterRole",
            role: text("/roleRef/name"),
            subjects: at(binding, "/subjects").as_array().into_iter().flatten().map(Subject::read).collect(),
        }
    }

    /// The kind of the binding itself.
    pub fn kind(&self) -> &'static str {
        if self.namespace.is_empty() { "ClusterRoleBinding" } else { "RoleBinding" }
    }

    /// The kind of its role.
    pub fn role_kind(&self) -> &'static str {
        if self.cluster_role { "ClusterRole" } else { "Role" }
    }
}

impl Role {
    fn read(role: &Value) -> Self {
        let text = |key: &str| at(role, key).as_str().unwrap_or_default().to_owned();
        Self {
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name"),
            rules: at(role, "/rules").as_array().into_iter().flatten().map(Rule::read).collect(),
        }
    }
}

impl Grants {
    /// Reads them all.
    ///
    /// # Errors
    /// When one of the four lists may not be read.
    pub async fn read(reader: &Reader) -> Result<Self, Problem> {
        let all = KINDS.iter().filter_map(|name| kinds::find(name)).map(|kind| Watched::all(kind, None));
        let lists = try_join_all(all.map(|of| async move {
            let (items, version) = reader.list_at(&of.place().0, "").await?;
            Ok::<_, Problem>((items, of.seen(Seen::List(version))))
        }));
        let (lists, seen): (Vec<Vec<Value>>, Vec<Watched>) = lists.await?.into_iter().unzip();
        let [bindings, cluster_bindings, roles, cluster_roles] = lists.as_slice() else { return Ok(Self::default()) };
        Ok(Self {
            bindings: bindings.iter().chain(cluster_bindings).map(Binding::read).collect(),
            roles: roles.iter().chain(cluster_roles).map(Role::read).collect(),
            seen,
        })
    }

    /// The rules that a binding gives; none when its role is not there.
    pub fn rules(&self, binding: &Binding) -> Option<&[Rule]> {
        let namespace = if binding.cluster_role { "" } else { &binding.namespace };
        let role = self.roles.iter().find(|role| role.name == binding.role && role.namespace == namespace)?;
        Some(&role.rules)
    }
}

/// The texts of a list.
fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Rules as `kubectl auth can-i --list` shows them: one per resource and group, those of the same joined.
pub fn compact(rules: &[Rule]) -> Vec<Rule> {
    let mut all: Vec<Rule> = Vec::new();
    for single in rules.iter().flat_map(singles) {
        let same = |other: &&mut Rule| {
            (&other.groups, &other.resources, &other.names, &other.urls)
                == (&single.groups, &single.resources, &single.names, &single.urls)
        };
        match all.iter_mut().find(same) {
            Some(known) => {
                let new: Vec<String> =
                    single.verbs.iter().filter(|verb| !known.verbs.contains(verb)).cloned().collect();
                known.verbs.extend(new);
            }
            None => all.push(single),
        }
    }
    all.sort_by_key(|rule| (rule.resources(), rule.urls.clone(), rule.names.clone()));
    all
}

/// A rule for each resource in each group with each name, and for each path.
fn singles(rule: &Rule) -> Vec<Rule> {
    let mut all = Vec::new();
    let names: Vec<Vec<String>> = if rule.names.is_empty() {
        vec![Vec::new()]
    } else {
        rule.names.iter().map(|name| vec![name.clone()]).collect()
    };
    for group in &rule.groups {
        for resource in &rule.resources {
            all.extend(names.iter().map(|names| Rule {
                groups: vec![group.clone()],
                resources: vec![resource.clone()],
                names: names.clone(),
                urls: Vec::new(),
                verbs: rule.verbs.clone(),
            }));
        }
    }
    all.extend(rule.urls.iter().map(|url| Rule {
        urls: vec![url.clone()],
        verbs: rule.verbs.clone(),
        ..Rule::default()
    }));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rule(groups: &[&str], resources: &[&str], verbs: &[&str]) -> Rule {
        Rule::read(&json!({"apiGroups": groups, "resources": resources, "verbs": verbs}))
    }

    fn deed(resource: &'static str) -> Deed<'static> {
        Deed { verb: "get", group: "", resource, name: "web" }
    }

    #[test]
    fn a_rule_allows_what_the_authorizer_would() {
        assert!(rule(&[""], &["pods"], &["get"]).allows(&deed("pods")));
        assert!(rule(&["*"], &["*"], &["*"]).allows(&deed("pods/log")));
        assert!(rule(&[""], &["*/log"], &["get"]).allows(&deed("pods/log")));
        assert!(!rule(&[""], &["pods"], &["get"]).allows(&deed("pods/log")), "a subresource is another resource");
        assert!(!rule(&["apps"], &["pods"], &["get"]).allows(&deed("pods")));
        assert!(!rule(&[""], &["pods"], &["list"]).allows(&deed("pods")));
        let named = Rule { names: vec!["db".to_owned()], ..rule(&[""], &["pods"], &["get"]) };
        assert!(!named.allows(&deed("pods")));
    }

    #[test]
    fn a_service_account_is_meant_by_its_user_and_its_groups() {
        let account = Subject::parse("shop/till").unwrap();
        let named =
            |kind: &str, name: &str| Subject { kind: kind.to_owned(), namespace: String::new(), name: name.to_owned() };
        assert!(account.is_meant_by(&account));
        assert!(account.is_meant_by(&named("User", "system:serviceaccount:shop:till")));
        assert!(account.is_meant_by(&named("Group", "system:serviceaccounts:shop")));
        assert!(!account.is_meant_by(&named("Group", "system:serviceaccounts:other")));
        assert_eq!(Subject::parse("system:serviceaccount:shop:till"), Some(account));
        assert_eq!(Subject::parse("user:"), None);
    }

    #[test]
    fn rules_of_the_same_resource_are_joined() {
        let rules = [rule(&["", "apps"], &["pods"], &["get"]), rule(&[""], &["pods"], &["list", "get"])];
        let shown: Vec<_> = compact(&rules).iter().map(|rule| (rule.resources(), rule.verbs.join(" "))).collect();
        assert_eq!(shown, [("pods".to_owned(), "get list".to_owned()), ("pods.apps".to_owned(), "get".to_owned())]);
    }
}
