//! Which server the model pretends to be, and what that one can do.

#[derive(Clone, Debug)]
pub struct Product {
    pub opensearch: bool,
    pub number: String,
}

impl Product {
    pub(crate) fn new(opensearch: bool, number: &str) -> Self {
        Self { opensearch, number: number.to_owned() }
    }

    fn since(&self, elasticsearch: (u32, u32), opensearch: (u32, u32)) -> bool {
        let mut numbers = self.number.split('.').map(|n| n.parse().expect("a version like 8.19.0"));
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        version >= if self.opensearch { opensearch } else { elasticsearch }
    }

    pub(crate) fn has_pit(&self) -> bool {
        self.since((7, 10), (2, 4))
    }

    pub(crate) fn has_shard_doc(&self) -> bool {
        self.since((7, 12), (3, 3))
    }

    /// Hits and bulk items still carry `_type`.
    pub(crate) fn shows_types(&self) -> bool {
        !self.since((8, 0), (2, 0))
    }

    /// `hits.total` is an object.
    pub(crate) fn counts_in_objects(&self) -> bool {
        self.since((7, 0), (1, 0))
    }
}
