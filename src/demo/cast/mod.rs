//! The cast.
use super::Story;
use super::world::World;
pub fn enter(_: &mut World, _: Story) {}
