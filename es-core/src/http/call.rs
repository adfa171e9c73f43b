//! A request as it is asked for: what to do, where on the server, with which body, and how often it may be done.

use std::time::Duration;

use super::retry::Repeat;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Delete,
}

impl Method {
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    None,
    Json(&'a [u8]),
    Ndjson(&'a [u8]),
}

/// One request, to be sent once or several times.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    pub method: Method,
    /// Starts with `/`; encoded, with its query.
    pub path: &'a str,
    pub body: Body<'a>,
    pub repeat: Repeat,
    /// How long nothing may move; None: as the client is set.
    pub timeout: Option<Duration>,
}

impl<'a> Call<'a> {
    pub fn get(path: &'a str) -> Call<'a> {
        Call { method: Method::Get, path, body: Body::None, repeat: Repeat::Safe, timeout: None }
    }

    pub fn post(path: &'a str, body: Body<'a>, repeat: Repeat) -> Call<'a> {
        Call { method: Method::Post, path, body, repeat, timeout: None }
    }
}
