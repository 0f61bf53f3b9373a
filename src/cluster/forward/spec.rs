//! `Spec`: which local port leads to which remote one, as kubectl writes it: `8080:80`, `80`, `:http`.

use crate::text::safe;

/// What is wrong with a request for a forward; nothing can be done until it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub sentence: String,
    /// What to do.
    pub hint: String,
}

impl Refusal {
    /// A refusal in these words.
    pub fn new(sentence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), hint: hint.into() }
    }
}

/// A port of the pod or service: a number, or a name that is looked up in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remote {
    /// By number.
    Number(u16),
    /// By name.
    Name(String),
}

/// The local port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Local {
    /// The number of the remote port; for a service, that of the service.
    Same,
    /// This one; 0 is any that is free.
    Number(u16),
}

/// One pair of ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// Where to listen.
    pub local: Local,
    /// Where to lead to.
    pub remote: Remote,
}

impl Spec {
    /// Reads `LOCAL:REMOTE`, `REMOTE` or `:REMOTE`, as kubectl 1.36 `pkg/cmd/portforward` and client-go
    /// `tools/portforward` do together.
    ///
    /// # Errors
    /// When it is none of them; stricter than kubectl, an empty remote port of a service is refused as well.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = |what: &str| {
            let sentence = format!("\"{}\" {what}", safe(text));
            Refusal::new(sentence, "write LOCAL:REMOTE, e.g. 8080:80, 8080:http, or :80 for any free local port")
        };
        let (local, remote) = match text.split_once(':') {
            None => (Local::Same, text),
            Some((_, remote)) if remote.contains(':') => return Err(wrong("is no pair of ports")),
            Some(("", remote)) => (Local::Number(0), remote),
            Some((local, remote)) => {
                (Local::Number(local.parse().map_err(|_| wrong("has no valid local port"))?), remote)
            }
        };
        if remote.is_empty() {
            return Err(wrong("has no remote port"));
        }
        Ok(Self { local, remote: Remote::parse(remote).ok_or_else(|| wrong("has no valid remote port"))? })
    }
}

impl Remote {
    /// A number from 1 to 65535, or a name. What looks like a number and is none is neither.
    fn parse(text: &str) -> Option<Self> {
        let is_number = text.bytes().all(|b| b.is_ascii_digit()) || text.starts_with(['-', '+']);
        match text.parse() {
            Ok(0) => None,
            Ok(number) => Some(Self::Number(number)),
            Err(_) if is_number => None,
            Err(_) => Some(Self::Name(text.to_owned())),
        }
    }
}

impl std::fmt::Display for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.local {
            Local::Same => {}
            Local::Number(0) => f.write_str(":")?,
            Local::Number(port) => write!(f, "{port}:")?,
        }
        match &self.remote {
            Remote::Number(port) => write!(f, "{port}"),
            Remote::Name(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pairs_of_ports_are_kubectls() {
        let number = |local, remote| Ok(Spec { local, remote: Remote::Number(remote) });
        let name = |local, remote: &str| Ok(Spec { local, remote: Remote::Name(remote.into()) });
        assert_eq!(Spec::parse("80"), number(Local::Same, 80));
        assert_eq!(Spec::parse("8080:80"), number(Local::Number(8080), 80));
        assert_eq!(Spec::parse(":80"), number(Local::Number(0), 80));
        assert_eq!(Spec::parse("0:80"), number(Local::Number(0), 80));
        assert_eq!(Spec::parse("http"), name(Local::Same, "http"));
        assert_eq!(Spec::parse(":http"), name(Local::Number(0), "http"));
        for text in ["80", "8080:80", ":80", "http", "1:http", ":http"] {
            assert_eq!(Spec::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_pair_of_ports_is_said() {
        let cases = [
            ("", "has no remote port"),
            ("8080:", "has no remote port"),
            (":", "has no remote port"),
            ("a:80", "has no valid local port"),
            ("70000:80", "has no valid local port"),
            ("-1:80", "has no valid local port"),
            ("80:0", "has no valid remote port"),
            ("80:70000", "has no valid remote port"),
            ("-80", "has no valid remote port"),
            ("1:2:3", "is no pair of ports"),
        ];
        for (text, why) in cases {
            assert_eq!(Spec::parse(text).unwrap_err().sentence, format!("\"{text}\" {why}"));
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(text in "\\PC{0,12}") {
            if let Ok(spec) = Spec::parse(&text) {
                prop_assert_eq!(Spec::parse(&spec.to_string()), Ok(spec));
            }
        }
    }
}
