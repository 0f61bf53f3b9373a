//! Base64 and PEM, as far as a kubeconfig has them.

use k8s_openapi::ByteString;
use serde_json::Value;

/// The bytes that `text` stands for; blanks and line ends are skipped. `None` when it is not base64.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_whitespace().collect();
    serde_json::from_value::<ByteString>(Value::String(text)).ok().map(|bytes| bytes.0)
}

/// `bytes` in base64.
pub fn to_base64(bytes: &[u8]) -> String {
    let value = serde_json::to_value(ByteString(bytes.to_vec())).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// The certificates in a PEM text, in DER. `None` when there are none, or one is damaged.
pub fn certificates(pem: &[u8]) -> Option<Vec<Vec<u8>>> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let text = String::from_utf8_lossy(pem);
    let blocks = text.split(BEGIN).skip(1).map(|block| from_base64(block.split_once(END)?.0));
    blocks.collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_both_ways() {
        assert_eq!(from_base64(" aGVs\n bG8= ").unwrap(), b"hello");
        assert_eq!(to_base64(b"hello"), "aGVsbG8=");
        assert_eq!(from_base64("a-b"), None);
    }

    #[test]
    fn certificates_are_found_among_other_text() {
        let one = "# root\n-----BEGIN CERTIFICATE-----\r\naGVs\r\nbG8=\r\n-----END CERTIFICATE-----\r\n";
        assert_eq!(certificates(format!("{one}{one}").as_bytes()).unwrap(), vec![b"hello".to_vec(); 2]);
        assert_eq!(certificates(b"nothing"), None);
        assert_eq!(certificates(b"-----BEGIN CERTIFICATE-----\naGVs"), None);
        assert_eq!(
            certificates(&[one.as_bytes(), b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----"].concat()),
            None
        );
    }
}
