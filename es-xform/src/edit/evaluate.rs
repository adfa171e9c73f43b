//! What an expression gives: one value, or an error.

use std::cmp::Ordering;

use es_core::record::scan::{Fields, MAX_DEPTH, is_name, unescape};
use jaq_core::ops::Math;
use jaq_json::{Map, Val};

use super::editor::Editor;
use super::order::{Type, order};
use super::record::Slot;
use super::text::Text;
use super::tree::Value;
use super::{Expr, Path, Piece, Reads, language};
use crate::fault::Fault;
use crate::language::filter::{self, Pair};
use crate::language::json::Json;
use crate::language::value;
use crate::program::names::{Names, Node};
use crate::program::terms::DOCINFO;
use crate::table::Table;

impl Editor<'_, '_> {
    /// The value may be one of the record's own: whoever puts it somewhere else copies it.
    pub(super) fn evaluate(&mut self, expr: &Expr, base: Slot) -> Result<Value, Fault> {
        Ok(match expr {
            Expr::Constant(text) => Value::Text(*text),
            Expr::Field(path) => self.get(path, base)?,
            Expr::Text(pieces) => self.text(pieces, base)?,
            Expr::Object(fields) => self.made_object(fields, base)?,
            Expr::Row { table, name, key, column } => {
                let key = self.evaluate(key, base)?;
                let key = self.record.told(key)?;
                let bytes = self.record.bytes(key);
                let found = row(table, bytes);
                let found = found.ok_or_else(|| Fault::no_row(name, &String::from_utf8_lossy(bytes)))?;
                let value = match column {
                    Some(column) => cell(found.as_bytes(), column)?,
                    None => found.as_bytes(),
                };
                Value::Text(self.record.keep(value)?)
            }
            Expr::If { branches, otherwise } => {
                for (test, then) in branches {
                    if self.holds(test, base)? {
                        return self.evaluate(then, base);
                    }
                }
                self.evaluate(otherwise, base)?
            }
            Expr::Either(left, right) => match self.evaluate(left, base)? {
                value if self.is_true(value) => value,
                _ => self.evaluate(right, base)?,
            },
            test @ (Expr::Compare(..) | Expr::And(..) | Expr::Or(..) | Expr::Not(_) | Expr::Has(..)) => {
                let holds = self.holds(test, base)?;
                Value::Text(self.record.names.boolean(holds))
            }
            Expr::Math(left, op, right) => {
                let left = self.evaluate(left, base)?;
                let left = self.record.copied(left)?;
                let right = self.evaluate(right, base)?;
                self.math(left, *op, right)?
            }
            Expr::Of(of, native, language) => {
                let of = self.evaluate(of, base)?;
                let text = self.record.told(of)?;
                match native.apply(self.record, text)? {
                    Some(value) => value,
                    None => {
                        let input = value::parse(self.record.bytes(text))?;
                        self.speak(*language, input, Val::Null)?
                    }
                }
            }
            Expr::Language { program, reads } => {
                let input = match reads {
                    Reads::All => self.parsed(self.record.value(base))?,
                    Reads::Fields(paths) => self.projected(paths, base)?,
                };
                let docinfo = match self.languages.get(*program)?.paired {
                    true => self.docinfo()?,
                    false => Val::Null,
                };
                self.speak(*program, input, docinfo)?
            }
        })
    }

    pub(super) fn compare(&mut self, left: &Expr, right: &Expr, base: Slot) -> Result<Ordering, Fault> {
        let left = self.evaluate(left, base)?;
        let left = self.record.told(left)?;
        let right = self.evaluate(right, base)?;
        let right = self.record.told(right)?;
        order(self.record.bytes(left), self.record.bytes(right))
    }

    pub(super) fn has(&mut self, path: &Path, name: Node, base: Slot) -> Result<bool, Fault> {
        let Some(slot) = self.walk(path, base, false)? else { return Ok(false) };
        match self.record.enter(slot)? {
            Some(object) if !self.record.is_array(object) => Ok(self.record.find(object, name).is_some()),
            _ => match self.record.type_of(self.record.value(slot)) {
                Type::Null => Ok(false),
                other => {
                    let why = format!("cannot check whether {} has a string key", other.a_name());
                    Err(Fault::Program(why))
                }
            },
        }
    }

    /// `left op right`; two strings are put together as they are written.
    pub(super) fn math(&mut self, left: Value, op: Math, right: Value) -> Result<Value, Fault> {
        if let (Value::Text(a), Math::Add, Value::Text(b)) = (left, op, right) {
            let (a, b) = (self.record.bytes(a), self.record.bytes(b));
            if a[0] == b'"' && b[0] == b'"' {
                let joined = [&a[..a.len() - 1], &b[1..]].concat();
                return Ok(Value::Text(self.record.keep(&joined)?));
            }
        }
        let (left, right) = (self.parsed(left)?, self.parsed(right)?);
        let result = op.run(Json(left), Json(right));
        let Json(result) = result.map_err(|error| Fault::Program(value::message(error.into_val().0)))?;
        self.keep_value(&result)
    }

