//! The body of one bulk request and where each of its items stands in it and came from. Documents are copied once,
//! from the input into the body; everything else about them is offsets.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use es_core::record::action::{ActionLine, Op};
use es_core::server::Flavor;
use es_core::server::verdict::Asked;

use crate::record::Record;

/// How actions are written for this target.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    /// The target's index stands in the request's path.
    pub(crate) index_in_path: bool,
    /// The type of documents that have none, as JSON text; None where the server has no types.
    pub(crate) kind: Option<Vec<u8>>,
    pub(crate) parents: bool,
    pub(crate) upsert: bool,
}

impl Form {
    pub(crate) fn new(flavor: &Flavor, index_in_path: bool, kind: Option<&str>, upsert: bool) -> Form {
        // Type names may begin with an underscore only where there are no parents any more.
        let default = if flavor.parents() { "doc" } else { "_doc" };
        let kind =
            flavor.types().then(|| serde_json::json!(kind.unwrap_or(default)).to_string().into_bytes());
        Form { index_in_path, kind, parents: flavor.parents(), upsert }
    }
}

/// One record of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Its lines in the body.
    pub(crate) lines: Range<usize>,
    /// Its document in the body; empty where there is none.
    pub(crate) source: Range<usize>,
    pub(crate) op: Op,
    pub(crate) external: bool,
    /// What stands in `source` is the whole second line of an update.
    pub(crate) whole_update: bool,
    /// An attempt whose answer was lost may have been applied.
    pub(crate) repeated: bool,
    pub(crate) settled: bool,
    /// How often it was refused for now, or its answer lost, when it was sent alone.
    alone: u32,
    name: Option<u32>,
    file: u32,
    pub(crate) line: u64,
    pub(crate) offset: u64,
}

impl Item {
    pub(crate) fn asked(&self) -> Asked {
        Asked { op: self.op, external: self.external, repeated: self.repeated }
    }
}

/// Where a record came from.
#[derive(Clone, Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) file: &'a Arc<Path>,
    /// The record's own `_index`, as JSON text.
    pub(crate) name: Option<&'a Arc<[u8]>>,
}

#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) body: Vec<u8>,
    pub(crate) items: Vec<Item>,
    files: Vec<Arc<Path>>,
    names: Vec<Arc<[u8]>>,
    /// There is something other than creates.
    mixed: bool,
    updates: bool,
}

impl Batch {
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(crate) fn only_creates(&self) -> bool {
        !self.mixed
    }

    pub(crate) fn has_updates(&self) -> bool {
        self.updates
    }

    /// Empties it; the memory stays, unless a giant made it more than `usual`.
    pub(crate) fn clear(&mut self, usual: usize) {
        self.body.clear();
        self.body.shrink_to(usual);
        self.items.clear();
        self.files.clear();
        self.names.clear();
        self.mixed = false;
        self.updates = false;
    }

    /// Appends a record under its id and its routing, which need not be those it came with.
    #[inline]
    pub(crate) fn push(
        &mut self,
        record: &Record<'_>,
        (id, routing): (Option<&[u8]>, Option<&[u8]>),
        form: &Form,
        origin: &Origin<'_>,
    ) {
        let body = &mut self.body;
        let start = body.len();
        let index = if form.index_in_path { None } else { record.index };
        let mut line = ActionLine::begin(body, record.op);
        line.part(b"_index", index);
        if let Some(default) = &form.kind {
            line.part(b"_type", Some(record.kind.unwrap_or(default)));
        }
        line.part(b"_id", id);
        line.part(b"routing", routing);
        line.part(b"parent", record.parent.filter(|_| form.parents));
        let mut external = false;
        if let Some(version) = record.version {
            line.part(b"version", Some(version));
            line.part(b"version_type", record.version_type);
            external = record.version_type.is_some_and(|t| t.starts_with(b"\"external"));
        }
        for (name, value) in record.parameters() {
            line.part(name, Some(value));
        }
        line.end();
        let source = match record.source.filter(|_| record.op.has_source()) {
            None => body.len()..body.len(),
            Some(source) => {
                let wrapped = record.op == Op::Update && !record.whole_update;
                if wrapped {
                    body.extend_from_slice(b"{\"doc\":");
                }
                let at = body.len();
                body.extend_from_slice(source);
                if wrapped {
                    body.extend_from_slice(if form.upsert { b",\"doc_as_upsert\":true}" } else { b"}" });
                }
                body.push(b'\n');
                at..at + source.len()
            }
        };
        let item = Item {
            lines: start..body.len(),
            source,
            op: record.op,
            external,
            whole_update: record.whole_update,
            repeated: false,
            settled: false,
            alone: 0,
            name: origin.name.map(|name| last_index(&mut self.names, name)),
            file: last_index(&mut self.files, origin.file),
            line: record.line,
            offset: record.offset,
        };
        self.mixed |= record.op != Op::Create;
        self.updates |= record.op == Op::Update;
        self.items.push(item);
    }

