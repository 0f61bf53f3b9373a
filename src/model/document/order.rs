//! The order of keys and the form of numbers, as go-yaml v2 has them (`sorter.go`; `encode.go` `floatv` after a
//! trip through Go's JSON, as kubectl prints).

use serde_json::{Number, Value};

/// A key and its value.
type Entry<'a> = (&'a String, &'a Value);

/// The entries of a map in go-yaml's order. A merge sort of our own, as that order is not proven to be total and
/// std's sort may panic on one that is not.
pub fn by_nature(entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    if entries.len() < 2 {
        return entries;
    }
    let mut left = entries;
    let right = left.split_off(left.len() / 2);
    let (mut left, mut right) = (by_nature(left).into_iter().peekable(), by_nature(right).into_iter().peekable());
    let mut out = Vec::with_capacity(left.len() + right.len());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        out.extend(if less(b.0, a.0) { right.next() } else { left.next() });
    }
    out.extend(left);
    out.extend(right);
    out
}

/// Whether `a` stands before `b`: numbers in names count as numbers, letters come after everything else.
fn less(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(at) = a.iter().zip(&b).position(|(left, right)| left != right) else { return a.len() < b.len() };
    let (Some(x), Some(y)) = (a.get(at).copied(), b.get(at).copied()) else { return false };
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x < y,
        (false, false) => {}
        (_, y) => return y,
    }
    let zero = x == '0' || y == '0';
    let digits_before = a.iter().take(at).rev().take_while(|c| c.is_ascii_digit());
    let start = u64::from(zero && digits_before.clone().any(|c| *c != '0'));
    (run_of_digits(&a, at, start), x) < (run_of_digits(&b, at, start), y)
}

/// The number whose digits start at `at`, continuing from `start`, and where it ends.
fn run_of_digits(text: &[char], at: usize, start: u64) -> (u64, usize) {
    let digits = || text.iter().skip(at).map_while(|c| c.to_digit(10));
    let number = digits().fold(start, |n, digit| n.wrapping_mul(10).wrapping_add(u64::from(digit)));
    (number, at + digits().count())
}

/// A number: integers as they are, also `2.0`; others with the fewest digits, and with an exponent below 0.0001
/// and from 1,000,000 on.
pub fn show_number(number: &Number) -> String {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else { return number.to_string() };
    if float.fract() == 0.0 && float.abs() < 1e18 {
        return format!("{float:.0}");
    }
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or(0) {
        -4..6 => float.to_string(),
        power => format!("{digits}e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ordered(keys: &[&str]) -> Vec<String> {
        let map: Vec<(String, Value)> = keys.iter().map(|key| ((*key).to_owned(), Value::Null)).collect();
        by_nature(map.iter().map(|(key, value)| (key, value)).collect()).into_iter().map(|e| e.0.clone()).collect()
    }

    #[test]
    fn keys_stand_in_natural_order() {
        let sorted = ["", "1", "2", "10", "A", "a", "a-b", "a.b", "a1", "a2", "a02", "a10", "ab", "b"];
        let mut mixed = sorted;
        mixed.reverse();
        assert_eq!(ordered(&mixed), sorted);
    }

    #[test]
    fn numbers_are_gos() {
        let show = |json: &str| show_number(&serde_json::from_str(json).unwrap());
        let cases = [
            ("0", "0"),
            ("-5", "-5"),
            ("18446744073709551615", "18446744073709551615"),
            ("2.0", "2"),
            ("1e6", "1000000"),
            ("0.5", "0.5"),
            ("123456.75", "123456.75"),
            ("1234567.5", "1.2345675e+06"),
            ("0.0001", "0.0001"),
            ("0.00001", "1e-05"),
            ("1e100", "1e+100"),
        ];
        for (json, text) in cases {
            assert_eq!(show(json), text, "{json}");
        }
    }

    proptest! {
        #[test]
        fn any_keys_can_be_ordered(keys in proptest::collection::vec("[a-c0-2._é-]{0,5}", 0..40)) {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let mut out = ordered(&keys);
            out.sort();
            let mut all = keys.clone();
            all.sort_unstable();
            prop_assert_eq!(out, all);
        }
    }
}
