//! Manifests from a file, a folder or the clipboard: applied, created, deleted.

use super::exec::words;
use super::target::context;
use super::{Command, Context, Effect, Outcome};
use crate::cluster::gate::quoted;
use crate::cluster::sources::{CLIPBOARD, Order, Verb};
use crate::model::Notice;
use crate::text::safe;

pub const APPLY: Command = Command {
    name: "apply",
    arguments: "[PATH|-] [--force-conflicts] [-R] [-n NAMESPACE]",
    help: "apply a file, a folder or the clipboard (-), after a look at what that changes",
    changes: true,
    run: |cx, text| order(cx, "apply", text),
    ..Command::BLANK
};

pub const CREATE_FROM: Command = Command {
    name: "create-from",
    arguments: "[PATH|-] [-R] [-n NAMESPACE]",
    help: "create what a file, a folder or the clipboard (-) holds",
    changes: true,
    run: |cx, text| order(cx, "create-from", text),
    ..Command::BLANK
};

pub const DELETE_FROM: Command = Command {
    name: "delete-from",
    arguments: "[PATH|-] [-R] [-n NAMESPACE]",
    help: "delete what a file, a folder or the clipboard (-) holds",
    changes: true,
    run: |cx, text| order(cx, "delete-from", text),
    ..Command::BLANK
};

/// Asks for what `text` says behind the command `name`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn order(cx: &mut Context<'_>, name: &'static str, text: &str) -> Outcome {
    if text.is_empty() {
        cx.stack.ask(format!("{name} (a file, a folder, or - for the clipboard)"), name, "");
        return Ok(());
    }
    let order = parse(name, text, (context(cx).to_string(), here(cx)))?;
    cx.effects.push(Effect::ChangeFrom(order));
    Ok(())
}

/// The namespace for what names none: the one that is looked at, else the one of the context.
pub(super) fn here(cx: &Context<'_>) -> String {
    let looked_at = cx.stack.list().and_then(|list| list.key.scope.namespaces.single()).map(str::to_owned);
    looked_at.unwrap_or_else(|| cx.model.session(&context(cx)).namespace)
}

/// Reads the words behind a command; they are kubectl's, `-f` may be left out.
///
/// # Errors
/// When one is unknown, or there is no path.
fn parse(name: &'static str, text: &str, (context, namespace): (String, String)) -> Result<Order, Notice> {
    let verb = match name {
        "apply" => Verb::Apply { force: false },
        "create-from" => Verb::Create,
        _ => Verb::Delete,
    };
    let (path, again) = (String::new(), String::new());
    let mut order = Order { verb, path, recursive: false, context, namespace, strict: false, rest: false, again };
    let mut words = words(text).map_err(|why| Notice::error(why, ""))?.into_iter();
    while let Some(word) = words.next() {
        match word.split_once('=') {
            Some((flag, value)) if flag.starts_with('-') => take(&mut order, (name, flag), || Some(value.to_owned()))?,
            _ => take(&mut order, (name, &word), || words.next())?,
        }
    }
    if order.path.is_empty() {
        return Err(Notice::error(format!("{name} needs a file, a folder, or - for the clipboard"), ""));
    }
    order.again = again_line(name, &order);
    Ok(order)
}

/// Takes over one word, with its value where it has one.
fn take(order: &mut Order, (name, word): (&str, &str), value: impl FnOnce() -> Option<String>) -> Result<(), Notice> {
    let value = || {
        let value = value().filter(|value| !value.is_empty());
        value.ok_or_else(|| Notice::error(format!("{} needs a value", safe(word)), ""))
    };
    match (word, order.verb) {
        ("-R" | "--recursive", _) => order.recursive = true,
        ("--rest", Verb::Apply { .. } | Verb::Create) => order.rest = true,
        ("--force-conflicts", Verb::Apply { .. }) => order.verb = Verb::Apply { force: true },
        ("--server-side", Verb::Apply { .. }) => {}
        ("-n" | "--namespace", _) => (order.namespace, order.strict) = (value()?, true),
        ("--default-namespace", _) => order.namespace = value()?,
        ("--context", _) => order.context = value()?,
        ("-f" | "--filename", _) if order.path.is_empty() => order.path = value()?,
        (path, _) if order.path.is_empty() && (path == CLIPBOARD || !path.starts_with('-')) => {
            path.clone_into(&mut order.path);
        }
        _ => {
            let hint = "one PATH, -R, -n NAMESPACE; apply knows --force-conflicts";
            return Err(Notice::error(format!("{name} does not know \"{}\"", safe(word)), hint));
        }
    }
    Ok(())
}

/// The line that asks for the rest. Where one looks meanwhile does not count.
fn again_line(name: &str, order: &Order) -> String {
    let force = if order.verb == (Verb::Apply { force: true }) { " --force-conflicts" } else { "" };
    let recursive = if order.recursive { " -R" } else { "" };
    let namespace = if order.strict { "-n" } else { "--default-namespace" };
    let place = format!("--context {} {namespace} {}", quoted(&order.context), quoted(&order.namespace));
    format!("{name} {} --rest{force}{recursive} {place}", quoted(&order.path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &'static str, text: &str) -> Result<Order, Notice> {
        parse(name, text, ("demo".to_owned(), "here".to_owned()))
    }

    #[test]
    fn words_are_kubectls() {
        let order = read("apply", "-f 'my file.yaml' --force-conflicts -n shop -R").unwrap();
        assert_eq!(
            (order.path.as_str(), order.verb, order.recursive),
            ("my file.yaml", Verb::Apply { force: true }, true)
        );
        assert_eq!((order.namespace.as_str(), order.strict, order.rest), ("shop", true, false));
        let order = read("create-from", "-").unwrap();
        assert_eq!((order.path.as_str(), order.namespace.as_str(), order.strict), ("-", "here", false));
        assert_eq!(read("delete-from", "--filename=x").unwrap().path, "x");
        for wrong in ["a b", "--force", "-n", "", "--force-conflicts"] {
            assert!(read("create-from", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_rest_is_asked_for_by_a_line_of_its_own() {
        for text in ["'a b' -R --force-conflicts", "x -n shop", "-"] {
            let order = read("apply", text).unwrap();
            let again = order.again.strip_prefix("apply ").unwrap();
            let rest = parse("apply", again, ("other".to_owned(), "elsewhere".to_owned())).unwrap();
            assert_eq!(rest, Order { rest: true, ..order.clone() }, "{}", order.again);
        }
    }
}
