//! Refused records, told without flooding: the first ten in full, the rest as counts by type.

use std::collections::BTreeMap;

use super::figures::grouped;
use super::report::Report;

const SHOWN: u64 = 10;

#[derive(Clone, Debug, Default)]
pub struct Refusals {
    total: u64,
    /// Those that were only counted.
    rest: BTreeMap<String, u64>,
}

impl Refusals {
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Tells of one refused record, or counts it. `kind` is the server's `type` or a short name of ours.
    pub fn add(&mut self, report: &Report, kind: &str, text: impl FnOnce() -> String) {
        if self.count(kind) {
            report.reject(kind, &text());
        }
    }

    /// Tells what was only counted.
    pub fn finish(&self, report: &Report) {
        if let Some(rest) = self.rest() {
            report.warn(&rest);
        }
    }

    /// Whether it is one of those to show.
    fn count(&mut self, kind: &str) -> bool {
        self.total += 1;
        if self.total <= SHOWN {
            return true;
        }
        *self.rest.entry(kind.to_owned()).or_default() += 1;
        false
    }

    fn rest(&self) -> Option<String> {
        let mut kinds: Vec<_> = self.rest.iter().collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let kinds: Vec<_> =
            kinds.iter().map(|(kind, count)| format!("{} {kind}", grouped(**count))).collect();
        let rest = self.total.saturating_sub(SHOWN);
        (rest > 0).then(|| format!("{} more rejected: {}", grouped(rest), kinds.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_are_shown_and_the_rest_counted_by_type() {
        let mut refusals = Refusals::default();
        let shown = (0..10).filter(|_| refusals.count("mapper_parsing_exception")).count();
        assert_eq!((shown, refusals.rest()), (10, None));
        for i in 0..2_000 {
            let kind =
                if i % 4 == 0 { "strict_dynamic_mapping_exception" } else { "mapper_parsing_exception" };
            assert!(!refusals.count(kind));
        }
        assert_eq!(refusals.total(), 2_010);
        let rest =
            "2,000 more rejected: 1,500 mapper_parsing_exception, 500 strict_dynamic_mapping_exception";
        assert_eq!(refusals.rest().as_deref(), Some(rest));
    }
}
