//! The full language: a program compiled by jaq and run on one document at a time.

use jaq_core::load::{Arena, File, Loader, parse};
use jaq_core::{Compiler, Ctx, Vars};
use jaq_json::{Map, Rc, Val, read};

use super::json::Json;
use super::natives;
use super::natives::lookup::{Data, Global, Tables};
use super::value;
use crate::edit::OnClash;
use crate::fault::Fault;
use crate::program::error::Error;
use crate::program::full::Full;
use crate::program::variables::Variables;

const PRELUDE: &str = include_str!("prelude.jq");

/// A compiled program.
pub(crate) struct Filter {
    filter: jaq_core::Filter<Data>,
    variables: Vec<Json>,
    tables: Tables,
    pub(crate) paired: bool,
}

/// What a program works on, and what comes out of it.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) document: Val,
    /// The docinfo that is there, by its name.
    pub(crate) docinfo: Val,
}

impl Filter {
    /// # Errors
    /// For names that are not defined.
    pub(crate) fn compile(program: &Full, variables: &Variables, on_clash: OnClash) -> Result<Filter, Error> {
        let prelude = prelude().ok_or(Error::Prelude)?;
        let arena = Arena::default();
        let loader =
            Loader::new(jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()).chain(prelude));
        let file = File { code: program.text.as_str(), path: () };
        let modules = loader.load(&arena, file).map_err(|_| undefined("syntax", &program.text))?;
        let names: Vec<String> = variables.iter().map(|(name, _)| format!("${name}")).collect();
        let functions = jaq_core::funs::<Data>().chain(jaq_std::funs::<Data>());
        let filter = Compiler::default()
            .with_funs(functions.chain(natives::functions(on_clash)))
            .with_global_vars(names.iter().map(String::as_str))
            .compile(modules)
            .map_err(|errors| {
                let first = errors.into_iter().flat_map(|(_, errors)| errors).next();
                first.map_or_else(
                    || undefined("name", ""),
                    |(name, what)| match what {
                        jaq_core::compile::Undefined::Filter(arity) if arity > 0 => {
                            undefined("function", &format!("{name}/{arity}"))
                        }
                        jaq_core::compile::Undefined::Filter(_) => undefined("function", name),
                        what => undefined(what.as_str(), name),
                    },
                )
            })?;
        let tables = variables.tables();
        let variables = variables
            .iter()
            .map(|(name, text)| {
                // A table of which single rows are read alone is not decoded.
                let is_table = tables.iter().any(|(table, _)| table == name);
                if is_table && !program.whole_tables.iter().any(|whole| &whole[1..] == name) {
                    return Ok(Json(Val::Null));
                }
                read::parse_single(text.as_bytes())
                    .map(Json)
                    .map_err(|_| Error::NotJson(format!("the variable ${name}")))
            })
            .collect::<Result<_, _>>()?;
        Ok(Filter { filter, variables, tables, paired: program.paired })
    }

    /// Runs the program; each output goes to `put`.
    pub(crate) fn run(
        &self,
        input: Pair,
        mut put: impl FnMut(Pair) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let global = Global { lut: &self.filter.lut, tables: &self.tables };
        let context = Ctx::<Data>::new(global, Vars::new(self.variables.iter().cloned()));
        let (value, docinfo) = match self.paired {
            true => (Val::Arr(Rc::new(vec![input.document, input.docinfo])), Val::Null),
            false => (input.document, input.docinfo),
        };
        for output in self.filter.id.run((context, Json(value))) {
            let output = match output.map_err(jaq_core::Exn::get_err) {
                Ok(Json(value)) => value,
                Err(Ok(error)) => return Err(Fault::Program(value::message(error.into_val().0))),
                Err(Err(_)) => return Err(Fault::Program("the program broke out of itself".to_owned())),
            };
            put(match (self.paired, output) {
                (false, document) => Pair { document, docinfo: docinfo.clone() },
                (true, Val::Arr(pair)) if pair.len() == 2 => {
                    Pair { document: pair[0].clone(), docinfo: pair[1].clone() }
                }
                (true, _) => return Err(Fault::Program("the docinfo was lost on the way".to_owned())),
            })?;
        }
        Ok(())
    }
}

/// None of it may be missing: jaq's own definitions of the same names would be taken in its place, in silence.
fn prelude() -> Option<Vec<parse::Def<&'static str>>> {
    parse(PRELUDE, |parser| parser.defs())
}

fn undefined(what: &str, name: &str) -> Error {
    Error::Undefined { what: what.to_owned(), name: name.to_owned() }
}

/// The docinfo of a record as the value that programs see.
pub(crate) fn docinfo(parts: impl Iterator<Item = (&'static str, Val)>) -> Val {
    Val::obj(parts.map(|(name, value)| (Val::utf8_str(name), value)).collect::<Map>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prelude_is_whole() {
        let lines = PRELUDE.lines().filter(|line| line.starts_with("def ")).count();
        assert_eq!(prelude().unwrap().len(), lines);
    }
}
