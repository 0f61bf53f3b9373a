//! Frames of a list on a screen of 200×50: the first, one that changes nothing, one with a moved cursor, and those of
//! a cluster that changes elsewhere.

use super::super::world::{Window, World, key, restarted};
use super::{Path, Shown, Work, path};
use rutter::model::Model;
use rutter::ui::Motion;

pub fn all() -> Vec<Path> {
    vec![
        path("draw a list", |world| {
            let mut window = Window::new(&world.model.borrow());
            shown(world, move |model| {
                window.draw(model);
                window.written()
            })
        }),
        path("draw the same list again", |world| drawn(world, |_, _| {})),
        path("draw a list after a key", |world| {
            drawn(world, |window, model| {
                if let Some(list) = window.stack.list_mut() {
                    list.step(Motion::Down(1), model);
                }
            })
        }),
        path("follow 20 batches of 50 changes below the screen", elsewhere),
    ]
}

/// A frame after a frame.
fn drawn<'a>(world: &'a World, between: impl Fn(&mut Window, &Model) + 'a) -> Work<'a> {
    let mut window = Window::new(&world.model.borrow());
    window.draw(&world.model.borrow());
    let (bytes, frames) = window.written();
    shown(world, move |model| {
        between(&mut window, model);
        window.draw(model);
        let after = window.written();
        (after.0 - bytes, after.1 - frames)
    })
}

fn shown<'a>(world: &'a World, mut draw: impl FnMut(&Model) -> (u64, u64) + 'a) -> Work<'a> {
    Box::new(move || {
        let (bytes, frames) = draw(&world.model.borrow());
        Shown { bytes, frames }
    })
}

/// Changes that nobody sees are taken in and not drawn.
fn elsewhere(world: &World) -> Work<'_> {
    let mut window = Window::new(&world.model.borrow());
    window.draw(&world.model.borrow());
    let (bytes, frames) = window.written();
    let count = world.model.borrow().lists.get(&key()).map_or(0, |list| list.store.len() as u64);
    let changed = |number| restarted(world, count - 1 - number);
    let mut batches: Vec<Vec<_>> = (0..20).map(|batch| (batch * 50..batch * 50 + 50).map(changed).collect()).collect();
    Box::new(move || {
        for batch in batches.drain(..) {
            if let Some(list) = world.model.borrow_mut().lists.get_mut(&key()) {
                list.apply(batch);
            }
            window.follow(&world.model.borrow());
        }
        let after = window.written();
        Shown { bytes: after.0 - bytes, frames: after.1 - frames }
    })
}
