//! A bucket of S3, as far as a repository's index needs it: listing keys and getting one. It goes through the client
//! that all requests go through; only the signature is S3's own, so each request has a client with its headers.

mod sign;

use es_core::cli::Conn;
use es_core::http::address::Scheme;
use es_core::http::target::encode_segment;
use es_core::http::tls::Tls;
use es_core::http::{Answer, Call, Client, Host, Proxy, Secret, Server, Settings};
use es_core::record::Stop;
use jiff::Timestamp;

use crate::error::Error;
use sign::{Keys, Request};

/// The longest are indices of many thousands of snapshots.
const HELD: usize = 512 << 20;

/// A place in a bucket.
#[derive(Debug)]
pub(crate) struct Bucket {
    server: Server,
    /// Before every key, where the bucket is not in the name of the host.
    root: String,
    bucket: String,
    base: String,
    region: String,
    keys: Option<Keys>,
    settings: Settings,
    stop: Stop,
}

type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Bucket {
    /// What `s3://BUCKET/BASE` and the environment say; None where it is no such address.
    pub(crate) fn open(
        typed: &str,
        endpoint: Option<&str>,
        region: Option<&str>,
        conn: &Conn,
        env: Env<'_>,
        stop: &Stop,
    ) -> Result<Option<Bucket>, Error> {
        let Some(place) = typed.strip_prefix("s3://") else { return Ok(None) };
        let (bucket, base) = place.split_once('/').unwrap_or((place, ""));
        let good = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        if bucket.is_empty() || !bucket.bytes().all(good) {
            return Err(Error::usage(format!("--files {typed}: write s3://BUCKET/BASE")));
        }
        let named = |option: Option<&str>, names: [&str; 2]| {
            option.map(str::to_owned).or_else(|| names.iter().find_map(|name| env(name)))
        };
        let region =
            named(region, ["AWS_REGION", "AWS_DEFAULT_REGION"]).unwrap_or_else(|| "us-east-1".into());
        let endpoint = named(endpoint, ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]);
        // Amazon has the bucket in the name of the host, which a certificate covers unless it holds dots.
        let (url, root) = match endpoint {
            Some(url) => (url, format!("/{bucket}")),
            None if bucket.contains(['.', '_']) => {
                (format!("https://s3.{region}.amazonaws.com"), format!("/{bucket}"))
            }
            None => (format!("https://{bucket}.s3.{region}.amazonaws.com"), String::new()),
        };
        let (server, _) = Server::parse(&url).map_err(|e| Error::usage(format!("--endpoint: {e}")))?;
        let standard = Settings::default();
        let settings = Settings {
            connect_timeout: conn.connect_timeout.unwrap_or(standard.connect_timeout),
            request_timeout: conn.request_timeout.unwrap_or(standard.request_timeout),
            retry_max: conn.retry_max_time.unwrap_or(standard.retry_max),
            proxy: match &conn.proxy {
                Some(url) => Proxy::named(url),
                None => Proxy::from_env(server.scheme(), env),
            },
            tls: Tls { insecure: conn.insecure, ca_cert: conn.cacert.clone(), ..Tls::default() },
            show: conn.curl,
            connections: 1,
            ..standard
        };
        let base = base.trim_matches('/');
        Ok(Some(Bucket {
            server,
            root,
            bucket: bucket.to_owned(),
            base: if base.is_empty() { String::new() } else { format!("{base}/") },
            region,
            keys: keys(env)?,
            settings,
            stop: stop.clone(),
        }))
    }

    /// The names in the base path that begin so.
    pub(crate) fn list(&self, lead: &str) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let prefix = encode_segment(&format!("{}{lead}", self.base));
            let after = token.as_ref().map(|token| format!("continuation-token={}&", encode_segment(token)));
            // Sorted, as the signature wants it.
            let query = format!("{}delimiter=%2F&list-type=2&prefix={prefix}", after.unwrap_or_default());
            let what = format!("listing {self}");
            let answer = self.get("/", &query, &what)?;
            let text = String::from_utf8_lossy(&answer).into_owned();
            if !text.contains("ListBucketResult") {
                return Err(Error::failed(format!("{what}: {} does not answer as S3 does", self.server)));
            }
            let keys = elements(&text, "Key").filter_map(|key| key.rsplit('/').next());
            names.extend(keys.map(str::to_owned));
            let next = elements(&text, "NextContinuationToken").next().map(unescape);
            match next.filter(|_| elements(&text, "IsTruncated").next() == Some("true")) {
                Some(next) if token.as_ref() != Some(&next) => token = Some(next),
                Some(_) | None => return Ok(names),
            }
        }
    }

    /// The bytes of the object of this name in the base path; None where it is gone.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let key: Vec<_> = self.base.split('/').map(encode_segment).collect();
        let path = format!("/{}{}", key.join("/"), encode_segment(name));
        match self.get(&path, "", &format!("reading {self}{name}")) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Error::Refusal { code, .. }) if code == "NoSuchKey" => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn get(&self, path: &str, query: &str, what: &str) -> Result<Vec<u8>, Error> {
        let path = format!("{}{path}", self.root);
        let address = self.server.to_string();
        let (_, place) = address.split_once("://").unwrap_or(("", &address));
        let (host, prefix) = place.split_at(place.find('/').unwrap_or(place.len()));
        let default = match self.server.scheme() {
            Scheme::Http => ":80",
            Scheme::Https => ":443",
        };
        let request = Request {
            host: host.strip_suffix(default).unwrap_or(host),
            path: &format!("{prefix}{path}"),
            query,
            region: &self.region,
        };
        let headers = match &self.keys {
            Some(keys) => sign::headers(request, keys, Timestamp::now()),
            None => Vec::new(),
        };
        let host = Host::new(self.server.clone(), headers);
        let client = Client::new(vec![host], self.settings.clone(), &self.stop)?;
        let mark = if query.is_empty() { "" } else { "?" };
        let answer = client.call(&Call::get(&format!("{path}{mark}{query}")))?;
        match answer.status {
            200 => Ok(answer.bytes(HELD)?),
            _ => Err(refused(answer, what)?),
        }
    }
}

