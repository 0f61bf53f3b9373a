//! What happens in the cluster.

use serde_json::Value;

use super::resource::Resource;
use super::store::Name;
use super::world::World;

/// A scene.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// None yet.
    Nothing,
}

/// How far the kubelet is with a pod.
#[derive(Debug, Clone)]
pub struct Stage;

pub fn is_controlled(_: &str) -> bool {
    false
}
pub fn begin(_: &mut World) {}
pub fn settle(_: &mut World) {}
pub fn step(_: &mut World, _: &Name, _: &str) {}
pub fn play(_: &mut World, _: Act) {}
pub fn admit(_: &mut World, _: &'static Resource, _: &mut Value) {}
pub fn stop(_: &mut World, _: (&'static Resource, &Value), _: i64) {}
