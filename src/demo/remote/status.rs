//! How a program ended, as the last message on the status channel says it.

use serde_json::{Value, json};

use super::V5;
use crate::demo::json::{remove, set};

/// The end of a program.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// It exited with this code.
    Exit(i64),
    /// It could not be run; this is what the kubelet says about that.
    Failed(String),
}

/// The `Status` for an end. With the fifth protocol the API server writes it, from what the kubelet told it; with the
/// fourth, the kubelet itself does.
pub fn of(end: &End, (protocol, argv): (&str, &[String])) -> Value {
    let translated = protocol == V5;
    let mut status = match end {
        End::Exit(0) => json!({"metadata": {}, "status": "Success"}),
        End::Exit(code) => {
            let how = if translated {
                format!("command terminated with exit code {code}")
            } else {
                format!("error executing command [{}], exit code {code}", argv.join(" "))
            };
            json!({
                "metadata": {}, "status": "Failure", "reason": "NonZeroExitCode",
                "message": format!("command terminated with non-zero exit code: {how}"),
                "details": {"causes": [{"reason": "ExitCode", "message": code.to_string()}]},
            })
        }
        End::Failed(why) => failed(why, translated),
    };
    if !translated {
        remove(&mut status, "/metadata");
    }
    status
}

fn failed(why: &str, translated: bool) -> Value {
    let message = format!("Internal error occurred: {why}");
    let mut status =
        json!({"metadata": {}, "status": "Failure", "message": message, "reason": "InternalError", "code": 500});
    if translated {
        set(&mut status, "/details", json!({"causes": [{"message": why}]}));
    }
    status
}

/// What the kubelet says when a program cannot be started: containerd's words around those of runc.
pub fn not_started(program: &str, protocol: &str) -> End {
    let why = if program.contains('/') {
        format!("exec: \"{program}\": stat {program}: no such file or directory")
    } else {
        format!("exec: \"{program}\": executable file not found in $PATH")
    };
    let id = crate::demo::json::Random::of(program).digest();
    let said = format!(
        "error executing command in container: failed to exec in container: failed to start exec \"{id}\": OCI runtime exec failed: exec failed: unable to start container process: {why}"
    );
    // The API server wraps what the kubelet had wrapped already.
    End::Failed(if protocol == V5 { format!("Internal error occurred: {said}") } else { said })
}
