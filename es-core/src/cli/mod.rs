//! The person and the shell: options, profiles, messages, signals, exit statuses.

pub mod conn;
mod connect;
pub mod error;
pub mod exit;
mod expect;
pub mod figures;
mod gauge;
mod header;
mod netrc;
mod one_line;
pub mod profile;
pub mod progress;
pub mod refusals;
pub mod report;
pub mod rows;
mod scopes;
pub mod secrets;
pub mod signals;
pub mod summary;
pub mod usage;

pub use conn::Conn;
pub use error::{Error, Fault, finish};
pub use exit::{Exit, Tally};
pub use expect::Expect;
pub use gauge::Gauge;
pub use one_line::one_line;
pub use progress::Progress;
pub use refusals::Refusals;
pub use report::{Report, Talk};
pub use signals::Signals;
pub use summary::Summary;
pub use usage::typed;
