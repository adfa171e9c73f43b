//! TLS with an authority of our own.

use super::*;
use crate::http::tls::Tls;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Authority { issuer, folder: tempfile::tempdir().unwrap() }
    }

    fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let cert =
            CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        (cert.pem(), key.serialize_pem())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    fn ca(&self) -> PathBuf {
        self.file("ca.pem", &self.issuer.pem())
    }

    /// Answers one request per connection; `mutual`: only to those who have a certificate of this authority.
    fn server(&self, name: &str, mutual: bool) -> Peer {
        let (cert, key) = self.issue(name);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if mutual {
            let mut roots = RootCertStore::empty();
            roots.add(self.issuer.der().clone()).unwrap();
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let chain = vec![CertificateDer::from_pem_slice(cert.as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let config = Arc::new(builder.with_single_cert(chain, key).unwrap());
        let mut peer = Peer::new(move |stream, _| {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            if !request(&mut stream).0.is_empty() {
                stream.write_all(OK.as_bytes()).unwrap();
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        });
        peer.url = peer.url.replace("http://127.0.0.1", "https://localhost");
        peer
    }
}

fn with(url: &str, tls: Tls) -> Result<u16, Error> {
    let hosts = vec![Host::new(Server::parse(url).unwrap().0, Vec::new())];
    let client = Client::new(hosts, Settings { tls, ..patient() }, &Stop::new().unwrap())?;
    let answer = client.call(&next_scroll())?;
    let status = answer.status;
    body(answer).map(|_| status)
}

#[test]
fn a_server_is_believed_when_our_authority_signed_it() {
    let ours = Authority::new();
    let peer = ours.server("localhost", false);
    let believe = Tls { ca_cert: Some(ours.ca()), ..Tls::default() };
    assert_eq!(with(&peer.url, believe.clone()).unwrap(), 200);

    let other = Authority::new();
    let wrong_name = ours.server("elsewhere.test", false);
    let table = [
        (&peer, Tls::default(), "the system does not know our authority"),
        (&peer, Tls { ca_cert: Some(other.ca()), ..Tls::default() }, "another authority"),
        (&wrong_name, believe, "another name"),
    ];
    for (peer, tls, why) in table {
        let error = with(&peer.url, tls).unwrap_err();
        assert!(matches!(error, Error::Tls { .. }), "{why}: {error:?}");
        assert!(error.nothing_sent());
        assert_eq!(with(&peer.url, Tls { insecure: true, ..Tls::default() }).unwrap(), 200, "{why}");
    }
}

#[test]
fn a_server_that_wants_a_certificate_is_given_one() {
    let ours = Authority::new();
    let peer = ours.server("localhost", true);
    let (cert, key) = ours.issue("client.test");
    let ca_cert = Some(ours.ca());
    let apart = Tls {
        ca_cert: ca_cert.clone(),
        cert: Some(ours.file("cert.pem", &cert)),
        key: Some(ours.file("key.pem", &key)),
        insecure: false,
    };
    assert_eq!(with(&peer.url, apart).unwrap(), 200);
    let both = Some(ours.file("both.pem", &format!("{cert}{key}")));
    assert_eq!(with(&peer.url, Tls { ca_cert: ca_cert.clone(), cert: both, ..Tls::default() }).unwrap(), 200);
    let error = with(&peer.url, Tls { ca_cert, ..Tls::default() }).unwrap_err();
    assert!(matches!(&error, Error::Tls { why, .. } if why.contains("CertificateRequired")), "{error:?}");
}

#[test]
fn plain_and_tls_that_meet_are_told_apart() {
    let tls = Authority::new().server("localhost", false);
    let error = with(&tls.url.replace("https", "http"), Tls::default()).unwrap_err();
    assert!(matches!(error, Error::Answer { .. } | Error::Lost { .. }), "{error:?}");
    let plain = Peer::new(|mut stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let _ = io::copy(&mut stream, &mut io::sink());
    });
    let error = with(&plain.url.replace("http", "https"), Tls::default()).unwrap_err();
    assert!(matches!(error, Error::Tls { .. }), "{error:?}");
}

#[test]
fn files_that_cannot_be_used_are_named_before_anything_is_sent() {
    let ours = Authority::new();
    let (cert, key) = ours.issue("client.test");
    let (_, other_key) = ours.issue("other.test");
    let cert = Some(ours.file("cert.pem", &cert));
    let open = ours.file("open.pem", &key);
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).unwrap();
    let file = |name: &str, text: &str| Some(ours.file(name, text));
    let table = [
        (Tls { ca_cert: Some("/no/such.pem".into()), ..Tls::default() }, "/no/such.pem cannot be read"),
        (Tls { ca_cert: file("empty.pem", "x"), ..Tls::default() }, "no certificate"),
        (Tls { cert: cert.clone(), ..Tls::default() }, "no key"),
        (Tls { cert: cert.clone(), key: file("other.pem", &other_key), ..Tls::default() }, "together"),
        (Tls { cert: cert.clone(), key: Some(open), ..Tls::default() }, "chmod 600"),
        (
            Tls {
                cert,
                key: file(
                    "enc.pem",
                    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nQQ==\n-----END ENCRYPTED PRIVATE KEY-----\n",
                ),
                ..Tls::default()
            },
            "encrypted",
        ),
    ];
    for (tls, why) in table {
        let error = with("https://localhost:1", tls).unwrap_err();
        assert!(matches!(&error, Error::Config(message) if message.contains(why)), "{why}: {error:?}");
    }
}
