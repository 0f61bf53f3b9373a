//! Certificate signing requests.

use super::common::on_one_line;
use super::der::{Subject, subject};
use super::json::Json;
use super::related::Related;
use super::writer::Writer;
use crate::kinds::cell::Tone;
use crate::kinds::time::human_duration;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The parts of a name that may be there several times, with their arcs below 2.5.4.
const PARTS: [(&str, u8); 7] = [
    ("Organization", 10),
    ("Organizational Unit", 11),
    ("Country", 6),
    ("Locality", 7),
    ("Province", 8),
    ("StreetAddress", 9),
    ("PostalCode", 17),
];
/// Forms of further names, with their tags.
const FURTHER: [(&str, u8); 4] = [("DNS Names", 2), ("Email Addresses", 1), ("URIs", 6), ("IP Addresses", 7)];

/// The description.
pub(super) fn describe(request: Json<'_>, _: &Related, out: &mut Writer) {
    let spec = request.at("spec");
    out.field(0, "Name", request.at("metadata.name"));
    out.field(0, "Labels", on_one_line(request.at("metadata.labels")));
    out.field(0, "Annotations", on_one_line(request.at("metadata.annotations")));
    out.field(0, "CreationTimestamp", out.moment(request.at("metadata.creationTimestamp").text()));
    out.field(0, "Requesting User", spec.at("username"));
    if !spec.at("signerName").text().is_empty() {
        out.field(0, "Signer", spec.at("signerName"));
    }
    if spec.at("expirationSeconds").is_set() {
        out.field(0, "Requested Duration", human_duration(spec.at("expirationSeconds").int()));
    }
    let (status, tone) = status(request.at("status"));
    out.toned(0, "Status", (&status, tone));
    let pem = STANDARD.decode(spec.at("request").text()).unwrap_or_default();
    match subject(&String::from_utf8_lossy(&pem)) {
        Some(subject) => write(&subject, out),
        None => out.field(0, "Subject", "<cannot be read>"),
    }
}

fn status(status: Json<'_>) -> (String, Tone) {
    let has = |kind: &str| status.at("conditions").list().any(|condition| condition.at("type").text() == kind);
    let (first, tone) = match (has("Denied"), has("Approved")) {
        (true, _) => ("Denied", Tone::Bad),
        (_, true) => ("Approved", Tone::Good),
        _ => ("Pending", Tone::Busy),
    };
    let failed = if has("Failed") { ",Failed" } else { "" };
    let issued = if status.at("certificate").text().is_empty() { "" } else { ",Issued" };
    (format!("{first}{failed}{issued}"), if failed.is_empty() { tone } else { Tone::Bad })
}

fn write(subject: &Subject, out: &mut Writer) {
    let one = |arc| subject.parts(arc).last().map_or_else(String::new, ToString::to_string);
    out.line(0, "Subject:");
    out.line(0, format!("\tCommon Name:\t{}", one(3)));
    out.line(0, format!("\tSerial Number:\t{}", one(5)));
    for (title, arc) in PARTS {
        several(title, &subject.parts(arc), out);
    }
    if subject.has_further() {
        out.line(0, "Subject Alternative Names:");
        for (title, form) in FURTHER {
            several(title, &subject.further(form), out);
        }
    }
}

fn several(title: &str, texts: &[&str], out: &mut Writer) {
    if !texts.is_empty() {
        out.line(0, format!("\t{title}:\t{}", texts.join("\n\t\t")));
    }
}
