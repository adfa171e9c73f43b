//! Certificates for tests: an authority, a server of it for this machine, a client of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

/// Whom the server lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    Everyone,
    /// A client certificate of the authority is required.
    OwnClients,
}

/// An authority made for one test. All members are PEM, to be written to files.
pub struct Authority {
    pub ca: String,
    pub client_cert: String,
    pub client_key: String,
    pub server_cert: String,
    pub server_key: String,
}

impl Authority {
    pub fn new() -> Self {
        // Each has a name of its own, or a client would look for its signatures under the wrong one.
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let name = format!("test authority {}", MADE.fetch_add(1, Ordering::Relaxed));
        let mut params = params(&name, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, key()).expect("a self-signed certificate");
        let signed = |params: CertificateParams| {
            let key = key();
            let cert = params.signed_by(&key, &ca).expect("a signed certificate");
            (cert.pem(), key.serialize_pem())
        };
        let (server_cert, server_key) = signed(params_of_server());
        let (client_cert, client_key) = signed(self::params("test client", &[]));
        Self { ca: ca.pem(), client_cert, client_key, server_cert, server_key }
    }

    pub(crate) fn server_config(&self, trust: Trust) -> Arc<ServerConfig> {
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("the provider knows them");
        let config = match trust {
            Trust::Everyone => config.with_no_client_auth(),
            Trust::OwnClients => {
                let roots = Arc::new(self.roots());
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider);
                config.with_client_cert_verifier(verifier.build().expect("a verifier"))
            }
        };
        let key = PrivateKeyDer::from_pem_slice(self.server_key.as_bytes()).expect("our key");
        Arc::new(config.with_single_cert(vec![der(&self.server_cert)], key).expect("our certificate"))
    }

    /// The authority alone, as a client trusts it.
    pub fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(der(&self.ca)).expect("our authority");
        roots
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

fn params_of_server() -> CertificateParams {
    params("test server", &["localhost", "127.0.0.1"])
}

fn params(name: &str, hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|h| (*h).to_owned()).collect();
    let mut params = CertificateParams::new(hosts).expect("names of hosts");
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).expect("our certificate")
}
