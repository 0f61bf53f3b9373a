//! Who is in the cluster when the story begins: a small shop, with what it runs on.

mod apps;
mod build;
mod custom;
mod helm;
mod history;
mod moods;
mod nodes;
mod props;
mod rest;
mod workloads;

use super::Story;
use super::world::World;

/// Fills the world.
pub fn enter(world: &mut World, tale: Story) {
    nodes::enter(world, tale == Story::Empty);
    if tale == Story::Empty {
        return;
    }
    workloads::enter(world);
    props::enter(world);
    rest::enter(world);
    moods::enter(world);
    history::enter(world);
    helm::enter(world);
    custom::enter(world);
    super::story::observe_all(world);
}

/// Brings in a backup job of the schedule, made so many seconds ago.
pub fn backup(world: &mut World, age: i64) {
    props::backup(world, age);
}