    pub(crate) fn origin(&self, item: &Item) -> Origin<'_> {
        Origin {
            file: &self.files[item.file as usize],
            name: item.name.map(|name| &self.names[name as usize]),
        }
    }

    /// The lines of some items, which follow one another.
    pub(crate) fn lines(&self, items: Range<usize>) -> &[u8] {
        let items = &self.items[items];
        match (items.first(), items.last()) {
            (Some(first), Some(last)) => &self.body[first.lines.start..last.lines.end],
            _ => &[],
        }
    }

    /// How often a single item was refused for now, or its answer lost.
    pub(crate) fn alone(&self, items: Range<usize>) -> u32 {
        match &self.items[items] {
            [only] => only.alone,
            _ => 0,
        }
    }

    /// These items were refused for now, or their answer was lost, which is held against a single one.
    pub(crate) fn not_now(&mut self, items: Range<usize>) {
        if let [only] = &mut self.items[items] {
            only.alone += 1;
        }
    }

    /// The items from `from` on whose lines are at most `limit` bytes together; at least one.
    pub(crate) fn piece(&self, from: usize, limit: usize) -> Range<usize> {
        let start = self.items[from].lines.start;
        let more = self.items[from + 1..].partition_point(|item| item.lines.end - start <= limit);
        from..from + 1 + more
    }

    /// Those of some items that have not ended, as ranges in their order.
    pub(crate) fn open(&self, items: Range<usize>) -> Vec<Range<usize>> {
        let mut open = Vec::new();
        let mut start = items.start;
        for run in self.items[items].chunk_by(|a, b| a.settled == b.settled) {
            let end = start + run.len();
            if !run[0].settled {
                open.push(start..end);
            }
            start = end;
        }
        open
    }

    /// Items have ended. Where they are all there are, which is the rule, none is looked at.
    pub(crate) fn settle(&mut self, items: Range<usize>) {
        if items.len() == self.items.len() {
            self.items.clear();
            self.body.clear();
        } else {
            self.items[items].iter_mut().for_each(|item| item.settled = true);
        }
    }

    /// Forgets what is settled and moves the rest together.
    pub(crate) fn keep_open(&mut self) {
        let mut end = 0;
        let body = &mut self.body;
        self.items.retain_mut(|item| {
            if item.settled {
                return false;
            }
            let back = item.lines.start - end;
            body.copy_within(item.lines.clone(), end);
            end += item.lines.len();
            for range in [&mut item.lines, &mut item.source] {
                *range = range.start - back..range.end - back;
            }
            true
        });
        body.truncate(end);
    }
}

