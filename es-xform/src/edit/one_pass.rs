//! Rules that do not meet, on hit lines as es-scroll writes them: fields of objects get other names or constants, or
//! go. Each is done when its field comes by, in one pass over the bytes and without a tree. Where anything is
//! unusual, the record is left to the general way, which says what the rules mean.

use es_core::record::hit::Hit;
use es_core::record::scan::{self, Fields, MAX_DEPTH, Named};

use super::order::Type;
use super::text::Text;
use super::{Edit, Expr, From, Places, Step};
use crate::program::names::{Names, Node};
use crate::program::terms::DOCINFO;
use crate::program::{Program, Root};

/// Rules and nodes are told apart by the bits of a word.
const MOST: usize = 64;

#[derive(Debug)]
pub(crate) struct OnePass<'p> {
    names: &'p Names,
    source: Node,
    /// What is done with the field of each node.
    acts: Vec<Act>,
    /// What is appended to an object where it is missing: the node of the object and that of the field.
    sets: Vec<(Node, Node)>,
    docinfo: [Option<(Text, u32)>; 3],
    /// The rules that must have found their place in the end.
    needed: u64,
}

/// What is done with a field. Rules are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Nothing,
    Enter,
    Rename {
        to: Node,
        rule: u32,
    },
    /// Where a field is to go by its new name.
    Target {
        rule: u32,
    },
    Set {
        what: Text,
        rule: u32,
    },
    Delete {
        rule: u32,
    },
}

/// A line on its way out.
struct Pass<'a> {
    line: &'a [u8],
    out: &'a mut Vec<u8>,
    /// Up to where the line was written, or left out.
    copied: usize,
    /// The nodes that were there.
    nodes: u64,
    /// The rules that found something to do, and those that found their target taken.
    done: u64,
    taken: u64,
}

