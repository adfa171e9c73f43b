//! One HTTP client: where to, with which credentials, what may be tried again.
