//! The paths that are counted, one line each. Every one is made ready first, so that only the path itself counts.

mod lists;
mod logs;
mod screens;
mod tables;

use super::world::World;

/// What a path put on the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shown {
    /// Bytes written.
    pub bytes: u64,
    /// Frames drawn.
    pub frames: u64,
}

/// The work of a path, ready to be done.
pub type Work<'a> = Box<dyn FnMut() -> Shown + 'a>;

/// What makes a path ready.
pub type Ready = Box<dyn for<'a> Fn(&'a World) -> Work<'a>>;

/// A path.
pub struct Path {
    /// What it does.
    pub name: String,
    /// Makes it ready.
    pub ready: Ready,
}

impl Path {
    /// Whether it is among those whose names hold `part`.
    pub fn is(&self, part: Option<&str>) -> bool {
        part.is_none_or(|part| self.name.contains(part))
    }
}

/// All of them.
pub fn all() -> Vec<Path> {
    [lists::all(), tables::all(), screens::all(), logs::all()].into_iter().flatten().collect()
}

/// A path that shows nothing.
fn quiet(name: &str, ready: impl for<'a> Fn(&'a World) -> Box<dyn FnMut() + 'a> + 'static) -> Path {
    path(name, move |world| silent(ready(world)))
}

fn silent(mut work: Box<dyn FnMut() + '_>) -> Work<'_> {
    Box::new(move || {
        work();
        Shown::default()
    })
}

fn path(name: &str, ready: impl for<'a> Fn(&'a World) -> Work<'a> + 'static) -> Path {
    Path { name: name.to_owned(), ready: Box::new(ready) }
}
