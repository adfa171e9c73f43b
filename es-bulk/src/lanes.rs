//! The batches that are being filled, and the way of full ones to the workers, of which each has a lane. Creates go to
//! whoever is free. From the first other operation on, records of one id always take the same lane, and no batch holds
//! an id twice: so their order is kept.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};

use crossbeam_channel::{Select, Sender};
use es_core::record::action::Op;
use es_core::record::scan::unescape;
use es_core::server::verdict::may_be_done_in_pieces;

use crate::batch::Batch;
use crate::load::Load;
use crate::plan::Plan;

pub(crate) struct Lanes<'l> {
    load: &'l Load<'l>,
    lanes: Vec<Lane>,
    ordered: bool,
}

struct Lane {
    batch: Batch,
    /// Hashes of the ids in the batch; of no use where the order does not matter.
    ids: HashSet<u64>,
    to: Sender<Batch>,
}

impl<'l> Lanes<'l> {
    /// One sender for each worker.
    pub(crate) fn new(load: &'l Load<'l>, to: Vec<Sender<Batch>>) -> Lanes<'l> {
        let lanes = to.into_iter().map(|to| Lane { batch: Batch::default(), ids: HashSet::new(), to });
        Lanes { load, lanes: lanes.collect(), ordered: load.plan.ordered() }
    }

    pub(crate) fn are_empty(&self) -> bool {
        self.lanes.iter().all(|lane| lane.batch.is_empty())
    }

    /// The batch for a record of this id that takes up to `size` bytes; a full one goes to a worker first.
    pub(crate) fn batch_for(&mut self, op: Op, index: Option<&[u8]>, id: &[u8], size: usize) -> &mut Batch {
        if !self.ordered && op != Op::Create {
            self.keep_order();
        }
        let hash = self.ordered.then(|| hash(index, id));
        let n = hash.map_or(0, |hash| usize::try_from(hash % self.lanes.len() as u64).unwrap_or(0));
        let lane = &mut self.lanes[n];
        let twice = hash.is_some_and(|hash| !lane.ids.insert(hash));
        if !lane.batch.is_empty() && (twice || !has_room(&lane.batch, op, size, self.load.plan)) {
            self.send(n);
            self.lanes[n].ids.extend(hash);
        }
        &mut self.lanes[n].batch
    }

    pub(crate) fn send_all(&mut self) {
        for n in 0..self.lanes.len() {
            self.send(n);
        }
    }

    /// What was read so far ends before anything else is sent.
    fn keep_order(&mut self) {
        self.send_all();
        self.ordered = true;
        for lane in &self.lanes {
            // An empty batch is taken when the one before has ended.
            if let Err(back) = lane.to.send(self.load.fresh_batch()) {
                self.load.end_batch(back.into_inner());
            }
        }
    }

    /// Hands the batch of a lane to its worker, or to whoever is free first.
    fn send(&mut self, n: usize) {
        let lane = &mut self.lanes[n];
        if lane.batch.is_empty() {
            return;
        }
        lane.ids.clear();
        let batch = std::mem::replace(&mut lane.batch, self.load.fresh_batch());
        let sent = if self.ordered {
            lane.to.send(batch)
        } else {
            let mut free = Select::new();
            for lane in &self.lanes {
                free.send(&lane.to);
            }
            let first = free.select();
            let to = &self.lanes[first.index()].to;
            first.send(to, batch)
        };
        if let Err(back) = sent {
            self.load.end_batch(back.into_inner());
        }
    }
}

/// Whether the batch may take a record of up to `size` bytes more. Updates are not sent in requests of which a server
/// may have done a part when it refuses the whole, for it is not told which, and they cannot be sent again.
fn has_room(batch: &Batch, op: Op, size: usize, plan: &Plan) -> bool {
    let (items, bytes) = (batch.items.len() + 1, batch.body.len() + size);
    let has_updates = op == Op::Update || batch.has_updates();
    bytes <= plan.bulk_size
        && items <= plan.bulk_docs
        && !(has_updates && may_be_done_in_pieces(items, bytes))
}

/// Of one document wherever it is named: escapes do not count.
fn hash(index: Option<&[u8]>, id: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for name in [index.unwrap_or_default(), id] {
        hasher.write(&unescape(name));
        hasher.write_u8(0xff);
    }
    hasher.finish()
}
