//! Forms: the common objects from a few words, built as kubectl 1.36 `create` builds them.

mod flags;
mod workloads;

use crate::cluster::actions::Create;
use crate::cluster::gate::{Change, Target};
use crate::cluster::manifest::set;
use crate::kinds;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flags::Flags;
use serde_json::{Map, Value, json};

/// A form.
pub struct Form {
    /// How it is called: `deployment`.
    pub name: &'static str,
    /// What follows its name.
    pub usage: &'static str,
    /// What it makes, in a few words.
    pub help: &'static str,
    flags: &'static [&'static str],
    build: fn(&Flags) -> Result<Value, String>,
}

/// Every form.
pub static FORMS: &[Form] = &[
    Form { name: "namespace", usage: "NAME", help: "a namespace", flags: &[], build: namespace },
    Form {
        name: "configmap",
        usage: "NAME [--from-literal=KEY=VALUE …]",
        help: "a config map",
        flags: &["from-literal"],
        build: config_map,
    },
    Form {
        name: "secret",
        usage: "NAME [--from-literal=KEY=VALUE …] [--type=TYPE]",
        help: "a secret",
        flags: &["from-literal", "type"],
        build: secret,
    },
    Form {
        name: "deployment",
        usage: "NAME --image=IMAGE [--replicas=NUMBER] [--port=PORT] [-- COMMAND]",
        help: "a deployment",
        flags: &["image", "replicas", "port"],
        build: workloads::deployment,
    },
    Form {
        name: "job",
        usage: "NAME --image=IMAGE [-- COMMAND]",
        help: "a job",
        flags: &["image"],
        build: workloads::job,
    },
    Form {
        name: "cronjob",
        usage: "NAME --image=IMAGE --schedule='* * * * *' [-- COMMAND]",
        help: "a cron job",
        flags: &["image", "schedule", "restart"],
        build: workloads::cron_job,
    },
    Form { name: "serviceaccount", usage: "NAME", help: "a service account", flags: &[], build: service_account },
];

/// The form called `name`, or by another name of its kind.
pub fn find(name: &str) -> Option<&'static Form> {
    let plural = kinds::find(name).map(|kind| kind.names().plural);
    FORMS.iter().find(|form| form.name == name || plural == Some(form.plural()))
}

impl Form {
    fn plural(&self) -> &'static str {
        kinds::find(self.name).map_or(self.name, |kind| kind.names().plural)
    }

    /// The object that `words` describe.
    ///
    /// # Errors
    /// What is wrong with them; values of a secret are not repeated.
    pub fn object(&self, words: &[String]) -> Result<Value, String> {
        let known = [self.flags, &["n", "namespace"]].concat();
        (self.build)(&Flags::read(words, &known)?)
    }

    /// The change that makes it, in the namespace that `words` name, else `here`.
    ///
    /// # Errors
    /// As [`Form::object`].
    pub fn change(&self, words: &[String], here: &str) -> Result<Change, String> {
        let object = self.object(words)?;
        let flags = Flags::read(words, &[self.flags, &["n", "namespace"]].concat())?;
        let names = kinds::find(self.name).ok_or_else(|| format!("{} is no kind", self.name))?.names();
        let asked = flags.last("n").or_else(|| flags.last("namespace")).unwrap_or(here);
        let namespace = if names.namespaced { asked.to_owned() } else { String::new() };
        let target = Target { names, namespace, name: flags.name()?.to_owned(), uid: None };
        Ok(Change::of(Create { object, note: String::new() }, vec![target]))
    }
}

fn namespace(flags: &Flags) -> Result<Value, String> {
    Ok(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": flags.name()?}}))
}

fn service_account(flags: &Flags) -> Result<Value, String> {
    Ok(json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": flags.name()?}}))
}

fn config_map(flags: &Flags) -> Result<Value, String> {
    let mut made = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": flags.name()?}});
    let data = literals(flags, ToOwned::to_owned)?;
    if !data.is_empty() {
        set(&mut made, "", "data", Value::Object(data));
    }
    Ok(made)
}

fn secret(flags: &Flags) -> Result<Value, String> {
    let mut made = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": flags.name()?}});
    let data = literals(flags, |value| STANDARD.encode(value))?;
    if !data.is_empty() {
        set(&mut made, "", "data", Value::Object(data));
    }
    if let Some(kind) = flags.last("type") {
        set(&mut made, "", "type", json!(kind));
    }
    Ok(made)
}

/// The pairs behind `--from-literal`. What may be a secret is not repeated.
fn literals(flags: &Flags, write: impl Fn(&str) -> String) -> Result<Map<String, Value>, String> {
    let mut data = Map::new();
    for (at, literal) in flags.all("from-literal").enumerate() {
        let pair = literal.split_once('=').filter(|(key, _)| !key.is_empty());
        let (key, value) = pair.ok_or_else(|| format!("--from-literal number {} is not KEY=VALUE", at + 1))?;
        if data.insert(key.to_owned(), json!(write(value))).is_some() {
            return Err(format!("the key {key} is there twice"));
        }
    }
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn every_form_is_a_kind_and_is_found_by_its_names() {
        for form in FORMS {
            assert!(std::ptr::eq(find(form.plural()).unwrap(), form), "{}", form.name);
        }
        assert_eq!((find("cm").unwrap().name, find("ns").unwrap().name), ("configmap", "namespace"));
        assert!(find("pod").is_none());
    }

    #[test]
    fn literals_are_data() {
        let map = find("cm").unwrap().object(&words("c --from-literal=a=1 --from-literal b=x=y -n shop")).unwrap();
        assert_eq!(map["data"], json!({"a": "1", "b": "x=y"}));
        let secret = find("secret").unwrap().object(&words("s --from-literal=a=1 --type=Opaque")).unwrap();
        assert_eq!(
            secret,
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "MQ=="}, "type": "Opaque"})
        );
    }

    #[test]
    fn what_may_be_secret_is_not_repeated() {
        for line in [
            "s --from-literal=hunter2",
            "s --from-literal==hunter2",
            "s hunter2 --from-literal=a=hunter2",
            "s --fromliteral=a=hunter2",
        ] {
            let why = find("secret").unwrap().object(&words(line)).unwrap_err();
            assert!(!why.contains("hunter2"), "{why}");
        }
        let change = find("secret").unwrap().change(&words("s --from-literal=a=hunter2"), "shop").unwrap();
        let said = format!("{change:?}");
        assert!(!said.contains("hunter2") && !said.contains("aHVudGVyMg"), "{said}");
    }

    #[test]
    fn a_form_knows_its_namespace() {
        let target =
            |name: &str, line: &str| find(name).unwrap().change(&words(line), "here").unwrap().parts.remove(0).target;
        assert_eq!(target("cm", "c").namespace, "here");
        assert_eq!(target("cm", "c -n shop").namespace, "shop");
        assert_eq!(target("ns", "n").namespace, "");
    }
}
