//! What is written: rehearsed, patched, refused, deleted with what it owns.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_owner_takes_what_it_owns_with_it() {
    let client = cluster(Story::Still).client();
    let deployments = Api::<Deployment>::namespaced(client.clone(), "shop");
    deployments.delete("checkout", &DeleteParams::default()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(of_app(client, "checkout").await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_change_of_an_old_version_is_refused() {
    let maps = Api::<ConfigMap>::namespaced(cluster(Story::Still).client(), "shop");
    let old = maps.get("catalog").await.unwrap();
    let mut new = old.clone();
    new.data.as_mut().unwrap().insert("a".into(), "1".into());
    let kept = maps.replace("catalog", &PostParams::default(), &new).await.unwrap();
    assert_ne!(kept.metadata.resource_version, old.metadata.resource_version);
    assert_eq!(code(maps.replace("catalog", &PostParams::default(), &new).await), Some(409));
    let dry = PatchParams { dry_run: true, ..PatchParams::default() };
    let patched = maps.patch("catalog", &dry, &Patch::Merge(json!({"data": {"a": "2"}}))).await.unwrap();
    assert_eq!((&*patched.data.unwrap()["a"], &*maps.get("catalog").await.unwrap().data.unwrap()["a"]), ("2", "1"));
}

/// Everything that is kept, as one text: a dry run changes none of it, not even a version.
async fn everything(cluster: &Cluster) -> String {
    let mut all = String::new();
    for path in ["/api/v1/pods", "/api/v1/events", "/api/v1/namespaces", "/apis/apps/v1/deployments"] {
        all += &raw(cluster, path, "").await.unwrap().to_string();
    }
    all
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_answers_and_keeps_nothing() {
    let cluster = cluster(Story::Still);
    let before = everything(&cluster).await;
    let pods = "/api/v1/namespaces/data/pods";
    let deployment = "/apis/apps/v1/namespaces/shop/deployments/cart";
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "new"}});
    let mut whole = raw(&cluster, deployment, "").await.unwrap();
    whole["spec"]["replicas"] = json!(7);
    let replicas = json!({"spec": {"replicas": 7}});
    let step = json!([{"op": "replace", "path": "/spec/replicas", "value": 7}]);
    let applied =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"}, "spec": {"paused": true}});
    let eviction = json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "redis-0"}});
    let all = json!({"dryRun": ["All"], "propagationPolicy": "Foreground"});
    for (line, body) in [
        ("POST /api/v1/namespaces/shop/configmaps?dryRun=All".to_owned(), (JSON, map)),
        (format!("PUT {deployment}?dryRun=All"), (JSON, whole)),
        (format!("PATCH {deployment}?dryRun=All"), (MERGE, replicas.clone())),
        (format!("PATCH {deployment}?dryRun=All"), ("application/strategic-merge-patch+json", replicas.clone())),
        (format!("PATCH {deployment}?dryRun=All"), ("application/json-patch+json", step)),
        (format!("PATCH {deployment}?dryRun=All&fieldManager=t"), ("application/apply-patch+yaml", applied)),
        (format!("PATCH {deployment}/scale?dryRun=All"), (MERGE, replicas)),
        (format!("POST {pods}/redis-0/eviction?dryRun=All"), (JSON, eviction)),
        (format!("DELETE {pods}/redis-0"), (JSON, all.clone())),
        (format!("DELETE {deployment}"), (JSON, all.clone())),
        (format!("DELETE {pods}?dryRun=All"), (JSON, Value::Null)),
        ("DELETE /api/v1/namespaces/shop?dryRun=All".to_owned(), (JSON, Value::Null)),
    ] {
        let answer = send(&cluster, &line, body).await;
        assert!(answer.is_ok(), "{line}: {answer:?}");
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert_eq!(everything(&cluster).await, before, "{line}");
    }
    let held = send(&cluster, &format!("DELETE {deployment}"), (JSON, all)).await.unwrap();
    assert_eq!(held["metadata"]["finalizers"], json!(["foregroundDeletion"]));
    let pod = send(&cluster, &format!("DELETE {pods}/redis-0?dryRun=All"), (JSON, Value::Null)).await.unwrap();
    assert_eq!(pod["metadata"]["deletionGracePeriodSeconds"], 30);
}

