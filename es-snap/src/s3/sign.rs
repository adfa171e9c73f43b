//! The signature of a request to S3 (AWS Signature Version 4), as headers. In a URL, where some libraries put it, it
//! would be in every log; headers are masked.

use es_core::http::Secret;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub(super) access: String,
    pub(super) secret: Secret,
    pub(super) token: Option<Secret>,
}

/// Of a GET without a body: what the request goes to, as it is sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    pub(super) host: &'a str,
    /// Encoded.
    pub(super) path: &'a str,
    /// Encoded, sorted by name.
    pub(super) query: &'a str,
    pub(super) region: &'a str,
}

/// Of nothing.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The headers to send with it.
pub(super) fn headers(request: Request<'_>, keys: &Keys, now: Timestamp) -> Vec<(String, Secret)> {
    let now = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut signed = vec![
        ("host", request.host.to_owned()),
        ("x-amz-content-sha256", EMPTY.to_owned()),
        ("x-amz-date", now.clone()),
    ];
    signed.extend(keys.token.as_ref().map(|token| ("x-amz-security-token", token.expose().to_owned())));

    let names = signed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let Request { path, query, region, .. } = request;
    let canonical = format!("GET\n{path}\n{query}\n{lines}\n{names}\n{EMPTY}");
    let day = &now[..8];
    let scope = format!("{day}/{region}/s3/aws4_request");
    let text = format!("AWS4-HMAC-SHA256\n{now}\n{scope}\n{}", hex(&Sha256::digest(canonical)));

    let first = format!("AWS4{}", keys.secret.expose()).into_bytes();
    let key = [day, region, "s3", "aws4_request"].iter().fold(first, |key, part| mac(&key, part));
    let signature = hex(&mac(&key, &text));
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope},SignedHeaders={names},Signature={signature}",
        keys.access
    );
    let mut headers = vec![("authorization".to_owned(), Secret::new(value))];
    let sent = signed.into_iter().filter(|(name, _)| *name != "host");
    headers.extend(sent.map(|(name, value)| (name.to_owned(), Secret::new(value))));
    headers
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // It takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples that AWS publishes for "GET Bucket Lifecycle" and "Get Bucket (List Objects)".
    #[test]
    fn the_published_examples_come_out() {
        let keys = Keys {
            access: "AKIAIOSFODNN7EXAMPLE".into(),
            secret: Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            token: None,
        };
        let now = "2013-05-24T00:00:00Z".parse().unwrap();
        for (query, signature) in [
            ("lifecycle=", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
            ("max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
        ] {
            let request =
                Request { host: "examplebucket.s3.amazonaws.com", path: "/", query, region: "us-east-1" };
            let headers = headers(request, &keys, now);
            let authorization = headers[0].1.expose();
            assert!(authorization.ends_with(&format!("Signature={signature}")), "{authorization}");
            assert!(!format!("{headers:?}").contains(signature));
        }
        let with = Keys { token: Some(Secret::new("t")), ..keys };
        let request = Request { host: "h", path: "/", query: "", region: "r" };
        let headers = headers(request, &with, now);
        assert!(headers.iter().any(|(name, value)| name == "x-amz-security-token" && value.expose() == "t"));
        assert!(
            headers[0]
                .1
                .expose()
                .contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,")
        );
    }
}
