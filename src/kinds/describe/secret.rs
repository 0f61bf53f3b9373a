//! Secrets. Nothing of what they hold is shown.

use super::common::beginning;
use super::json::Json;
use super::related::Related;
use super::writer::Writer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The description. Stricter than kubectl: it prints the token of a service account, which is masked here as the rest.
pub(super) fn describe(secret: Json<'_>, _: &Related, out: &mut Writer) {
    beginning(secret, out);
    out.line(0, format!("\nType:\t{}", secret.at("type")));
    out.line(0, "\nData\n====");
    for (key, value) in secret.at("data").entries() {
        out.field(0, key, format!("{} bytes", bytes(value.text())));
    }
}

/// How many bytes a text in base64 stands for.
pub(super) fn bytes(text: &str) -> usize {
    STANDARD.decode(text).map_or(text.len(), |bytes| bytes.len())
}
