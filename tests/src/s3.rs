//! An S3 server within this process, for repositories of snapshots. The crates s3s and s3s-fs speak the protocol, check
//! signatures and keep every object as a file; ours are the port, the keys, and who is let in.

use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::TcpListener;
use std::path::PathBuf;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::path::check_bucket_name;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpError, HttpResponse, S3Result, s3_error};
use s3s_fs::FileSystem;
use tokio::runtime::{self, Runtime};

use crate::chance::Chance;
use crate::port::Port;
use crate::scratch::Scratch;

/// A running server with one pair of keys. Dropping it stops it and removes all buckets.
pub struct S3 {
    keys: Keys,
    service: S3Service,
    /// Nobody else is given it while we are stopped.
    port: Port,
    /// None while it is stopped. Before the folder, so that nothing writes there when it is removed.
    runtime: Option<Runtime>,
    folder: Scratch,
}

impl S3 {
    /// # Panics
    /// When there is no port or no room for it, as every function here does: no test can go on then.
    pub fn start() -> S3 {
        let folder = Scratch::new("es-s3-");
        let keys = Keys::new();
        let files = FileSystem::new(folder.path()).expect("a folder of ours");
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(keys.clone());
        service.set_access(Buckets(folder.path().to_owned()));
        let service = service.build();
        let mut s3 = S3 { keys, service, port: Port::claim(), runtime: None, folder };
        s3.resume();
        s3
    }

    /// Makes an empty bucket.
    pub fn bucket(&self, name: &str) {
        assert!(check_bucket_name(name), "no bucket may be called {name:?}");
        fs::create_dir(self.folder.path().join(name)).expect("a bucket that is not there yet");
    }

    /// `http://127.0.0.1:PORT`
    pub fn endpoint(&self) -> String {
        self.port.url()
    }

    pub fn access_key(&self) -> &str {
        &self.keys.access
    }

    pub fn secret_key(&self) -> &str {
        &self.keys.secret
    }

    /// The keys of a bucket's objects, sorted.
    pub fn objects(&self, bucket: &str) -> Vec<String> {
        let root = self.folder.path().join(bucket);
        let mut keys = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a bucket that is there") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let key = path.strip_prefix(&root).expect("it is in the bucket");
                    keys.push(key.to_str().expect("keys are text").to_owned());
                }
            }
        }
        keys.sort();
        keys
    }

    /// The file that is this object, to be damaged or deleted.
    pub fn file(&self, bucket: &str, key: &str) -> PathBuf {
        self.folder.path().join(bucket).join(key)
    }

    /// Closes all connections; new ones are refused until `resume`.
    pub fn stop(&mut self) {
        // Waits for what is being written.
        drop(self.runtime.take());
    }

    /// Listens again, at the same address and with what it had.
    pub fn resume(&mut self) {
        let mut runtime = runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().expect("threads");
        let listener = TcpListener::bind(self.port.address()).expect("a port of ours");
        listener.set_nonblocking(true).expect("a socket of ours");
        runtime.spawn(serve(listener, self.service.clone()));
        self.runtime = Some(runtime);
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("we are within a runtime");
    while let Ok((socket, _)) = listener.accept().await {
        socket.set_nodelay(true).expect("a socket of ours");
        let service = service.clone();
        let answer = service_fn(move |request| answer(service.clone(), request));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), answer));
    }
}

/// Says why a signature was refused, as a real server does and s3s does not: the client shows nothing else of it.
async fn answer(service: S3Service, request: Request<Incoming>) -> Result<HttpResponse, HttpError> {
    let response = service.call(request.map(Body::from)).await?;
    Ok(response.map(|body| match body.bytes() {
        Some(xml) => match String::from_utf8_lossy(&xml).split_once(UNEXPLAINED) {
            Some((head, tail)) => Body::from(format!("{head}{UNEXPLAINED}{WHY}{tail}")),
            None => body,
        },
        None => body,
    }))
}

const UNEXPLAINED: &str = "<Code>SignatureDoesNotMatch</Code>";
const WHY: &str = "<Message>The request signature we calculated does not match the signature you provided. \
    Check your key and signing method.</Message>";

/// The one pair of keys that is let in.
#[derive(Clone)]
struct Keys {
    access: String,
    secret: String,
}

impl Keys {
    fn new() -> Keys {
        let mut chance = Chance::new(RandomState::new().build_hasher().finish());
        let mut text = |alphabet: &[u8], length: usize| -> String {
            (0..length).map(|_| char::from(alphabet[chance.index(alphabet.len())])).collect()
        };
        let upper = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mixed = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        Keys { access: format!("AKIA{}", text(upper, 16)), secret: text(mixed, 40) }
    }
}

#[async_trait::async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        if access_key == self.access {
            Ok(self.secret.as_str().into())
        } else {
            Err(s3_error!(
                InvalidAccessKeyId,
                "The AWS Access Key Id you provided does not exist in our records."
            ))
        }
    }
}

/// Nobody without a signature, and no bucket that nobody has made: s3s-fs would make it with its first object.
struct Buckets(PathBuf);

#[async_trait::async_trait]
impl S3Access for Buckets {
    async fn check(&self, request: &mut S3AccessContext<'_>) -> S3Result<()> {
        if request.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "Access Denied"));
        }
        match request.s3_path().get_bucket_name() {
            Some(bucket) if request.s3_op().name() != "CreateBucket" && !self.0.join(bucket).is_dir() => {
                Err(s3_error!(NoSuchBucket, "The specified bucket does not exist"))
            }
            Some(_) | None => Ok(()),
        }
    }
}
