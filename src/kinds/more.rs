//! Lists that are cut short: the first three, and how many more there are.

/// How many are shown.
const SHOWN: usize = 3;

/// `a,b,c + 2 more...`, of `count` texts.
pub fn first_three<S: AsRef<str>>(texts: impl Iterator<Item = S>) -> String {
    let (mut shown, mut count) = (String::new(), 0_usize);
    for text in texts {
        if count < SHOWN {
            shown.push_str(if count == 0 { "" } else { "," });
            shown.push_str(text.as_ref());
        }
        count += 1;
    }
    match count.saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} + {more} more..."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_are_shown_and_the_others_counted() {
        let text = |count: usize| first_three(["a", "b", "c", "d", "e"].into_iter().take(count));
        assert_eq!((text(0), text(1), text(3)), (String::new(), "a".to_owned(), "a,b,c".to_owned()));
        assert_eq!((text(4), text(5)), ("a,b,c + 1 more...".to_owned(), "a,b,c + 2 more...".to_owned()));
    }
}
