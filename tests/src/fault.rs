//! A server that fails on purpose: raw TCP, every request parsed by hand and recorded, every fault chosen.
//!
//! [`Script`] is a strict list of expected requests and their replies. [`Cluster`] is a small model of a
//! search server with documents in memory, to which faults are added by rule. Both check when they are
//! dropped that everything prepared was used; the model also that every cursor was closed.

mod authority;
mod bulk;
mod call;
mod cluster;
mod index;
mod journal;
mod listener;
mod page;
mod product;
mod query;
mod reply;
mod rules;
mod schema;
mod script;
mod search;
mod server;
mod view;
mod wire;

pub use authority::{Authority, Trust};
pub use bulk::{Item, Refusal};
pub use call::Call;
pub use cluster::Cluster;
pub use index::{Doc, Op};
pub use page::{Page, Shards};
pub use product::Product;
pub use reply::Reply;
pub use rules::Rule;
pub use script::Script;
pub use server::Server;
pub use wire::{Head, Request};
