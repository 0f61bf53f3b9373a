//! Which credential plugins may run: the policy in the user's kuberc, as kubectl 1.36 keeps it.

use crate::text::safe;
use serde::Deserialize;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Which plugins may run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Policy {
    /// Any.
    #[default]
    AllowAll,
    /// None.
    DenyAll,
    /// Those with one of these names or paths.
    Allowlist(Vec<String>),
    /// The kuberc cannot be understood; as it may forbid plugins, none runs. The sentence says why.
    Unclear(String),
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Preference {
    credential_plugin_policy: Option<String>,
    credential_plugin_allowlist: Option<Vec<Allowed>>,
}

/// kubectl 1.35 says `name`, 1.36 says `command`.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Allowed {
    name: Option<String>,
    command: Option<String>,
}

impl Policy {
    /// The policy of this user: of the file that `KUBERC` names, else of `~/.kube/kuberc`.
    pub fn from_env(home: Option<&Path>) -> Self {
        let named = env::var_os("KUBERC").filter(|value| !value.is_empty());
        let off = env::var_os("KUBECTL_KUBERC").is_some_and(|value| value == OsStr::new("false"));
        if off || named.as_deref() == Some(OsStr::new("off")) {
            return Self::AllowAll;
        }
        let file = named.map(PathBuf::from).or_else(|| home.map(|home| home.join(".kube").join("kuberc")));
        file.map_or(Self::AllowAll, |file| Self::from_file(&file))
    }

    /// The policy in `file`; a file that is not there allows all.
    pub fn from_file(file: &Path) -> Self {
        match std::fs::read_to_string(file) {
            Ok(text) => Self::parse(&text).unwrap_or_else(|why| Self::Unclear(format!("{}: {why}", file.display()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::AllowAll,
            Err(error) => Self::Unclear(format!("{} cannot be read: {error}", file.display())),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(Self::AllowAll);
        }
        let wrong = |error: serde_yaml::Error| error.without_snippet().to_string();
        let documents: Vec<Option<Preference>> = serde_yaml::from_multiple(text).map_err(wrong)?;
        let preference = documents.into_iter().flatten().next().unwrap_or_default();
        let list = preference.credential_plugin_allowlist;
        match (preference.credential_plugin_policy.as_deref().unwrap_or_default(), list) {
            ("Allowlist", Some(list)) => allowlist(list),
            ("Allowlist", None) => Err("the policy is Allowlist, but there is no credentialPluginAllowlist".to_owned()),
            (_, Some(_)) => Err("there is a credentialPluginAllowlist, but the policy is not Allowlist".to_owned()),
            ("" | "AllowAll", None) => Ok(Self::AllowAll),
            ("DenyAll", None) => Ok(Self::DenyAll),
            (other, None) => Err(format!("unknown credentialPluginPolicy {other}")),
        }
    }

    /// Whether `command` may run.
    ///
    /// # Errors
    /// A sentence that says what forbids it.
    pub fn check(&self, command: &str) -> Result<(), String> {
        let shown = safe(command);
        match self {
            Self::AllowAll => Ok(()),
            Self::DenyAll => Err(format!("your kuberc forbids credential plugins, so {shown} was not run")),
            Self::Unclear(why) => Err(format!("{shown} was not run, for your kuberc is unclear: {}", safe(why))),
            Self::Allowlist(list) if allows(list, command) => Ok(()),
            Self::Allowlist(_) => Err(format!("{shown} is not in the credentialPluginAllowlist of your kuberc")),
        }
    }
}

fn allowlist(list: Vec<Allowed>) -> Result<Policy, String> {
    let names = list.into_iter().map(|entry| entry.command.or(entry.name).filter(|name| !name.is_empty()));
    match names.collect::<Option<Vec<_>>>() {
        Some(names) if !names.is_empty() => Ok(Policy::Allowlist(names)),
        Some(_) => Err("credentialPluginAllowlist is empty".to_owned()),
        None => Err("an entry of credentialPluginAllowlist has no command".to_owned()),
    }
}

/// As client-go: the same words, or the same file once both are looked up in `PATH`.
fn allows(list: &[String], command: &str) -> bool {
    let path = look_up(command);
    let same = |entry: &String| entry == command || (path.is_some() && look_up(entry) == path);
    list.iter().any(same)
}

/// The file that `command` means.
fn look_up(command: &str) -> Option<PathBuf> {
    let direct = Path::new(command);
    if command.contains(std::path::is_separator) {
        return direct.is_file().then(|| direct.to_owned());
    }
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(command)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\naliases: []\n";

    fn parse(text: &str) -> Policy {
        Policy::parse(&format!("{HEAD}{text}")).unwrap_or_else(Policy::Unclear)
    }

    #[test]
    fn policies_are_read() {
        assert_eq!(Policy::parse(""), Ok(Policy::AllowAll));
        assert_eq!(parse(""), Policy::AllowAll);
        assert_eq!(parse("credentialPluginPolicy: DenyAll"), Policy::DenyAll);
        let list =
            "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n- name: aws\n- command: /usr/bin/env";
        assert_eq!(parse(list), Policy::Allowlist(vec!["aws".to_owned(), "/usr/bin/env".to_owned()]));
    }

    #[test]
    fn what_is_unclear_forbids() {
        for text in [
            "credentialPluginPolicy: Sometimes",
            "credentialPluginPolicy: Allowlist",
            "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: []",
            "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{}]",
            "credentialPluginAllowlist: [{name: aws}]",
            "credentialPluginPolicy: [",
        ] {
            let policy = parse(text);
            assert!(matches!(policy, Policy::Unclear(_)), "{text}: {policy:?}");
            assert!(policy.check("aws").unwrap_err().contains("aws was not run"), "{text}");
        }
        assert_eq!(Policy::from_file(Path::new("/nonexistent/kuberc")), Policy::AllowAll);
        assert!(matches!(Policy::from_file(Path::new("/")), Policy::Unclear(_)));
    }

    #[test]
    fn the_list_compares_files() {
        let list = Policy::Allowlist(vec!["sh".to_owned(), "/opt/login".to_owned()]);
        let path = look_up("sh").unwrap();
        assert_eq!(list.check("sh"), Ok(()));
        assert_eq!(list.check(path.to_str().unwrap()), Ok(()));
        assert_eq!(list.check("/opt/login"), Ok(()));
        assert!(list.check("/tmp/sh").is_err());
        assert!(list.check("login").is_err());
        assert!(Policy::DenyAll.check("sh").is_err());
    }
}
