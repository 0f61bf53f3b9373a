//! Kubeconfigs as tools write them, lists of files, and broken files.

use super::samples::{AKS, EKS, GKE, KIND, MINIKUBE};
use super::*;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn list(folder: &TempDir, names: &[&str]) -> Source {
    let paths: Vec<String> = names.iter().map(|name| folder.path().join(name).display().to_string()).collect();
    Source { list: Some(OsString::from(paths.join(":"))), ..Source::default() }
}

fn one(text: &str) -> Result<Kubeconfig, LoadError> {
    let folder = folder(&[("config", text)]);
    Kubeconfig::load(&Source { flag: Some(folder.path().join("config")), ..Source::default() })
}

#[test]
fn files_of_the_usual_tools_are_read() {
    let kind = one(KIND).unwrap();
    assert_eq!((kind.contexts.len(), kind.current.as_deref()), (1, Some("CONTEXT")));
    assert_eq!(kind.contexts[0].server.as_deref(), Some("(server)"));
    assert_eq!(kind.user(&kind.contexts[0]).unwrap().client_key_data, Some(Secret("(key)".to_owned())));

    let eks = one(EKS).unwrap();
    let exec = eks.user(&eks.contexts[0]).unwrap().exec.clone().unwrap();
    assert_eq!((exec.command.as_str(), exec.args.len(), exec.env.len()), ("aws", 8, 1));
    assert_eq!(exec.interactive_mode.as_deref(), Some("IfAvailable"));

    let (gke, aks) = (one(GKE).unwrap(), one(AKS).unwrap());
    let exec = gke.user(&gke.contexts[0]).unwrap().exec.clone().unwrap();
    assert!(exec.provide_cluster_info);
    assert_eq!(exec.install_hint.as_deref(), Some("Install gke-gcloud-auth-plugin for use with kubectl"));
    for config in [kind, eks, gke, aks] {
        assert!(config.contexts.iter().all(|context| context.broken.is_none()));
        assert_eq!(config.warnings, Vec::<String>::new());
    }
}

#[test]
fn paths_begin_at_their_file() {
    let minikube = MINIKUBE.replace("(folder)", "/abs");
    let aks = AKS.replace("command: kubelogin", "command: ./bin/kubelogin");
    let folder = folder(&[("minikube", &minikube), ("gke", GKE), ("aks", &aks)]);
    let config = Kubeconfig::load(&list(&folder, &["minikube", "gke", "aks"])).unwrap();
    let minikube = config.context("minikube").unwrap();
    assert_eq!(minikube.namespace.as_deref(), Some("default"));
    let authority = config.cluster(minikube).unwrap().certificate_authority.clone().unwrap();
    assert_eq!(authority, Path::new("/abs/.minikube/ca.crt"));
    let user = config.user(minikube).unwrap();
    assert_eq!(user.client_certificate, Some(folder.path().join(".minikube/profiles/minikube/client.crt")));
    assert_eq!(user.client_key.as_deref(), Some(Path::new("/abs/.minikube/profiles/minikube/client.key")));
    let command = |name| config.user(config.context(name).unwrap()).unwrap().exec.clone().unwrap().command;
    assert_eq!(command("gke_shop_europe-west1_prod"), "gke-gcloud-auth-plugin");
    assert_eq!(command("prod"), folder.path().join("./bin/kubelogin").display().to_string());
}

