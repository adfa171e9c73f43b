//! The order in which a point in time is read, and how far reading has come in it.

use serde_json::value::RawValue;

use super::flavor::Flavor;
use super::pace::Window;
use crate::record::hit::Hit;

pub(super) enum Order {
    Seq {
        /// The number of the last hit that was given, or the end of a window that is used up.
        last: i64,
        /// The highest number there is.
        max: i64,
        window: Window,
    },
    Storage {
        key: &'static str,
        /// The sort values of the last hit that was given.
        after: Option<Box<RawValue>>,
        done: bool,
    },
}

impl Order {
    pub(super) fn seq() -> Order {
        Order::Seq { last: -1, max: -1, window: Window::new(1) }
    }

    /// Without `_shard_doc`, `_doc` alone is unique only within a shard; asks are of one shard there.
    pub(super) fn storage(flavor: &Flavor) -> Order {
        let key = if flavor.shard_doc() { "_shard_doc" } else { "_doc" };
        Order::Storage { key, after: None, done: false }
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
    pub(super) fn after(&self) -> Option<&RawValue> {
        match self {
            Order::Seq { .. } => None,
            Order::Storage { after, .. } => after.as_deref(),
        }
    }

    pub(super) fn key(&self) -> &'static str {
        match self {
            Order::Seq { .. } => "_seq_no",
            Order::Storage { key, .. } => key,
        }
    }

    pub(super) fn window(&self) -> Option<(i64, i64)> {
        match self {
            Order::Seq { last, window, .. } => Some((*last, last.saturating_add(window.width()))),
            Order::Storage { .. } => None,
        }
    }

    /// Takes note of a hit that is about to be given.
    pub(super) fn advance(&mut self, hit: &Hit<'_>) -> Result<(), &'static str> {
        let sort = hit.sort.ok_or("a hit has no sort value")?;
        match self {
            Order::Seq { last, .. } => {
                let number = seq_no(sort).ok_or("a sort value is no sequence number")?;
                if number <= *last {
                    return Err("hits are out of order");
                }
                *last = number;
            }
            Order::Storage { after, .. } => {
                let sort = String::from_utf8(sort.to_vec()).map_err(|_| "a sort value is not UTF-8")?;
                *after = Some(RawValue::from_string(sort).map_err(|_| "a sort value is no JSON")?);
            }
        }
        Ok(())
    }

    /// A page of at most `size` documents came whole; `asked` is the window it was asked for.
    pub(super) fn page(&mut self, asked: Option<(i64, i64)>, size: u32, hits: u64) {
        let full = hits >= u64::from(size);
        match (self, asked) {
            (Order::Seq { last, window, .. }, Some((after, to))) => {
                if !full {
                    *last = to;
                }
                window.page(size, hits, last.saturating_sub(after));
            }
            (Order::Storage { done, .. }, _) => *done = !full,
            (Order::Seq { .. }, None) => {}
        }
    }

    pub(super) fn is_at_end(&self) -> bool {
        match self {
            Order::Seq { last, max, .. } => last >= max,
            Order::Storage { done, .. } => *done,
        }
    }
}

/// The first sort value: Elasticsearch adds its own tie-breaker to every sort of a point in time.
pub(super) fn seq_no(sort: &[u8]) -> Option<i64> {
    let first = sort.strip_prefix(b"[")?.trim_ascii_start();
    let digits = first.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = first.split_at(digits);
    if number.is_empty() || !matches!(rest.trim_ascii_start().first(), Some(b',' | b']')) {
        return None;
    }
    let digit = |number: i64, byte: &u8| number.checked_mul(10)?.checked_add(i64::from(byte - b'0'));
    number.iter().try_fold(0, digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_must_grow() {
        let mut order = Order::seq();
        let hit = |sort: &'static str| Hit { sort: Some(sort.as_bytes()), ..Hit::default() };
        assert_eq!(order.advance(&hit("[0, 4294967296]")), Ok(()));
        assert_eq!(order.advance(&hit("[9223372036854775806]")), Ok(()));
        assert!(order.advance(&hit("[7]")).is_err());
        assert!(order.advance(&hit("[1.5]")).is_err());
        assert!(order.advance(&Hit::default()).is_err());
    }

    #[test]
    fn a_page_that_is_not_full_uses_up_its_window_and_a_full_one_its_hits() {
        let mut order = Order::Seq { last: -1, max: 50, window: Window::new(10) };
        let asked = order.window();
        assert_eq!(asked, Some((-1, 9)));
        order.advance(&Hit { sort: Some(b"[4]"), ..Hit::default() }).unwrap();
        order.page(asked, 10, 3);
        let Order::Seq { last, .. } = order else { panic!() };
        assert_eq!(last, 9);
        let asked = order.window();
        order.advance(&Hit { sort: Some(b"[12,4294967304]"), ..Hit::default() }).unwrap();
        order.page(asked, 3, 3);
        let Order::Seq { last, .. } = order else { panic!() };
        assert_eq!(last, 12);
        assert!(!order.is_at_end());
    }
}
