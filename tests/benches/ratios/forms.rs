//! es-xform where the input or the output is no hit lines: rows and bulk pairs, against Python that does the same.

use es_tests::command::{Folder, Run};

use crate::contest::Side;
use crate::documents::{Shape, id};
use crate::table::Measure;
use crate::table::Target::{self, AtMost};
use crate::{Bench, MEMORY, Scale, Stand};

/// A way through es-xform, and the script that does the same.
struct Way {
    name: &'static str,
    ours: &'static str,
    script: (&'static str, &'static str),
    input: fn(usize) -> Vec<u8>,
}

pub(crate) fn benches() -> Vec<Bench> {
    let ways = [
        Way {
            name: "to-csv",
            ours: r#"es-xform -q -j1 --to csv 'pick(."@timestamp", .level, .status, .bytes, .message)'"#,
            script: ("to_csv.py", include_str!("peers/to_csv.py")),
            input: |bytes| Shape::Small.lines(bytes),
        },
        Way {
            name: "from-csv",
            ours: "es-xform -q -j1 --from csv .",
            script: ("from_csv.py", include_str!("peers/from_csv.py")),
            input: rows,
        },
        Way {
            name: "bulk",
            ours: r#"es-xform -q -j1 --from bulk --to bulk 'rename(.service; .app) | .stage = "prod"'"#,
            script: ("bulk.py", include_str!("peers/bulk.py")),
            input: pairs,
        },
    ];
    ways.map(|way| {
        Bench::new(format!("forms/{}", way.name), &["python3", "orjson"], move |stand| compare(stand, &way))
    })
    .into()
}

fn compare(stand: &mut Stand<'_>, way: &Way) {
    let (bytes, more) = stand.scale.pick((20_000_000, 10), (100_000, 1));
    let input = (way.input)(bytes);
    let work = input.len() as f64 / 1e9;
    let folder = Folder::shared();
    folder.write("input", input);
    let (file, script) = way.script;
    folder.write(file, script);
    let theirs = format!("exec python3 {file} < input");
    if stand.scale == Scale::Full {
        let lines = |script: String| Run::shell(&script).in_folder(&folder).take_stdout().run().lines().len();
        assert_eq!(lines(format!("{} input", way.ours)), lines(theirs.clone()), "{}", way.name);
    }
    let ours = format!("exec {}{} > /dev/null", way.ours, " input".repeat(more));
    let costs = stand.scale.contest(
        5,
        vec![
            Side::command(&folder, work * more as f64, ours),
            Side::command(&folder, work, format!("{theirs} > /dev/null")),
        ],
    );
    stand.against(Measure::Cpu, &costs, 1, "Python", Target::None);
    stand.alone(Measure::Peak, &costs, AtMost(MEMORY));
}

fn rows(bytes: usize) -> Vec<u8> {
    let mut rows = String::from("@timestamp,level,status,message\n");
    for (number, document) in Shape::Small.documents(bytes).enumerate() {
        let message = document.rsplit('"').nth(1).unwrap_or_default();
        rows += &format!("2024-01-01T00:00:00Z,INFO,{number},\"{message}, \"\"quoted\"\"\"\n");
    }
    rows.into_bytes()
}

fn pairs(bytes: usize) -> Vec<u8> {
    let mut lines = String::new();
    for (number, document) in Shape::Small.documents(bytes).enumerate() {
        lines += &format!("{{\"create\":{{\"_index\":\"logs\",\"_id\":\"{}\"}}}}\n{document}\n", id(number));
    }
    lines.into_bytes()
}
