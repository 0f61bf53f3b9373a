//! Helm's releases, as it keeps them: a Secret for each revision, with the release as JSON, gzipped and encoded in base64
//! once more (helm `pkg/storage/driver`). They are only read.

use super::json::at;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde_json::Value;
use std::io::Read;

/// The type of the Secrets.
pub const TYPE: &str = "helm.sh/release.v1";
/// The largest release that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// What the labels of a Secret say of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The namespace.
    pub namespace: String,
    /// The release's name.
    pub name: String,
    /// Its number.
    pub number: u64,
    /// `deployed`, `superseded`, `failed`, …
    pub status: String,
    /// When it was written, in seconds since 1970.
    pub modified: Option<i64>,
}

impl Revision {
    /// Reads the labels; `None` when they are not Helm's.
    pub fn read(secret: &Value) -> Option<Self> {
        let text = |key: &str| at(secret, key).as_str().unwrap_or_default();
        let label = |key: &str| text(&format!("/metadata/labels/{key}"));
        let modified = label("modifiedAt").parse().or_else(|_| label("createdAt").parse()).ok();
        let (namespace, name, status) = (text("/metadata/namespace"), label("name"), label("status"));
        let number = label("version").parse().ok()?;
        let [namespace, name, status] = [namespace, name, status].map(str::to_owned);
        Some(Self { namespace, name, number, status, modified }).filter(|revision| !revision.name.is_empty())
    }

    /// The name of its Secret.
    pub fn secret(&self) -> String {
        format!("sh.helm.release.v1.{}.v{}", self.name, self.number)
    }
}

/// The release in a Secret.
///
/// # Errors
/// A sentence, when it is not what Helm writes.
pub fn release(secret: &Value) -> Result<Value, String> {
    let data = at(secret, "/data/release").as_str().ok_or("the secret holds no release")?;
    let outer = STANDARD.decode(data).map_err(|error| format!("the release is no base64: {error}"))?;
    let inner = STANDARD.decode(outer).map_err(|error| format!("the release is no base64: {error}"))?;
    let mut json = Vec::new();
    // Old versions did not compress.
    let read = if inner.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(inner.as_slice()).take(LARGEST).read_to_end(&mut json).map(drop)
    } else {
        json = inner;
        Ok(())
    };
    read.map_err(|error| format!("the release cannot be unpacked: {error}"))?;
    serde_json::from_slice(&json).map_err(|error| format!("the release is no JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use serde_json::json;
    use std::io::Write;

    fn secret(packed: bool) -> Value {
        let json = json!({"name": "shop", "chart": {"metadata": {"name": "shop"}}}).to_string();
        let inner = if packed {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(json.as_bytes()).unwrap();
            gzip.finish().unwrap()
        } else {
            json.into_bytes()
        };
        json!({"data": {"release": STANDARD.encode(STANDARD.encode(inner))}})
    }

    #[test]
    fn a_release_is_unpacked_whether_it_was_compressed_or_not() {
        for packed in [true, false] {
            assert_eq!(release(&secret(packed)).unwrap()["name"], "shop");
        }
    }

    #[test]
    fn what_helm_did_not_write_says_what_is_wrong_with_it() {
        let why = |data: &str| release(&json!({"data": {"release": data}})).unwrap_err();
        assert_eq!(release(&json!({})).unwrap_err(), "the secret holds no release");
        assert!(why("%").contains("no base64"));
        assert!(why(&STANDARD.encode(STANDARD.encode([0x1f, 0x8b, 1, 2]))).contains("unpacked"));
        assert!(why(&STANDARD.encode(STANDARD.encode("{"))).contains("no JSON"));
    }

    #[test]
    fn labels_say_which_revision_it_is() {
        let labels = json!({"name": "shop", "owner": "helm", "status": "deployed", "version": "3", "modifiedAt": "7"});
        let read = Revision::read(&json!({"metadata": {"namespace": "a", "labels": labels}})).unwrap();
        assert_eq!((read.number, read.modified, read.secret().as_str()), (3, Some(7), "sh.helm.release.v1.shop.v3"));
        assert_eq!(Revision::read(&json!({"metadata": {"labels": {"name": "x"}}})), None);
    }
}
