//! One line in, the records it becomes out: reads it, runs the program, writes what came of it.

use es_core::record::kind::Kind;
use es_core::record::scan::{MAX_DEPTH, unescape};

use crate::edit::{OnClash, Outcome};
use crate::fault::Fault;
use crate::filter::{self, Filter, Pair};
use crate::names::{Names, Node};
use crate::order::Type;
use crate::program::{Error, Program, Root};
use crate::rejected;
use crate::shape::Shape;
use crate::terms::DOCINFO;
use crate::tree::{Home, ObjectId, Record, Text, Tree, Value};
use crate::value;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Became {
    /// So many records.
    Records(u64),
    Nothing,
    /// A control line: passed on, not counted.
    Mark,
}

/// Turns lines into what the program makes of them. One for each worker: it holds what is reused from line to line.
pub(crate) struct Transform<'p> {
    program: &'p Program,
    on_clash: OnClash,
    filter: Option<Filter>,
    tree: Tree,
    keys: Keys,
}

/// Where the line's own keys are among the names.
#[derive(Clone, Copy, Debug)]
struct Keys {
    docinfo: [Node; 3],
    source: Node,
}

impl<'p> Transform<'p> {
    /// # Errors
    /// For a program that does not compile.
    pub(crate) fn new(program: &'p Program, on_clash: OnClash) -> Result<Transform<'p>, Error> {
        let filter = match &program.edits {
            Some(_) => None,
            None => Some(Filter::compile(&program.full, &program.variables, on_clash)?),
        };
        let key = |name: &str| program.names.kid(Names::ROOT, name.as_bytes()).unwrap_or(Names::ROOT);
        let keys = Keys { docinfo: DOCINFO.map(key), source: key("_source") };
        Ok(Transform { program, on_clash, filter, tree: Tree::default(), keys })
    }

    /// Appends the lines that a line becomes; on a fault nothing is appended.
    pub(crate) fn line(&mut self, line: &[u8], kind: Kind, out: &mut Vec<u8>) -> Result<Became, Fault> {
        let start = out.len();
        let became = self.record(line, kind, true, out);
        if became.is_err() {
            out.truncate(start);
        }
        became
    }

    fn record(
        &mut self,
        line: &[u8],
        kind: Kind,
        may_decode: bool,
        out: &mut Vec<u8>,
    ) -> Result<Became, Fault> {
        let mut shape = Shape::default();
        let keys = self.keys;
        let mut record = read(self.program, &mut self.tree, keys, line, kind, &mut shape)?;
        if shape.is_mark() {
            out.extend_from_slice(line);
            out.push(b'\n');
            return Ok(Became::Mark);
        }
        shape.judge(line, kind)?;
        let refused = shape.is_refused();
        if shape.is_only_reject() {
            if !may_decode {
                return Err(Fault::NothingLeft("it holds another refusal"));
            }
            let inside = rejected::inside(line)?;
            return self.record(&inside, Kind::Hit, false, out);
        }
        if let Some(filter) = &self.filter {
            let outputs = run(filter, &mut record, self.program.root, keys)?;
            return self.write_outputs(line, kind, refused, outputs, out);
        }
        let edits = self.program.edits.as_deref().unwrap_or_default();
        if record.apply(edits, self.on_clash)? == Outcome::Dropped {
            return Ok(Became::Nothing);
        }
        if self.program.root == Root::Document {
            check_docinfo(&mut record, keys, kind, refused)?;
        }
        write_line(&record, keys, self.program.root, kind, out);
        Ok(Became::Records(1))
    }

    fn write_outputs(
        &mut self,
        line: &[u8],
        kind: Kind,
        refused: bool,
        outputs: Vec<Output>,
        out: &mut Vec<u8>,
    ) -> Result<Became, Fault> {
        if outputs.is_empty() {
            return Ok(Became::Nothing);
        }
        let count = outputs.len() as u64;
        let mut names: Vec<[Option<Vec<u8>>; 2]> = Vec::new();
        for output in outputs {
            let program = self.program;
            let mut record = read(program, &mut self.tree, self.keys, line, kind, &mut Shape::default())?;
            let name = output.put_into(&mut record, program.root, self.keys)?;
            if count > 1 {
                // Without an id nothing can be overwritten.
                if name[1].is_some() && names.contains(&name) {
                    return Err(Fault::SameRecord);
                }
                names.push(name);
            }
            if program.root == Root::Document {
                check_docinfo(&mut record, self.keys, kind, refused)?;
            }
            write_line(&record, self.keys, program.root, kind, out);
        }
        Ok(Became::Records(count))
    }
}

/// Reads a line as a record. A document without docinfo becomes the `_source` of a line that has nothing else.
fn read<'a>(
    program: &'a Program,
    tree: &'a mut Tree,
    keys: Keys,
    line: &'a [u8],
    kind: Kind,
    shape: &mut Shape,
) -> Result<Record<'a>, Fault> {
    let names = &program.names;
    match (program.root, kind) {
        (Root::Document, Kind::Bare) => {
            let mut record = Record::read(names, tree, line, keys.source, MAX_DEPTH, shape)?;
            let document = record.root;
            let made = record.make(Names::ROOT);
            record.append(made, keys.source, document);
            record.root = Value::Object(made);
            Ok(record)
        }
        // The line's own braces are one level on top of those that the document may have.
        (Root::Document | Root::Line, _) => {
            Ok(Record::read(names, tree, line, Names::ROOT, MAX_DEPTH + 1, shape)?)
        }
    }
}

