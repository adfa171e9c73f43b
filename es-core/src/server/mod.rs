//! What servers say: versions, cursors, pages, bulk answers, error objects.

mod ask;
mod broke;
pub mod bulk;
mod cap;
mod count;
pub mod cursor;
pub mod error;
pub mod flavor;
mod head;
mod json_stream;
mod keeper;
pub mod mget;
mod order;
pub mod pace;
mod page;
mod pit;
mod refresh;
pub mod refusal;
mod scroll;
pub mod search;
pub mod session;
pub mod settings;
pub mod snapshot;
mod sorted;
pub mod verdict;
pub mod wildcard;

pub use ask::{Held, ask, read};
pub use cap::uncapped;
pub use count::count;
pub use error::Error;
pub use flavor::Flavor;
pub use keeper::Keeper;
pub use refresh::refresh;
pub use refusal::Refusal;
