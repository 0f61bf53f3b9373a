//! What a credential plugin prints: an `ExecCredential`, in JSON or YAML.

use crate::cluster::kubeconfig::Secret;
use crate::kinds::Time;
use serde::Deserialize;
use std::fmt;

/// What a plugin gave.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// A bearer token.
    pub token: Option<Secret>,
    /// A client certificate and its key, in PEM.
    pub certificate: Option<(String, Secret)>,
    /// When it stops being valid, if the plugin knows.
    pub expires: Option<Time>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("expires", &self.expires).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecCredential {
    api_version: Option<String>,
    kind: Option<String>,
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    token: Option<Secret>,
    client_certificate_data: Option<String>,
    client_key_data: Option<Secret>,
    expiration_timestamp: Option<String>,
}

impl Answer {
    /// Reads what a plugin printed, which must be of `version`.
    ///
    /// # Errors
    /// What is wrong with it, to follow the plugin's name. It never quotes the output, which may hold a token.
    pub fn parse(output: &[u8], version: &str) -> Result<Self, String> {
        let text = std::str::from_utf8(output).map_err(|_| "printed something that is not text")?;
        if text.trim().is_empty() {
            return Err("printed nothing".to_owned());
        }
        let json = serde_json::from_str::<ExecCredential>(text).ok();
        let read = json.or_else(|| serde_yaml::from_str::<ExecCredential>(text).ok());
        let credential = read.ok_or("printed something that is not an ExecCredential")?;
        if credential.kind.as_deref() != Some("ExecCredential") {
            return Err("printed something that is not an ExecCredential".to_owned());
        }
        if credential.api_version.as_deref() != Some(version) {
            return Err(format!("printed another version than the {version} that the kubeconfig asks for"));
        }
        credential.status.ok_or("printed no status".to_owned())?.answer()
    }
}

impl Status {
    fn answer(self) -> Result<Answer, String> {
        let token = self.token.filter(|token| !token.0.trim().is_empty());
        let certificate = self.client_certificate_data.filter(|text| !text.is_empty());
        let key = self.client_key_data.filter(|key| !key.0.is_empty());
        let certificate = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err("gave only one of certificate and key".to_owned()),
        };
        if token.is_none() && certificate.is_none() {
            return Err("gave neither a token nor a certificate".to_owned());
        }
        let expires = match self.expiration_timestamp.as_deref() {
            None | Some("") => None,
            Some(text) => Some(Time::parse(text).ok_or("gave an expiry that is not a moment")?),
        };
        Ok(Answer { token, certificate, expires })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const V1: &str = "client.authentication.k8s.io/v1";

    fn json(status: &str) -> String {
        format!(r#"{{"apiVersion":"{V1}","kind":"ExecCredential","spec":{{}},"status":{status}}}"#)
    }

    fn parse(text: &str) -> Result<Answer, String> {
        Answer::parse(text.as_bytes(), V1)
    }

    #[test]
    fn tokens_and_certificates_are_read() {
        let answer = parse(&json(r#"{"token":"t","expirationTimestamp":"2026-11-23T15:32:56Z"}"#)).unwrap();
        assert_eq!(answer.token, Some(Secret("t".to_owned())));
        assert_eq!(answer.expires, Some(Time(1_795_447_976)));
        let answer = parse(&json(r#"{"clientCertificateData":"c","clientKeyData":"k","token":null}"#)).unwrap();
        assert_eq!(answer.certificate, Some(("c".to_owned(), Secret("k".to_owned()))));
        let yaml = format!("apiVersion: {V1}\nkind: ExecCredential\nstatus:\n  token: t\n");
        assert_eq!(parse(&yaml).unwrap().token, Some(Secret("t".to_owned())));
        assert!(!format!("{answer:?}").contains('k'), "{answer:?}");
    }

    #[test]
    fn what_is_wrong_is_said_without_quoting_it() {
        let cases = [
            ("", "printed nothing"),
            ("s3cret", "not an ExecCredential"),
            ("{\"kind\":\"Other\",\"token\":\"s3cret\"}", "not an ExecCredential"),
            ("Please visit https://login\n{}", "not an ExecCredential"),
            (&json("null"), "no status"),
            (&json("{}"), "neither a token nor a certificate"),
            (&json(r#"{"token":" "}"#), "neither a token nor a certificate"),
            (&json(r#"{"clientKeyData":"s3cret"}"#), "only one of"),
            (&json(r#"{"token":"s3cret","expirationTimestamp":"soon"}"#), "not a moment"),
            (&json(r#"{"token":"s3cret"}"#).replace("/v1", "/v1beta1"), "another version"),
        ];
        for (text, expected) in cases {
            let sentence = parse(text).unwrap_err();
            assert!(sentence.contains(expected) && !sentence.contains("s3cret"), "{text}: {sentence}");
        }
        assert!(Answer::parse(b"\xff\xfe\0", V1).unwrap_err().contains("not text"));
    }

    proptest! {
        #[test]
        fn no_output_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            if let Err(sentence) = Answer::parse(&bytes, V1) {
                prop_assert!(!sentence.is_empty());
            }
        }
    }
}
