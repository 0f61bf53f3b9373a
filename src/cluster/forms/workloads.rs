//! Forms of what runs containers, as kubectl 1.36 `pkg/cmd/create` builds them.

use super::flags::Flags;
use crate::cluster::manifest::set;
use serde_json::{Value, json};

pub(super) fn deployment(flags: &Flags) -> Result<Value, String> {
    let name = flags.name()?;
    let images: Vec<&str> = flags.all("image").collect();
    if images.is_empty() {
        return Err("it needs --image=IMAGE".to_owned());
    }
    if images.len() > 1 && !flags.command.is_empty() {
        return Err("several images and a command do not go together".to_owned());
    }
    let mut containers: Vec<Value> = images.iter().map(|image| container(&called(image), image, flags)).collect();
    if let (Some(port), Some(first)) = (flags.number::<u16>("port")?, containers.first_mut()) {
        set(first, "", "ports", json!([{"containerPort": port}]));
    }
    let labels = json!({"app": name});
    Ok(json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "labels": labels},
        "spec": {
            "replicas": flags.number::<u32>("replicas")?.unwrap_or(1),
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
    }))
}

pub(super) fn job(flags: &Flags) -> Result<Value, String> {
    let name = flags.name()?;
    Ok(json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": run_once(flags, "Never")?}))
}

pub(super) fn cron_job(flags: &Flags) -> Result<Value, String> {
    let name = flags.name()?;
    let schedule = flags.last("schedule").ok_or("it needs --schedule='* * * * *'")?;
    let restart = flags.last("restart").unwrap_or("OnFailure");
    Ok(json!({
        "apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": name},
        "spec": {"schedule": schedule, "jobTemplate": {"metadata": {"name": name}, "spec": run_once(flags, restart)?}},
    }))
}

/// The `JobSpec` of one container.
fn run_once(flags: &Flags, restart: &str) -> Result<Value, String> {
    let image = flags.last("image").ok_or("it needs --image=IMAGE")?;
    let containers = [container(flags.name()?, image, flags)];
    Ok(json!({"template": {"spec": {"containers": containers, "restartPolicy": restart}}}))
}

fn container(name: &str, image: &str, flags: &Flags) -> Value {
    let mut made = json!({"name": name, "image": image});
    if !flags.command.is_empty() {
        set(&mut made, "", "command", json!(flags.command));
    }
    made
}

/// How a container of `image` is called: the last part of its name. kubectl adds random letters where it replaces some.
fn called(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    let name = name.split([':', '@']).next().unwrap_or(name);
    name.replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::*;

    fn made(form: &str, line: &str) -> Result<Value, String> {
        find(form).unwrap().object(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn containers_are_called_like_their_images() {
        for (image, want) in
            [("nginx", "nginx"), ("reg:5000/a/nginx:1.2", "nginx"), ("a/b@sha256:00", "b"), ("my_app.x:1", "my-app-x")]
        {
            assert_eq!(called(image), want);
        }
    }

    #[test]
    fn a_deployment_has_what_it_is_given() {
        let web = made("deploy", "web --image=nginx:1 --replicas=2 --port=80").unwrap();
        assert_eq!(web["spec"]["replicas"], 2);
        assert_eq!(
            web["spec"]["template"]["spec"]["containers"],
            json!([{"name": "nginx", "image": "nginx:1", "ports": [{"containerPort": 80}]}])
        );
        for wrong in [
            "web",
            "--image=a",
            "web --image=a --image=b -- sh",
            "web --image=a --port=x",
            "web --image=a --replicas=-1",
        ] {
            assert!(made("deploy", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn jobs_run_their_command() {
        let job = made("job", "j --image=busybox -- date -u").unwrap();
        assert_eq!(job["spec"]["template"]["spec"]["containers"][0]["command"], json!(["date", "-u"]));
        assert!(made("cronjob", "c --image=busybox").unwrap_err().contains("--schedule"));
    }
}
