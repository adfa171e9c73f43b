//! What a program of edits consists of: rules that are applied to a record's bytes one after the other, with jq's
//! meaning. What is null or absent may be indexed and gives null, objects on the way to an assignment are made,
//! anything else on the way is an error.

use std::sync::Arc;

use jaq_core::ops::{Cmp, Math};

use native::Native;
use text::Text;

use crate::program::names::Node;
use crate::table::Table;

mod apply;
pub(crate) mod editor;
mod evaluate;
mod hit_line;
mod keys;
pub(crate) mod language;
pub(crate) mod native;
pub(crate) mod one_pass;
pub(crate) mod order;
mod places;
pub(crate) mod reading;
pub(crate) mod record;
pub(crate) mod text;
pub(crate) mod tree;
mod written;

/// An edit of the program; its number is where it is counted.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) edit: Edit,
    pub(crate) number: usize,
}

impl Rule {
    /// Of rules that consist of others, which are counted.
    pub(crate) const UNCOUNTED: usize = usize::MAX;
}

#[derive(Debug)]
pub(crate) enum Edit {
    /// Absent stays absent.
    Rename {
        from: Path,
        to: Path,
    },
    Delete(Vec<Places>),
    /// What remains of the value.
    Pick(Vec<Path>),
    /// The value is computed once, from what was there before.
    Set {
        to: Vec<Places>,
        what: Expr,
    },
    /// `+=` and its like.
    Reckon {
        at: Vec<Places>,
        op: Reckoning,
        by: Expr,
    },
    /// Rules for the value at each place; where they drop it, it is deleted.
    Update {
        at: Places,
        rules: Vec<Rule>,
    },
    /// New fields, all computed before the first is set.
    Merge(Vec<(Path, Expr)>),
    /// Another value instead.
    Become(Expr),
    Select(Expr),
    Drop,
    /// The rules of the first test that holds, else the last ones.
    Choose {
        branches: Vec<(Expr, Vec<Rule>)>,
        otherwise: Vec<Rule>,
    },
    /// Fields whose names a pattern matches go.
    DeleteKeys(String),
    /// Each field gets the name that its name becomes.
    RenameKeys(Vec<Native>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Reckoning {
    Math(Math),
    /// Where there is null or false.
    Default,
}

/// Names that lead to one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) from: From,
    pub(crate) steps: Box<[Node]>,
}

/// What a path starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// What the program calls `.` there.
    Here,
    /// The line, whose keys are the docinfo.
    Line,
}

/// A path that may lead to several places.
#[derive(Debug)]
pub(crate) struct Places {
    pub(crate) from: From,
    pub(crate) steps: Vec<Step>,
}

impl Places {
    /// Whether what this path of names leads to is what the other one leads to, or lies within it.
    pub(crate) fn begins_with(&self, other: &Places) -> bool {
        let same = |(mine, theirs): (&Step, &Step)| mine.node() == theirs.node();
        self.from == other.from
            && self.steps.len() >= other.steps.len()
            && self.steps.iter().zip(&other.steps).all(same)
    }
}

#[derive(Debug)]
pub(crate) enum Step {
    /// With `optional`, no place where the value before has no fields.
    Name { node: Node, optional: bool },
    /// Every item of an array, every value of an object.
    Each { node: Node, optional: bool },
    /// No place where the test does not hold.
    Where(Expr),
}

impl Step {
    /// What lies behind the step, among the names.
    pub(crate) fn node(&self) -> Option<Node> {
        match self {
            Step::Name { node, .. } | Step::Each { node, .. } => Some(*node),
            Step::Where(_) => None,
        }
    }
}

/// What gives exactly one value, or an error.
#[derive(Debug)]
pub(crate) enum Expr {
    Constant(Text),
    Field(Path),
    /// Constant parts, without quotes, and values as their text.
    Text(Vec<Piece>),
    /// Names, with their quotes, and values.
    Object(Vec<(Text, Expr)>),
    /// A row of a table, or a column of it.
    Row {
        table: Arc<Table>,
        name: String,
        key: Box<Expr>,
        column: Option<String>,
    },
    If {
        branches: Vec<(Expr, Expr)>,
        otherwise: Box<Expr>,
    },
    /// The right side where the left one is null or false.
    Either(Box<Expr>, Box<Expr>),
    Compare(Box<Expr>, Cmp, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Has(Path, Node),
    Math(Box<Expr>, Math, Box<Expr>),
    /// A function of a value; where the bytes alone do not tell, the full language does (its place there).
    Of(Box<Expr>, Native, usize),
    /// A program of the full language on nothing but the fields that it reads.
    Language {
        program: usize,
        reads: Reads,
    },
}

#[derive(Debug)]
pub(crate) enum Piece {
    Constant(Text),
    Value(Expr),
}

/// What of `.` a program of the full language sees.
#[derive(Debug)]
pub(crate) enum Reads {
    All,
    /// No path of these begins another.
    Fields(Vec<Box<[Node]>>),
}

/// What a rename does where its target is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum OnClash {
    /// The record goes to the rejects
    #[default]
    Error,
    /// The target is overwritten
    Replace,
    /// Nothing is renamed
    Skip,
}