    fn text(&mut self, pieces: &[Piece], base: Slot) -> Result<Value, Fault> {
        let mut out = b"\"".to_vec();
        for piece in pieces {
            match piece {
                Piece::Constant(text) => out.extend_from_slice(self.record.bytes(*text)),
                Piece::Value(expr) => {
                    let value = self.evaluate(expr, base)?;
                    let text = self.record.told(value)?;
                    let bytes = self.record.bytes(text);
                    match Type::of(bytes) {
                        Type::Number if bytes == value::NAN => out.extend_from_slice(b"null"),
                        Type::String => out.extend_from_slice(&bytes[1..bytes.len() - 1]),
                        Type::Null | Type::False | Type::True | Type::Number => out.extend_from_slice(bytes),
                        Type::Array | Type::Object => {
                            let text = value::text(&value::parse(bytes)?)?;
                            let mut quoted = Vec::new();
                            value::write_string(&text, &mut quoted);
                            out.extend_from_slice(&quoted[1..quoted.len() - 1]);
                        }
                    }
                }
            }
        }
        out.push(b'"');
        Ok(Value::Text(self.record.keep(&out)?))
    }

    fn made_object(&mut self, fields: &[(Text, Expr)], base: Slot) -> Result<Value, Fault> {
        let mut out = b"{".to_vec();
        for (i, (name, value)) in fields.iter().enumerate() {
            let value = self.evaluate(value, base)?;
            if i > 0 {
                out.push(b',');
            }
            out.extend_from_slice(self.record.bytes(*name));
            out.push(b':');
            self.record.write(value, &mut out);
        }
        out.push(b'}');
        Ok(Value::Text(self.record.keep(&out)?))
    }

    fn parsed(&mut self, value: Value) -> Result<Val, Fault> {
        match value {
            Value::Null => Ok(Val::Null),
            value => {
                let text = self.record.told(value)?;
                value::parse(self.record.bytes(text))
            }
        }
    }

    /// `.` with nothing but these fields, or what stands in their way.
    fn projected(&mut self, paths: &[Box<[Node]>], base: Slot) -> Result<Val, Fault> {
        let mut all = match self.record.enter(base)? {
            Some(holder) if !self.record.is_array(holder) => Val::obj(Map::default()),
            _ => return self.parsed(self.record.value(base)),
        };
        'paths: for path in paths {
            let (mut at, mut taken) = (base, 0);
            for &step in path {
                match self.record.enter(at)? {
                    Some(object) if !self.record.is_array(object) => match self.record.find(object, step) {
                        Some(found) => at = found,
                        None => continue 'paths,
                    },
                    _ => break,
                }
                taken += 1;
            }
            let value = self.parsed(self.record.value(at))?;
            let names = path[..taken].iter().map(|node| self.record.names.name(*node));
            language::put(&mut all, names, value);
        }
        Ok(all)
    }

    fn docinfo(&mut self) -> Result<Val, Fault> {
        let mut parts = Vec::new();
        let Some(line) = self.record.enter(self.line)? else { return Ok(Val::Null) };
        for name in DOCINFO {
            if let Some(node) = self.record.names.named(Names::ROOT, name.as_bytes())
                && let Some(slot) = self.record.find(line, node)
            {
                parts.push((name, self.parsed(self.record.value(slot))?));
            }
        }
        Ok(filter::docinfo(parts.into_iter()))
    }

    /// The one value that a program of the full language gives.
    fn speak(&mut self, program: usize, document: Val, docinfo: Val) -> Result<Value, Fault> {
        let mut result = None;
        let filter = self.languages.get(program)?;
        filter.run(Pair { document, docinfo }, |output| match result.replace(output.document) {
            None => Ok(()),
            Some(_) => Err(Fault::Program("an expression gave several values".to_owned())),
        })?;
        match result {
            Some(value) => self.keep_value(&value),
            None => Err(Fault::Program("an expression gave nothing".to_owned())),
        }
    }

    fn keep_value(&mut self, value: &Val) -> Result<Value, Fault> {
        match value {
            Val::Null => Ok(Value::Null),
            value => {
                let text = value::unfinished_text(value)?;
                self.record.tree.unfinished |= memchr::memmem::find(&text, value::NAN).is_some();
                Ok(Value::Text(self.record.keep(&text)?))
            }
        }
    }
}

/// The row that a JSON text is the key of.
fn row<'t>(table: &'t Table, key: &[u8]) -> Option<&'t str> {
    match Type::of(key) {
        Type::String => table.row(std::str::from_utf8(&unescape(&key[1..key.len() - 1])).ok()?),
        Type::Number => table.row(std::str::from_utf8(key).ok()?),
        Type::Null | Type::False | Type::True | Type::Array | Type::Object => None,
    }
}

/// A cell of a row as JSON text; null where the table has no such column.
fn cell<'t>(row: &'t [u8], column: &str) -> Result<&'t [u8], Fault> {
    let mut fields = Fields::open(row, 0, MAX_DEPTH)?;
    while let Some(field) = fields.next_field()? {
        if is_name(&row[field.name], column.as_bytes()) {
            return Ok(&row[field.value]);
        }
    }
    Ok(b"null")
}