#[tokio::test(start_paused = true)]
async fn the_body_of_a_deletion_hides_its_query_and_unknown_options_are_refused() {
    let cluster = cluster(Story::Still);
    let map = "/api/v1/namespaces/shop/configmaps/catalog";
    let refused = send(&cluster, &format!("DELETE {map}?dryRun=Some"), (JSON, Value::Null)).await;
    assert_eq!(code(refused), Some(422));
    assert_eq!(code(send(&cluster, &format!("PATCH {map}?dryRun=Some"), (MERGE, json!({}))).await), Some(422));
    let sideways = json!({"propagationPolicy": "Sideways"});
    assert_eq!(code(send(&cluster, &format!("DELETE {map}"), (JSON, sideways)).await), Some(422));
    let options = json!({"propagationPolicy": "Background"});
    assert!(send(&cluster, &format!("DELETE {map}?dryRun=All"), (JSON, options)).await.is_ok());
    assert_eq!(code(raw(&cluster, map, "").await), Some(404), "as the real server, it took the body alone");
}

#[tokio::test(start_paused = true)]
async fn an_owner_goes_before_after_or_without_what_it_owns() {
    let cluster = cluster(Story::Still);
    let deployment = |name: &str| format!("/apis/apps/v1/namespaces/shop/deployments/{name}");
    let delete = async |name: &str, policy: &str| {
        send(&cluster, &format!("DELETE {}", deployment(name)), (JSON, json!({"propagationPolicy": policy})))
            .await
            .unwrap()
    };
    let going = delete("checkout", "Foreground").await;
    assert_eq!(going["metadata"]["finalizers"], json!(["foregroundDeletion"]));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(raw(&cluster, &deployment("checkout"), "").await.is_ok(), "it waits for its pods");
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(code(raw(&cluster, &deployment("checkout"), "").await), Some(404));
    assert_eq!(of_app(cluster.client(), "checkout").await.len(), 0);
    delete("catalog", "Orphan").await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(code(raw(&cluster, &deployment("catalog"), "").await), Some(404));
    assert_eq!(of_app(cluster.client(), "catalog").await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_refused_verb_is_denied_by_reviews_and_by_the_write() {
    let cluster = cluster(Story::Still);
    cluster.fault(Fault::Refuse("patch".into(), "deployments/scale".into())).await;
    let allowed = async |verb: &str| {
        let attributes = json!({"namespace": "shop", "verb": verb, "group": "apps", "resource": "deployments", "subresource": "scale"});
        let review = json!({"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "spec": {"resourceAttributes": attributes}});
        post(&cluster, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &review).await.unwrap()["status"]["allowed"].clone()
    };
    assert_eq!((allowed("patch").await, allowed("get").await), (json!(false), json!(true)));
    let scale = "/apis/apps/v1/namespaces/shop/deployments/cart/scale";
    let five = json!({"spec": {"replicas": 5}});
    let Err(kube::Error::Api(status)) = send(&cluster, &format!("PATCH {scale}"), (MERGE, five)).await else {
        panic!("not refused")
    };
    let said = "deployments.apps \"cart\" is forbidden: User \"demo\" cannot patch resource \"deployments/scale\" in API group \"apps\" in the namespace \"shop\"";
    assert_eq!((status.code, &*status.message), (403, said));
    assert!(raw(&cluster, scale, "").await.is_ok());
}

const APPLY: &str = "application/apply-patch+yaml";

async fn refusal(cluster: &Cluster, line: &str, body: (&str, Value)) -> Value {
    match send(cluster, line, body).await {
        Err(kube::Error::Api(status)) => serde_json::to_value(&*status).unwrap(),
        other => panic!("{line}: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn fields_have_managers_and_conflicts_name_them() {
    let cluster = cluster(Story::Still);
    let maps = "/api/v1/namespaces/shop/configmaps";
    let map = |data: Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": data});
    let apply = |manager: &str| format!("PATCH {maps}/m?fieldManager={manager}");
    let made = send(&cluster, &apply("one"), (APPLY, map(json!({"a": "1", "b": "1"})))).await.unwrap();
    assert_eq!(made["metadata"]["managedFields"][0]["fieldsV1"], json!({"f:data": {"f:a": {}, "f:b": {}}}));
    let refused = refusal(&cluster, &apply("two"), (APPLY, map(json!({"a": "2", "b": "1"})))).await;
    assert_eq!(refused["message"], "Apply failed with 1 conflict: conflict with \"one\": .data.a");
    assert_eq!(
        refused["details"]["causes"],
        json!([{"reason": "FieldManagerConflict", "message": "conflict with \"one\"", "field": ".data.a"}])
    );
    send(&cluster, &apply("two"), (APPLY, map(json!({"b": "1"})))).await.unwrap();
    let shared = send(&cluster, &apply("one"), (APPLY, map(json!({"a": "1"})))).await.unwrap();
    assert_eq!(shared["data"], json!({"a": "1", "b": "1"}), "the other still wants b");
    let gone = send(&cluster, &apply("two"), (APPLY, map(json!({})))).await.unwrap();
    assert_eq!(gone["data"], json!({"a": "1"}), "nobody wants b any more");
    let forced =
        send(&cluster, &format!("{}&force=true", apply("two")), (APPLY, map(json!({"a": "3"})))).await.unwrap();
    assert_eq!(forced["data"]["a"], "3");
    let managers: Vec<_> =
        forced["metadata"]["managedFields"].as_array().unwrap().iter().map(|e| &e["manager"]).collect();
    assert_eq!(managers, ["two"]);
    send(&cluster, &format!("PATCH {maps}/m?fieldManager=hand"), (MERGE, json!({"data": {"a": "4"}}))).await.unwrap();
    let refused = refusal(&cluster, &apply("two"), (APPLY, map(json!({"a": "3"})))).await;
    assert_eq!(refused["message"], "Apply failed with 1 conflict: conflict with \"hand\" using v1: .data.a");
    let nobody = refusal(&cluster, &format!("PATCH {maps}/m"), (APPLY, map(json!({})))).await;
    assert_eq!((&nobody["code"], &nobody["details"]["causes"][0]["field"]), (&json!(422), &json!("fieldManager")));
}

#[tokio::test(start_paused = true)]
async fn unknown_fields_are_refused_or_warned_of() {
    let cluster = cluster(Story::Still);
    let cart = "/apis/apps/v1/namespaces/shop/deployments/cart";
    let patch = json!({"spec": {"foo": 1, "template": {"spec": {"containers": [{"name": "cart", "img": "x"}]}}}});
    let refused =
        refusal(&cluster, &format!("PATCH {cart}?fieldValidation=Strict"), (STRATEGIC, json!({"spec": {"foo": 1}})))
            .await;
    let why = "Invalid value: \"map[spec:map[foo:1]]\": strict decoding error: unknown field \"spec.foo\"";
    assert_eq!(
        (&refused["code"], &refused["message"]),
        (&json!(422), &json!(format!(" \"\" is invalid: patch: {why}")))
    );
    let request =
        Request::patch(cart).header("content-type", STRATEGIC).body(patch.to_string().into_bytes().into()).unwrap();
    let answer = cluster.client().send(request).await.unwrap();
    let warnings: Vec<_> =
        answer.headers().get_all("warning").iter().map(|text| text.to_str().unwrap().to_owned()).collect();
    assert_eq!(
        warnings,
        [
            "299 - \"unknown field \\\"spec.foo\\\"\"",
            "299 - \"unknown field \\\"spec.template.spec.containers[0].img\\\"\""
        ]
    );
    assert!(raw(&cluster, cart, "").await.unwrap()["spec"].get("foo").is_none());
    let mut whole = raw(&cluster, cart, "").await.unwrap();
    whole["spec"]["foo"] = json!(1);
    let refused = refusal(&cluster, &format!("PUT {cart}?fieldValidation=Strict"), (JSON, whole)).await;
    let said = "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: unknown field \"spec.foo\"";
    assert_eq!((&refused["code"], &refused["message"]), (&json!(400), &json!(said)));
    let applied =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"}, "spec": {"foo": 5}});
    let refused = refusal(&cluster, &format!("PATCH {cart}?fieldManager=t"), (APPLY, applied)).await;
    let said = "failed to create typed patch object (/cart; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema";
    assert_eq!((&refused["code"], &refused["message"]), (&json!(500), &json!(said)));
}

#[tokio::test(start_paused = true)]
async fn patches_that_do_not_fit_are_refused() {
    let cluster = cluster(Story::Still);
    let cart = "PATCH /apis/apps/v1/namespaces/shop/deployments/cart";
    let test = json!([{"op": "test", "path": "/spec/replicas", "value": 77}, {"op": "replace", "path": "/spec/replicas", "value": 1}]);
    assert_eq!(code(send(&cluster, cart, ("application/json-patch+json", test)).await), Some(422));
    let old = json!({"metadata": {"resourceVersion": "1"}, "spec": {"replicas": 3}});
    assert_eq!(code(send(&cluster, cart, (MERGE, old)).await), Some(409));
    let selector = json!({"spec": {"selector": {"matchLabels": {"x": "y"}}}});
    assert_eq!(code(send(&cluster, cart, (MERGE, selector)).await), Some(422));
    let pod = "PATCH /api/v1/namespaces/data/pods/redis-0";
    assert_eq!(code(send(&cluster, pod, (MERGE, json!({"spec": {"nodeName": "x"}}))).await), Some(422));
    let certificate = "PATCH /apis/cert-manager.io/v1/namespaces/shop/certificates/shop";
    assert_eq!(code(send(&cluster, certificate, (STRATEGIC, json!({}))).await), Some(415));
}
