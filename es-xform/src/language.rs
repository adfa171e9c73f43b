//! The full language: a program written as text for jaq, compiled with jq's meaning where jaq's differs, and run on one
//! document at a time.

mod access;
mod arithmetic;
mod bindings;
mod calls;
mod complaint;
pub(crate) mod docinfo;
pub(crate) mod filter;
pub mod jq_cases;
pub(crate) mod json;
mod natives;
pub(crate) mod pattern;
mod program_text;
pub(crate) mod value;
