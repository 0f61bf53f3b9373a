//! Config maps, with all that they hold.

use super::common::beginning;
use super::json::Json;
use super::related::Related;
use super::writer::Writer;

/// The description.
pub(super) fn describe(map: Json<'_>, _: &Related, out: &mut Writer) {
    beginning(map, out);
    out.line(0, "\nData\n====");
    for (key, value) in map.at("data").entries() {
        out.line(0, format!("{key}:\n----"));
        out.verbatim(1, value.text());
        out.line(0, "");
    }
    out.line(0, "\nBinaryData\n====");
    for (key, value) in map.at("binaryData").entries() {
        out.line(0, format!("{key}: {} bytes", super::secret::bytes(value.text())));
    }
    out.line(0, "");
}
