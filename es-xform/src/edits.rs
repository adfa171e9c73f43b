//! Recognises a program that is a pipe of edits: what each stage does is read off the parsed term. The first stage
//! that is something else makes the whole program run through the full language; its text is the reason given.

use jaq_core::load::parse::{BinaryOp, Term};

use crate::edit::{Edit, Operand, Place, Test};
use crate::names::{Names, Node, Path};
use crate::program::{Root, Variables};
use crate::terms::{self, DOCINFO, Jq, NamePath};
use crate::tree::{Home, Text};

/// A program as edits, and the names they need.
#[derive(Debug)]
pub(crate) struct Edits {
    pub(crate) list: Vec<Edit>,
    /// What each does, in words, for `--explain`.
    pub(crate) words: Vec<String>,
}

/// Why a program is more than edits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct More(pub(crate) String);

/// Reads the edits off a program; the names it mentions are added to `names`.
pub(crate) fn read(
    term: &Jq<'_>,
    root: Root,
    variables: &Variables,
    names: &mut Names,
) -> Result<Edits, More> {
    let document = match root {
        Root::Document => vec![names.add(Names::ROOT, "_source")],
        Root::Line => Vec::new(),
    };
    let mut reader = Reader { names, variables, document, list: Vec::new(), words: Vec::new() };
    reader.stage(term)?;
    Ok(Edits { list: reader.list, words: reader.words })
}

struct Reader<'n> {
    names: &'n mut Names,
    variables: &'n Variables,
    /// The path of the document within the record.
    document: Vec<Node>,
    list: Vec<Edit>,
    words: Vec<String>,
}

fn more<T>(what: &str) -> Result<T, More> {
    Err(More(format!("{what} is not an edit")))
}