impl<'p> OnePass<'p> {
    /// `None` for rules that need the general way, and where `.` is the line.
    pub(crate) fn new(program: &'p Program) -> Option<OnePass<'p>> {
        let Program { edits: Some(rules), names, root: Root::Document, .. } = program else { return None };
        let source = names.named(Names::ROOT, b"_source")?;
        if rules.is_empty() || rules.len() > MOST || names.count() > MOST {
            return None;
        }
        let acts = vec![Act::Nothing; names.count()];
        let mut all = OnePass { names, source, acts, sets: Vec::new(), docinfo: [None; 3], needed: 0 };
        all.acts[source as usize] = Act::Enter;
        for (rule, number) in rules.iter().zip(0..) {
            if rule.number != number as usize {
                return None;
            }
            all.add(&rule.edit, number)?;
        }
        Some(all)
    }

    fn add(&mut self, edit: &Edit, rule: u32) -> Option<()> {
        match edit {
            Edit::Rename { from, to } => {
                let (Some((was, way)), Some((is, same_way))) =
                    (from.steps.split_last(), to.steps.split_last())
                else {
                    return None;
                };
                if (from.from, to.from) != (From::Here, From::Here) || way != same_way {
                    return None;
                }
                self.way_to(way)?;
                self.act(*was, Act::Rename { to: *is, rule })?;
                self.act(*is, Act::Target { rule })
            }
            Edit::Delete(places) => places.iter().try_for_each(|places| {
                let (last, way) = names_to(places, From::Here)?;
                self.way_to(&way)?;
                self.act(last, Act::Delete { rule })
            }),
            Edit::Set { to, what: Expr::Constant(what) } => {
                let [to] = &to[..] else { return None };
                self.needed |= 1 << rule;
                if to.from == From::Line {
                    return self.set_docinfo(to, *what, rule);
                }
                let (last, way) = names_to(to, From::Here)?;
                self.way_to(&way)?;
                self.sets.push((way.last().copied().unwrap_or(self.source), last));
                self.act(last, Act::Set { what: *what, rule })
            }
            Edit::Pick(_)
            | Edit::Set { .. }
            | Edit::Reckon { .. }
            | Edit::Update { .. }
            | Edit::Merge(_)
            | Edit::Become(_)
            | Edit::Select(_)
            | Edit::Drop
            | Edit::Choose { .. }
            | Edit::DeleteKeys(_)
            | Edit::RenameKeys(_) => None,
        }
    }

    fn set_docinfo(&mut self, to: &Places, what: Text, rule: u32) -> Option<()> {
        let (key, way) = names_to(to, From::Line)?;
        let place = DOCINFO.iter().position(|name| *name == self.names.name(key))?;
        let is_text = Type::of(self.names.constant(what)) == Type::String;
        let is_first = self.docinfo[place].replace((what, rule)).is_none();
        (way.is_empty() && is_text && is_first).then_some(())
    }

    /// No other rule ends on the way or begins here.
    fn way_to(&mut self, way: &[Node]) -> Option<()> {
        way.iter().try_for_each(|node| match &mut self.acts[*node as usize] {
            act @ (Act::Nothing | Act::Enter) => {
                *act = Act::Enter;
                Some(())
            }
            Act::Rename { .. } | Act::Target { .. } | Act::Set { .. } | Act::Delete { .. } => None,
        })
    }

    fn act(&mut self, node: Node, act: Act) -> Option<()> {
        match std::mem::replace(&mut self.acts[node as usize], act) {
            Act::Nothing => Some(()),
            _ => None,
        }
    }

    /// Appends what a line becomes, its line break included; the rules that did something, a bit each. On `None`
    /// something may have been appended, and the line is one for the general way.
    pub(crate) fn edit(&self, line: &[u8], out: &mut Vec<u8>) -> Option<u64> {
        let (hit, start) = Hit::usual_start(line)?;
        let mut pass = Pass { line, out, copied: 0, nodes: 0, done: 0, taken: 0 };
        let mut end = 0;
        let keys = [(b"{\"_index\":".len(), hit.index), (b",\"_id\":".len(), hit.id)];
        let routing = (b",\"_routing\":".len(), hit.routing);
        for ((before, there), set) in keys.into_iter().chain([routing]).zip(self.docinfo) {
            let Some(there) = there else { continue };
            let at = end + before;
            end = at + there.len();
            if let Some((what, rule)) = set {
                pass.put(at, self.names.constant(what), end);
                pass.done |= 1 << rule;
            }
        }
        let end = self.object(&mut pass, start, self.source, MAX_DEPTH)?;
        if &line[end..] != b"}" || pass.done & pass.taken != 0 || self.needed & !pass.done != 0 {
            return None;
        }
        pass.put(line.len(), b"\n", line.len());
        Some(pass.done)
    }

    /// Where the object at `at` ends.
    fn object(&self, pass: &mut Pass<'_>, at: usize, node: Node, depth: u32) -> Option<usize> {
        let b = pass.line;
        let mut fields = Fields::open(b, at, depth).ok()?;
        // Where the field before ended, and whether any is left.
        let (mut after, mut any) = (at + 1, false);
        while let Some(Named { name, plain, value }) = fields.next_name().ok()? {
            let kid = match plain {
                true => self.names.named(node, &b[name.clone()]),
                false => self.names.meant(node, &b[name.clone()]),
            };
            let act = kid.map_or(Act::Nothing, |kid| self.acts[kid as usize]);
            let end = match (kid, act) {
                (Some(kid), Act::Enter) => self.object(pass, value, kid, fields.depth())?,
                _ => scan::value_end(b, value, fields.depth()).ok()?,
            };
            if let Some(kid) = kid {
                // A name that comes twice is no usual thing.
                if pass.nodes & 1 << kid != 0 {
                    return None;
                }
                pass.nodes |= 1 << kid;
            }
            let quote = name.start - 1;
            match act {
                Act::Nothing | Act::Enter => any = true,
                Act::Target { rule } => {
                    pass.taken |= 1 << rule;
                    any = true;
                }
                Act::Rename { to, rule } => {
                    pass.put(quote, self.names.text(to), name.end + 1);
                    pass.done |= 1 << rule;
                    any = true;
                }
                Act::Set { what, rule } => {
                    pass.put(value, self.names.constant(what), end);
                    pass.done |= 1 << rule;
                    any = true;
                }
                // One comma goes with it: the one before it, or the one after it if nothing is left before it.
                Act::Delete { rule } => {
                    let from = if any { scan::space_end(b, after) } else { quote };
                    let comma = scan::space_end(b, end);
                    let to = match b.get(comma) {
                        Some(b',') if !any => scan::space_end(b, comma + 1),
                        _ => end,
                    };
                    pass.put(from, b"", to);
                    pass.done |= 1 << rule;
                }
            }
            fields.resume(end);
            after = end;
        }
        let end = fields.position();
        for (object, field) in &self.sets {
            let Act::Set { what, rule } = self.acts[*field as usize] else { continue };
            if *object == node && pass.nodes & 1 << field == 0 {
                pass.put(end - 1, if any { b"," } else { b"" }, end - 1);
                pass.out.extend_from_slice(self.names.text(*field));
                pass.out.push(b':');
                pass.out.extend_from_slice(self.names.constant(what));
                pass.done |= 1 << rule;
                any = true;
            }
        }
        Some(end)
    }
}

impl Pass<'_> {
    /// Writes the line up to `from` and `text` for what is between there and `to`.
    #[inline]
    fn put(&mut self, from: usize, text: &[u8], to: usize) {
        self.out.extend_from_slice(&self.line[self.copied..from]);
        self.out.extend_from_slice(text);
        self.copied = to;
    }
}

/// The last name of a path of names, and those before it.
fn names_to(places: &Places, from: From) -> Option<(Node, Vec<Node>)> {
    let name = |step: &Step| match step {
        Step::Name { node, .. } => Some(*node),
        Step::Each { .. } | Step::Where(_) => None,
    };
    let mut names = places.steps.iter().map(name).collect::<Option<Vec<_>>>()?;
    let last = names.pop()?;
    (places.from == from).then_some((last, names))
}
