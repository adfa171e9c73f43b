//! One line in, the records it becomes out: reads it, runs the program, writes what came of it.

use std::collections::HashSet;

use es_core::record::kind::Kind;
use memchr::memchr_iter;

use crate::edit::editor::{Did, Editor, Trail};
use crate::edit::language::Languages;
use crate::edit::one_pass::OnePass;
use crate::edit::tree::Tree;
use crate::edit::{OnClash, Rule};
use crate::fault::Fault;
use crate::language::filter::Filter;
use crate::line::{Keys, Line};
use crate::output::{self, Output};
use crate::program::{Error, Program};
use crate::rejected;
use crate::shape::Shape;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Became {
    /// So many records.
    Records(u64),
    Nothing,
    /// A control line: passed on, not counted.
    Mark,
}

/// How often a rule met a value, and how often it changed it (a condition: let it pass).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) seen: u64,
    pub(crate) done: u64,
}

/// The lines that were appended, without their line breaks.
pub(crate) fn lines(out: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    let ends = memchr_iter(b'\n', out).chain([out.len()]);
    ends.map(move |end| &out[std::mem::replace(&mut start, end + 1)..end]).filter(|line| !line.is_empty())
}

/// Turns lines into what the program makes of them. One for each worker: it holds what is reused from line to line.
pub(crate) struct Transform<'p> {
    program: &'p Program,
    on_clash: OnClash,
    way: Way<'p>,
    tree: Tree,
    keys: Keys,
    counts: Vec<Count>,
    /// The counts before the record that is being handled.
    kept: Vec<Count>,
    /// Every line is of the kind it is said to be, whatever its keys.
    pub(crate) certain: bool,
    /// Documents become hit lines.
    pub(crate) wraps: bool,
    /// Lines may leave without index and id: what is made of them needs none.
    pub(crate) nameless: bool,
}

/// How the program is run.
enum Way<'p> {
    Edits {
        rules: &'p [Rule],
        one_pass: Option<OnePass<'p>>,
        languages: Languages<'p>,
        trail: Trail,
        journal: Vec<(usize, bool)>,
    },
    Full(Filter),
}

