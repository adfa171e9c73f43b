//! What to do about an answer to a bulk: pure tables from statuses and the servers' `type`s to a closed set of
//! verdicts. Acting on them is es-bulk's.

use crate::record::action::Op;

/// What became of one item, or what is to be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Created,
    Updated,
    Deleted,
    /// Nothing was to be done: a newer version is there, the document to delete is not, the update changed nothing.
    Skipped,
    /// A pipeline of the server dropped the document.
    Dropped,
    /// A document of this id is there already: what that means is the user's to say.
    Exists,
    /// Not applied, and may be sent again.
    Retry,
    /// Not applied: the disk is full up to the flood stage. May be sent again, when somebody has made room.
    Flood,
    /// No document would get in.
    Stop,
    /// Something about this document.
    Rejected,
}

/// What was asked for one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub op: Op,
    /// The version is the user's (`version_type` external): a conflict means that what is there is newer.
    pub external: bool,
    /// An earlier attempt may have been applied: its answer was lost.
    pub repeated: bool,
}

/// What the answer says about one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    pub status: u16,
    /// The error's `type`.
    pub kind: Option<&'a str>,
    pub result: Option<&'a [u8]>,
    /// The document went into the failure store of its data stream.
    pub failure_store: bool,
}

pub fn judge_item(asked: Asked, said: Said<'_>) -> Verdict {
    let Some(kind) = said.kind else { return judge_success(asked.op, said) };
    match (said.status, kind) {
        (429, "cluster_block_exception") => Verdict::Flood,
        (429 | 502..=504, _) | (_, "es_rejected_execution_exception" | "rejected_execution_exception") => {
            Verdict::Retry
        }
        (409, _) => judge_conflict(asked),
        (401 | 403, _)
        | (
            _,
            "cluster_block_exception"
            | "index_closed_exception"
            | "index_not_found_exception"
            | "index_missing_exception"
            | "security_exception",
        ) => Verdict::Stop,
        _ => Verdict::Rejected,
    }
}

fn judge_success(op: Op, said: Said<'_>) -> Verdict {
    let noop = said.result == Some(b"noop");
    match (op, said.status) {
        _ if said.failure_store => Verdict::Rejected,
        (Op::Create | Op::Index | Op::Update, 201) => Verdict::Created,
        // A create that succeeds is always 201; the 200 is what a dropping pipeline leaves.
        (Op::Create, 200) => Verdict::Dropped,
        (Op::Index, 200) if noop => Verdict::Dropped,
        (Op::Update, 200) if noop => Verdict::Skipped,
        (Op::Index | Op::Update, 200) => Verdict::Updated,
        (Op::Delete, 200) => Verdict::Deleted,
        (Op::Delete, 404) => Verdict::Skipped,
        (_, 429 | 502..=504) => Verdict::Retry,
        (_, 401 | 403) => Verdict::Stop,
        (_, _) => Verdict::Rejected,
    }
}

fn judge_conflict(asked: Asked) -> Verdict {
    match asked.op {
        Op::Create => Verdict::Exists,
        // After a lost answer the conflict is most likely with our own first attempt.
        Op::Index | Op::Delete if asked.external || asked.repeated => Verdict::Skipped,
        Op::Index | Op::Delete | Op::Update => Verdict::Rejected,
    }
}

/// What to do about a request as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Look at its items.
    Items,
    /// Wait, and send it again.
    Retry,
    /// Wait, and send less at a time.
    Shrink,
    Flood,
    /// Send its halves; a single item is rejected.
    Split,
    Stop,
}

/// Where a request stands among its attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Counted from 1.
    pub number: u32,
    pub items: usize,
    pub bytes: usize,
    /// How often a single item was refused for now, or its answer lost, before this attempt.
    pub alone: u32,
    /// Other requests got through since the last attempt.
    pub others_pass: bool,
}

/// A body above this that meets a closed connection may be too large for the server.
const LARGE: usize = 1 << 20;
/// More than a server keeps of an item besides its bytes.
const KEPT: usize = 480;
/// Busy or lost answers to the same body before its size is suspected.
const BUSY: u32 = 3;
/// Refusals of one single document, while others pass, before it is given up.
const HOPELESS: u32 = 8;

impl Attempt {
    fn is_hopeless(self) -> bool {
        self.items == 1 && self.alone + 1 >= HOPELESS && self.others_pass
    }
}

