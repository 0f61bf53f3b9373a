//! Asking numbers and ages as they are shown: those that are shown alike are asked once. And `Answers`, in which what was
//! asked is kept by places.

use crate::kinds::Time;
use crate::kinds::time::age_unit;
use crate::model::packed::{Packed, View};
use hashbrown::HashMap;

/// What was found about what has a place: a text by its id, an age.
#[derive(Default)]
pub struct Answers(Vec<Option<bool>>);

impl Answers {
    /// What is known of the one at `place`; `look` finds out.
    pub fn of(&mut self, place: usize, look: impl FnOnce() -> bool) -> bool {
        if self.0.len() <= place {
            self.0.resize(place + 1, None);
        }
        self.0.get_mut(place).is_some_and(|known| *known.get_or_insert_with(look))
    }
}

/// What was found about the numbers of a column.
#[derive(Default)]
pub struct Numbers {
    known: HashMap<View<'static>, bool>,
    /// What was found about ages, by their places.
    ages: Answers,
    /// The last one: most are like the one above.
    last: Option<(Packed, bool)>,
}

impl Numbers {
    /// What `look` says about the text of a cell that is no text; `view` is what of it is asked.
    pub fn ask(&mut self, cell: Packed, view: View<'_>, now: Time, look: impl FnOnce(&str) -> bool) -> bool {
        if let Some((_, answer)) = self.last.filter(|(last, _)| *last == cell) {
            return answer;
        }
        let look = || look(&view.show(now));
        let answer = if let View::Since(Some(time)) = view
            && let Some(place) = age_place(now.seconds_since(time))
        {
            self.ages.of(place, look)
        } else if let Some(alike) = alike(view, now) {
            *self.known.entry(alike).or_insert_with(look)
        } else {
            look()
        };
        self.last = Some((cell, answer));
        answer
    }
}

/// The place of an age among all that are shown differently; none for one of the future.
fn age_place(seconds: i64) -> Option<usize> {
    let unit = age_unit(seconds);
    let first = match unit {
        1 => 0,
        60 => 600,
        3_600 => 1_100,
        _ => 1_300,
    };
    usize::try_from(seconds).ok().and_then(|_| usize::try_from(first + seconds / unit).ok())
}

/// What stands for all cells that are shown as `view` is; none for a text, and for an address, which is shown once.
fn alike(view: View<'_>, now: Time) -> Option<View<'static>> {
    let age = |time: Time| {
        let seconds = now.seconds_since(time);
        Some(Time(seconds - seconds.rem_euclid(age_unit(seconds))))
    };
    Some(match view {
        View::Text(_) | View::Quantity(_) | View::Address(_) => return None,
        View::Count(count) => View::Count(count),
        View::Ratio(have, want) => View::Ratio(have, want),
        View::Restarts(count, last) => View::Restarts(count, last.filter(|_| count > 0).and_then(age)),
        View::Since(time) => View::Since(time.and_then(age)),
        View::Duration(seconds) => View::Duration(seconds),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::time::human_duration;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ages_have_the_place_of_what_they_show(a in -5..90_000_000_i64, b in 0..90_000_i64) {
            if let (Some(place), Some(other)) = (age_place(a), age_place(a + b)) {
                let shown = |seconds: i64| human_duration(seconds - seconds.rem_euclid(age_unit(seconds)));
                prop_assert_eq!(place == other, shown(a) == shown(a + b), "{} {}", shown(a), shown(a + b));
                prop_assert!(place < 3_000);
            }
        }

        #[test]
        fn what_is_alike_is_shown_alike(a in -5..9_000_000_i64, b in 0..90_000_i64, restarts in 0..2_u32) {
            let now = Time(100_000_000);
            let (a, b) = (Some(Time(now.0 - a * 40)), Some(Time(now.0 - a * 40 - b)));
            for (a, b) in [(View::Since(a), View::Since(b)), (View::Restarts(restarts, a), View::Restarts(restarts, b))] {
                if alike(a, now) == alike(b, now) {
                    prop_assert_eq!(a.show(now), b.show(now));
                }
            }
        }
    }
}
