//! Recognises a program that is a pipe of edits: what each stage does is read off the parsed term. The first stage
//! that is something else makes the whole program run through the full language; its text is the reason given.

use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::ops::Math;

use super::constants;
use super::full::{Full, Root};
use super::names::{Names, Node};
use super::terms::{self, Assignment, Jq};
use super::typed::typed;
use super::variables::Variables;
use crate::edit::{Edit, Expr, From, Path, Places, Reads, Reckoning, Rule, Step};

/// A program as rules.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) list: Vec<Rule>,
    /// What each does, in words; the number of a rule is its place here.
    pub(crate) words: Vec<String>,
    /// What the full language computes for them.
    pub(crate) languages: Vec<Full>,
}

/// Why a program is more than edits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct More(pub(crate) String);

/// Reads the rules off a program; the names it mentions are added to `names`.
pub(crate) fn read(
    term: &Jq<'_>,
    root: Root,
    variables: &Variables,
    names: &mut Names,
) -> Result<Rules, More> {
    let base = match root {
        Root::Document => Base { node: names.add(Names::ROOT, "_source"), docinfo: true, inner: false },
        Root::Line => Base { node: Names::ROOT, docinfo: false, inner: false },
    };
    let mut reader = Reader { names, variables, words: Vec::new(), languages: Vec::new() };
    let mut list = Vec::new();
    reader.stage(term, base, &mut list)?;
    let Reader { names, words, languages, .. } = reader;
    if names.are_mixed() {
        return Err(More("the items of a value and its fields by name are not edited together".to_owned()));
    }
    Ok(Rules { list, words, languages })
}

/// What `.` is for a stage.
#[derive(Clone, Copy, Debug)]
pub(super) struct Base {
    pub(super) node: Node,
    /// Whether the docinfo can be named.
    pub(super) docinfo: bool,
    /// Whether it is a value within the document.
    pub(super) inner: bool,
}

pub(super) struct Reader<'n> {
    pub(super) names: &'n mut Names,
    pub(super) variables: &'n Variables,
    words: Vec<String>,
    languages: Vec<Full>,
}

fn more<T>(what: &str) -> Result<T, More> {
    Err(More(format!("{what} is not an edit")))
}

