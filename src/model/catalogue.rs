//! `Catalogue`: which kinds the servers serve, by context, and the records of those kinds.
//!
//! What a server said is plain data and is replaced when it is asked again. Each kind that it lists, or that a manifest
//! names, becomes a record that stays as long as the program runs: lists, targets and the journal hold it everywhere.

use super::notice::Notice;
use super::place::KindRef;
use crate::kinds::{self, AnyKind, Can, Discovered, Kinds, Names, Resource, Served, Time, served};
use crate::text::safe;
use std::collections::{HashMap, HashSet};

/// For how long nobody asks again because of a name that is not known, in seconds.
const FRESH: i64 = 30;
/// How alike two names have to be for one to be meant by the other, of 1.
const NEAR: f32 = 0.6;

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This kind.
    One(KindRef),
    /// One of these, by their full names: several groups have it.
    Several(Vec<Resource>),
    /// A kind that cannot be listed, by its full name.
    NoList(String),
    /// Nothing that is known.
    Nothing,
}

/// What is known of a context.
#[derive(Debug, Default)]
struct Known {
    resources: Vec<Resource>,
    failed: Vec<(String, String)>,
    kinds: Kinds,
    at: Option<Time>,
}

/// The kinds that servers serve.
#[derive(Debug, Default)]
pub struct Catalogue {
    records: Records,
    contexts: HashMap<String, Known>,
}

impl Catalogue {
    /// Takes over what the server of `context` said at `now`. Groups that could not be asked keep what was known of them;
    /// that is said when it is news.
    pub fn learn(&mut self, context: &str, found: Discovered, now: Time) -> Option<Notice> {
        let known = self.contexts.entry(context.to_owned()).or_default();
        let mut resources = found.resources;
        // There may be a thousand groups.
        let failed: HashSet<&str> = found.failed.iter().map(|(name, _)| name.as_str()).collect();
        let versions: HashSet<&str> = found.versions.iter().map(String::as_str).collect();
        let whole = failed.iter().any(|name| !name.contains('/'));
        let is_lost = |one: &Resource| {
            let version = one.api_version();
            failed.contains(&*version) || (whole && !versions.contains(&*version))
        };
        let home = |one: &Resource| (one.group.clone(), one.plural.clone());
        let mut preferred: HashSet<_> = resources.iter().filter(|one| one.preferred).map(home).collect();
        for mut lost in known.resources.drain(..).filter(is_lost) {
            lost.preferred = lost.preferred && preferred.insert(home(&lost));
            resources.push(lost);
        }
        let is_news = known.failed != found.failed && !found.failed.is_empty();
        let notice = is_news.then(|| lost_groups(context, &found.failed));
        let kinds = resources.iter().filter(|one| one.preferred && one.can_list()).map(|one| self.records.kind(one).0);
        let kinds = kinds.collect();
        *known = Known { resources, failed: found.failed, kinds, at: Some(now) };
        notice
    }

    /// Whether the server of `context` was asked a moment ago: then asking it again tells nothing new.
    pub fn is_fresh(&self, context: &str, now: Time) -> bool {
        let at = self.contexts.get(context).and_then(|known| known.at);
        at.is_some_and(|at| (0..FRESH).contains(&now.seconds_since(at)))
    }

    /// Whether the server of `context` was ever asked.
    pub fn is_known(&self, context: &str) -> bool {
        self.contexts.contains_key(context)
    }

    /// The kinds that are listed by discovery alone, in their preferred versions.
    pub fn listed(&self, context: &str) -> impl Iterator<Item = &Resource> {
        let own = |one: &Resource| of_group(&one.group, &one.plural).is_none();
        self.resources(context).filter(move |one| one.preferred && one.can_list() && own(one))
    }

    fn resources(&self, context: &str) -> impl Iterator<Item = &Resource> {
        self.contexts.get(context).into_iter().flat_map(|known| &known.resources)
    }

