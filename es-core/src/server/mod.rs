//! What servers say: versions, cursors, pages, bulk answers, error objects.

pub mod error;
pub mod flavor;
pub mod refusal;

pub use error::Error;
pub use flavor::Flavor;
pub use refusal::Refusal;
