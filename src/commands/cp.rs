//! Files from and to containers, in words of our own and in kubectl's.

use super::exec::words;
use super::meant::Meant;
use super::target::context;
use super::{Command, Context, Effect, Need, On, Outcome, visit};
use crate::cluster::copy::{Order, Way};
use crate::cluster::exec::{Errand, Visit, Whom};
use crate::cluster::gate::quoted;
use crate::kinds::copy::CopyId;
use crate::model::{Model, Notice};
use crate::ui::{Offer, Picker, Prompt};
use std::path::PathBuf;

pub const CP: Command = Command {
    name: "cp",
    aliases: &["copy-files"],
    arguments: "[from REMOTE LOCAL | to LOCAL REMOTE | POD:REMOTE LOCAL | LOCAL POD:REMOTE]",
    help: "copy files from or to a container; -c CONTAINER, --overwrite, --no-checksum",
    changes: true,
    needs: &[Need::on_pods("get", "exec"), Need::on_pods("create", "exec")],
    on: On::Object,
    when: visit::possible,
    run: |cx, line| if line.is_empty() { ask_way(cx) } else { cp(cx, line) },
    ..Command::BLANK
};

pub const STOP: Command = Command {
    name: "stop-copy",
    arguments: "[NUMBER]",
    help: "end a copy; nothing half stays here, what had arrived in a container does",
    when: |s| if s.model.copies.is_empty() { Err("nothing is being copied".to_owned()) } else { Ok(()) },
    run: stop,
    ..Command::BLANK
};

const USAGE: &str = "cp from REMOTE LOCAL, cp to LOCAL REMOTE";

/// What was typed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Typed {
    paths: Vec<String>,
    container: Option<String>,
    namespace: Option<String>,
    overwrite: bool,
    no_checksum: bool,
}

impl Typed {
    fn parse(line: &str) -> Result<Self, String> {
        let (mut typed, mut plain) = (Self::default(), false);
        let mut words = words(line)?.into_iter();
        while let Some(word) = words.next() {
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) if flag.starts_with("--") => (flag, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            let mut value = || value.clone().or_else(|| words.next()).ok_or_else(|| format!("{flag} needs a name"));
            match flag {
                _ if plain || !word.starts_with('-') => typed.paths.push(word),
                "--" => plain = true,
                "-c" | "--container" => typed.container = Some(value()?),
                "-n" | "--namespace" => typed.namespace = Some(value()?),
                "--overwrite" => typed.overwrite = true,
                "--no-checksum" => typed.no_checksum = true,
                _ => return Err(format!("cp has no option \"{flag}\"")),
            }
        }
        Ok(typed)
    }
}

fn ask_way(cx: &mut Context<'_>) -> Outcome {
    let offer = |(label, detail, run): (&str, &str, &str)| Offer {
        label: label.to_owned(),
        detail: detail.to_owned(),
        run: run.to_owned(),
        ..Offer::default()
    };
    let offers = [
        ("from the container", "its files to this machine", "cp from"),
        ("to the container", "files of this machine into it", "cp to"),
    ];
    cx.stack.prompt = Some(Prompt::Pick(Picker::new("copy files", "copy ", offers.map(offer).into())));
    Ok(())
}

fn cp(cx: &mut Context<'_>, line: &str) -> Outcome {
    let typed = Typed::parse(line).map_err(|why| Notice::error(why, USAGE))?;
    let paths: Vec<&str> = typed.paths.iter().map(String::as_str).collect();
    let (way, remote, local) = match *paths.as_slice() {
        ["from" | "to"] => {
            let label = if paths == ["from"] { "path in the container" } else { "path on this machine" };
            cx.stack.ask(format!("copy {}: {label}", paths.concat()), format!("cp {line}"), "");
            return Ok(());
        }
        [way @ ("from" | "to"), first] if spec(first).is_none() => {
            let (label, before) =
                if way == "from" { ("to which path here", ".") } else { ("to which path there", "/tmp") };
            cx.stack.ask(format!("copy {} {label}", crate::text::safe(first)), format!("cp {line}"), before);
            return Ok(());
        }
        ["from", remote, local] => (Way::From, remote, local),
        ["to", local, remote] => (Way::To, remote, local),
        [one, other] => return kubectl(cx, &typed, (one, other)),
        _ => return Err(Notice::error("cp needs two paths", USAGE)),
    };
    let visit = visit::to(Meant::in_context(cx)?, Errand::Shell)?;
    order(cx, &typed, visit, (way, remote, local))
}