    /// The kind called `name` in `context`: one with a file of its own before the others.
    pub fn find(&mut self, context: &str, name: &str) -> Found {
        if let Some(kind) = kinds::find(name).or_else(|| kinds::listings::find(name)) {
            return Found::One(KindRef(kind));
        }
        let fully = self.resources(context).find(|one| one.is_fully_called(name));
        let named: Vec<Resource> = match fully {
            Some(one) => vec![one.clone()],
            None => self.resources(context).filter(|one| one.preferred && one.is_called(name)).cloned().collect(),
        };
        let (listed, others): (Vec<_>, Vec<_>) = named.into_iter().partition(Resource::can_list);
        match (listed.as_slice(), others.first()) {
            ([], None) => Found::Nothing,
            ([], Some(other)) => Found::NoList(other.called()),
            ([one], _) => Found::One(self.records.kind(one)),
            _ => Found::Several(listed),
        }
    }

    /// The kind that objects call `kind` and that is of `group`.
    pub fn of_kind(&self, context: &str, group: &str, kind: &str) -> Option<KindRef> {
        match self.contexts.get(context) {
            Some(known) => known.kinds.named(group, kind),
            None => Kinds::default().named(group, kind),
        }
        .map(KindRef)
    }

    /// What is said, in kubectl's words, of a name that no kind of `context` has: with the name that is nearest to it.
    pub fn unknown(&self, context: &str, name: &str) -> Notice {
        let own = kinds::ALL.iter().map(|kind| kind.names()).flat_map(|names| [names.plural, names.kind]);
        let served = self.resources(context).flat_map(|one| [&one.plural, &one.kind]).map(String::as_str);
        let known: Vec<&str> = own.chain(served).collect();
        let near = similar::get_close_matches(name, &known, 1, NEAR);
        let hint = near.first().map_or_else(
            || "rutter get api-resources lists what there is".to_owned(),
            |near| format!("did you mean {}?", safe(near)),
        );
        Notice::error(format!("the server doesn't have a resource type \"{}\"", safe(name)), hint)
    }

    /// The kinds of `context`, for tasks; none while its server was not asked.
    pub fn kinds(&self, context: &str) -> Kinds {
        self.contexts.get(context).map(|known| known.kinds.clone()).unwrap_or_default()
    }

    /// The names of the kinds that have a record.
    pub fn names(&self) -> Vec<&'static Names> {
        self.records.groups.values().flat_map(|group| &group.names).copied().collect()
    }

    /// Takes over names that a task found beside those that it was given.
    pub fn adopt(&mut self, names: Vec<&'static Names>) {
        for new in names {
            let group = self.records.groups.entry(new.group.to_owned()).or_default();
            if !group.names.contains(&new) {
                group.names.push(new);
            }
        }
    }
}

/// The kinds of a group that have a record.
#[derive(Debug, Default)]
struct Group {
    names: Vec<&'static Names>,
    kinds: Vec<&'static Served>,
}

/// The records of kinds without a file of their own, by their groups: there may be a thousand.
#[derive(Debug, Default)]
struct Records {
    groups: HashMap<String, Group>,
}

impl Records {
    /// The kind of a resource: the one with a file of its own if it is of that version.
    fn kind(&mut self, resource: &Resource) -> KindRef {
        let own = of_group(&resource.group, &resource.plural).filter(|own| own.names().version == resource.version);
        if let Some(own) = own {
            return KindRef(own);
        }
        let group = self.groups.entry(resource.group.clone()).or_default();
        let names = served::keep(&mut group.names, resource);
        let can = if resource.scales { Can::SCALE } else { Can::NOTHING };
        let same = |kind: &&&'static Served| kind.names == names && kind.can == can;
        if let Some(kind) = group.kinds.iter().find(same) {
            return KindRef(*kind);
        }
        let kind: &'static Served = Box::leak(Box::new(Served { names, can }));
        group.kinds.push(kind);
        KindRef(kind)
    }
}