/// The object that is the line, in a program whose `.` is the document.
fn line_object(record: &Record<'_>) -> Option<ObjectId> {
    match record.root {
        Value::Object(object) => Some(object),
        Value::Null | Value::Text(_) => None,
    }
}

fn key(record: &Record<'_>, key: Node) -> Option<Value> {
    let member = record.find(line_object(record)?, key)?;
    Some(record.value(member))
}

/// Docinfo must be strings; a number becomes the string of its text, as the servers read it. A line that had docinfo
/// must keep enough of it to be told from a bare document.
fn check_docinfo(record: &mut Record<'_>, keys: Keys, kind: Kind, refused: bool) -> Result<(), Fault> {
    for (name, node) in DOCINFO.into_iter().zip(keys.docinfo) {
        let Some(value) = key(record, node) else { continue };
        match record.type_of(value) {
            Type::String => {}
            Type::Number => {
                let mut text = b"\"".to_vec();
                record.write(value, &mut text);
                text.push(b'"');
                let quoted = record.keep(&text);
                record.set(&[node], quoted)?;
            }
            other @ (Type::Null | Type::False | Type::True | Type::Array | Type::Object) => {
                return Err(Fault::WrongType { name, kind: other.a_name(), wanted: "a string" });
            }
        }
    }
    let left = keys.docinfo[..2].iter().any(|node| key(record, *node).is_some());
    // A bare document that got only a routing would lose it: such a line is no hit line.
    let needs = kind == Kind::Hit && !refused || key(record, keys.docinfo[2]).is_some();
    match left || !needs {
        true => Ok(()),
        false => Err(Fault::NoDocinfo),
    }
}

fn write_line(record: &Record<'_>, keys: Keys, root: Root, kind: Kind, out: &mut Vec<u8>) {
    let named = || keys.docinfo.iter().any(|node| key(record, *node).is_some());
    let value = match (root, kind) {
        (Root::Document, Kind::Bare) if named() => {
            write_named(record, keys, out);
            out.push(b'\n');
            return;
        }
        // A document that came without docinfo leaves without.
        (Root::Document, Kind::Bare) => key(record, keys.source).unwrap_or(Value::Null),
        (Root::Document | Root::Line, _) => record.root,
    };
    // The space around a record stays, too.
    let (before, after) = match record.text_of(value) {
        Some(Text { home: Home::Line, start, end }) => (&record.line[..start], &record.line[end..]),
        _ => (&b""[..], &b""[..]),
    };
    out.extend_from_slice(before);
    record.write(value, out);
    out.extend_from_slice(after);
    out.push(b'\n');
}

