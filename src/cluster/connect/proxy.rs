//! Which proxy leads to a server: the cluster's own, or the environment's, judged by the target host.
//!
//! The rules are those of Go's `golang.org/x/net/http/httpproxy`, which kubectl uses; entries of `NO_PROXY` that
//! make no sense are skipped.

use http::Uri;
use std::env;
use std::net::IpAddr;

/// What the environment says about proxies; `""` where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// `HTTPS_PROXY`.
    pub https: String,
    /// `HTTP_PROXY`.
    pub http: String,
    /// `NO_PROXY`.
    pub no: String,
}

impl Proxies {
    /// The environment of this process; names in capitals go first.
    pub fn from_env() -> Self {
        let read = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let either = |name: &str| read(name).or_else(|| read(&name.to_lowercase())).unwrap_or_default();
        Self { https: either("HTTPS_PROXY"), http: either("HTTP_PROXY"), no: either("NO_PROXY") }
    }

    /// The proxy for `target`; `None` when it is reached directly.
    pub fn proxy_for(&self, target: &Uri) -> Option<&str> {
        let (proxy, default_port) = match target.scheme_str() {
            Some("https") => (&self.https, 443),
            _ => (&self.http, 80),
        };
        let host = target.host()?.trim_start_matches('[').trim_end_matches(']').to_lowercase();
        let port = target.port_u16().unwrap_or(default_port);
        (!proxy.is_empty() && !self.bypasses(&host, port)).then_some(proxy)
    }

    fn bypasses(&self, host: &str, port: u16) -> bool {
        let address = host.parse::<IpAddr>().ok();
        if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
            return true;
        }
        let entries = self.no.split(',').map(|entry| entry.trim().to_lowercase());
        entries.into_iter().any(|entry| match address {
            Some(address) => entry == "*" || matches_address(&entry, address, port),
            None => entry == "*" || matches_host(&entry, host, port),
        })
    }
}

/// `10.0.0.0/8`, `10.1.2.3`, `10.1.2.3:6443`, `fd00::1`, `[fd00::1]:6443`.
fn matches_address(entry: &str, address: IpAddr, port: u16) -> bool {
    if let Some((network, length)) = entry.split_once('/') {
        let network = network.parse::<IpAddr>().ok().zip(length.parse::<u32>().ok());
        return network.is_some_and(|(network, length)| contains(network, length, address));
    }
    if let Ok(one) = entry.parse::<IpAddr>() {
        return one == address;
    }
    let (host, wanted) = split_port(entry);
    let one = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    one.is_ok_and(|one| one == address) && wanted.is_none_or(|wanted| wanted == port)
}

fn contains(network: IpAddr, length: u32, address: IpAddr) -> bool {
    let same = |a: u128, b: u128, bits: u32| length <= bits && (a ^ b).checked_shr(bits - length).unwrap_or(0) == 0;
    match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same(u128::from(a.to_bits()), u128::from(b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128),
        _ => false,
    }
}

/// `corp.example` is that host and all below it; `.corp.example` and `*.corp.example` only what is below.
fn matches_host(entry: &str, host: &str, port: u16) -> bool {
    let (name, wanted) = split_port(entry);
    if name.is_empty() || wanted.is_some_and(|wanted| wanted != port) {
        return false;
    }
    let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name);
    match name.strip_prefix('.') {
        Some(_) => host.ends_with(name),
        None => host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
    }
}

fn split_port(entry: &str) -> (&str, Option<u16>) {
    match entry.rsplit_once(':').map(|(host, port)| (host, port.parse())) {
        Some((host, Ok(port))) => (host, Some(port)),
        _ => (entry, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn proxies(no: &str) -> Proxies {
        Proxies { https: "http://proxy:3128".to_owned(), http: "http://plain:3128".to_owned(), no: no.to_owned() }
    }

    #[test]
    fn the_target_decides() {
        let cases = [
            ("", "https://api.corp.example:6443", false),
            ("", "https://127.0.0.1:6443", true),
            ("", "https://[::1]:6443", true),
            ("", "https://localhost:6443", true),
            ("*", "https://api.corp.example", true),
            ("*", "https://10.0.0.1", true),
            ("corp.example", "https://api.corp.example", true),
            ("corp.example", "https://corp.example", true),
            ("corp.example", "https://notcorp.example", false),
            (".corp.example", "https://corp.example", false),
            (".corp.example", "https://api.corp.example", true),
            ("*.corp.example", "https://api.corp.example", true),
            ("*.corp.example", "https://corp.example", false),
            ("CORP.example", "https://API.corp.EXAMPLE", true),
            ("api.corp.example:6443", "https://api.corp.example:6443", true),
            ("api.corp.example:6443", "https://api.corp.example", false),
            ("api.corp.example:443", "https://api.corp.example", true),
            ("10.0.0.0/8", "https://10.1.2.3:6443", true),
            ("10.0.0.0/8", "https://11.1.2.3:6443", false),
            ("0.0.0.0/0", "https://11.1.2.3:6443", true),
            ("10.1.2.3", "https://10.1.2.3:6443", true),
            ("10.1.2.3:6443", "https://10.1.2.3:6443", true),
            ("10.1.2.3:443", "https://10.1.2.3:6443", false),
            ("fd00::/8", "https://[fd00::1]:6443", true),
            ("fd00::1", "https://[fd00::1]:6443", true),
            ("[fd00::1]:6443", "https://[fd00::1]:6443", true),
            ("a,", "https://10.1.2.3", false),
            (",,", "https://10.1.2.3", false),
            ("x/y", "https://10.1.2.3", false),
            ("10.0.0.0/99", "https://10.1.2.3", false),
            (" x/y , 10.1.2.3 ", "https://10.1.2.3", true),
            // The proxy's own host has no say.
            ("proxy", "https://api.corp.example", false),
        ];
        for (no, target, direct) in cases {
            let got = proxies(no).proxy_for(&target.parse().unwrap()).is_none();
            assert_eq!(got, direct, "NO_PROXY={no} {target}");
        }
    }

    #[test]
    fn the_scheme_chooses_the_proxy() {
        assert_eq!(proxies("").proxy_for(&"https://a.b".parse().unwrap()), Some("http://proxy:3128"));
        assert_eq!(proxies("").proxy_for(&"http://a.b".parse().unwrap()), Some("http://plain:3128"));
        assert_eq!(Proxies::default().proxy_for(&"https://a.b".parse().unwrap()), None);
    }

    proptest! {
        #[test]
        fn no_list_panics(no in ".{0,40}") {
            let given = proxies(&no);
            let got = given.proxy_for(&Uri::from_static("https://10.1.2.3:6443"));
            prop_assert!(got.is_none() || got == Some("http://proxy:3128"));
        }
    }
}