impl Reader<'_> {
    fn stage(&mut self, term: &Jq<'_>) -> Result<(), More> {
        match term {
            Term::Id => {}
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                self.stage(left)?;
                self.stage(right)?;
            }
            Term::BinOp(to, BinaryOp::Assign, what) => {
                let Some(path) = required(to) else { return more("an assignment to such a path") };
                let (what, words) = match self.operand(what) {
                    Some(found) => found,
                    None => return more("an assignment of a computed value"),
                };
                self.note(format!("set {} to {words}", typed(&path)));
                let to = self.path(&path);
                self.list.push(Edit::Set { to, what });
            }
            Term::Call("rename", args) => {
                let [from, to] = &args[..] else { return more("`rename` without two paths") };
                let (Some(from), Some(to)) = (required(from), required(to)) else {
                    return more("`rename` of such a path");
                };
                self.note(format!("rename {} to {}", typed(&from), typed(&to)));
                let (from, to) = (self.path(&from), self.path(&to));
                self.list.push(Edit::Rename { from, to });
            }
            Term::Call("del", args) => {
                let [paths] = &args[..] else { return more("`del` without a path") };
                let Some(paths) = list(paths).into_iter().map(terms::names).collect::<Option<Vec<_>>>()
                else {
                    return more("`del` of such a path");
                };
                for path in &paths {
                    self.note(format!("delete {}", typed(path)));
                }
                let place = |path: &NamePath| Place { path: self.path(path), optional: path.optional };
                let places = paths.iter().map(place).collect();
                self.list.push(Edit::Delete(places));
            }
            Term::Call("pick", args) => {
                let [paths] = &args[..] else { return more("`pick` without a path") };
                let paths = list(paths).into_iter().map(required).collect::<Option<Vec<_>>>();
                let Some(paths) = paths.filter(|paths| !paths.iter().any(|path| self.is_docinfo(path)))
                else {
                    return more("`pick` of such a path");
                };
                self.note(format!("pick {}", paths.iter().map(typed).collect::<Vec<_>>().join(", ")));
                let paths = paths.iter().map(|path| self.path(path)).collect();
                self.list.push(Edit::Pick { of: self.document.clone().into(), paths });
            }
            Term::Call("select", args) => {
                let [test] = &args[..] else { return more("`select` without a test") };
                let Some((test, words)) = self.test(test) else {
                    return more("a `select` beyond comparisons of fields and constants");
                };
                self.note(format!("keep if {words}"));
                self.list.push(Edit::Select(test));
            }
            Term::Call(name, _) => return more(&format!("`{name}`")),
            Term::BinOp(_, BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt, _) => {
                return more("an update of a value");
            }
            Term::BinOp(_, BinaryOp::Pipe(Some(_)), _) => return more("a variable"),
            Term::BinOp(_, BinaryOp::Comma, _) => return more("`,` (several outputs)"),
            Term::IfThenElse(..) => return more("`if`"),
            Term::Obj(_) => return more("a new object"),
            Term::Path(..) => return more("a path alone"),
            Term::Def(..) => return more("a definition"),
            _ => return more("a computed value"),
        }
        Ok(())
    }

    fn note(&mut self, words: String) {
        self.words.push(words);
    }

    fn is_docinfo(&self, path: &NamePath) -> bool {
        !self.document.is_empty() && DOCINFO.contains(&path.names[0].as_str())
    }

    fn path(&mut self, path: &NamePath) -> Path {
        let mut steps = if self.is_docinfo(path) { Vec::new() } else { self.document.clone() };
        for name in &path.names {
            let at = steps.last().copied().unwrap_or(Names::ROOT);
            steps.push(self.names.add(at, name));
        }
        steps.into()
    }

    fn operand(&mut self, term: &Jq<'_>) -> Option<(Operand, String)> {
        if let Some(text) = terms::constant(term, self.variables) {
            let (start, end) = self.names.add_constant(&text);
            let text = String::from_utf8_lossy(&text).into_owned();
            return Some((Operand::Constant(Text { home: Home::Constants, start, end }), text));
        }
        let path = required(term)?;
        Some((Operand::Field(self.path(&path)), typed(&path)))
    }

    fn test(&mut self, term: &Jq<'_>) -> Option<(Test, String)> {
        Some(match term {
            Term::BinOp(left, BinaryOp::Cmp(op), right) => {
                let (left, left_words) = self.operand(left)?;
                let (right, right_words) = self.operand(right)?;
                let words = format!("{left_words} {} {right_words}", op.as_str());
                (Test::Compare(left, *op, right), words)
            }
            Term::BinOp(left, BinaryOp::And, right) => {
                let ((left, a), (right, b)) = (self.test(left)?, self.test(right)?);
                (Test::And(left.into(), right.into()), format!("({a} and {b})"))
            }
            Term::BinOp(left, BinaryOp::Or, right) => {
                let ((left, a), (right, b)) = (self.test(left)?, self.test(right)?);
                (Test::Or(left.into(), right.into()), format!("({a} or {b})"))
            }
            Term::BinOp(test, BinaryOp::Pipe(None), not) => match &**not {
                Term::Call("not", args) if args.is_empty() => {
                    let (test, words) = self.test(test)?;
                    (Test::Not(test.into()), format!("not ({words})"))
                }
                _ => return None,
            },
            path => {
                let path = required(path)?;
                (Test::Truth(self.path(&path)), typed(&path))
            }
        })
    }
}

/// A path of names that must not fail in silence.
fn required(term: &Jq<'_>) -> Option<NamePath> {
    terms::names(term).filter(|path| !path.optional)
}

fn list<'t, 's>(term: &'t Jq<'s>) -> Vec<&'t Jq<'s>> {
    match term {
        Term::BinOp(left, BinaryOp::Comma, right) => {
            let mut items = list(left);
            items.extend(list(right));
            items
        }
        item => vec![item],
    }
}

fn typed(path: &NamePath) -> String {
    terms::typed(path.names.iter().map(String::as_str))
}