#[test]
fn the_first_file_wins_whole_entries() {
    let first = "
current-context: ''
clusters: [{name: c, cluster: {server: 'https://one'}}]
contexts: [{name: a, context: {cluster: c, user: u}}]
users: [{name: u, user: {token: one}}]
";
    let second = "
kind: Strange
apiVersion: v9
current-context: b
clusters: [{name: c, cluster: {server: 'https://two', tls-server-name: two}}]
contexts:
- {name: a, context: {cluster: elsewhere, user: u, namespace: n}}
- {name: b, context: {cluster: c, user: u}}
users: [{name: u, user: {token: two, username: x}}]
";
    let folder = folder(&[("1", first), ("2", second)]);
    let config = Kubeconfig::load(&list(&folder, &["missing", "1", "1", "2"])).unwrap();
    assert_eq!(config.current.as_deref(), Some("b"));
    let names: Vec<&str> = config.contexts.iter().map(|context| context.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    let b = config.context("b").unwrap();
    assert_eq!(b.server.as_deref(), Some("https://one"));
    assert_eq!(config.cluster(b).unwrap().tls_server_name, None);
    assert_eq!(config.user(b).unwrap().token, Some(Secret("one".to_owned())));
    assert_eq!(config.context("a").unwrap().namespace, None);
    assert_eq!(config.tried.len(), 3);
    assert_eq!(config.warnings, [format!("{}/missing does not exist: skipped", folder.path().display())]);
}

#[test]
fn half_written_entries_break_only_their_context() {
    let config = one("
clusters:
- {name: good, cluster: {server: 'https://x'}}
- {name: bare}
- {name: wrong, cluster: {server: [1]}}
users:
- {name: me, user: {token: 12345}}
- null
contexts:
- {name: no-cluster, context: {user: me}}
- {name: nothing}
- {name: unknown, context: {cluster: gone}}
- {name: no-server, context: {cluster: bare}}
- {name: wrong-cluster, context: {cluster: wrong}}
- {name: wrong-user, context: {cluster: good, user: me}}
- {name: wrong-type, context: {cluster: {a: b}}}
- {name: nobody, context: {cluster: good, user: gone}}
- {name: 7, context: {cluster: good}}
current-context: lost
")
    .unwrap();
    let broken = |name: &str| config.context(name).unwrap().broken.clone();
    assert_eq!(broken("no-cluster").unwrap(), "the context names no cluster");
    assert_eq!(broken("nothing").unwrap(), "the context names no cluster");
    assert_eq!(broken("unknown").unwrap(), "its cluster gone is not in the kubeconfig");
    assert_eq!(broken("no-server").unwrap(), "its cluster bare has no server");
    assert!(broken("wrong-cluster").unwrap().starts_with("its cluster wrong cannot be read: invalid type"));
    assert_eq!(broken("wrong-user").unwrap(), "its user me cannot be read: invalid type: integer, expected a string");
    assert!(broken("wrong-type").unwrap().starts_with("the context cannot be read: invalid type: map"));
    assert_eq!(broken("nobody"), None);
    assert_eq!(broken("7"), None);
    assert_eq!(
        config.warnings,
        [
            "context nobody names the user gone, which is not in the kubeconfig",
            "the current context lost is not in the kubeconfig"
        ]
    );
}

#[test]
fn several_documents_are_one_file() {
    let config = one(&format!("{KIND}\n---\n{GKE}\n---\n{AKS}")).unwrap();
    assert_eq!((config.contexts.len(), config.current.as_deref()), (3, Some("CONTEXT")));
}

#[test]
fn utf_16_and_marks_are_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config");
    let units: Vec<u16> = std::iter::once(0xfeff).chain(KIND.encode_utf16()).collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).chain([b'\n']).collect();
    for bytes in [little, big, [b"\xef\xbb\xbf", KIND.as_bytes()].concat()] {
        fs::write(&path, bytes).unwrap();
        let config = Kubeconfig::load(&Source { flag: Some(path.clone()), ..Source::default() }).unwrap();
        assert_eq!(config.current.as_deref(), Some("CONTEXT"));
    }
}

#[test]
fn one_broken_file_of_two_is_named_and_skipped() {
    let folder =
        folder(&[("good", KIND), ("bad", "clusters: [\n  token: s3cret"), ("scalar", "hello"), ("map", "users: {}")]);
    fs::create_dir(folder.path().join("dir")).unwrap();
    let config = Kubeconfig::load(&list(&folder, &["bad", "scalar", "map", "dir", "good"])).unwrap();
    assert_eq!(config.current.as_deref(), Some("CONTEXT"));
    let at = |name: &str| folder.path().join(name).display().to_string();
    assert!(config.warnings[0].starts_with(&format!("{}:", at("bad"))), "{:?}", config.warnings);
    assert!(config.warnings[0].as_bytes()[at("bad").len() + 1].is_ascii_digit(), "line: {:?}", config.warnings);
    assert!(!config.warnings[0].contains("s3cret"));
    assert!(config.warnings[1].contains("this is not a kubeconfig"));
    assert!(config.warnings[2].contains("`users` is not a list"));
    assert_eq!(config.warnings[3], format!("{} is a directory, not a file: skipped", at("dir")));
}

