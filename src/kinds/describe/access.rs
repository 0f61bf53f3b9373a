//! Who may do what: service accounts, roles and their bindings.

use super::common::{beginning, labels_and_annotations, reference};
use super::json::Json;
use super::related::Related;
use super::rules::compact;
use super::writer::Writer;

/// The description of a service account.
pub(super) fn describe_account(account: Json<'_>, _: &Related, out: &mut Writer) {
    const TITLE: &str = "Image pull secrets:";
    beginning(account, out);
    let namespace = account.at("metadata.namespace").text();
    let secrets = account.at("imagePullSecrets");
    if secrets.is_empty() {
        out.line(0, format!("{TITLE}\t<none>"));
    }
    for (at, secret) in secrets.list().enumerate() {
        let name = secret.at("name").text();
        let title = if at == 0 { TITLE.to_owned() } else { " ".repeat(TITLE.len()) };
        out.line(0, format!("{title}\t{name}"));
        out.leads(reference(("", "Secret"), namespace, name));
    }
}

/// The description of a role.
pub(super) fn describe_role(role: Json<'_>, _: &Related, out: &mut Writer) {
    out.field(0, "Name", role.at("metadata.name"));
    labels_and_annotations(role, out);
    out.line(0, "PolicyRule:");
    out.row(1, &["Resources", "Non-Resource URLs", "Resource Names", "Verbs"]);
    out.row(1, &["---------", "-----------------", "--------------", "-----"]);
    for rule in compact(role.at("rules")) {
        out.line(1, rule.row());
    }
}

/// The description of a binding.
pub(super) fn describe_binding(binding: Json<'_>, _: &Related, out: &mut Writer) {
    out.field(0, "Name", binding.at("metadata.name"));
    labels_and_annotations(binding, out);
    let role = binding.at("roleRef");
    let (kind, name) = (role.at("kind").text(), role.at("name").text());
    let namespace = if kind == "Role" { binding.at("metadata.namespace").text() } else { "" };
    out.line(0, "Role:");
    out.field(1, "Kind", kind);
    out.field(1, "Name", name);
    out.leads(reference(("rbac.authorization.k8s.io", kind), namespace, name));
    out.line(0, "Subjects:");
    out.row(1, &["Kind", "Name", "Namespace"]);
    out.row(1, &["----", "----", "---------"]);
    for subject in binding.at("subjects").list() {
        let of = |field: &str| subject.at(field).text();
        out.row(1, &[of("kind"), of("name"), of("namespace")]);
        if of("kind") == "ServiceAccount" {
            out.leads(reference(("", "ServiceAccount"), of("namespace"), of("name")));
        }
    }
}
