//! A release of Helm with two revisions, as it keeps them: Secrets with the release packed into them.

use super::build::{DAY, spaced};
use crate::demo::clock::{ago, stamp};
use crate::demo::world::World;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;

/// Brings them in.
pub fn enter(world: &mut World) {
    for (number, status, days) in [(1, "superseded", 40), (2, "deployed", 9)] {
        let time = ago(world.now(), days * DAY);
        let labels = json!({
            "owner": "helm", "name": "prometheus", "status": status, "version": number.to_string(),
            "modifiedAt": time.as_second().to_string(),
        });
        let release = json!({
            "name": "prometheus", "namespace": "monitoring", "version": number,
            "info": {
                "status": status, "last_deployed": stamp(time), "description": "Upgrade complete",
                "notes": "Prometheus is at http://prometheus.monitoring.svc:9090\n",
            },
            "chart": {"metadata": {"name": "prometheus", "version": "27.4.0", "appVersion": "v3.2.1"}},
            "config": {"retention": format!("{}d", 7 * number)},
            "manifest": "apiVersion: v1\nkind: Service\nmetadata:\n  name: prometheus\n",
        });
        let body = json!({
            "metadata": {"labels": labels}, "type": "helm.sh/release.v1", "data": {"release": packed(&release)},
        });
        let name = format!("sh.helm.release.v1.prometheus.v{number}");
        spaced(world, "secrets", (("monitoring", &name), days * DAY, body));
    }
}

/// Gzipped, and twice in base64: Helm's own and the Secret's.
fn packed(release: &Value) -> String {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing into memory does not fail.
    let _ = gzip.write_all(release.to_string().as_bytes());
    STANDARD.encode(STANDARD.encode(gzip.finish().unwrap_or_default()))
}
