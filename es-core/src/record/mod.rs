//! Records as bytes: finding fields in them, reading them from files and pipes, writing them. No servers here.

pub mod action;
pub mod block;
pub mod buffer;
pub mod hit;
mod input;
pub mod kind;
pub mod lines;
pub mod ordered;
pub mod reject;
pub mod scan;
pub mod sink;
pub mod size;
pub mod stop;
pub mod tsv;

pub use stop::Stop;
