//! One asking after another: what becomes of the rows of each, and what is known from the time before.

use std::collections::HashMap;

use es_core::cli::Report;
use es_core::cli::rows::kind::{decimal, show_time};
use es_core::cli::rows::output::Output;
use es_core::cli::rows::row::Row;
use jiff::Timestamp;

use crate::answer::Take;
use crate::error::Error;
use crate::plan::{Columns, Differences};

/// The rows of one asking.
pub(crate) struct Round<'a> {
    columns: &'a Columns,
    before: &'a mut Before,
    time: String,
    /// Where rows go as they come; without it they are held.
    output: Option<&'a mut Output>,
    pub(crate) held: Vec<Row>,
    /// How many rows may still be shown.
    left: usize,
    /// Rows that `--where` lets through.
    pub(crate) matched: u64,
    /// Those for which `--wait-for` does not hold.
    pub(crate) unmet: u64,
}

/// What is known from earlier rounds.
#[derive(Default)]
pub(crate) struct Before {
    /// What is lacking was said.
    told: bool,
    counters: HashMap<String, Vec<Option<i128>>>,
    now: HashMap<String, Vec<Option<i128>>>,
}

impl Before {
    /// A round is over, and the next is compared with it.
    pub(crate) fn turn(&mut self) {
        self.counters = std::mem::take(&mut self.now);
    }
}

impl<'a> Round<'a> {
    pub(crate) fn new(
        columns: &'a Columns,
        before: &'a mut Before,
        output: Option<&'a mut Output>,
        top: Option<usize>,
    ) -> Round<'a> {
        let mut time = String::new();
        show_time(Timestamp::now(), &mut time);
        before.now.clear();
        let left = top.unwrap_or(usize::MAX);
        Round { columns, before, time, output, held: Vec::new(), left, matched: 0, unmet: 0 }
    }

    /// Nothing of it counts: it is asked for again.
    pub(crate) fn restart(&mut self) {
        self.held.clear();
        self.before.now.clear();
        (self.matched, self.unmet) = (0, 0);
    }
}

/// Rows and what is said of them.
pub(crate) struct Taker<'r, 'a> {
    pub(crate) round: &'r mut Round<'a>,
    pub(crate) report: &'r Report,
    pub(crate) strict: bool,
    pub(crate) host: &'r str,
}

impl Take for Taker<'_, '_> {
    fn head(&mut self, has: &[bool]) -> Result<(), Error> {
        let columns = self.round.columns.fields.all().iter().zip(has);
        let lacking = columns.filter(|(column, has)| !**has && column.names != Some(&[]));
        let lacking: Vec<_> = lacking
            .map(|(column, _)| match column.only.to_string() {
                only if only.is_empty() => column.name.to_string(),
                only => format!("{} ({only})", column.name),
            })
            .collect();
        if lacking.is_empty() || self.round.before.told {
            return Ok(());
        }
        self.round.before.told = true;
        let text = format!("{} has no column {}", self.host, lacking.join(", "));
        if self.strict {
            return Err(Error::Lacking(text));
        }
        self.report.warn(&format!("{text}: it is left empty"));
        Ok(())
    }

    fn row(&mut self, mut row: Row) -> Result<(), Error> {
        let round = &mut *self.round;
        let columns = round.columns;
        if columns.filter.as_ref().is_some_and(|filter| !filter.holds(&row)) {
            return Ok(());
        }
        round.matched += 1;
        round.unmet += u64::from(columns.wait_for.as_ref().is_some_and(|wait| !wait.holds(&row)));
        if let Some(place) = columns.time {
            row.put(place, &round.time);
        }
        round.before.compare(&columns.differences, &mut row);
        match &mut round.output {
            Some(output) if round.left > 0 => {
                round.left -= 1;
                Ok(output.row(columns.fields.shown(), &row)?)
            }
            Some(_) => Ok(()),
            None => {
                row.shrink();
                round.held.push(row);
                Ok(())
            }
        }
    }
}

impl Before {
    /// Puts in the differences. A counter that went back began anew with its node: then there is none.
    fn compare(&mut self, differences: &Differences, row: &mut Row) {
        if differences.counters.is_empty() {
            return;
        }
        let keys = differences.keys.iter().map(|place| row.get(*place).unwrap_or_default());
        let key = keys.collect::<Vec<_>>().join("\u{0}");
        let now: Vec<_> =
            differences.counters.iter().map(|(counter, _)| row.get(*counter).and_then(decimal)).collect();
        if let Some(then) = self.counters.get(&key) {
            for ((_, place), (now, then)) in differences.counters.iter().zip(now.iter().zip(then)) {
                if let (Some(now), Some(then)) = (now, then)
                    && now >= then
                {
                    row.put(*place, &((now - then) / 1_000_000_000).to_string());
                }
            }
        }
        self.now.insert(key, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use es_core::cli::rows::column::shown;
    use es_core::cli::rows::fields::Fields;
    use es_core::cli::rows::kind::Kind;

    #[test]
    fn counters_are_compared_with_the_same_row_of_the_time_before() {
        let fields = Fields::new(vec![
            shown("node", Kind::Text, ""),
            shown("rejected", Kind::Int, ""),
            shown("rejected.diff", Kind::Int, "").named(&[]),
        ]);
        let differences = Differences { keys: vec![0], counters: vec![(1, 2)] };
        let mut before = Before::default();
        let mut round = |rows: &[(&str, &str)]| -> Vec<Option<String>> {
            let compared = rows.iter().map(|(node, rejected)| {
                let mut row = Row::new(3);
                row.take(0, &fields.all()[0], node);
                row.take(1, &fields.all()[1], rejected);
                before.compare(&differences, &mut row);
                row.get(2).map(str::to_owned)
            });
            let compared = compared.collect();
            before.turn();
            compared
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(round(&[("a", "5"), ("b", "7")]), [None, None]);
        assert_eq!(round(&[("b", "7"), ("a", "9"), ("c", "1")]), [some("0"), some("4"), None]);
        // One has started anew, one was away.
        assert_eq!(round(&[("a", "2"), ("c", "-")]), [None, None]);
        assert_eq!(round(&[("a", "3"), ("c", "4"), ("b", "8")]), [some("1"), None, None]);
    }
}
