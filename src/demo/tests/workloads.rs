//! What controllers, the scheduler and the kubelet do with what is written.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_deployment_that_is_scaled_settles() {
    let client = cluster(Story::Still).client();
    let deployments = Api::<Deployment>::namespaced(client.clone(), "shop");
    let five = Patch::Merge(json!({"spec": {"replicas": 5}}));
    let scale = deployments.patch_scale("catalog", &PatchParams::default(), &five).await.unwrap();
    assert_eq!(scale.spec.unwrap().replicas, Some(5));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let ready = async || deployments.get("catalog").await.unwrap().status.unwrap().ready_replicas;
    assert_eq!(ready().await, Some(3));
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(ready().await, Some(5));
    let running = of_app(client, "catalog")
        .await
        .into_iter()
        .filter(|pod| pod.status.as_ref().unwrap().phase.as_deref() == Some("Running"));
    assert_eq!(running.count(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_rollout_replaces_every_pod_and_counts_the_revision() {
    let client = cluster(Story::Still).client();
    let deployments = Api::<Deployment>::namespaced(client.clone(), "shop");
    let image = json!({"spec": {"template": {"spec": {"containers": [{"name": "catalog", "image": "registry.shop.example/catalog:2.13.0"}]}}}});
    deployments.patch("catalog", &PatchParams::default(), &Patch::Strategic(image)).await.unwrap();
    tokio::time::sleep(Duration::from_mins(1)).await;
    let after = deployments.get("catalog").await.unwrap();
    let status = after.status.unwrap();
    assert_eq!((status.updated_replicas, status.ready_replicas, status.replicas), (Some(3), Some(3), Some(3)));
    assert_eq!(after.metadata.annotations.unwrap()["deployment.kubernetes.io/revision"], "2");
    let pods = of_app(client, "catalog").await;
    let images: Vec<_> = pods.into_iter().map(|pod| pod.spec.unwrap().containers[0].image.clone().unwrap()).collect();
    assert_eq!(images, ["registry.shop.example/catalog:2.13.0"; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_rollout_that_cannot_start_leaves_the_old_pods_alone() {
    let client = cluster(Story::Still).client();
    let deployments = Api::<Deployment>::namespaced(client.clone(), "shop");
    let image =
        json!({"spec": {"template": {"spec": {"containers": [{"name": "frontend", "image": "frontend:missing"}]}}}});
    deployments.patch("frontend", &PatchParams::default(), &Patch::Strategic(image)).await.unwrap();
    tokio::time::sleep(Duration::from_mins(5)).await;
    let status = deployments.get("frontend").await.unwrap().status.unwrap();
    assert_eq!((status.ready_replicas, status.updated_replicas, status.replicas), (Some(3), Some(2), Some(5)));
}

#[tokio::test(start_paused = true)]
async fn a_deleted_pod_is_replaced_and_its_uid_is_honoured() {
    let client = cluster(Story::Still).client();
    let pods = Api::<Pod>::namespaced(client, "shop");
    let list = pods.list(&ListParams::default().labels("app.kubernetes.io/name=cart")).await.unwrap();
    let name = list.items[0].metadata.name.clone().unwrap();
    let other = DeleteParams {
        preconditions: Some(kube::api::Preconditions { uid: Some("another".into()), resource_version: None }),
        ..DeleteParams::default()
    };
    assert_eq!(code(pods.delete(&name, &other).await), Some(409));
    assert!(pods.delete(&name, &DeleteParams::default().dry_run()).await.is_ok());
    assert!(pods.get(&name).await.unwrap().metadata.deletion_timestamp.is_none());
    let going = pods.delete(&name, &DeleteParams::default()).await.unwrap().left().unwrap();
    assert!(going.metadata.deletion_timestamp.is_some());
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(code(pods.get(&name).await), Some(404));
    let after = pods.list(&ListParams::default().labels("app.kubernetes.io/name=cart")).await.unwrap();
    assert_eq!(after.items.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_story_is_alive_and_bounded_after_hours() {
    let cluster = cluster(Story::Full);
    let client = cluster.client();
    tokio::time::sleep(Duration::from_hours(2)).await;
    let count = async |path: &str| raw(&cluster, path, "").await.unwrap()["items"].as_array().unwrap().len();
    let pods = count("/api/v1/pods").await;
    assert!((60..=100).contains(&pods), "{pods} pods");
    assert!((20..=260).contains(&count("/api/v1/events").await));
    assert!(count("/apis/apps/v1/replicasets").await < 40);
    assert!(count("/apis/batch/v1/jobs").await < 6);
    let pods = Api::<Pod>::all(client);
    let version = pods.list(&ListParams::default()).await.unwrap().metadata.resource_version.unwrap();
    let mut events = pin!(pods.watch(&WatchParams::default().timeout(290), &version).await.unwrap());
    let mut changes = 0;
    while let Some(Ok(event)) = next(&mut events).await {
        changes += usize::from(!matches!(event, WatchEvent::Bookmark(_)));
    }
    assert!(changes > 20, "{changes} changes in five minutes");
}

#[tokio::test(start_paused = true)]
async fn an_eviction_asks_the_disruption_budget() {
    let cluster = cluster(Story::Still);
    let eviction = |name: &str| json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}});
    let path = "/api/v1/namespaces/data/pods";
    let blocked = post(&cluster, &format!("{path}/postgres-0/eviction"), &eviction("postgres-0")).await;
    assert!(
        matches!(blocked, Err(kube::Error::Api(status)) if status.code == 429 && status.message.starts_with("Cannot evict"))
    );
    assert!(post(&cluster, &format!("{path}/redis-0/eviction"), &eviction("redis-0")).await.is_ok());
    let pods = Api::<Pod>::namespaced(cluster.client(), "data");
    assert!(pods.get("redis-0").await.unwrap().metadata.deletion_timestamp.is_some());
    assert!(pods.get("postgres-0").await.unwrap().metadata.deletion_timestamp.is_none());
}

async fn patch(cluster: &Cluster, path: &str, (media, body): (&str, Value)) -> Value {
    let answer = send(cluster, &format!("PATCH {path}"), (media, body)).await.unwrap();
    tokio::time::sleep(Duration::from_mins(2)).await;
    answer
}

const APPS: &str = "/apis/apps/v1/namespaces";

#[tokio::test(start_paused = true)]
async fn a_bad_release_is_rolled_back_to_the_replica_set_before() {
    let cluster = cluster(Story::Still);
    let images = format!("{APPS}/shop/deployments/images");
    let status = async || {
        let images = raw(&cluster, &images, "").await.unwrap();
        let revision = images["metadata"]["annotations"]["deployment.kubernetes.io/revision"].clone();
        (images["status"]["updatedReplicas"].clone(), images["status"]["readyReplicas"].clone(), revision)
    };
    assert_eq!(status().await, (json!(1), json!(1), json!("2")));
    let sets = raw(&cluster, &format!("{APPS}/shop/replicasets?labelSelector=app.kubernetes.io/name%3Dimages"), "")
        .await
        .unwrap();
    let good = sets["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|set| set["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "1")
        .unwrap();
    let mut template = good["spec"]["template"].clone();
    template["metadata"]["labels"].as_object_mut().unwrap().remove("pod-template-hash");
    patch(
        &cluster,
        &images,
        ("application/json-patch+json", json!([{"op": "replace", "path": "/spec/template", "value": template}])),
    )
    .await;
    assert_eq!(status().await, (json!(2), json!(2), json!("3")));
    assert_eq!(of_app(cluster.client(), "images").await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn numbered_and_daemon_pods_roll_and_keep_their_revisions() {
    let cluster = cluster(Story::Still);
    let revisions = async |namespace: &str, name: &str| {
        let list = raw(&cluster, &format!("{APPS}/{namespace}/controllerrevisions"), "").await.unwrap();
        let mine =
            list["items"].as_array().unwrap().iter().filter(|r| r["metadata"]["ownerReferences"][0]["name"] == name);
        let mut all: Vec<(i64, Value)> = mine.map(|r| (r["revision"].as_i64().unwrap(), r["data"].clone())).collect();
        all.sort_by_key(|(number, _)| *number);
        all
    };
    for (namespace, plural, name) in
        [("data", "statefulsets", "postgres"), ("monitoring", "daemonsets", "node-exporter")]
    {
        let before = revisions(namespace, name).await;
        assert_eq!(before.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2], "{name}");
        assert_eq!(before[0].1["spec"]["template"]["$patch"], "replace");
        let path = format!("{APPS}/{namespace}/{plural}/{name}");
        patch(&cluster, &path, (STRATEGIC, before[0].1.clone())).await;
        let after = revisions(namespace, name).await;
        assert_eq!(after.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 3], "{name}");
        tokio::time::sleep(Duration::from_mins(2)).await;
        let pods = raw(
            &cluster,
            &format!("/api/v1/namespaces/{namespace}/pods?labelSelector=app.kubernetes.io/name%3D{name}"),
            "",
        )
        .await
        .unwrap();
        let image = before[0].1["spec"]["template"]["spec"]["containers"][0]["image"].clone();
        let old = pods["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|pod| pod["spec"]["containers"][0]["image"] != image && pod["spec"]["nodeName"] != "worker-4");
        assert_eq!(old.count(), 0, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn jobs_run_to_completion_and_wait_while_suspended() {
    let cluster = cluster(Story::Still);
    let backup = raw(&cluster, "/apis/batch/v1/namespaces/data/cronjobs/backup", "").await.unwrap();
    let mut job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "now"}, "spec": backup["spec"]["jobTemplate"]["spec"]});
    job["spec"]["suspend"] = json!(true);
    let jobs = "/apis/batch/v1/namespaces/data/jobs";
    post(&cluster, jobs, &job).await.unwrap();
    let now = format!("{jobs}/now");
    tokio::time::sleep(Duration::from_mins(1)).await;
    let held = raw(&cluster, &now, "").await.unwrap();
    assert_eq!(
        (&held["status"]["conditions"][0]["type"], held["status"].get("startTime")),
        (&json!("Suspended"), None)
    );
    patch(&cluster, &now, (MERGE, json!({"spec": {"suspend": false}}))).await;
    let done = raw(&cluster, &now, "").await.unwrap();
    let kinds: Vec<_> =
        done["status"]["conditions"].as_array().unwrap().iter().map(|c| c["type"].as_str().unwrap()).collect();
    assert_eq!((kinds, &done["status"]["succeeded"]), (vec!["Suspended", "SuccessCriteriaMet", "Complete"], &json!(1)));
    let pods = raw(&cluster, "/api/v1/namespaces/data/pods?labelSelector=job-name%3Dnow", "").await.unwrap();
    assert_eq!(pods["items"][0]["status"]["phase"], "Succeeded");
}

#[tokio::test(start_paused = true)]
async fn a_budget_counts_and_a_drained_pod_comes_back_elsewhere() {
    let cluster = cluster(Story::Still);
    let pods = of_app(cluster.client(), "checkout").await;
    let (first, second) = (&pods[0], pods[1].metadata.name.clone().unwrap());
    let (name, node) = (first.metadata.name.clone().unwrap(), first.spec.as_ref().unwrap().node_name.clone().unwrap());
    patch(&cluster, &format!("/api/v1/nodes/{node}"), (STRATEGIC, json!({"spec": {"unschedulable": true}}))).await;
    let marked = raw(&cluster, &format!("/api/v1/nodes/{node}"), "").await.unwrap();
    assert_eq!(marked["spec"]["taints"][0]["key"], "node.kubernetes.io/unschedulable");
    let evict = async |name: &str| {
        let eviction = json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}});
        post(&cluster, &format!("/api/v1/namespaces/shop/pods/{name}/eviction"), &eviction).await
    };
    assert!(evict(&name).await.is_ok());
    let Err(kube::Error::Api(status)) = evict(&second).await else { panic!("the budget is used up") };
    let cause = "The disruption budget checkout needs 2 healthy pods and has 2 currently";
    assert_eq!((status.code, status.details.clone().unwrap().causes[0].message.clone()), (429, cause.to_owned()));
    tokio::time::sleep(Duration::from_mins(1)).await;
    let after = of_app(cluster.client(), "checkout").await;
    assert_eq!(after.len(), 3);
    assert!(after.iter().all(|pod| pod.metadata.name.as_ref() != Some(&name)));
    let new = after.iter().find(|pod| pods.iter().all(|old| old.metadata.name != pod.metadata.name)).unwrap();
    assert_ne!(new.spec.as_ref().unwrap().node_name, Some(node));
    assert!(evict(&second).await.is_ok(), "the new pod is counted");
}

#[tokio::test(start_paused = true)]
async fn an_ephemeral_container_runs_and_can_be_talked_to() {
    let cluster = cluster(Story::Still);
    let pod = "/api/v1/namespaces/data/pods/redis-0";
    let debug = json!({"spec": {"ephemeralContainers": [{"name": "debug", "image": "busybox", "targetContainerName": "redis", "stdin": true, "tty": true}]}});
    patch(&cluster, &format!("{pod}/ephemeralcontainers"), (STRATEGIC, debug.clone())).await;
    let seen = raw(&cluster, pod, "").await.unwrap();
    assert!(seen["status"]["ephemeralContainerStatuses"][0]["state"]["running"].is_object());
    let mut other = debug;
    other["spec"]["ephemeralContainers"][0]["image"] = json!("busybox:2");
    assert_eq!(code(send(&cluster, &format!("PATCH {pod}/ephemeralcontainers"), (STRATEGIC, other)).await), Some(422));
}