/// The kind with a file of its own, whatever its version.
fn of_group(group: &str, plural: &str) -> Option<&'static dyn AnyKind> {
    let own = kinds::ALL.iter().copied().filter(|kind| kind.names() == kind.resource());
    let is = |kind: &&dyn AnyKind| kind.names().group == group && kind.names().plural == plural;
    own.into_iter().find(is)
}

/// What is said of groups that could not be asked.
fn lost_groups(context: &str, failed: &[(String, String)]) -> Notice {
    let why = failed.first().map_or("", |(_, why)| why.as_str());
    let mut names: Vec<&str> = failed.iter().take(3).map(|(name, _)| name.as_str()).collect();
    let more = failed.len().saturating_sub(names.len());
    let rest = format!("{more} more");
    if more > 0 {
        names.push(&rest);
    }
    Notice::warning(
        format!("{context}: the server could not say what it serves of {}: {why}", names.join(", ")),
        "the kinds that were known of them are still offered",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(home: (&str, &str), plural: &str, short: &str) -> Resource {
        let text = str::to_owned;
        Resource {
            group: text(home.0),
            version: text(home.1),
            plural: text(plural),
            singular: text(plural.trim_end_matches('s')),
            kind: text(plural.trim_end_matches('s')),
            short: vec![text(short)],
            namespaced: true,
            verbs: vec![text("list")],
            preferred: true,
            ..Resource::default()
        }
    }

    fn learn(catalogue: &mut Catalogue, resources: &[Resource], failed: &[&str]) -> Option<Notice> {
        let mut versions: Vec<String> = resources.iter().map(Resource::api_version).collect();
        versions.dedup();
        let failed = failed.iter().map(|name| ((*name).to_owned(), "503".to_owned())).collect();
        catalogue.learn("here", Discovered { resources: resources.to_vec(), versions, failed }, Time(100))
    }

    /// The kind that is found, as plural.version.group.
    fn found(catalogue: &mut Catalogue, name: &str) -> String {
        match catalogue.find("here", name) {
            Found::One(kind) => [kind.names().plural, kind.names().version, kind.names().group].join("."),
            Found::Several(all) => all.iter().map(Resource::called).collect::<Vec<_>>().join(" or "),
            Found::NoList(name) => format!("no list of {name}"),
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn names_are_found_own_kinds_first_and_ambiguous_ones_asked_about() {
        let mut catalogue = Catalogue::default();
        let reviews = Resource { verbs: vec!["create".to_owned()], ..resource(("auth.x", "v1"), "reviews", "rv") };
        let old = Resource { preferred: false, ..resource(("e.x", "v1"), "gadgets", "g") };
        let events = resource(("events.k8s.io", "v1"), "events", "ev");
        let hpa = Resource { preferred: false, ..resource(("autoscaling", "v1"), "horizontalpodautoscalers", "hpa") };
        let all = [
            resource(("e.x", "v2"), "gadgets", "g"),
            old,
            resource(("f.x", "v1"), "gizmos", "g"),
            reviews,
            events,
            hpa,
        ];
        assert_eq!(learn(&mut catalogue, &all, &[]), None);
        for (name, kind) in [
            ("gadgets", "gadgets.v2.e.x"),
            ("Gadget", "gadgets.v2.e.x"),
            ("gadgets.e.x", "gadgets.v2.e.x"),
            ("gadgets.v1.e.x", "gadgets.v1.e.x"),
            ("g", "gadgets.e.x or gizmos.f.x"),
            ("po", "pods.v1."),
            ("events", "events.v1."),
            ("events.events.k8s.io", "events.v1.events.k8s.io"),
            ("hpa", "horizontalpodautoscalers.v2.autoscaling"),
            ("horizontalpodautoscalers.v1.autoscaling", "horizontalpodautoscalers.v1.autoscaling"),
            ("reviews", "no list of reviews.auth.x"),
            ("blimps", "nothing"),
        ] {
            assert_eq!(found(&mut catalogue, name), kind, "{name}");
        }
        assert_eq!(catalogue.find("there", "gadgets"), Found::Nothing);
        assert_eq!(catalogue.names().len(), 5);
        let listed: Vec<String> = catalogue.listed("here").map(Resource::called).collect();
        assert_eq!(listed, ["gadgets.e.x", "gizmos.f.x", "events.events.k8s.io"]);
        assert_eq!(catalogue.of_kind("here", "e.x", "gadget").map(|kind| kind.names().version), Some("v2"));
    }

    #[test]
    fn a_name_that_is_unknown_is_told_in_kubectls_words_with_the_nearest_one() {
        let mut catalogue = Catalogue::default();
        learn(&mut catalogue, &[resource(("e.x", "v1"), "gadgets", "g")], &[]);
        let told = |name: &str| catalogue.unknown("here", name);
        assert_eq!(told("gadgtes").sentence, "the server doesn't have a resource type \"gadgtes\"");
        assert_eq!(told("gadgtes").hint, "did you mean gadgets?");
        assert_eq!(told("deploymnet").hint, "did you mean deployments?");
        assert_eq!(told("blimps").hint, "rutter get api-resources lists what there is");
    }

    #[test]
    fn a_kind_is_one_record_until_it_can_more() {
        let mut catalogue = Catalogue::default();
        let gadgets = resource(("e.x", "v1"), "gadgets", "g");
        learn(&mut catalogue, std::slice::from_ref(&gadgets), &[]);
        let Found::One(first) = catalogue.find("here", "g") else { panic!("it is not found") };
        learn(&mut catalogue, &[Resource { short: Vec::new(), ..gadgets.clone() }], &[]);
        let Found::One(second) = catalogue.find("here", "gadgets") else { panic!("it is not found") };
        assert!(std::ptr::addr_eq(first.0, second.0));
        learn(&mut catalogue, &[Resource { scales: true, ..gadgets }], &[]);
        let Found::One(third) = catalogue.find("here", "gadgets") else { panic!("it is not found") };
        assert!(third.can().has(Can::SCALE) && third == first);
    }

    #[test]
    fn a_group_that_fails_stays_known_and_is_told_once() {
        let mut catalogue = Catalogue::default();
        let (gadgets, gizmos) = (resource(("e.x", "v1"), "gadgets", "g"), resource(("f.x", "v1"), "gizmos", "z"));
        learn(&mut catalogue, &[gadgets.clone(), gizmos.clone()], &[]);
        let notice = learn(&mut catalogue, std::slice::from_ref(&gadgets), &["f.x/v1"]).unwrap();
        assert!(notice.sentence.contains("of f.x/v1: 503"), "{notice:?}");
        assert_eq!(learn(&mut catalogue, std::slice::from_ref(&gadgets), &["f.x/v1"]), None);
        assert_eq!(
            (found(&mut catalogue, "gizmos"), found(&mut catalogue, "gadgets")),
            ("gizmos.v1.f.x".into(), "gadgets.v1.e.x".into())
        );
        learn(&mut catalogue, &[gadgets], &["the core group"]);
        assert_eq!(found(&mut catalogue, "gizmos"), "gizmos.v1.f.x");
        learn(&mut catalogue, &[gizmos], &[]);
        assert_eq!(found(&mut catalogue, "gadgets"), "nothing");
    }

    #[test]
    fn nobody_is_asked_again_at_once() {
        let mut catalogue = Catalogue::default();
        assert!(!catalogue.is_known("here") && !catalogue.is_fresh("here", Time(100)));
        learn(&mut catalogue, &[], &[]);
        assert!(catalogue.is_known("here") && catalogue.is_fresh("here", Time(129)));
        assert!(!catalogue.is_fresh("here", Time(130)) && !catalogue.is_fresh("here", Time(99)));
    }
}
