//! Whom to believe over TLS: the system's roots by default, else one's own, or nobody's word is asked for (`-k`).
//! What the files hold is checked when the client is built, before anything is sent.

use std::path::PathBuf;

/// Files as named by the person; PEM.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    pub insecure: bool,
    pub ca_cert: Option<PathBuf>,
    pub cert: Option<PathBuf>,
    /// Where the key is not in the file of the certificate.
    pub key: Option<PathBuf>,
}
