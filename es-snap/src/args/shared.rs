//! What every command takes.

use es_core::cli::{Conn, Talk};

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Shared {
    #[command(flatten)]
    pub(crate) conn: Conn,

    #[command(flatten)]
    pub(crate) talk: Talk,
}
