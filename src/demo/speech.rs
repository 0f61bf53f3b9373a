//! What containers write into their logs: access logs, JSON, logfmt, klog, and now and then a stack trace.

use jiff::Timestamp;

use super::json::Random;

/// The lines of one second: `first` when the container begins in it, `last` with the exit code when it ends in it.
pub fn lines(container: &str, random: &mut Random, (first, last, now): (bool, Option<i64>, Timestamp)) -> Vec<String> {
    let mut said = Vec::new();
    if first {
        said.extend(hello(container));
    }
    // About two seconds of three are silent for most programs; one in forty is busy.
    let count = match random.below(40) {
        0 => 4,
        1..=12 => 1,
        13..=16 => 2,
        _ => 0,
    };
    let voice = voice(container);
    for _ in 0..count {
        said.push(voice(random, now));
    }
    if voice_is_json(container) && random.below(240) == 0 {
        said.extend(trace());
    }
    match last {
        Some(0) => said.push("done, bye".to_owned()),
        Some(137) | None => {}
        Some(_) => said.extend(failure()),
    }
    said
}

type Voice = fn(&mut Random, Timestamp) -> String;

fn voice(container: &str) -> Voice {
    match container {
        "frontend" | "images" | "ingress-nginx-controller" => access,
        "proxy" => envoy,
        "postgres" => postgres,
        "redis" => redis,
        "grafana" | "prometheus" | "alertmanager" | "config-reloader" | "node-exporter" => logfmt,
        name if name.starts_with("kube-") || name == "coredns" || name == "metrics-server" || name == "etcd" => klog,
        "main" | "backup" | "wait-for-postgres" => plain,
        _ => json,
    }
}

fn voice_is_json(container: &str) -> bool {
    std::ptr::fn_addr_eq(voice(container), json as Voice)
}

fn hello(container: &str) -> Vec<String> {
    vec![
        format!("starting {container}"),
        "configuration loaded from /etc/config/settings.yaml".to_owned(),
        "listening".to_owned(),
    ]
}

fn path(random: &mut Random) -> String {
    let number = random.below(900) + 100;
    match random.below(5) {
        0 => "/".to_owned(),
        1 => format!("/products/{number}"),
        2 => "/cart".to_owned(),
        3 => format!("/search?q=lamp+{number}"),
        _ => format!("/static/app.{number}.js"),
    }
}

fn code(random: &mut Random) -> u64 {
    random.pick(&[200, 200, 200, 200, 200, 200, 204, 301, 304, 304, 404, 500, 503])
}

fn access(random: &mut Random, now: Timestamp) -> String {
    let (client, time) = (random.between(2, 250), now.strftime("%d/%b/%Y:%H:%M:%S +0000"));
    let (path, code, size) = (path(random), code(random), random.between(180, 48_000));
    format!(
        "10.244.10.{client} - - [{time}] \"GET {path} HTTP/1.1\" {code} {size} \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\""
    )
}

fn envoy(random: &mut Random, now: Timestamp) -> String {
    let (path, code, took) = (path(random), code(random), random.between(1, 420));
    format!(
        "[{now:.3}] \"POST {path} HTTP/2\" {code} - via_upstream - \"-\" 512 1024 {took} {took} \"-\" \"grpc-go/1.76.0\""
    )
}

fn json(random: &mut Random, now: Timestamp) -> String {
    let (level, message) = random.pick(&[
        ("info", "request handled"),
        ("info", "request handled"),
        ("info", "order stored"),
        ("debug", "cache hit"),
        ("debug", "cache miss"),
        ("warn", "upstream slow"),
        ("error", "payment provider did not answer"),
    ]);
    let (took, trace) = (random.between(1, 900), random.bits());
    format!(
        "{{\"time\":\"{now:.3}\",\"level\":\"{level}\",\"msg\":\"{message}\",\"duration_ms\":{took},\"trace_id\":\"{trace:016x}\"}}"
    )
}

fn logfmt(random: &mut Random, now: Timestamp) -> String {
    let (level, message) = random.pick(&[
        ("info", "TSDB head truncated"),
        ("info", "completed loading of configuration file"),
        ("info", "request completed"),
        ("warn", "scrape took longer than its interval"),
        ("error", "notify retry canceled after 3 attempts: context deadline exceeded"),
    ]);
    format!(
        "ts={now:.3} level={level} caller=main.go:{} msg=\"{message}\" duration={}ms",
        random.between(80, 900),
        random.below(700)
    )
}

fn klog(random: &mut Random, now: Timestamp) -> String {
    let (letter, message) = random.pick(&[
        ("I", "\"Caches populated\" type=\"*v1.Service\""),
        ("I", "\"Successfully synced\" key=\"shop/frontend\""),
        ("I", "\"Garbage collection finished\" duration=\"41ms\""),
        ("W", "\"watch ended with error\" err=\"too old resource version\""),
        ("E", "\"Failed to scrape node\" node=\"worker-4\" err=\"dial tcp 10.0.1.14:10250: i/o timeout\""),
    ]);
    format!(
        "{letter}{}.{:06}       1 controller.go:{}] {message}",
        now.strftime("%m%d %H:%M:%S"),
        random.below(1_000_000),
        random.between(100, 700)
    )
}

fn postgres(random: &mut Random, now: Timestamp) -> String {
    let (level, message) = random.pick(&[
        ("LOG", "checkpoint starting: time"),
        ("LOG", "checkpoint complete: wrote 312 buffers (1.9%)"),
        ("LOG", "duration: 1204.118 ms  statement: SELECT * FROM orders WHERE customer_id = 4711"),
        ("ERROR", "duplicate key value violates unique constraint \"orders_pkey\""),
    ]);
    format!("{} UTC [{}] {level}:  {message}", now.strftime("%Y-%m-%d %H:%M:%S.000"), random.between(40, 900))
}

fn redis(random: &mut Random, now: Timestamp) -> String {
    let message = random.pick(&[
        "100 changes in 300 seconds. Saving...",
        "Background saving terminated with success",
        "Synchronization with replica succeeded",
    ]);
    format!("1:M {} * {message}", now.strftime("%d %b %Y %H:%M:%S.000"))
}

fn plain(random: &mut Random, _: Timestamp) -> String {
    format!(
        "{} ({} of 4800)",
        random.pick(&["copied", "\x1b[32mverified\x1b[0m", "skipped, unchanged", "kopiert: Größe geprüft ✓"]),
        random.below(4_800)
    )
}

fn trace() -> Vec<String> {
    [
        "Traceback (most recent call last):",
        "  File \"/app/service/handlers.py\", line 118, in handle",
        "    price = self.prices.lookup(item.sku)",
        "  File \"/app/service/prices.py\", line 42, in lookup",
        "    return self.table[sku]",
        "KeyError: 'SKU-20817'",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn failure() -> Vec<String> {
    [
        "panic: runtime error: invalid memory address or nil pointer dereference",
        "[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x7b2f41]",
        "",
        "goroutine 1 [running]:",
        "main.(*Model).Load(0x0)",
        "\t/src/model.go:87 +0x21",
        "main.main()",
        "\t/src/main.go:31 +0x1a5",
        "exit status 2",
    ]
    .map(str::to_owned)
    .to_vec()
}
