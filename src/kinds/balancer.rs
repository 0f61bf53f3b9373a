//! What a load balancer has given to a service or an ingress: addresses from outside.

use super::Text;
use super::lenient::null;
use serde::Deserialize;
use std::collections::BTreeSet;

/// `status` of a service or an ingress.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Balanced {
    #[serde(deserialize_with = "null")]
    load_balancer: LoadBalancer,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LoadBalancer {
    #[serde(deserialize_with = "null")]
    ingress: Vec<Ingress>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ingress {
    #[serde(deserialize_with = "null")]
    ip: Text,
    #[serde(deserialize_with = "null")]
    hostname: Text,
}

impl Balanced {
    /// Its addresses, else host names, as a sorted set.
    pub fn addresses(&self) -> BTreeSet<&str> {
        let ingress = self.load_balancer.ingress.iter();
        let address = ingress.map(|i| if i.ip.is_empty() { &*i.hostname } else { &*i.ip });
        address.filter(|address| !address.is_empty()).collect()
    }
}
