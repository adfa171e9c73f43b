//! Whom to believe over TLS: the system's roots by default, one's own authority, or nobody's word is asked for
//! (`-k`). What the files hold is checked when the client is built, before anything is sent.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use super::auth::readable_by_others;
use super::error::Error;

/// Files as named by the person; PEM.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    pub insecure: bool,
    pub ca_cert: Option<PathBuf>,
    pub cert: Option<PathBuf>,
    /// Where the key is not in the file of the certificate.
    pub key: Option<PathBuf>,
}

/// What the files hold.
pub(super) struct Loaded {
    /// None: the system's.
    pub(super) roots: Option<Vec<CertificateDer<'static>>>,
    pub(super) identity: Option<Identity>,
}

pub(super) struct Identity {
    pub(super) chain: Vec<CertificateDer<'static>>,
    /// The file, which is known to hold a key that fits.
    pub(super) key: Vec<u8>,
}

impl Tls {
    pub(super) fn load(&self) -> Result<Loaded, Error> {
        let roots = match &self.ca_cert {
            Some(path) => Some(certificates(path, &read(path, false)?)?),
            None => None,
        };
        let identity = match &self.cert {
            Some(path) => Some(identity(path, self.key.as_ref().unwrap_or(path))?),
            None => None,
        };
        Ok(Loaded { roots, identity })
    }
}

fn identity(cert: &Path, key: &Path) -> Result<Identity, Error> {
    let chain = certificates(cert, &read(cert, cert == key)?)?;
    let pem = read(key, true)?;
    let der = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| {
        let encrypted = pem.windows(9).any(|w| w == b"ENCRYPTED");
        let why = if encrypted {
            "its key is encrypted; `openssl pkey` writes it plain"
        } else {
            "no key (PEM) in it"
        };
        Error::Config(format!("{}: {why}", key.display()))
    })?;
    // The library below takes the pair for granted and would end the process over one that does not fit.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    CertifiedKey::from_der(chain.clone(), der, &provider).map_err(|e| {
        Error::Config(format!("{} and {} cannot be used together: {e}", cert.display(), key.display()))
    })?;
    Ok(Identity { chain, key: pem })
}

fn certificates(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok).collect();
    if found.is_empty() {
        return Err(Error::Config(format!("{}: no certificate (PEM) in it", path.display())));
    }
    Ok(found)
}

fn read(path: &Path, secret: bool) -> Result<Vec<u8>, Error> {
    let wrong = |e: io::Error| Error::Config(format!("{} cannot be read: {e}", path.display()));
    let mut file = File::open(path).map_err(wrong)?;
    if secret && readable_by_others(&file).map_err(wrong)? {
        let path = path.display();
        return Err(Error::Config(format!("{path} holds a key and everybody can read it: chmod 600 {path}")));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(wrong)?;
    Ok(bytes)
}
