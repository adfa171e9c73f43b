//! One HTTP client: where to, with which credentials, what may be tried again. A status is an answer here, never
//! an error; what an answer says is the business of `server`.

pub mod address;
pub mod auth;
pub mod client;
pub mod error;
pub mod hosts;
pub mod mask;
pub mod proxy;
pub mod retry;
mod show;
pub mod target;
pub mod tls;
mod wire;

pub use address::{Server, TargetError};
pub use auth::{Credentials, Secret};
pub use client::{Answer, Body, Call, Client, Method, Settings};
pub use error::{Error, Phase};
pub use hosts::Host;
pub use proxy::Proxy;
pub use retry::Repeat;
pub use target::Target;

/// The `log` target of "not now, trying again": a kind of its own among the messages.
pub const RETRY: &str = "es_core::retry";