#[test]
fn without_a_kubeconfig_one_sentence_says_what_was_tried() {
    let home = folder(&[]);
    let source = Source { home: Some(home.path().to_owned()), ..Source::default() };
    let error = Kubeconfig::load(&source).unwrap_err();
    let path = home.path().join(".kube/config").display().to_string();
    assert_eq!(error.to_string(), format!("there is no kubeconfig: tried {path}"));
    assert!(error.hint.contains("`rutter --demo`"));

    let files = folder(&[("empty", ""), ("bad", "\ta: }"), ("none", "contexts: []")]);
    let error = Kubeconfig::load(&list(&files, &["empty", "gone"])).unwrap_err();
    assert!(error.sentence.starts_with("the kubeconfig has no contexts: tried "), "{error}");
    let error = Kubeconfig::load(&list(&files, &["bad"])).unwrap_err();
    assert!(error.sentence.starts_with(&format!("{}:1:", files.path().join("bad").display())), "{error}");
    let error = Kubeconfig::load(&Source::default()).unwrap_err();
    assert!(error.sentence.contains("neither KUBECONFIG nor HOME"), "{error}");
    let binary = files.path().join("binary");
    fs::write(&binary, b"\x7fELF\xff\xfe\0").unwrap();
    let error = Kubeconfig::load(&list(&files, &["binary"])).unwrap_err();
    assert_eq!(error.sentence, format!("{} is not text: byte 5 of line 1 is not UTF-8", binary.display()));
}

#[test]
fn the_flag_stands_alone() {
    let home = folder(&[("good", KIND)]);
    let mut source = list(&home, &["good"]);
    source.flag = Some(home.path().join("gone"));
    source.pod = Some(pod(&home));
    let error = Kubeconfig::load(&source).unwrap_err();
    assert_eq!(error.sentence, format!("there is no kubeconfig: tried {}/gone", home.path().display()));
}

fn pod(folder: &TempDir) -> ServiceAccount {
    ServiceAccount { host: "fd00::1".to_owned(), port: "443".to_owned(), folder: folder.path().to_owned() }
}

#[test]
fn a_pod_uses_its_account_when_nothing_is_configured() {
    let account =
        folder(&[("token", "t\n"), ("ca.crt", "x"), ("namespace", "team\n"), ("good", KIND), ("bad", "a: }")]);
    let mut source =
        Source { pod: Some(pod(&account)), home: Some(account.path().join("nowhere")), ..Source::default() };
    let config = Kubeconfig::load(&source).unwrap();
    let context = &config.contexts[0];
    assert_eq!(
        (context.server.as_deref(), context.namespace.as_deref()),
        (Some("https://[fd00::1]:443"), Some("team"))
    );
    assert_eq!(config.user(context).unwrap().token_file, Some(account.path().join("token")));
    assert_eq!(config.cluster(context).unwrap().certificate_authority, Some(account.path().join("ca.crt")));

    source.list = list(&account, &["good"]).list;
    assert_eq!(Kubeconfig::load(&source).unwrap().current.as_deref(), Some("CONTEXT"));
    // A kubeconfig that cannot be read is an error, not a reason to go elsewhere.
    source.list = list(&account, &["bad"]).list;
    assert!(Kubeconfig::load(&source).unwrap_err().sentence.contains("bad:1:"));
}

#[test]
fn ten_megabytes_are_read() {
    let entry = |i| format!("- {{name: c{i}, context: {{cluster: NAME, user: USER, namespace: n{i:060}}}}}\n");
    let entries: Vec<String> = (0..100_000).map(entry).collect();
    let entries = entries.concat();
    let text = KIND.replacen("contexts:\n", &format!("contexts:\n{entries}"), 1);
    assert!(text.len() > 10_000_000, "{}", text.len());
    assert_eq!(one(&text).unwrap().contexts.len(), 100_001);
}

#[test]
fn nothing_secret_is_shown() {
    let shown = format!("{:?} {:?}", one(KIND).unwrap(), one(EKS).unwrap());
    assert!(!shown.contains("(key)") && !shown.contains("get-token"), "{shown}");
    assert!(shown.contains("***"));
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "[ -~\n]{0,80}") {
        if let Err(sentence) = file::parse(&text) {
            proptest::prop_assert!(!sentence.is_empty());
        }
    }
}
