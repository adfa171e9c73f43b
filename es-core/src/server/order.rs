//! The order in which a point in time is read, and how far reading has come in it.

use serde_json::{Value, json};

use super::flavor::Flavor;
use super::pace::Window;
use crate::record::hit::Hit;

/// Behind every document that has a number.
const ALL: i64 = i64::MAX;

pub(super) enum Order {
    Seq {
        /// The key that tells documents of one number apart.
        tie: &'static str,
        /// The number of the last hit that was given, and its place among those of that number; or the end of a
        /// window that is used up, and [`ALL`].
        last: (i64, i64),
        /// The highest number there is.
        max: i64,
        window: Window,
    },
    Storage {
        key: &'static str,
        /// The sort values of the last hit that was given.
        after: Option<Value>,
        done: bool,
    },
}

/// The key of storage. Without `_shard_doc`, `_doc` is unique only within a shard; asks are of one shard there.
fn place(flavor: &Flavor) -> &'static str {
    if flavor.shard_doc() { "_shard_doc" } else { "_doc" }
}

impl Order {
    pub(super) fn seq(flavor: &Flavor) -> Order {
        Order::Seq { tie: place(flavor), last: (-1, ALL), max: -1, window: Window::new(1) }
    }

    pub(super) fn storage(flavor: &Flavor) -> Order {
        Order::Storage { key: place(flavor), after: None, done: false }
    }

    /// Whether a position in it is a number.
    pub(super) fn is_numbered(&self) -> bool {
        match self {
            Order::Seq { .. } => true,
            Order::Storage { .. } => false,
        }
    }

    /// Reading begins: the highest number there is, where there are any, and the first size of pages.
    pub(super) fn begin(&mut self, highest: Option<i64>, size: u32) {
        if let Order::Seq { max, window, .. } = self {
            *window = Window::new(size);
            *max = highest.unwrap_or(*max);
        }
    }

    /// The sort values of the last hit, where a page is asked for by them.
    pub(super) fn after(&self) -> Option<Value> {
        match self {
            Order::Seq { last: (_, ALL), .. } => None,
            Order::Seq { last: (number, place), .. } => Some(json!([number, place])),
            Order::Storage { after, .. } => after.clone(),
        }
    }

    pub(super) fn key(&self) -> &'static str {
        match self {
            Order::Seq { .. } => "_seq_no",
            Order::Storage { key, .. } => key,
        }
    }

    pub(super) fn tie(&self) -> Option<&'static str> {
        match self {
            Order::Seq { tie, .. } => Some(tie),
            Order::Storage { .. } => None,
        }
    }

    /// The numbers that the next page is looked for in: from one to another.
    pub(super) fn window(&self) -> Option<(i64, i64)> {
        match self {
            Order::Seq { last: (number, place), window, .. } => {
                let from = number.saturating_add(i64::from(*place == ALL));
                Some((from, number.saturating_add(window.width())))
            }
            Order::Storage { .. } => None,
        }
    }

    /// Takes note of a hit that is about to be given.
    pub(super) fn advance(&mut self, hit: &Hit<'_>) -> Result<(), &'static str> {
        let sort = hit.sort.ok_or("a hit has no sort value")?;
        match self {
            Order::Seq { last, .. } => {
                let (number, rest) = number(sort, b'[').ok_or("a sort value is no sequence number")?;
                let (place, _) = self::number(rest, b',').ok_or("a hit has no place beside its number")?;
                if (number, place) <= *last {
                    return Err("hits are out of order");
                }
                *last = (number, place);
            }
            Order::Storage { after, .. } => {
                *after = Some(serde_json::from_slice(sort).map_err(|_| "a sort value is no JSON")?);
            }
        }
        Ok(())
    }

    /// A page of at most `size` documents came whole; `asked` is the window it was asked for.
    pub(super) fn page(&mut self, asked: Option<(i64, i64)>, size: u32, hits: u64) {
        let full = hits >= u64::from(size);
        match (self, asked) {
            (Order::Seq { last, window, .. }, Some((from, to))) => {
                if !full {
                    *last = (to, ALL);
                }
                window.page(size, hits, last.0.saturating_sub(from));
            }
            (Order::Storage { done, .. }, _) => *done = !full,
            (Order::Seq { .. }, None) => {}
        }
    }

    pub(super) fn is_at_end(&self) -> bool {
        match self {
            Order::Seq { last, max, .. } => *last >= (*max, ALL),
            Order::Storage { done, .. } => *done,
        }
    }
}

/// The sequence number: the first sort value.
pub(super) fn seq_no(sort: &[u8]) -> Option<i64> {
    Some(number(sort, b'[')?.0)
}

/// The number after `mark`, and what follows it.
fn number(text: &[u8], mark: u8) -> Option<(i64, &[u8])> {
    let text = text.strip_prefix(&[mark])?.trim_ascii_start();
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at(digits);
    let rest = rest.trim_ascii_start();
    if number.is_empty() || !matches!(rest.first(), Some(b',' | b']')) {
        return None;
    }
    let digit = |number: i64, byte: &u8| number.checked_mul(10)?.checked_add(i64::from(byte - b'0'));
    Some((number.iter().try_fold(0, digit)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seq(last: (i64, i64), width: u32) -> Order {
        Order::Seq { tie: "_doc", last, max: 50, window: Window::new(width) }
    }

    fn hit(sort: &'static str) -> Hit<'static> {
        Hit { sort: Some(sort.as_bytes()), ..Hit::default() }
    }

    #[test]
    fn numbers_must_grow_and_places_where_they_do_not() {
        let mut order = seq((-1, ALL), 1);
        for good in ["[0, 4294967296]", "[0,4294967297]", "[3 , 0 ]", "[3,1,7]", "[9223372036854775806,5]"] {
            assert_eq!(order.advance(&hit(good)), Ok(()), "{good}");
        }
        for bad in [
            "[7,9]",
            "[9223372036854775806,5]",
            "[9223372036854775806,4]",
            "[9223372036854775807]",
            "[1.5,1]",
        ] {
            assert!(order.advance(&hit(bad)).is_err(), "{bad}");
        }
        assert!(order.advance(&Hit::default()).is_err());
    }

    #[test]
    fn a_page_that_is_not_full_uses_up_its_window_and_a_full_one_its_hits() {
        let mut order = seq((-1, ALL), 10);
        let asked = order.window();
        assert_eq!((asked, order.after()), (Some((0, 9)), None));
        order.advance(&hit("[4,4]")).unwrap();
        order.page(asked, 10, 3);
        let asked = order.window();
        assert_eq!((asked.unwrap().0, order.after()), (10, None));
        order.advance(&hit("[12,4294967304]")).unwrap();
        order.page(asked, 3, 3);
        // There may be more of that number.
        assert_eq!((order.window().unwrap().0, order.after()), (12, Some(json!([12, 4294967304_i64]))));
        assert!(!order.is_at_end());
    }

    #[test]
    fn the_end_is_behind_all_documents_of_the_last_number() {
        assert!(!seq((50, 7), 1).is_at_end());
        assert!(!seq((49, ALL), 1).is_at_end());
        assert!(seq((50, ALL), 1).is_at_end());
        assert!(seq((51, 0), 1).is_at_end());
    }
}