impl Reader<'_> {
    /// Appends the rules of a stage.
    fn stage(&mut self, term: &Jq<'_>, base: Base, rules: &mut Vec<Rule>) -> Result<(), More> {
        if let Term::BinOp(to, op, what) = term
            && let Some(op) = terms::assignment(op)
        {
            return self.assignment(term, to, op, what, base, rules);
        }
        match term {
            Term::Id => Ok(()),
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                self.stage(left, base, rules)?;
                self.stage(right, base, rules)
            }
            Term::BinOp(left, BinaryOp::Math(Math::Add), right) if matches!((&**left, &**right), (Term::Id, Term::Obj(fields)) if !fields.is_empty()) =>
            {
                let Some(fields) = self.merged(right, base) else {
                    return self.become_value(term, base, rules);
                };
                self.rule(rules, typed(term), Edit::Merge(fields));
                Ok(())
            }
            Term::IfThenElse(branches, otherwise) => {
                let mut choices = Vec::new();
                for (i, (test, then)) in branches.iter().enumerate() {
                    let Some(holds) = self.expr(test, base) else {
                        return more(&format!("the condition `{}`", typed(test)));
                    };
                    let word = if i == 0 { "if" } else { "elif" };
                    choices.push((holds, self.within(format!("{word} {}: ", typed(test)), then, base)?));
                }
                let otherwise = match otherwise {
                    Some(term) => self.within("else: ".to_owned(), term, base)?,
                    None => Vec::new(),
                };
                let edit = Edit::Choose { branches: choices, otherwise };
                rules.push(Rule { edit, number: Rule::UNCOUNTED });
                Ok(())
            }
            Term::Call(name, args) => self.call(name, args, term, base, rules),
            other => self.become_value(other, base, rules),
        }
    }

    fn rule(&mut self, rules: &mut Vec<Rule>, words: String, edit: Edit) {
        rules.push(Rule { edit, number: self.words.len() });
        self.words.push(words);
    }

    /// The rules of a stage within another; the words of each start alike.
    fn within(&mut self, start: String, term: &Jq<'_>, base: Base) -> Result<Vec<Rule>, More> {
        let mut rules = Vec::new();
        let first = self.words.len();
        self.stage(term, base, &mut rules)?;
        self.words[first..].iter_mut().for_each(|words| words.insert_str(0, &start));
        Ok(rules)
    }

    fn call(
        &mut self,
        name: &str,
        args: &[Jq<'_>],
        term: &Jq<'_>,
        base: Base,
        rules: &mut Vec<Rule>,
    ) -> Result<(), More> {
        let (words, edit) = match (name, args) {
            ("rename", [from, to]) => match (self.path(from, base), self.path(to, base)) {
                (Some(a), Some(b)) if !a.steps.is_empty() && !b.steps.is_empty() => {
                    (format!("rename {} to {}", typed(from), typed(to)), Edit::Rename { from: a, to: b })
                }
                _ => match terms::rename_of_items(args) {
                    Some(renames) => {
                        let number = self.words.len();
                        self.stage(&renames, base, rules)?;
                        self.words[number] = format!("rename {} to {}", typed(from), typed(to));
                        return Ok(());
                    }
                    None => return more("`rename` of such a path"),
                },
            },
            ("del", [paths]) => {
                let places = self.all_places(paths, base);
                // What is deleted is within something.
                let places = places.filter(|places| {
                    places.iter().all(|path| path.steps.iter().any(|step| step.node().is_some()))
                });
                let Some(places) = places else { return more("`del` of such a path") };
                (format!("delete {}", typed(paths)), Edit::Delete(places))
            }
            ("pick", [paths]) => {
                let picked = terms::list(paths).into_iter().map(|path| self.path(&path, base));
                let picked = picked.collect::<Option<Vec<_>>>().filter(|paths| {
                    paths.iter().all(|path| path.from == From::Here && !path.steps.is_empty())
                });
                let Some(picked) = picked else { return more("`pick` of such a path") };
                (format!("pick {}", typed(paths)), Edit::Pick(picked))
            }
            ("select", [test]) => {
                let Some(holds) = self.expr(test, base) else {
                    return more(&format!("the condition `{}`", typed(test)));
                };
                (format!("keep if {}", typed(test)), Edit::Select(holds))
            }
            ("empty", []) => ("drop".to_owned(), Edit::Drop),
            ("del_keys", [pattern]) => {
                let Some(pattern) = constants::string_of(pattern, self.variables) else {
                    return more("`del_keys` of a computed pattern");
                };
                self.names.want_all(base.node);
                (format!("delete keys {pattern}"), Edit::DeleteKeys(pattern))
            }
            ("map_values", [by]) => {
                let each = Term::Path(Box::new(Term::Id), terms::each());
                let by = Box::new(by.clone());
                return self.stage(&Term::BinOp(Box::new(each), BinaryOp::Update, by), base, rules);
            }
            ("with_entries", [entries]) => {
                let Some(by) = terms::key_update(entries).and_then(|by| Some((self.natives(by)?, typed(by))))
                else {
                    return self.become_value(term, base, rules);
                };
                self.names.want_all(base.node);
                (format!("rename keys by {}", by.1), Edit::RenameKeys(by.0))
            }
            _ => return self.become_value(term, base, rules),
        };
        self.rule(rules, words, edit);
        Ok(())
    }

    fn assignment(
        &mut self,
        term: &Jq<'_>,
        to: &Jq<'_>,
        op: Assignment,
        what: &Jq<'_>,
        base: Base,
        rules: &mut Vec<Rule>,
    ) -> Result<(), More> {
        let places = self.all_places(to, base).filter(|places| {
            // What several paths find must not depend on what was done to the first.
            let several = places.len() > 1;
            let fixed = |step: &Step| matches!(step, Step::Name { .. });
            let alone = |path: &Places| places.iter().filter(|other| path.begins_with(other)).count() == 1;
            places.iter().all(|path| {
                !path.steps.is_empty() && (!several || path.steps.iter().all(fixed) && alone(path))
            })
        });
        let Some(places) = places else { return more(&format!("an assignment to `{}`", typed(to))) };
        let reckoning = match op {
            Assignment::Update => {
                let mut paths = terms::list(to).into_iter().zip(places);
                return paths.try_for_each(|(path, at)| self.update(&path, at, what, base, rules));
            }
            Assignment::Set => None,
            Assignment::Math(math) => Some(Reckoning::Math(math)),
            Assignment::Default => Some(Reckoning::Default),
        };
        let Some(value) = self.expr(what, base) else {
            return more(&format!("an assignment of `{}`", typed(what)));
        };
        let (words, edit) = match reckoning {
            Some(op) => (typed(term), Edit::Reckon { at: places, op, by: value }),
            None => (format!("set {} to {}", typed(to), typed(what)), Edit::Set { to: places, what: value }),
        };
        self.rule(rules, words, edit);
        Ok(())
    }

    /// Rules for a value are counted for each value that they meet; a computed value is one rule.
    fn update(
        &mut self,
        path: &Jq<'_>,
        at: Places,
        what: &Jq<'_>,
        base: Base,
        rules: &mut Vec<Rule>,
    ) -> Result<(), More> {
        let node = at.steps.iter().filter_map(Step::node).next_back();
        let inner = Base { node: node.unwrap_or(base.node), docinfo: false, inner: true };
        let words = self.words.len();
        let below = self.within(format!("{}: ", typed(path)), what, inner)?;
        if let [Rule { edit: Edit::Become(_), .. }] = below[..] {
            self.words[words] = format!("change {} by {}", typed(path), typed(what));
        }
        rules.push(Rule { edit: Edit::Update { at, rules: below }, number: Rule::UNCOUNTED });
        Ok(())
    }

    /// Another value in the place of `.`.
    fn become_value(&mut self, term: &Jq<'_>, base: Base, rules: &mut Vec<Rule>) -> Result<(), More> {
        let what = format!("`{}`", typed(term));
        let Some(expr) = self.expr(term, base) else { return more(&what) };
        // A whole document that the full language makes is nothing that would be kept byte for byte.
        if !base.inner
            && matches!(expr, Expr::Language { reads: Reads::All, .. } | Expr::Of(..) | Expr::Math(..))
        {
            return more(&what);
        }
        self.rule(rules, format!("new document {}", typed(term)), Edit::Become(expr));
        Ok(())
    }

    /// The fields of `. + {…}`.
    fn merged(&mut self, object: &Jq<'_>, base: Base) -> Option<Vec<(Path, Expr)>> {
        let Term::Obj(fields) = object else { return None };
        let mut merged: Vec<(Path, Expr)> = Vec::new();
        for (name, value) in fields {
            let text = terms::string(name)?;
            let value = self.expr(value.as_ref()?, base)?;
            let path = Path { from: From::Here, steps: [self.names.add(base.node, &text)].into() };
            if merged.iter().any(|(before, _)| *before == path) {
                return None;
            }
            merged.push((path, value));
        }
        Some(merged)
    }

    pub(super) fn add_language(&mut self, full: Full) -> usize {
        self.languages.push(full);
        self.languages.len() - 1
    }
}