/// Whether a server may do such a request in pieces, the first before it has read the last. Elasticsearch does where
/// much is in flight, from 1 MB on, in which it counts what it keeps of each item.
pub fn may_be_done_in_pieces(items: usize, bytes: usize) -> bool {
    items > 1 && bytes.saturating_add(items.saturating_mul(KEPT)) > LARGE
}

/// `kind` is the `type` of the server's error object; `None` if there is none, as in what proxies say. With it
/// comes whether the request may have been applied all the same.
pub fn judge_request(status: u16, kind: Option<&str>, attempt: Attempt) -> (Next, bool) {
    match (status, kind) {
        (200..=299, _) => (Next::Items, true),
        (429, Some("cluster_block_exception")) => (Next::Flood, false),
        (429, _) if attempt.items > 1 && attempt.number >= BUSY => (Next::Shrink, false),
        (429, _) if attempt.is_hopeless() => (Next::Split, false),
        (429, _) => (Next::Retry, false),
        // The server's own 503 says that it did not begin; a proxy's only that no answer came from behind it.
        (503, Some(_)) => (Next::Retry, false),
        (408 | 502..=504, _) => (Next::Retry, true),
        (400, _) => (Next::Split, may_be_done_in_pieces(attempt.items, attempt.bytes)),
        (413, _) => (Next::Split, false),
        (500, _) => (Next::Split, true),
        _ => (Next::Stop, false),
    }
}

/// Something was sent, and no whole answer came; `sending`: the connection broke while the body was going out.
pub fn judge_lost(sending: bool, attempt: Attempt) -> Next {
    // What the system had buffered counts as sent, so that a body refused half-way may look lost after its end.
    let too_large = attempt.bytes > LARGE && (sending || attempt.number >= BUSY);
    if too_large && (attempt.items > 1 || attempt.is_hopeless()) { Next::Split } else { Next::Retry }
}