impl std::fmt::Display for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.base)
    }
}

fn refused(answer: Answer, what: &str) -> Result<Error, Error> {
    let (status, host) = (answer.status, answer.host.clone());
    let text = String::from_utf8_lossy(&answer.bytes(1 << 20)?).into_owned();
    let element = |name| elements(&text, name).next().map(unescape).unwrap_or_default();
    let code = element("Code");
    let said = format!("{code} {}", element("Message"));
    Ok(Error::Refusal { what: format!("{what}: {host} answered {status} {}", said.trim()), status, code })
}

fn keys(env: Env<'_>) -> Result<Option<Keys>, Error> {
    match (env("AWS_ACCESS_KEY_ID"), env("AWS_SECRET_ACCESS_KEY")) {
        (None, None) => Ok(None),
        (Some(access), Some(secret)) => Ok(Some(Keys {
            access,
            secret: Secret::new(secret),
            token: env("AWS_SESSION_TOKEN").map(Secret::new),
        })),
        (Some(_), None) => Err(Error::usage("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")),
        (None, Some(_)) => Err(Error::usage("AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not")),
    }
}

/// The texts of the elements of this name. S3's answers nest none of those that are asked for.
fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = xml;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (text, after) = after.split_once(&close)?;
        rest = after;
        Some(text)
    })
}

fn unescape(text: &str) -> String {
    let named =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(typed: &str, endpoint: Option<&str>, env: Env<'_>) -> Result<Option<Bucket>, Error> {
        let stop = Stop::new().unwrap();
        Bucket::open(typed, endpoint, None, &Conn::default(), env, &stop)
    }

    #[test]
    fn the_address_follows_from_bucket_region_and_endpoint() {
        let none = |_: &str| None;
        let region = |name: &str| (name == "AWS_REGION").then(|| "eu-west-1".to_owned());
        for (typed, endpoint, env, server, root, base) in [
            ("s3://b/x/y/", None, &none as Env, "https://b.s3.us-east-1.amazonaws.com", "", "x/y/"),
            ("s3://b", None, &region, "https://b.s3.eu-west-1.amazonaws.com", "", ""),
            ("s3://b.c/x", None, &none, "https://s3.us-east-1.amazonaws.com", "/b.c", "x/"),
            ("s3://b/x", Some("http://127.0.0.1:9000"), &none, "http://127.0.0.1:9000", "/b", "x/"),
        ] {
            let bucket = open(typed, endpoint, env).unwrap().unwrap();
            assert_eq!(
                (bucket.server.to_string().as_str(), bucket.root.as_str(), bucket.base.as_str()),
                (server, root, base)
            );
        }
        assert!(open("/mnt/backups", None, &none).unwrap().is_none());
        for typed in ["s3://", "s3:///x", "s3://b@c/x"] {
            assert!(open(typed, None, &none).is_err(), "{typed}");
        }
        let half = |name: &str| (name == "AWS_ACCESS_KEY_ID").then(|| "a".to_owned());
        assert!(open("s3://b", None, &half).is_err());
    }

    #[test]
    fn elements_are_read_from_answers() {
        let xml = "<a><Contents><Key>x/index-1</Key></Contents><Key>index-2</Key><Key>cut";
        assert_eq!(elements(xml, "Key").collect::<Vec<_>>(), ["x/index-1", "index-2"]);
        assert_eq!(unescape("a&amp;lt;b&lt;"), "a&lt;b<");
    }
}