/// `[[NAMESPACE/]POD:]PATH` twice, exactly one of which has a pod, as `kubectl cp` 1.36 `pkg/cmd/cp/filespec.go`.
fn kubectl(cx: &mut Context<'_>, typed: &Typed, (one, other): (&str, &str)) -> Outcome {
    let (way, (pod, remote), local) = match (spec(one), spec(other)) {
        (Some(spec), None) => (Way::From, spec, other),
        (None, Some(spec)) => (Way::To, spec, one),
        _ => return Err(Notice::error("exactly one of the two paths has to be POD:PATH", USAGE)),
    };
    let context = context(cx).to_string();
    let (namespace, name) = match pod.split_once('/') {
        Some((namespace, name)) => (Some(namespace.to_owned()), name),
        None => (typed.namespace.clone(), pod),
    };
    let single = || cx.stack.nearest_list().and_then(|list| list.key.scope.namespaces.single()).map(str::to_owned);
    let namespace = namespace.or_else(single).unwrap_or_else(|| cx.model.session(&context).namespace);
    let whom = Whom::Pod { name: name.to_owned(), uid: None };
    let visit = Visit { context, namespace, whom, container: None, errand: Errand::Shell };
    order(cx, typed, visit, (way, remote, local))
}

/// Pod and path, unless it is a local path.
fn spec(text: &str) -> Option<(&str, &str)> {
    // A path that begins like one is one, whatever it holds.
    let is_path = text.starts_with(['.', '/', '~']);
    text.split_once(':').filter(|(pod, _)| !is_path && !pod.is_empty())
}

fn order(cx: &mut Context<'_>, typed: &Typed, mut visit: Visit, (way, remote, local): (Way, &str, &str)) -> Outcome {
    let remote = remote.to_owned();
    if remote.is_empty() || local.is_empty() {
        return Err(Notice::error("a path is empty", USAGE));
    }
    if remote.split('/').any(|part| part == "..") {
        return Err(Notice::error("the path in the container must not hold `..`", "write it from its beginning"));
    }
    if typed.container.is_some() {
        visit.container.clone_from(&typed.container);
    }
    let (overwrite, compare) = (typed.overwrite, !typed.no_checksum);
    let order = Order { visit, way, remote, local: PathBuf::from(local), overwrite, compare };
    cx.effects.push(Effect::CopyFiles(Box::new(order)));
    Ok(())
}

fn stop(cx: &mut Context<'_>, number: &str) -> Outcome {
    let id = match (number.parse(), cx.model.copies.as_slice()) {
        (Ok(number), _) => CopyId(number),
        (_, [one]) => one.id,
        _ => return ask_which(cx.model, cx.stack),
    };
    cx.effects.push(Effect::StopCopy(id));
    Ok(())
}

fn ask_which(model: &Model, stack: &mut crate::ui::Stack) -> Outcome {
    let offers = model.copies.iter().map(|copying| Offer {
        label: copying.what.clone(),
        detail: copying.count.to_string(),
        run: format!("stop-copy {}", copying.id.0),
        ..Offer::default()
    });
    stack.prompt = Some(Prompt::Pick(Picker::new("copies", "stop ", offers.collect())));
    Ok(())
}

/// How kubectl is told the same, `""` where it cannot.
pub fn kubectl_of(order: &Order) -> String {
    let Whom::Pod { name, .. } = &order.visit.whom else { return String::new() };
    let remote = quoted(&format!("{}/{name}:{}", order.visit.namespace, order.remote));
    let local = quoted(&order.local.to_string_lossy());
    let paths = if order.way == Way::From { format!("{remote} {local}") } else { format!("{local} {remote}") };
    let container = order.visit.container.as_ref().map(|name| format!(" -c {}", quoted(name))).unwrap_or_default();
    format!("kubectl --context {} cp {paths}{container}", quoted(&order.visit.context))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_kubectl_reads_them() {
        let typed = Typed::parse("-c app from '/a b' ./x --overwrite --namespace=shop -- -y").unwrap();
        assert_eq!(typed.paths, ["from", "/a b", "./x", "-y"]);
        assert_eq!((typed.container.as_deref(), typed.namespace.as_deref()), (Some("app"), Some("shop")));
        assert!(typed.overwrite && !typed.no_checksum);
        assert_eq!(Typed::parse("--retries=3 a b"), Err("cp has no option \"--retries\"".into()));
        assert_eq!(Typed::parse("a -c"), Err("-c needs a name".into()));
    }

    #[test]
    fn a_pod_stands_before_a_colon() {
        assert_eq!(spec("web-1:/x:y"), Some(("web-1", "/x:y")));
        assert_eq!(spec("shop/web-1:x"), Some(("shop/web-1", "x")));
        for local in ["./a:b", "/a:b", "~/a:b", "a", ":a"] {
            assert_eq!(spec(local), None, "{local}");
        }
    }
}