/// A document that the program gave docinfo.
fn write_named(record: &Record<'_>, keys: Keys, out: &mut Vec<u8>) {
    out.push(b'{');
    for node in keys.docinfo {
        if let Some(value) = key(record, node) {
            out.extend_from_slice(record.names.text(node));
            out.push(b':');
            record.write(value, out);
            out.push(b',');
        }
    }
    out.extend_from_slice(b"\"_source\":");
    record.write(key(record, keys.source).unwrap_or(Value::Null), out);
    out.push(b'}');
}

/// One output of the full language, as far as it differs from the input.
struct Output {
    /// `None`: the program left the document as it was, so its bytes stay.
    document: Option<Vec<u8>>,
    /// Docinfo that is to be set, or removed; `None`: the program does not name docinfo.
    docinfo: Option<[Option<Vec<u8>>; 3]>,
    /// The index and the id, in a program whose `.` is the line.
    name: [Option<Vec<u8>>; 2],
}

fn run(filter: &Filter, record: &mut Record<'_>, root: Root, keys: Keys) -> Result<Vec<Output>, Fault> {
    let document = match root {
        Root::Document => key(record, keys.source),
        Root::Line => Some(record.root),
    };
    let parsed = match document.and_then(|document| record.text_of(document)) {
        Some(text) => value::parse(record.bytes(text))?,
        // A line of docinfo alone has null as its document.
        None => jaq_json::Val::Null,
    };
    let mut parts = Vec::new();
    if filter.paired {
        for (name, node) in DOCINFO.into_iter().zip(keys.docinfo) {
            if let Some(text) = key(record, node).and_then(|value| record.text_of(value)) {
                parts.push((name, value::parse(record.bytes(text))?));
            }
        }
    }
    let input = Pair { document: parsed.clone(), docinfo: filter::docinfo(parts.into_iter()) };
    let mut outputs = Vec::new();
    filter.run(input, |output| {
        let field = |name: &str| -> Result<Option<Vec<u8>>, Fault> {
            let value = match root {
                Root::Document => &output.docinfo,
                Root::Line => &output.document,
            };
            value::field(value, name).map(value::text).transpose()
        };
        let document = match &output.document {
            same if value::is_same(same, &parsed) => None,
            changed @ jaq_json::Val::Obj(_) => Some(value::text(changed)?),
            other => {
                return Err(Fault::Program(format!("the output is {}, not an object", value::kind(other))));
            }
        };
        let docinfo = match filter.paired {
            true => Some([field(DOCINFO[0])?, field(DOCINFO[1])?, field(DOCINFO[2])?]),
            false => None,
        };
        let name = match root {
            Root::Line => [field("_index")?, field("_id")?],
            Root::Document => [None, None],
        };
        outputs.push(Output { document, docinfo, name });
        Ok(())
    })?;
    Ok(outputs)
}

impl Output {
    /// Changes the record into this output; what its index and id are then.
    fn put_into(
        self,
        record: &mut Record<'_>,
        root: Root,
        keys: Keys,
    ) -> Result<[Option<Vec<u8>>; 2], Fault> {
        if root == Root::Line {
            if let Some(text) = self.document {
                record.root = record.keep(&text);
            }
            return Ok(self.name);
        }
        if let Some(text) = self.document {
            let document = record.keep(&text);
            record.set(&[keys.source], document)?;
        }
        for (node, text) in keys.docinfo.into_iter().zip(self.docinfo.into_iter().flatten()) {
            let before = key(record, node).and_then(|value| record.text_of(value));
            match text {
                None => record.delete_key(node),
                // The same text, however it was escaped, keeps its bytes.
                Some(text) if before.is_some_and(|b| means(record.bytes(b), &text)) => {}
                Some(text) => {
                    let value = record.keep(&text);
                    record.set(&[node], value)?;
                }
            }
        }
        let name = |node| {
            let text = record.text_of(key(record, node)?)?;
            Some(unescape(record.bytes(text)).into_owned())
        };
        Ok([name(keys.docinfo[0]), name(keys.docinfo[1])])
    }
}

fn means(before: &[u8], after: &[u8]) -> bool {
    before == after || unescape(before) == unescape(after)
}
