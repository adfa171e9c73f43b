use super::super::auth::Secret;
use super::*;

fn parts(typed: &str) -> (String, String) {
    let target = Target::parse(typed).unwrap_or_else(|e| panic!("{typed}: {e}"));
    (target.server.map_or(String::new(), |s| s.to_string()), target.index)
}

#[test]
fn targets_as_typed() {
    let table = [
        ("logs", "", "logs"),
        ("logs-*,-logs-old", "", "logs-*,-logs-old"),
        ("<logs-{now/d}>", "", "<logs-{now/d}>"),
        ("other:logs", "", "other:logs"),
        ("other:2016", "", "other:2016"),
        ("http://h:9200", "http://h:9200", ""),
        ("http://h:9200/", "http://h:9200", ""),
        ("http://h:9200/logs", "http://h:9200", "logs"),
        ("HTTP://Es.Example:9200/Logs", "http://es.example:9200", "Logs"),
        ("https://h/es/logs", "https://h/es", "logs"),
        ("https://h/es/", "https://h/es", ""),
        ("http://h:9200/<logs-{now/d}>", "http://h:9200", "<logs-{now/d}>"),
        ("http://h:9200/%3Clogs-%7Bnow%2Fd%7D%3E", "http://h:9200", "<logs-{now/d}>"),
        ("http://h:9200/a,<b-{now/d{yyyy.MM}}>,c*", "http://h:9200", "a,<b-{now/d{yyyy.MM}}>,c*"),
        ("http://[::1]:9200/logs", "http://[::1]:9200", "logs"),
        ("http://[::1]", "http://[::1]", ""),
        ("http://u:p@h:9200/other:logs", "http://h:9200", "other:logs"),
        ("http://h:9200/журнал", "http://h:9200", "журнал"),
        ("http://h:9200/_all", "http://h:9200", "_all"),
    ];
    for (typed, server, index) in table {
        assert_eq!(parts(typed), (server.into(), index.into()), "{typed}");
    }
}

#[test]
fn what_is_no_target_says_what_to_write() {
    let table = [
        ("", "is empty"),
        ("localhost:9200", "write http://localhost:9200"),
        ("localhost:9200/logs", "write http://localhost:9200/logs"),
        ("es:9200/logs", "write http://es:9200/logs"),
        ("ftp://h/x", "http or https"),
        ("http://", "no host"),
        ("http://h:99999/x", "port"),
        ("http://h:port/x", "port"),
        ("http://::1:9200/x", "brackets"),
        ("http://h:9200/logs/_search", "not an index"),
        ("http://h:9200/logs?q=a", "query"),
        ("http://h:9200/logs#a", "fragment"),
        ("my logs", "' '"),
        ("a/b", "slash"),
        ("http://h /x", "' '"),
    ];
    for (typed, why) in table {
        let message = Target::parse(typed).unwrap_err().to_string();
        assert!(message.contains(why), "{typed}: {message}");
    }
}

#[test]
fn credentials_are_split_off_and_decoded() {
    let target = Target::parse("http://el%40stic:p%3A%2Fw%20d@h:9200/logs").unwrap();
    let password = Secret::new("p:/w d");
    assert_eq!(target.credentials, Credentials::Basic { user: "el@stic".into(), password });
    assert_eq!(target.server.unwrap().to_string(), "http://h:9200");
    // A forgotten port must not bring the password into the message.
    let message = Target::parse("http://u:s3cret@h:s3cret2/x").unwrap_err().to_string();
    assert!(!message.contains("s3cret"), "{message}");
}

#[test]
fn paths_spell_what_names_hold() {
    assert_eq!(encode_index("<logs-{now/d}>,a*"), "%3Clogs-%7Bnow%2Fd%7D%3E,a*");
    assert_eq!(encode_index("журнал"), "%D0%B6%D1%83%D1%80%D0%BD%D0%B0%D0%BB");
    assert_eq!(encode_segment("a/b?c#d e\"\n+%"), "a%2Fb%3Fc%23d%20e%22%0A%2B%25");
}

#[test]
fn origins_compare_with_default_ports() {
    let server = |url| Server::parse(url).unwrap().0;
    assert!(server("https://h").same_origin(&server("https://H:443/es")));
    assert!(!server("http://h:9200").same_origin(&server("https://h:9200")));
    assert!(!server("http://h:9200").same_origin(&server("http://h:9201")));
}
