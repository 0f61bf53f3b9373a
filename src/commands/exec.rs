//! A command in a container.

use super::{Command, Context, Need, On, Outcome, visit};
use crate::cluster::exec::Errand;
use crate::model::Notice;
use crate::ui::{Offer, Picker, Prompt};

pub const EXEC: Command = Command {
    name: "exec",
    arguments: "[-c CONTAINER] [COMMAND …]",
    help: "run a command in a container, on this terminal",
    changes: true,
    needs: &[Need::on_pods("get", "exec"), Need::on_pods("create", "exec")],
    on: On::Object,
    when: visit::possible,
    run: |cx, line| if line.is_empty() { ask(cx) } else { run(cx, line) },
    ..Command::BLANK
};

/// Commands that most images have.
const USUAL: &[(&str, &str)] =
    &[("env", "its environment"), ("ps", "its processes"), ("cat /etc/resolv.conf", "how it finds names")];

fn ask(cx: &mut Context<'_>) -> Outcome {
    let offer = |(command, detail): &(&str, &str)| Offer {
        label: (*command).to_owned(),
        detail: (*detail).to_owned(),
        run: format!("exec {command}"),
        ..Offer::default()
    };
    let offers = USUAL.iter().map(offer).collect();
    cx.stack.prompt = Some(Prompt::Pick(Picker::new("commands", "command ", offers).free("exec ", |_| true)));
    Ok(())
}

fn run(cx: &mut Context<'_>, line: &str) -> Outcome {
    let mut words = words(line).map_err(|why| Notice::error(why, ""))?;
    let mut container = String::new();
    if words.first().is_some_and(|word| word == "-c" || word == "--container") {
        container = words.get(1).cloned().ok_or_else(|| Notice::error("-c needs the name of a container", ""))?;
        words.drain(..2);
    }
    if words.first().is_some_and(|word| word == "--") {
        words.remove(0);
    }
    if words.is_empty() {
        return Err(Notice::error("there is no command to run", "exec [-c CONTAINER] COMMAND …"));
    }
    visit::open(cx, Errand::Run(words), &container)
}

/// The words of a line; quotes and backslashes keep spaces together, as in a shell. Nothing else of a shell is done.
///
/// # Errors
/// When a quote does not end.
pub fn words(line: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(chars.next()),
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (_, Some(mark)) if c == mark => quote = None,
            (_, None) if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    match quote {
        Some(mark) => Err(format!("the quote {mark} does not end")),
        None => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_words_together() {
        let split = |line: &str| words(line).unwrap().join("|");
        assert_eq!(split("ls  -la /"), "ls|-la|/");
        assert_eq!(split(r#"sh -c "echo $x 'a'; exit" '' b\ c"#), "sh|-c|echo $x 'a'; exit||b c");
        assert_eq!(split(r#"a"b c"'d e'\"f"#), "ab cd e\"f");
        assert!(words("sh -c 'x").is_err());
        assert_eq!(words("").unwrap(), Vec::<String>::new());
    }
}
