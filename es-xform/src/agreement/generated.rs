//! Programs of edits and documents for them, from a seed. Documents have fields of known types, so that most programs
//! find something to change; some fields are missing, of another type, or written in an odd way.

/// Numbers from a seed (SplitMix64).
pub(super) struct Chance(u64);

/// A step of a path; `None` is `[]`.
pub(super) type Steps = Vec<Option<&'static str>>;

/// A program, and every path whose value it may change.
pub(super) struct Generated {
    pub(super) text: String,
    pub(super) named: Vec<Steps>,
}

const STRINGS: [&str; 4] = [".s", ".o.x", ".\"c.d\"", ".\"é\\\"\""];
const NUMBERS: [&str; 3] = [".n", ".o.y", ".o.z.n"];
const OBJECTS: [&str; 2] = [".o", ".o.z"];
const ANYTHING: [&str; 6] = [".m", ".t", ".l", ".tmp_a", ".gone", ".o.gone.deep"];

impl Chance {
    pub(super) fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn space(&mut self) -> &'static str {
        if self.one_in(12) { self.pick(&[" ", "\t", "  "]) } else { "" }
    }

    // Documents.

    pub(super) fn document(&mut self) -> String {
        let mut fields = Vec::new();
        for name in ["s", "n", "o", "l", "m", "t", "c.d", "é\\\"", "tmp_a", "TMP_b", "other"] {
            if self.one_in(9) {
                continue;
            }
            let kind = if self.one_in(25) { "any" } else { name };
            let value = match kind {
                "s" | "c.d" | "é\\\"" => self.string(),
                "n" => self.number(),
                "o" => self.object(),
                "l" => self.list(),
                "t" => {
                    format!("[{}]", (0..self.below(4)).map(|_| self.string()).collect::<Vec<_>>().join(","))
                }
                _ => self.scalar(),
            };
            fields.push(self.field(name, &value));
        }
        if self.one_in(4) {
            fields.reverse();
        }
        format!("{{{}{}}}", self.space(), fields.join(","))
    }

    fn field(&mut self, name: &str, value: &str) -> String {
        // A name may be written with escapes.
        let name = match name {
            "s" if self.one_in(8) => "\\u0073",
            "o" if self.one_in(8) => "\\u006F",
            "é\\\"" if self.one_in(3) => "\\u00e9\\u0022",
            name => name,
        };
        format!("{}\"{name}\"{}:{}{value}{}", self.space(), self.space(), self.space(), self.space())
    }

    fn object(&mut self) -> String {
        let inner = [("n", self.number()), ("a", self.scalar())];
        let inner: Vec<String> = inner.iter().map(|(name, value)| self.field(name, value)).collect();
        let values = [
            ("x", self.string()),
            ("y", self.number()),
            ("z", format!("{{{}}}", inner.join(","))),
            ("tmp_1", self.scalar()),
            ("Key", self.scalar()),
        ];
        self.sparse(&values)
    }

    /// An object of most of these fields.
    fn sparse(&mut self, fields: &[(&str, String)]) -> String {
        let mut written = Vec::new();
        for (name, value) in fields {
            if !self.one_in(6) {
                written.push(self.field(name, value));
            }
        }
        format!("{{{}}}", written.join(","))
    }

    fn list(&mut self) -> String {
        let mut items = Vec::new();
        for _ in 0..self.below(4) {
            let item = if self.one_in(25) { self.scalar() } else { self.item() };
            items.push(format!("{}{item}{}", self.space(), self.space()));
        }
        format!("[{}{}]", self.space(), items.join(","))
    }

    fn item(&mut self) -> String {
        let fields = [
            ("id", self.number()),
            ("x", self.string()),
            ("secret", self.scalar()),
            ("sub", format!("{{\"a\":{}}}", self.scalar())),
        ];
        self.sparse(&fields)
    }

    fn string(&mut self) -> String {
        self.pick(&[
            "\"\"",
            "\"x\"",
            "\"Alpha-Beta\"",
            "\"log:7\"",
            "\"\\u0041\\/\\n\"",
            "\"😀\\ud83d\\ude00\"",
            "\"É}{][,\\\\\"",
            "\"42\"",
            "\"\u{7f}\"",
            "\"a b\"",
        ])
        .to_owned()
    }

    /// Without `-0`, which the full language reads as `0`: equal as numbers, not as text. Numbers that are computed
    /// with stay small: a float that is written down and read again as a long integer is computed with exactly.
    fn number(&mut self) -> String {
        self.pick(&["0", "7", "503", "-3", "1.0", "1E2", "-0.5"]).to_owned()
    }

    fn scalar(&mut self) -> String {
        match self.below(6) {
            0 => "null".to_owned(),
            1 => "true".to_owned(),
            2 => "false".to_owned(),
            3 => {
                let numbers = [
                    "9007199254740993",
                    "123456789012345678901234567890",
                    "0.10000000000000000555",
                    "1E5",
                    "-7",
                ];
                self.pick(&numbers).to_owned()
            }
            _ => self.string(),
        }
    }

    // Programs.

    pub(super) fn program(&mut self) -> Generated {
        let mut named = Vec::new();
        let stages: Vec<String> = (0..1 + self.below(3)).map(|_| self.stage(&mut named)).collect();
        Generated { text: stages.join(" | "), named }
    }

    /// Fields of objects get other names or constants, or go.
    pub(super) fn simple_program(&mut self) -> String {
        let stages: Vec<String> = (0..1 + self.below(4)).map(|_| self.simple_stage()).collect();
        stages.join(" | ")
    }

    fn simple_stage(&mut self) -> String {
        match self.below(9) {
            0..3 => {
                let object = self.pick(&["", "", ".o", ".o.z"]);
                let name = match object {
                    "" => {
                        &["s", "n", "o", "l", "t", "\"c.d\"", "\"é\\\"\"", "tmp_a", "gone", "fresh", "other"]
                            [..]
                    }
                    ".o" => &["x", "y", "z", "Key", "gone", "fresh"],
                    _ => &["n", "a", "fresh"],
                };
                format!("rename({object}.{}; {object}.{})", self.pick(name), self.pick(name))
            }
            3 => format!("del({}, {})", self.simple_path(), self.simple_path()),
            4 | 5 => format!("del({})", self.simple_path()),
            6 | 7 => {
                let constants = ["1.0", "\"log\"", "null", "{\"a\":{\"b\":[1]}}", "[]"];
                format!("{} = {}", self.simple_path(), self.pick(&constants))
            }
            _ => self.pick(&["._index = \"v2\"", "._id = \"x\\\"y\"", "._routing = \"r2\""]).to_owned(),
        }
    }

    fn simple_path(&mut self) -> &'static str {
        match self.below(4) {
            0 => self.pick(&STRINGS),
            1 => self.pick(&NUMBERS),
            2 => self.pick(&OBJECTS),
            _ => self.pick(&ANYTHING),
        }
    }

    fn path(&mut self, named: &mut Vec<Steps>) -> &'static str {
        let path = self.simple_path();
        self.name(path, named)
    }

    fn typed(&mut self, of: &[&'static str], named: &mut Vec<Steps>) -> &'static str {
        let path = self.pick(of);
        self.name(path, named)
    }

    fn name(&mut self, path: &'static str, named: &mut Vec<Steps>) -> &'static str {
        named.push(steps(path));
        path
    }

    fn stage(&mut self, named: &mut Vec<Steps>) -> String {
        match self.below(25) {
            0 | 1 => {
                let (from, to) = (self.path(named), self.path(named));
                format!("rename({from}; {to})")
            }
            2 => {
                named.push(steps(".l[]"));
                self.pick(&[
                    "rename(.l[].x; .l[].y)",
                    "rename(.l[].sub.a; .l[].a)",
                    "rename(.l[].id; .l[].secret)",
                ])
                .to_owned()
            }
            3 => format!("del({}, {})", self.path(named), self.path(named)),
            4 => format!("del({})", self.path(named)),
            5 => {
                named.extend([steps(".l"), steps(".o.x")]);
                self.pick(&[
                    "del(.l[].secret)",
                    "del(.l[]?.secret?)",
                    "del(.l[] | select(.id == 7))",
                    "del(.l[] | select(.x == \"x\") | .id, .sub)",
                    "del(.l[].secret, .l[].sub.a)",
                    "del(.o?.x?)",
                ])
                .to_owned()
            }
            6 => {
                named.push(Vec::new());
                format!("pick({}, {}, {})", self.pick(&STRINGS), self.pick(&OBJECTS), self.pick(&NUMBERS))
            }
            7 | 8 => {
                let to = self.path(named);
                format!("{to} = {}", self.value())
            }
            9 => {
                named.push(steps(".l"));
                let value = self.value();
                format!(
                    "{} = {value}",
                    self.pick(&[".l[].new", ".l[].sub.a", "(.l[] | select(.id == 7) | .x)"])
                )
            }
            10 => {
                let to = self.typed(&NUMBERS, named);
                format!(
                    "{to} {}= {}",
                    self.pick(&["+", "-", "*", "/", "%"]),
                    self.pick(&["1", "3", "0.5", ".n", ".o.y"])
                )
            }
            11 => {
                let to = self.path(named);
                format!("{to} //= {}", self.value())
            }
            12 => {
                let to = self.typed(&STRINGS, named);
                format!("{to} += {}", self.pick(&["\"!\"", ".s", "(.n | tostring)", ".o.x"]))
            }
            13 | 14 => {
                let to = self.path(named);
                format!("{to} |= {}", self.update())
            }
            15 => {
                named.push(steps(".l"));
                let update = self.update();
                match self.below(4) {
                    0 => format!(".l[].x |= {update}"),
                    1 => format!("(.l[] | select(.id > 5) | .x) |= {update}"),
                    2 => ".l[] |= (rename(.x; .y) | del(.secret) | if .id == 7 then .new = .id else . end)"
                        .to_owned(),
                    _ => ".l[] |= select(.id != 7)".to_owned(),
                }
            }
            16 => {
                named.push(Vec::new());
                let (a, b) = (self.value(), self.value());
                format!(". + {{\"s\": {a}, fresh: {b}}}")
            }
            17 => {
                named.push(Vec::new());
                let (a, b) = (self.value(), self.value());
                format!("{{kept: .o, s: {a}, \"c.d\": {b}, n}}")
            }
            18 | 19 => format!("select({})", self.test()),
            20 => {
                let (test, then) = (self.test(), self.stage(named));
                match self.below(3) {
                    0 => format!("if {test} then {then} else . end"),
                    1 => format!(
                        "if {test} then {then} elif {} then {} else . end",
                        self.test(),
                        self.stage(named)
                    ),
                    _ => format!("if {test} then empty else {then} end"),
                }
            }
            23 => format!("if {} then empty else . end", self.test()),
            21 => {
                named.push(Vec::new());
                self.pick(&[
                    "del_keys(\"tmp_*\")",
                    ".o |= del_keys(\"*\")",
                    "del_keys(\"*_*\")",
                    ".o |= del_keys(\"tmp*\")",
                ])
                .to_owned()
            }
            22 => {
                named.push(Vec::new());
                self.pick(&[
                    "with_entries(.key |= ascii_downcase)",
                    ".o |= with_entries(.key |= ascii_upcase)",
                    "with_entries(.key |= gsub(\"[._]\"; \"-\"))",
                    "with_entries(.key |= (ascii_downcase | ltrimstr(\"tmp_\")))",
                    ".l |= map_values(tostring)",
                ])
                .to_owned()
            }
            _ => {
                named.push(steps(".s"));
                self.pick(&[
                    "._id = .s",
                    "._routing = .n",
                    "rename(.s; ._routing)",
                    "del(._routing)",
                    "._id |= ascii_upcase",
                    "._index += \"-2\"",
                ])
                .to_owned()
            }
        }
    }

    fn value(&mut self) -> String {
        let (s, t, n) = (self.pick(&STRINGS), self.pick(&STRINGS), self.pick(&NUMBERS));
        match self.below(20) {
            0 => self.pick(&["1.0", "\"log\"", "null", "{\"a\":{\"b\":[1]}}", "[]", "-3"]).to_owned(),
            1 => s.to_owned(),
            2 => self.pick(&ANYTHING).to_owned(),
            3 => format!("\"\\({s})-\\({n})\""),
            4 => format!("{s} + \"-\" + {t}"),
            5 => format!("({n} + 1)"),
            6 => format!("({s} | ascii_downcase)"),
            7 => format!("({n} | tostring)"),
            8 => format!("(if {} then {s} else {n} end)", self.test()),
            9 => format!("({} // {s})", self.pick(&ANYTHING)),
            10 => format!("({})", self.test()),
            11 => format!("{{a: {s}, b: [{n}]}}"),
            12 => format!("({s} | length)"),
            13 => format!("[{s}, {n}]"),
            14 => format!("({s} | ltrimstr(\"log:\"))"),
            15 => "._index".to_owned(),
            18 => format!("$t[{s}].name"),
            19 => format!("$t[{n}]"),
            16 => "([.l[]?.id] | length)".to_owned(),
            _ => format!("({s} | split(\"-\"))"),
        }
    }

    fn update(&mut self) -> &'static str {
        self.pick(&[
            "ascii_downcase",
            "ascii_upcase",
            "tostring",
            "tonumber",
            "ltrimstr(\"log:\")",
            "rtrimstr(\"x\")",
            "type",
            "\"constant\"",
            ". + \"x\"",
            "\"<\\(.)>\"",
            "empty",
            "select(. != null)",
            "if . == null then \"none\" else . end",
            "(. // \"none\")",
            "del(.x)",
            "rename(.x; .w)",
            "sub(\"a\"; \"b\")",
            "gsub(\"[aeiou]\"; \"*\")",
            "gsub(\"x*\"; \"-\")",
            "sub(\"(?<a>[a-z]+)\"; \"<\\(.a)>\")",
            "length",
            "tojson",
            "{was: .}",
            "(tostring | ascii_upcase)",
        ])
    }

    fn test(&mut self) -> String {
        let (s, n) = (self.pick(&STRINGS), self.pick(&NUMBERS));
        match self.below(12) {
            0 => format!(
                "{n} {} {}",
                self.pick(&["==", "!=", "<", "<=", ">", ">="]),
                self.pick(&["7", "503", "1", "0.5"])
            ),
            1 => format!("{s} == {}", self.pick(&["\"x\"", "\"A/\\n\"", ".s", "null"])),
            2 => self.pick(&ANYTHING).to_owned(),
            3 => format!("({s} | startswith(\"lo\"))"),
            4 => format!("({s} | endswith(\"x\"))"),
            5 => format!("({s} | test(\"[a-z]+\"))"),
            6 => format!("has({})", self.pick(&["\"s\"", "\"gone\"", "\"c.d\""])),
            7 => "(.o | has(\"x\"))".to_owned(),
            8 => format!("({} and {n} > 1)", self.pick(&ANYTHING)),
            9 => format!("({s} == \"x\" or {n} == 7)"),
            10 => format!("({} | not)", self.pick(&ANYTHING)),
            _ => format!("({s} | length > 3)"),
        }
    }
}

fn steps(path: &'static str) -> Steps {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("[]") {
            steps.push(None);
            rest = after;
            continue;
        }
        rest = rest.trim_start_matches('.');
        let (name, after) = match rest {
            "\"c.d\"" => ("c.d", ""),
            "\"é\\\"\"" => ("é\"", ""),
            plain => plain.split_at(plain.find(['.', '[']).unwrap_or(plain.len())),
        };
        steps.push(Some(name));
        rest = after;
    }
    steps
}
