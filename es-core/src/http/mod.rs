//! One HTTP client: where to, with which credentials, what may be tried again. A status is an answer here, never
//! an error; what an answer says is the business of `server`.

pub mod address;
pub mod answer;
pub mod auth;
pub mod call;
pub mod client;
pub mod error;
pub mod hosts;
pub mod mask;
pub mod proxy;
pub mod retry;
pub mod settings;
mod show;
pub mod target;
pub mod tls;
mod wire;

pub use address::{Server, TargetError};
pub use answer::Answer;
pub use auth::{Credentials, Secret};
pub use call::{Body, Call, Method};
pub use client::Client;
pub use error::{Error, Phase};
pub use hosts::Host;
pub use proxy::Proxy;
pub use retry::{RETRY, Repeat};
pub use settings::Settings;
pub use target::Target;
