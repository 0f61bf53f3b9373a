//! `Call`: what a session is asked for, and the request that opens it.

use crate::cluster::url::encode;

/// What a session is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The pod's namespace.
    pub namespace: String,
    /// The pod's name.
    pub pod: String,
    /// The container's name.
    pub container: String,
    /// What shall run.
    pub what: What,
    /// Whether something will be written to it.
    pub stdin: bool,
    /// Whether it has a terminal; it then has no stderr of its own.
    pub tty: bool,
}

/// What runs in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A new process with these arguments, the first of which is its name.
    Exec(Vec<String>),
    /// The container's first process.
    Attach,
}

impl What {
    /// The subresource of pods that opens it.
    pub fn subresource(&self) -> &'static str {
        match self {
            Self::Exec(_) => "exec",
            Self::Attach => "attach",
        }
    }
}

impl Call {
    /// Path and query of the GET that opens it; the parameters stand as kubectl 1.36 sends them, by name.
    pub fn uri(&self) -> String {
        let mut uri = String::from("/api/v1/namespaces/");
        encode(&self.namespace, &mut uri);
        uri.push_str("/pods/");
        encode(&self.pod, &mut uri);
        uri.push('/');
        uri.push_str(self.what.subresource());
        uri.push('?');
        let command = match &self.what {
            What::Exec(command) => command.as_slice(),
            What::Attach => &[],
        };
        for word in command {
            uri.push_str("command=");
            encode(word, &mut uri);
            uri.push('&');
        }
        uri.push_str("container=");
        encode(&self.container, &mut uri);
        let streams = [("stderr", !self.tty), ("stdin", self.stdin), ("stdout", true), ("tty", self.tty)];
        for (name, _) in streams.into_iter().filter(|(_, wanted)| *wanted) {
            uri.push('&');
            uri.push_str(name);
            uri.push_str("=true");
        }
        uri
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_kubectls() {
        let mut call = Call {
            namespace: "shop".into(),
            pod: "web-1".into(),
            container: "app".into(),
            what: What::Exec(vec!["sh".into(), "-c".into(), "echo $1 & exit".into()]),
            stdin: true,
            tty: true,
        };
        let pod = "/api/v1/namespaces/shop/pods/web-1";
        assert_eq!(
            call.uri(),
            format!(
                "{pod}/exec?command=sh&command=-c&command=echo%20%241%20%26%20exit&container=app&stdin=true&stdout=true&tty=true"
            )
        );
        (call.what, call.stdin, call.tty) = (What::Attach, false, false);
        assert_eq!(call.uri(), format!("{pod}/attach?container=app&stderr=true&stdout=true"));
        call.pod = "../../nodes?x".into();
        assert_eq!(call.uri().split('?').next(), Some("/api/v1/namespaces/shop/pods/..%2F..%2Fnodes%3Fx/attach"));
    }
}