/// Whether an item may be sent again after an attempt that may have been applied. Every item has an id by then, so
/// a second create meets the first, and a second index or delete changes nothing more.
pub fn may_repeat(op: Op) -> bool {
    match op {
        Op::Create | Op::Index | Op::Delete => true,
        Op::Update => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(asked: Asked, status: u16, kind: &str, result: &str) -> Verdict {
        judge_item(
            asked,
            Said {
                status,
                kind: Some(kind).filter(|k| !k.is_empty()),
                result: Some(result.as_bytes()).filter(|r| !r.is_empty()),
                failure_store: false,
            },
        )
    }

    #[test]
    fn items() {
        use Verdict::*;
        let table = [
            (Op::Create, 201, "", "created", Created),
            (Op::Create, 201, "", "", Created),
            (Op::Create, 200, "", "noop", Dropped),
            (Op::Index, 201, "", "created", Created),
            (Op::Index, 200, "", "updated", Updated),
            (Op::Index, 200, "", "noop", Dropped),
            (Op::Update, 200, "", "updated", Updated),
            (Op::Update, 201, "", "created", Created),
            (Op::Update, 200, "", "noop", Skipped),
            (Op::Delete, 200, "", "deleted", Deleted),
            (Op::Delete, 404, "", "not_found", Skipped),
            (Op::Delete, 404, "index_not_found_exception", "", Stop),
            (Op::Update, 404, "document_missing_exception", "", Rejected),
            (Op::Create, 409, "version_conflict_engine_exception", "", Exists),
            (Op::Create, 409, "document_already_exists_exception", "", Exists),
            (Op::Index, 409, "version_conflict_engine_exception", "", Rejected),
            (Op::Update, 409, "version_conflict_engine_exception", "", Rejected),
            (Op::Create, 429, "es_rejected_execution_exception", "", Retry),
            (Op::Create, 429, "rejected_execution_exception", "", Retry),
            (Op::Create, 503, "es_rejected_execution_exception", "", Retry),
            (Op::Create, 429, "circuit_breaking_exception", "", Retry),
            (Op::Update, 503, "unavailable_shards_exception", "", Retry),
            (Op::Create, 503, "cluster_block_exception", "", Retry),
            (Op::Create, 429, "cluster_block_exception", "", Flood),
            (Op::Create, 403, "cluster_block_exception", "", Stop),
            (Op::Create, 403, "security_exception", "", Stop),
            (Op::Create, 400, "index_closed_exception", "", Stop),
            (Op::Create, 404, "index_not_found_exception", "", Stop),
            (Op::Create, 400, "mapper_parsing_exception", "", Rejected),
            (Op::Create, 400, "document_parsing_exception", "", Rejected),
            (Op::Create, 400, "strict_dynamic_mapping_exception", "", Rejected),
            (Op::Create, 400, "validation_exception", "", Rejected),
            (Op::Create, 500, "illegal_state_exception", "", Rejected),
        ];
        for (op, status, kind, result, verdict) in table {
            let asked = Asked { op, external: false, repeated: false };
            assert_eq!(item(asked, status, kind, result), verdict, "{op:?} {status} {kind} {result}");
        }
    }

    #[test]
    fn a_conflict_is_no_reject_where_the_version_is_the_users_or_an_answer_was_lost() {
        let conflict = "version_conflict_engine_exception";
        for op in [Op::Index, Op::Delete] {
            for (external, repeated, verdict) in [
                (true, false, Verdict::Skipped),
                (false, true, Verdict::Skipped),
                (false, false, Verdict::Rejected),
            ] {
                assert_eq!(item(Asked { op, external, repeated }, 409, conflict, ""), verdict);
            }
        }
        let asked = Asked { op: Op::Create, external: false, repeated: true };
        assert_eq!(item(asked, 409, conflict, ""), Verdict::Exists);
    }

    #[test]
    fn what_the_failure_store_took_was_refused() {
        let said = Said { status: 201, kind: None, result: Some(b"created"), failure_store: true };
        let asked = Asked { op: Op::Create, external: false, repeated: false };
        assert_eq!(judge_item(asked, said), Verdict::Rejected);
    }

    #[test]
    fn requests() {
        use Next::*;
        let many = Attempt { number: 1, items: 10, bytes: 100, alone: 0, others_pass: false };
        let one = Attempt { items: 1, ..many };
        let table = [
            (200, None, many, (Items, true)),
            (429, Some("cluster_block_exception"), many, (Flood, false)),
            (429, Some("circuit_breaking_exception"), many, (Retry, false)),
            (429, None, many, (Retry, false)),
            (429, None, Attempt { number: 3, ..many }, (Shrink, false)),
            (429, None, Attempt { number: 30, ..one }, (Retry, false)),
            (429, None, Attempt { number: 8, alone: 7, ..one }, (Retry, false)),
            (429, None, Attempt { number: 30, alone: 6, others_pass: true, ..one }, (Retry, false)),
            (429, None, Attempt { number: 8, alone: 7, others_pass: true, ..one }, (Split, false)),
            (503, Some("cluster_block_exception"), many, (Retry, false)),
            (503, None, many, (Retry, true)),
            (502, None, many, (Retry, true)),
            (504, None, many, (Retry, true)),
            (413, None, many, (Split, false)),
            (413, None, one, (Split, false)),
            (400, Some("illegal_argument_exception"), many, (Split, false)),
            (400, None, Attempt { bytes: 2 << 20, ..many }, (Split, true)),
            (400, None, Attempt { items: 2200, ..many }, (Split, true)),
            (400, None, Attempt { bytes: 2 << 20, ..one }, (Split, false)),
            (413, None, Attempt { bytes: 2 << 20, ..many }, (Split, false)),
            (500, Some("null_pointer_exception"), many, (Split, true)),
            (401, Some("security_exception"), many, (Stop, false)),
            (403, Some("cluster_block_exception"), many, (Stop, false)),
            (404, None, many, (Stop, false)),
            (406, None, many, (Stop, false)),
        ];
        for (status, kind, attempt, expected) in table {
            assert_eq!(judge_request(status, kind, attempt), expected, "{status} {kind:?} {attempt:?}");
        }
    }

    #[test]
    fn lost_answers() {
        let large = Attempt { number: 1, items: 10, bytes: 2 << 20, alone: 0, others_pass: false };
        let table = [
            (true, large, Next::Split),
            (false, large, Next::Retry),
            (false, Attempt { number: 3, ..large }, Next::Split),
            (false, Attempt { number: 3, bytes: 1000, ..large }, Next::Retry),
            (true, Attempt { bytes: 1000, ..large }, Next::Retry),
            (true, Attempt { items: 1, ..large }, Next::Retry),
            (true, Attempt { items: 1, number: 30, alone: 6, others_pass: true, ..large }, Next::Retry),
            (true, Attempt { items: 1, number: 8, alone: 7, others_pass: true, ..large }, Next::Split),
        ];
        for (sending, attempt, next) in table {
            assert_eq!(judge_lost(sending, attempt), next, "{sending} {attempt:?}");
        }
    }
}
