//! The batches that are being filled, and the way of full ones to the workers. Where there are several lanes, records of
//! one id always take the same, and no batch holds an id twice: so their order is kept.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};

use crossbeam_channel::Sender;
use es_core::record::action::Op;
use es_core::record::scan::unescape;
use es_core::server::verdict::may_be_done_in_pieces;

use crate::batch::Batch;
use crate::load::Load;
use crate::plan::Plan;

pub(crate) struct Lanes<'l> {
    load: &'l Load<'l>,
    lanes: Vec<Lane>,
}

struct Lane {
    batch: Batch,
    /// Hashes of the ids in the batch; of no use where the order does not matter.
    ids: HashSet<u64>,
    to: Sender<Batch>,
}

impl<'l> Lanes<'l> {
    pub(crate) fn new(load: &'l Load<'l>, to: Vec<Sender<Batch>>) -> Lanes<'l> {
        let lanes = to.into_iter().map(|to| Lane { batch: Batch::default(), ids: HashSet::new(), to });
        Lanes { load, lanes: lanes.collect() }
    }

    pub(crate) fn are_empty(&self) -> bool {
        self.lanes.iter().all(|lane| lane.batch.is_empty())
    }

    /// The batch for a record of this id that takes up to `size` bytes; a full one goes to a worker first.
    pub(crate) fn batch_for(&mut self, op: Op, index: Option<&[u8]>, id: &[u8], size: usize) -> &mut Batch {
        let plan = self.load.plan;
        let keeps_order = self.lanes.len() > 1 || plan.ordered();
        let hash = keeps_order.then(|| hash(index, id));
        let lane = hash.map_or(0, |hash| usize::try_from(hash % self.lanes.len() as u64).unwrap_or(0));
        let lane = &mut self.lanes[lane];
        let twice = hash.is_some_and(|hash| !lane.ids.insert(hash));
        if !lane.batch.is_empty() && (twice || !has_room(&lane.batch, op, size, plan)) {
            lane.send(self.load);
            lane.ids.extend(hash);
        }
        &mut lane.batch
    }

    pub(crate) fn send_all(&mut self) {
        for lane in &mut self.lanes {
            lane.send(self.load);
        }
    }
}

impl Lane {
    /// Hands the batch to a worker, as soon as one is free.
    fn send(&mut self, load: &Load<'_>) {
        if self.batch.is_empty() {
            return;
        }
        self.ids.clear();
        let batch = std::mem::replace(&mut self.batch, load.fresh_batch());
        if let Err(back) = self.to.send(batch) {
            load.end_batch(back.into_inner());
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
