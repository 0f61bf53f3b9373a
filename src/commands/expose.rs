//! A Service or an autoscaler for what is selected.

use super::exec::words;
use super::target::{able, change, of_kind, targets};
use super::{Command, Need, On};
use crate::cluster::actions::{Autoscale, Expose};
use crate::kinds::Can;
use crate::model::Notice;
use crate::text::safe;

pub const EXPOSE: Command = Command {
    name: "expose",
    arguments: "[--port=PORT,…] [--target-port=PORT] [--name=NAME] [--type=TYPE] [--protocol=PROTOCOL]",
    help: "make a service for the selected workload, pod or service",
    changes: true,
    needs: &[Need::on("create", "", "services")],
    on: On::Object,
    when: |s| of_kind(s, &["deployments", "replicasets", "replicationcontrollers", "pods", "services"]),
    run: |cx, text| {
        if text.is_empty() {
            let named = targets(&cx.subject()).unwrap_or_default().into_iter().next().map(|target| target.name);
            let label = "expose (--port, --target-port, --name, --type, --protocol)";
            cx.stack.ask(label, "expose", &format!("--name={}", named.unwrap_or_default()));
            return Ok(());
        }
        change(cx, expose(text)?)
    },
    ..Command::BLANK
};

pub const AUTOSCALE: Command = Command {
    name: "autoscale",
    arguments: "[--min=PODS] [--max=PODS] [--cpu-percent=PERCENT] [--name=NAME]",
    help: "let the number of replicas follow the load",
    changes: true,
    needs: &[Need::on("create", "autoscaling", "horizontalpodautoscalers")],
    on: On::Object,
    when: |s| able(s, Can::SCALE, "no number of replicas"),
    run: |cx, text| {
        if text.is_empty() {
            cx.stack.ask("autoscale", "autoscale", "--min=1 --max=3 --cpu-percent=80");
            return Ok(());
        }
        change(cx, autoscale(text)?)
    },
    ..Command::BLANK
};

/// The flags of a line with their values.
///
/// # Errors
/// When a word is no flag with a value.
fn flags(text: &str) -> Result<Vec<(String, String)>, Notice> {
    let words = words(text).map_err(|why| Notice::error(why, ""))?;
    let flag = |word: &String| {
        let pair = word.strip_prefix("--").and_then(|word| word.split_once('=')).filter(|(_, value)| !value.is_empty());
        pair.map(|(flag, value)| (flag.to_owned(), value.to_owned()))
            .ok_or_else(|| Notice::error(format!("\"{}\" is not --FLAG=VALUE", safe(word)), ""))
    };
    words.iter().map(flag).collect()
}

fn unknown(flag: &str, hint: &str) -> Notice {
    Notice::error(format!("there is no --{} here", safe(flag)), hint)
}

fn number<N: std::str::FromStr>(value: &str) -> Result<N, Notice> {
    value.parse().map_err(|_| Notice::error(format!("\"{}\" is no number for it", safe(value)), ""))
}

/// Reads kubectl's flags.
///
/// # Errors
/// When one is unknown or its value makes no sense.
fn expose(text: &str) -> Result<Expose, Notice> {
    let mut expose = Expose::default();
    for (flag, value) in flags(text)? {
        match flag.as_str() {
            "port" => expose.ports = value.split(',').map(number).collect::<Result<_, _>>()?,
            "target-port" => expose.target_port = value,
            "name" => expose.name = value,
            "type" => expose.service_type = value,
            "protocol" => expose.protocol = value,
            other => return Err(unknown(other, EXPOSE.arguments)),
        }
    }
    Ok(expose)
}

/// Reads kubectl's flags, those of before 1.34 as well.
///
/// # Errors
/// When one is unknown, or they make no sense.
fn autoscale(text: &str) -> Result<Autoscale, Notice> {
    let mut made = Autoscale::default();
    for (flag, value) in flags(text)? {
        match flag.as_str() {
            "min" => made.min = Some(number(&value)?),
            "max" => made.max = number(&value)?,
            "cpu-percent" => made.cpu = Some(number(&value)?),
            "cpu" => {
                let percent = value.strip_suffix('%');
                let percent = percent.ok_or_else(|| Notice::error("--cpu takes a percentage: --cpu=80%", ""))?;
                made.cpu = Some(number(percent)?);
            }
            "name" => made.name = value,
            other => return Err(unknown(other, AUTOSCALE.arguments)),
        }
    }
    if made.max == 0 {
        return Err(Notice::error("autoscale needs --max=PODS, at least 1", AUTOSCALE.arguments));
    }
    if made.min.is_some_and(|min| min > made.max) {
        return Err(Notice::error("--min is more than --max", ""));
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_kubectls() {
        let exposed = expose("--port=80,443 --target-port=http --name=x --type=NodePort").unwrap();
        assert_eq!((exposed.ports, exposed.target_port.as_str()), (vec![80, 443], "http"));
        let scaled = autoscale("--min=1 --max=5 --cpu=80%").unwrap();
        assert_eq!(scaled, autoscale("--min=1 --max=5 --cpu-percent=80").unwrap());
        for wrong in ["--port=x", "--port=70000", "port", "--what=1", "--name="] {
            assert!(expose(wrong).is_err(), "{wrong}");
        }
        for wrong in ["--min=1", "--min=3 --max=2", "--max=0", "--max=2 --cpu=500m"] {
            assert!(autoscale(wrong).is_err(), "{wrong}");
        }
    }
}
