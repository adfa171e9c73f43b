//! Paths to places that edits change: names, items, and tests on the way.

use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::path::{Opt, Part};

use super::names::Names;
use super::rules::{Base, Reader};
use super::terms::{self, DOCINFO, Jq};
use crate::edit::{From, Places, Step};

impl Reader<'_> {
    /// The places of each path: names, items, and tests on the way.
    pub(super) fn all_places(&mut self, paths: &Jq<'_>, base: Base) -> Option<Vec<Places>> {
        let places = |path: Jq<'_>| {
            let mut places = Places { from: From::Here, steps: Vec::new() };
            self.steps(&path, base, &mut places).map(|_| places)
        };
        terms::list(paths).into_iter().map(places).collect()
    }

    /// Appends steps from `at`; what lies behind them.
    fn steps(&mut self, term: &Jq<'_>, at: Base, places: &mut Places) -> Option<Base> {
        match term {
            Term::Id => Some(at),
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                let at = self.steps(left, at, places)?;
                self.steps(right, at, places)
            }
            Term::Call("select", args) => {
                let [test] = &args[..] else { return None };
                let test = self.expr(test, at)?;
                places.steps.push(Step::Where(test));
                Some(at)
            }
            Term::Path(head, path) => {
                let mut at = self.steps(head, at, places)?;
                for (part, opt) in &path.0 {
                    let optional = matches!(opt, Opt::Optional);
                    let node = match part {
                        Part::Index(name) => {
                            let name = terms::string(name)?;
                            let mut from = at.node;
                            if at.docinfo && DOCINFO.contains(&name.as_str()) {
                                if !places.steps.is_empty() {
                                    return None;
                                }
                                places.from = From::Line;
                                from = Names::ROOT;
                            }
                            let node = self.names.add(from, &name);
                            places.steps.push(Step::Name { node, optional });
                            node
                        }
                        Part::Range(None, None) => {
                            let node = self.names.add_each(at.node);
                            places.steps.push(Step::Each { node, optional });
                            node
                        }
                        Part::Range(..) => return None,
                    };
                    at = Base { node, docinfo: false, inner: true };
                }
                Some(at)
            }
            _ => None,
        }
    }
}
