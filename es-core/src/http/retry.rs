//! What may be asked again, and when. Pure: time and chance come in as arguments.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// The `log` target of "not now, trying again": a kind of its own among the messages.
pub const RETRY: &str = "es_core::retry";

/// Whether a request may reach the server twice. It is part of the request: only who makes it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    Safe,
    /// Such as the next page of a scroll: the server moves its cursor even if we never see the page.
    Unsafe,
}

/// A whole answer that says "not now": the server, or a proxy before it, is busy or away.
pub fn says_later(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);
/// Chance may choose a wait of nothing; a busy server is given at least this.
const SHORTEST: Duration = Duration::from_millis(50);

/// The waits between attempts: their bounds double from half a second to half a minute, and each is a random part
/// of its bound, so that many workers do not come back at once. They end when nothing succeeded for a time.
#[derive(Clone, Debug)]
pub struct Patience {
    attempt: u32,
    limit: Duration,
    /// When the last success was, or the start.
    since: Instant,
}

impl Patience {
    pub fn new(limit: Duration, now: Instant) -> Patience {
        Patience { attempt: 0, limit, since: now }
    }

    /// Something succeeded: the waits start over, and so does the time.
    pub fn progress(&mut self, now: Instant) {
        self.attempt = 0;
        self.since = now;
    }

    /// Others get through: the time starts over, and the waits go on growing.
    pub fn others_pass(&mut self, now: Instant) {
        self.since = now;
    }

    /// How many waits there were since the last success.
    pub fn attempts(&self) -> u32 {
        self.attempt
    }

    /// How long to wait before the next attempt; None when it is time to give up, or when the server names a time
    /// that lies beyond that. `chance` is in 0..1.
    pub fn wait(&mut self, now: Instant, retry_after: Option<Duration>, chance: f64) -> Option<Duration> {
        let left = self.limit.checked_sub(now.saturating_duration_since(self.since))?;
        if left.is_zero() {
            return None;
        }
        let bound = FIRST.saturating_mul(1 << self.attempt.min(16)).min(LONGEST);
        let wait = bound.mul_f64(chance.clamp(0.0, 1.0)).max(SHORTEST);
        self.attempt += 1;
        match retry_after {
            Some(asked) if asked > left => None,
            Some(asked) => Some(asked.max(wait).min(left)),
            None => Some(wait.min(left)),
        }
    }
}

/// The value of a `Retry-After` header: seconds, or a date. A date that has passed is no wait at all.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    // HTTP's dates end in GMT, which mail's dates (the format this parser is for) know as an old name of +0000.
    let at = DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// The `type` of a server's error object, for the warning; what it means is judged elsewhere.
pub fn reason(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    Some(body.get("error")?.get("type")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_answers_say_later() {
        for status in [429, 502, 503, 504] {
            assert!(says_later(status), "{status}");
        }
        for status in [200, 301, 400, 401, 403, 404, 409, 413, 500, 501, 505] {
            assert!(!says_later(status), "{status}");
        }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_chance_takes_a_part() {
        let start = Instant::now();
        let mut patience = Patience::new(Duration::from_secs(600), start);
        let bounds: Vec<f64> =
            (0..9).map(|_| patience.wait(start, None, 1.0).unwrap().as_secs_f64()).collect();
        assert_eq!(bounds, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]);
        assert_eq!(patience.attempts(), 9);
        patience.progress(start);
        assert_eq!(patience.wait(start, None, 0.5).unwrap(), Duration::from_millis(250));
        assert_eq!(patience.wait(start, None, 0.0).unwrap(), SHORTEST);
    }

    #[test]
    fn patience_ends_after_a_time_without_success() {
        let start = Instant::now();
        let at = |s| start + Duration::from_secs(s);
        let mut patience = Patience::new(Duration::from_secs(10), start);
        assert!(patience.wait(at(9), None, 0.5).is_some());
        assert_eq!(patience.wait(at(10), None, 0.5), None);
        patience.progress(at(10));
        assert!(patience.wait(at(19), None, 0.5).is_some());
        // The last wait ends with the patience, so that there is one attempt at its very end.
        assert_eq!(patience.wait(at(19), None, 1.0), Some(Duration::from_secs(1)));
        assert_eq!(patience.wait(at(30), None, 1.0), None);
    }

    #[test]
    fn what_the_server_asks_for_is_kept() {
        let start = Instant::now();
        let mut patience = Patience::new(Duration::from_secs(60), start);
        let asked = |s| Some(Duration::from_secs(s));
        assert_eq!(patience.wait(start, asked(7), 1.0), asked(7));
        assert_eq!(patience.wait(start, asked(0), 1.0), asked(1));
        assert_eq!(patience.wait(start, asked(61), 1.0), None);
    }

    #[test]
    fn a_reason_is_the_type_of_the_error() {
        let busy = br#"{"error":{"root_cause":[],"type":"es_rejected_execution_exception"},"status":429}"#;
        assert_eq!(reason(busy).as_deref(), Some("es_rejected_execution_exception"));
        for other in [&b"<html>502</html>"[..], b"{\"error\":\"old servers\"}", b"", b"[]"] {
            assert_eq!(reason(other), None);
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "1994-11-06T08:49:30Z".parse().unwrap();
        let table = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ];
        for (value, seconds) in table {
            assert_eq!(retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