/// The index of `value` in `list`, to which it is added unless it was the last one.
fn last_index<T: ?Sized>(list: &mut Vec<Arc<T>>, value: &Arc<T>) -> u32 {
    if !list.last().is_some_and(|last| Arc::ptr_eq(last, value)) {
        list.push(Arc::clone(value));
    }
    u32::try_from(list.len() - 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn plain() -> Form {
        Form { index_in_path: true, kind: None, parents: false, upsert: false }
    }

    fn batch(records: &[(Op, &str, &str)]) -> Batch {
        let mut batch = Batch::default();
        let file: Arc<Path> = Path::new("f").into();
        for (n, (op, id, source)) in records.iter().enumerate() {
            let record = Record { source: Some(source.as_bytes()), ..Record::new(*op, n as u64 + 1, 0) };
            batch.push(&record, (Some(id.as_bytes()), None), &plain(), &Origin { file: &file, name: None });
        }
        batch
    }

    #[test]
    fn actions_and_documents_are_the_bytes_they_were() {
        let batch = batch(&[(Op::Create, r#""a\"b""#, r#"{"x": 1.0}"#), (Op::Delete, r#""c""#, "")]);
        assert_eq!(
            batch.body,
            b"{\"create\":{\"_id\":\"a\\\"b\"}}\n{\"x\": 1.0}\n{\"delete\":{\"_id\":\"c\"}}\n"
        );
        assert_eq!(&batch.body[batch.items[0].source.clone()], br#"{"x": 1.0}"#);
    }

    #[test]
    fn everything_a_record_has_is_written_where_the_server_knows_it() {
        let mut record = Record { source: Some(b"{}"), ..Record::new(Op::Index, 1, 0) };
        record.index = Some(b"\"i\"");
        record.kind = Some(b"\"t\"");
        record.routing = Some(b"\"r\"");
        record.parent = Some(b"\"p\"");
        record.version = Some(b"7");
        record.version_type = Some(b"\"external\"");
        record.meta = Some((br#"{"_id":"x","pipeline":"q"}"#, Op::Index));
        let file: Arc<Path> = Path::new("f").into();
        let origin = Origin { file: &file, name: None };
        let mut batch = Batch::default();
        let form = Form { index_in_path: false, kind: Some(b"\"doc\"".to_vec()), parents: true, ..plain() };
        batch.push(&record, (Some(b"\"1\""), record.routing), &form, &origin);
        assert_eq!(
            batch.body,
            br#"{"index":{"_index":"i","_type":"t","_id":"1","routing":"r","parent":"p","version":7,"version_type":"external","pipeline":"q"}}
{}
"#
        );
        assert!(batch.items[0].external);
        batch.clear(1 << 20);
        batch.push(
            &record,
            (Some(b"\"1\""), record.routing),
            &Form { index_in_path: false, ..plain() },
            &origin,
        );
        assert!(batch.body.starts_with(br#"{"index":{"_index":"i","_id":"1","routing":"r","version":7"#));
    }

    #[test]
    fn what_prepares_a_document_goes_over_to_another_op_and_conditions_do_not() {
        let meta =
            br#"{"_id":"x","pipeline":"q","if_seq_no":1,"dynamic_templates":{"a":"b"},"require_alias":true}"#;
        for (op, line) in [
            (Op::Index, &meta[..]),
            (Op::Create, br#"{"_id":"x","pipeline":"q","dynamic_templates":{"a":"b"},"require_alias":true}"#),
            (Op::Update, br#"{"_id":"x","pipeline":"q","require_alias":true}"#),
            (Op::Delete, br#"{"_id":"x"}"#),
        ] {
            let record = Record { meta: Some((meta, Op::Index)), ..Record::new(op, 1, 0) };
            let file: Arc<Path> = Path::new("f").into();
            let mut batch = Batch::default();
            batch.push(&record, (Some(b"\"x\""), None), &plain(), &Origin { file: &file, name: None });
            let expected = [b"{\"", op.name().as_bytes(), b"\":", line, b"}\n"].concat();
            assert_eq!(batch.body, expected);
        }
    }

    #[test]
    fn updates_wrap_their_document() {
        let mut batch = batch(&[(Op::Update, "\"1\"", "{\"a\":1}")]);
        assert!(batch.body.ends_with(b"\n{\"doc\":{\"a\":1}}\n"));
        assert_eq!(&batch.body[batch.items[0].source.clone()], b"{\"a\":1}");
        let record =
            Record { source: Some(b"{\"script\":{}}"), whole_update: true, ..Record::new(Op::Update, 1, 0) };
        let file: Arc<Path> = Path::new("f").into();
        batch.push(&record, (Some(b"\"2\""), record.routing), &plain(), &Origin { file: &file, name: None });
        assert!(batch.body.ends_with(b"\n{\"script\":{}}\n"));
    }

    #[test]
    fn what_is_settled_goes_and_the_rest_keeps_its_bytes() {
        let records: Vec<_> = (0..5).map(|n| (Op::Create, format!("\"{n}\""), "x".repeat(n * 3))).collect();
        let records: Vec<_> = records.iter().map(|(op, id, s)| (*op, &id[..], &s[..])).collect();
        let mut batch = batch(&records);
        let lines = |batch: &Batch, n: usize| batch.lines(n..n + 1).to_vec();
        let (one, four) = (lines(&batch, 1), lines(&batch, 4));
        for n in [0, 2, 3] {
            batch.items[n].settled = true;
        }
        batch.keep_open();
        assert_eq!((lines(&batch, 0), lines(&batch, 1)), (one.clone(), four.clone()));
        assert_eq!(batch.body, [one, four].concat());
        assert_eq!(&batch.body[batch.items[1].source.clone()], &b"x".repeat(12)[..]);
        assert_eq!(batch.items[1].line, 5);
    }

    #[test]
    fn pieces_keep_to_the_limit_and_hold_at_least_one_item() {
        let batch = batch(&[(Op::Create, "\"1\"", "{}"); 10]);
        let one = batch.lines(0..1).len();
        assert_eq!(batch.piece(0, one * 3 + 1), 0..3);
        assert_eq!(batch.piece(8, usize::MAX), 8..10);
        assert_eq!(batch.piece(4, 1), 4..5);
    }
}