impl<'p> Transform<'p> {
    /// # Errors
    /// For a program that does not compile.
    pub(crate) fn new(program: &'p Program, on_clash: OnClash) -> Result<Transform<'p>, Error> {
        let way = match &program.edits {
            Some(rules) => Way::Edits {
                rules,
                one_pass: OnePass::new(program),
                languages: Languages::new(&program.languages, &program.variables, on_clash),
                trail: Trail::default(),
                journal: Vec::new(),
            },
            None => Way::Full(Filter::compile(&program.full, &program.variables, on_clash)?),
        };
        let counts = vec![Count::default(); program.rules.len()];
        Ok(Transform {
            program,
            on_clash,
            way,
            tree: Tree::default(),
            keys: Keys::of(&program.names),
            counts,
            kept: Vec::new(),
            certain: false,
            wraps: false,
            nameless: false,
        })
    }

    /// What the rules did since this was asked last, a count for each of [`Program::rules`].
    pub(crate) fn take_counts(&mut self) -> Vec<Count> {
        let fresh = vec![Count::default(); self.counts.len()];
        std::mem::replace(&mut self.counts, fresh)
    }

    /// Remembers the counts, for a record that may be refused when it is written.
    pub(crate) fn keep_counts(&mut self) {
        self.kept.clone_from(&self.counts);
    }

    /// The record was refused: it counts for no rule.
    pub(crate) fn take_back_counts(&mut self) {
        self.counts.clone_from(&self.kept);
    }

    /// Appends the lines that a line becomes; on a fault nothing is appended.
    pub(crate) fn line(&mut self, line: &[u8], kind: Kind, out: &mut Vec<u8>) -> Result<Became, Fault> {
        match kind == Kind::Hit && self.in_one_pass(line, out) {
            true => Ok(Became::Records(1)),
            false => self.generally(line, kind, out),
        }
    }

    /// Whether that sufficed; else nothing is appended.
    fn in_one_pass(&mut self, line: &[u8], out: &mut Vec<u8>) -> bool {
        let Way::Edits { one_pass: Some(one_pass), .. } = &self.way else { return false };
        let start = out.len();
        let Some(done) = one_pass.edit(line, out) else {
            out.truncate(start);
            return false;
        };
        for (rule, count) in self.counts.iter_mut().enumerate() {
            count.seen += 1;
            count.done += done >> rule & 1;
        }
        true
    }

    /// The same as [`line`](Self::line), whatever the rules.
    pub(crate) fn generally(&mut self, line: &[u8], kind: Kind, out: &mut Vec<u8>) -> Result<Became, Fault> {
        let start = out.len();
        let became = self.record(line, kind, true, out);
        if became.is_err() {
            out.truncate(start);
        }
        became
    }

    fn record(
        &mut self,
        text: &[u8],
        kind: Kind,
        may_decode: bool,
        out: &mut Vec<u8>,
    ) -> Result<Became, Fault> {
        let Program { root, names, .. } = self.program;
        let usual = Line::usual(names, &mut self.tree, self.keys, *root, text, kind);
        let (mut line, refused) = match usual {
            Some(line) => (line, false),
            None => {
                let mut shape = Shape::default();
                let line = Line::read(names, &mut self.tree, self.keys, *root, text, kind, &mut shape)?;
                if shape.is_mark() {
                    out.extend_from_slice(text);
                    out.push(b'\n');
                    return Ok(Became::Mark);
                }
                if !self.certain {
                    shape.judge(text, kind)?;
                }
                if shape.is_only_reject() && !self.certain {
                    if !may_decode {
                        return Err(Fault::NothingLeft("it holds another refusal"));
                    }
                    let inside = rejected::inside(text)?;
                    return self.record(&inside, Kind::Hit, false, out);
                }
                (line, shape.is_refused() && !self.certain)
            }
        };
        let may_be_nameless = self.nameless || refused;
        match &mut self.way {
            Way::Full(filter) => {
                let input = output::input(filter, &line)?;
                let document = input.document.clone();
                let (tree, keys, wraps) = (&mut self.tree, self.keys, self.wraps);
                let (mut count, mut taken) = (0, HashSet::new());
                filter.run(input, |one| {
                    let one = Output::of(filter, *root, &document, &one)?;
                    let shape = &mut Shape::default();
                    let mut line = Line::read(names, tree, keys, *root, text, kind, shape)?;
                    let name = one.put_into(&mut line, *root)?;
                    // Without an id nothing can be overwritten.
                    if name[1].is_some() && !taken.insert(name) {
                        return Err(Fault::SameRecord);
                    }
                    line.check(may_be_nameless)?;
                    line.write(wraps, out);
                    count += 1;
                    Ok(())
                })?;
                Ok(if count == 0 { Became::Nothing } else { Became::Records(count) })
            }
            Way::Edits { rules, languages, trail, journal, .. } => {
                journal.clear();
                trail.clear();
                let mut editor = Editor {
                    record: &mut line.record,
                    line: line.root,
                    languages,
                    on_clash: self.on_clash,
                    journal,
                    trail,
                };
                let did = editor.apply(rules, line.document)?;
                let became = match did {
                    Did::Dropped => Became::Nothing,
                    Did::Nothing | Did::Passed | Did::Changed => {
                        line.check(may_be_nameless)?;
                        line.write(self.wraps, out);
                        Became::Records(1)
                    }
                };
                // A record that was refused counts for no rule.
                for (rule, done) in journal {
                    let count = &mut self.counts[*rule];
                    count.seen += 1;
                    count.done += u64::from(*done);
                }
                Ok(became)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_line_is_lost_where_a_break_lacks() {
        for (out, lines) in [("", &[][..]), ("a\n", &["a"]), ("a\nb\n", &["a", "b"]), ("a\nb", &["a", "b"])] {
            let found: Vec<_> = super::lines(out.as_bytes()).collect();
            assert_eq!(found, lines.iter().map(|line| line.as_bytes()).collect::<Vec<_>>(), "{out:?}");
        }
    }
}
