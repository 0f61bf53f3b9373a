//! Asking numbers and ages as they are shown: those that are shown alike are asked once.

use crate::kinds::Time;
use crate::kinds::time::age_unit;
use crate::model::packed::View;
use hashbrown::HashMap;

/// What was found about numbers.
#[derive(Default)]
pub struct Numbers {
    known: HashMap<View<'static>, bool>,
    /// The last one of each column: most are like the one above.
    last: Vec<Option<(View<'static>, bool)>>,
}

impl Numbers {
    /// What `look` says about the text of a cell of this column that is no text.
    pub fn ask(&mut self, column: usize, view: View<'_>, now: Time, look: impl FnOnce(&str) -> bool) -> bool {
        let Some(alike) = alike(view, now) else { return look(&view.show(now)) };
        if self.last.len() <= column {
            self.last.resize(column + 1, None);
        }
        let Some(last) = self.last.get_mut(column) else { return look(&view.show(now)) };
        if let Some((_, answer)) = last.filter(|(last, _)| *last == alike) {
            return answer;
        }
        let answer = *self.known.entry(alike).or_insert_with(|| look(&view.show(now)));
        *last = Some((alike, answer));
        answer
    }
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
    use proptest::prelude::*;

    proptest! {
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
