//! The rules of an ingress, with the service and the endpoints behind each path.

use super::backends::{heads, to_service};
use super::endpoints;
use super::sight::{Sight, items, named, scalar, text};
use crate::cluster::gate::Problem;
use crate::cluster::json::at;
use crate::kinds::answer::{Answer, Line, Piece, To};
use crate::kinds::ingressclasses::IngressClasses;
use crate::kinds::secrets::Secrets;
use crate::kinds::services::Services;
use crate::kinds::{Cell, Tone};
use serde_json::Value;
use std::collections::BTreeMap;

/// A path, and the backend behind it.
struct Route<'a> {
    host: &'a str,
    path: String,
    backend: &'a Value,
}

/// A service behind a path, as it is.
struct Found {
    service: Option<Value>,
    slices: Vec<Value>,
}

/// The lines about an ingress.
///
/// # Errors
/// When no answer came.
pub async fn of_ingress(sight: &mut Sight<'_>, ingress: &Value) -> Result<Answer, Problem> {
    let namespace = text(ingress, "/metadata/namespace");
    let mut found: BTreeMap<&str, Found> = BTreeMap::new();
    let routes = routes(ingress);
    for route in &routes {
        let name = text(route.backend, "/service/name");
        if name.is_empty() || found.contains_key(name) {
            continue;
        }
        let service = sight.object(&Services, namespace, name).await?;
        let slices = if service.is_some() { endpoints::slices(sight, namespace, name).await? } else { Vec::new() };
        found.insert(name, Found { service, slices });
    }
    Ok(compose(ingress, &routes, &found))
}

/// Every path of an ingress, in its order; the default backend last.
fn routes(ingress: &Value) -> Vec<Route<'_>> {
    let mut all = Vec::new();
    for rule in items(ingress, "/spec/rules") {
        let host = Some(text(rule, "/host")).filter(|host| !host.is_empty()).unwrap_or("*");
        for path in items(rule, "/http/paths") {
            let shown = Some(text(path, "/path")).filter(|path| !path.is_empty()).unwrap_or("/");
            let path_type = text(path, "/pathType");
            all.push(Route { host, path: format!("{shown} ({path_type})"), backend: at(path, "/backend") });
        }
    }
    let default = at(ingress, "/spec/defaultBackend");
    if default.is_object() {
        all.push(Route { host: "*", path: "everything else".to_owned(), backend: default });
    }
    all
}

fn compose(ingress: &Value, routes: &[Route<'_>], found: &BTreeMap<&str, Found>) -> Answer {
    let namespace = text(ingress, "/metadata/namespace");
    let mut answer = Answer::default();
    let class = text(ingress, "/spec/ingressClassName");
    let to = if class.is_empty() { To::Nowhere } else { To::Object(named(&IngressClasses, "", class)) };
    answer.push(Line::field("Class", 16, Cell::or_none(Some(class))).to(to));
    for tls in items(ingress, "/spec/tls") {
        let hosts: Vec<&str> = items(tls, "/hosts").iter().filter_map(Value::as_str).collect();
        let secret = text(tls, "/secretName");
        let hosts = if hosts.is_empty() { "every host".to_owned() } else { hosts.join(", ") };
        let value = Cell::text(format!("{hosts} by secret/{secret}"));
        answer.push(Line::field("TLS", 16, value).to(To::Object(named(&Secrets, namespace, secret))));
    }
    answer.push(Line::heading("Rules"));
    if routes.is_empty() {
        answer.push(Line::of([Piece::text("it has no rules", Tone::Warn)]).below(1));
    }
    for route in routes {
        let name = text(route.backend, "/service/name");
        let found = found.get(name);
        let pieces = [
            Piece::text(&format!("{}  ", route.host), Tone::Plain),
            Piece::text(&format!("{}  → ", route.path), Tone::Plain),
            Piece::text(&format!("{}  ", backend(route.backend)), Tone::Plain),
            state(route.backend, found).into(),
        ];
        let to = if name.is_empty() { To::Nowhere } else { to_service(namespace, name) };
        answer.push(Line::of(pieces).below(1).to(to));
        let rows = found.map(|found| endpoints::rows(&found.slices)).unwrap_or_default();
        if !rows.is_empty() {
            answer.table(2, std::iter::once((heads(&endpoints::HEADS), To::Nowhere)).chain(rows));
        }
    }
    answer
}

/// `service/web:80`, or the resource that is meant.
fn backend(backend: &Value) -> String {
    let name = text(backend, "/service/name");
    if name.is_empty() {
        return format!("{}/{}", text(backend, "/resource/kind").to_lowercase(), text(backend, "/resource/name"));
    }
    format!("service/{name}:{}", port(backend))
}

/// The port of a backend: its number, else its name.
fn port(backend: &Value) -> String {
    let number = scalar(backend, "/service/port/number");
    if number.is_empty() { scalar(backend, "/service/port/name") } else { number }
}

/// Whether something answers there.
fn state(backend: &Value, found: Option<&Found>) -> Cell {
    let bad = |text: &str| Cell::text(text.to_owned()).tone(Tone::Bad);
    let Some(found) = found else { return Cell::text("") };
    let Some(service) = &found.service else { return bad("there is no such service") };
    let port = port(backend);
    let has = |other: &Value| scalar(other, "/port") == port || scalar(other, "/name") == port;
    if !items(service, "/spec/ports").iter().any(has) {
        return bad(&format!("the service has no port {port}"));
    }
    if text(service, "/spec/type") == "ExternalName" {
        return Cell::text(format!("an alias for {}", text(service, "/spec/externalName")));
    }
    endpoints::summary(&found.slices)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Time;
    use serde_json::json;

    #[test]
    fn each_path_leads_to_its_service_or_says_what_is_missing() {
        let path = |path: &str, name: &str, port: Value| json!({"path": path, "pathType": "Prefix", "backend": {"service": {"name": name, "port": port}}});
        let ingress = json!({"metadata": {"namespace": "shop"}, "spec": {
            "rules": [{"host": "a.example", "http": {"paths": [
                path("/", "web", json!({"number": 80})), path("/b", "web", json!({"name": "other"})),
                path("/c", "none", json!({"number": 80}))]}}],
            "defaultBackend": {"resource": {"kind": "Bucket", "name": "x"}}}});
        let service = json!({"spec": {"ports": [{"name": "http", "port": 80}]}});
        let slices = vec![json!({"endpoints": [{"addresses": ["10.1.1.1"], "conditions": {"ready": true}}]})];
        let found = BTreeMap::from([
            ("web", Found { service: Some(service), slices }),
            ("none", Found { service: None, slices: Vec::new() }),
        ]);
        let answer = compose(&ingress, &routes(&ingress), &found);
        let text: Vec<String> = answer.lines.iter().map(|line| line.show(Time(0))).collect();
        let text = text.join("\n");
        for line in [
            "a.example  / (Prefix)  → service/web:80  1 endpoint, ready",
            "a.example  /b (Prefix)  → service/web:other  the service has no port other",
            "a.example  /c (Prefix)  → service/none:80  there is no such service",
            "*  everything else  → bucket/x",
        ] {
            assert!(text.contains(line), "{line}:\n{text}");
        }
    }
}
