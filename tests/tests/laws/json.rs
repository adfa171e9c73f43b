//! JSON as other writers produce it: odd numbers, escapes, duplicate keys, blanks anywhere.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// The text of an object. `space` is a pattern for what may stand between tokens.
pub(crate) fn object(space: &'static str) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![number(), string(), select(vec!["true", "false", "null"]).prop_map(str::to_owned)];
    let value = leaf.prop_recursive(3, 24, 4, move |inner| {
        let spaced = (space, inner, space).prop_map(|(before, value, after)| before + &value + &after);
        prop_oneof![
            vec(spaced.clone(), 0..4).prop_map(|values| format!("[{}]", values.join(","))),
            members(space, spaced.boxed()),
        ]
    });
    members(space, (space, value, space).prop_map(|(before, value, after)| before + &value + &after).boxed())
}

fn members(space: &'static str, value: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    let member = (space, key(), space, value)
        .prop_map(|(before, key, after, value)| format!("{before}{key}{after}:{value}"));
    (vec(member, 0..5), space).prop_map(|(members, blank)| match members.len() {
        0 => format!("{{{blank}}}"),
        _ => format!("{{{}}}", members.join(",")),
    })
}

/// Few names, so that some come twice, and such that mean something elsewhere.
fn key() -> impl Strategy<Value = String> {
    let names =
        ["a", "b", "a.b", "", "1", "_id", "_source", "_index", "_reject", "_mark", "index", "__proto__"];
    prop_oneof![select(names.to_vec()).prop_map(|name| format!("\"{name}\"")), string()]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,30})",
        "-?(0|[1-9][0-9]{0,20})\\.[0-9]{1,25}",
        "-?(0|[1-9][0-9]{0,5})(\\.[0-9]{1,3})?[eE][+-]?[0-9]{1,4}",
    ]
}

fn string() -> impl Strategy<Value = String> {
    let escapes = [
        "\\n",
        "\\u00e9",
        "\\u00E9",
        "\\/",
        "/",
        "\\ud800",
        "\\udc00",
        "\\ud83d\\ude00",
        "\\\"",
        "\\\\",
        "\\u0000",
        "\u{7f}",
        "\u{2028}",
        "\u{feff}",
    ];
    let plain = "\\PC".prop_filter("an escape is its own piece", |c| c != "\"" && c != "\\");
    let piece = prop_oneof!["[a-z ]{1,4}", plain, select(escapes.to_vec()).prop_map(str::to_owned)];
    vec(piece, 0..6).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

/// An id or a routing: any text but none.
pub(crate) fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9]{1,8}", "\\PC{1,6}", "[ /?#%&\"'\\\\\n\t\u{1}é😀]{1,5}"]
}
