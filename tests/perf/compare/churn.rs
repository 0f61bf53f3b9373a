//! Changes on a cluster that is not the mock: the status of its pods is patched, so many times a second.

use crate::error::{Error, Result};
use http_body_util::BodyExt;
use hyper::Request;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{MissedTickBehavior, interval};

/// How many pods are changed, one after the other and again.
const PODS: u32 = 5_000;
/// Requests on their way at most: a server that is slower than asked for is not buried.
const AT_ONCE: usize = 32;

/// Changes that go on until this is dropped.
pub struct Churn {
    made: Arc<AtomicU64>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

#[derive(Deserialize)]
struct Pods {
    items: Vec<Pod>,
}

#[derive(Deserialize)]
struct Pod {
    metadata: Meta,
}

#[derive(Deserialize)]
struct Meta {
    name: String,
    namespace: String,
}

impl Churn {
    /// Begins to change pods of the cluster of a kubeconfig, `rate` times a second.
    ///
    /// # Errors
    /// When the cluster cannot be asked, or does not let its pods be changed.
    pub fn start(kubeconfig: &Path, rate: u64) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (client, paths) = runtime.block_on(begin(kubeconfig))?;
        let made = Arc::new(AtomicU64::new(0));
        let (stop, stopped) = oneshot::channel();
        let counts = Arc::clone(&made);
        let going_on = go_on(client, paths, Duration::from_secs(1) / u32::try_from(rate.max(1))?, counts);
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! { () = going_on => {}, _ = stopped => {} }
            });
        });
        Ok(Self { made, stop: Some(stop), thread: Some(thread) })
    }

    /// How many changes were made so far.
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }
}

impl Drop for Churn {
    fn drop(&mut self) {
        self.stop.take();
        // A thread that failed has changed nothing more.
        let _ = self.thread.take().map(std::thread::JoinHandle::join);
    }
}

/// A client, and the paths of the pods; one of them was changed, to see whether that is allowed.
async fn begin(kubeconfig: &Path) -> Result<(Client, Vec<String>)> {
    let options = KubeConfigOptions::default();
    let config = Config::from_custom_kubeconfig(Kubeconfig::read_from(kubeconfig)?, &options).await?;
    let client = Client::try_from(config)?;
    let list = Request::get(format!("/api/v1/pods?limit={PODS}")).body(Vec::new())?;
    let pods: Pods = client.request(list).await?;
    let path = |pod: &Pod| format!("/api/v1/namespaces/{}/pods/{}/status", pod.metadata.namespace, pod.metadata.name);
    let paths: Vec<String> = pods.items.iter().map(path).collect();
    let first = paths.first().ok_or_else(|| Error::from("the cluster has no pods"))?;
    client.request::<serde_json::Value>(patch(first, 0)?).await?;
    Ok((client, paths))
}

/// Makes one change after the other.
async fn go_on(client: Client, paths: Vec<String>, pause: Duration, made: Arc<AtomicU64>) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut ticks = interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for (number, path) in (1_u64..).zip(paths.iter().cycle()) {
        ticks.tick().await;
        let (Ok(permit), Ok(request)) = (Arc::clone(&room).acquire_owned().await, patch(path, number)) else { return };
        let (client, made) = (client.clone(), Arc::clone(&made));
        tokio::spawn(async move {
            // A pod that is gone, or changed by others, is no change of ours.
            if let Ok(answer) = client.send(request.map(Into::into)).await {
                made.fetch_add(u64::from(answer.status().is_success()), Ordering::Relaxed);
                let _ = answer.into_body().collect().await;
            }
            drop(permit);
        });
    }
}

/// What a person sees of it is another word in STATUS.
fn patch(path: &str, number: u64) -> Result<Request<Vec<u8>>> {
    let body = format!(r#"{{"status":{{"reason":"Changed{}"}}}}"#, number % 97);
    Ok(Request::patch(path).header("content-type", "application/merge-patch+json").body(body.into_bytes())?)
}
