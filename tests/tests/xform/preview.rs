//! `--preview`: what a person sees of the first records.

use es_tests::command::{Folder, Run};

use super::{SOON, is_interrupted, xform};

#[test]
fn records_are_shown_before_and_after() {
    let input = "{\"_index\":\"i\",\"_id\":\"1\",\"_source\":{\"a\": 1.0,\"b\":{\"c\":[1, 2]},\"s\":\"x\\u0041\\u007f\u{7f}\u{9b}\"}}\n\
                 {\"_mark\":{}}\n{\"_index\":\"i\",\"_id\":\"2\",\"_source\":{\"a\":2}}\n\
                 {\"_index\":\"i\",\"_id\":\"3\",\"_source\":{\"b\":3}}\nnonsense\u{1b}[2J\n{\"_id\":\"never shown\"}\n";
    xform("--preview", input)
        .args(["4", "select(.a != 2) | del(.a) | rename(.b.c; .d)  | ._index = \"j\" | .b.x = 1"])
        .stdout(
            r#"record 1, line 1 (byte 0)
  {
-   "_index": "i",
+   "_index": "j",
    "_id": "1",
    "_source": {
-     "a": 1.0,
      "b": {
-       "c": [
-         1,
-         2
-       ]
+       "x": 1
      },
      "s": "x\u0041\u007f\u{7f}\u{9b}",
+     "d": [
+       1,
+       2
+     ]
    }
  }

record 2, line 3 (byte 99): dropped
- {
-   "_index": "i",
-   "_id": "2",
-   "_source": {
-     "a": 2
-   }
- }

record 3, line 4 (byte 142): rejected: cannot index number with "x"
  {
    "_index": "i",
    "_id": "3",
    "_source": {
      "b": 3
    }
  }

record 4, line 5 (byte 185): rejected: no record: no object at byte 0
  nonsense\u{1b}[2J

"#,
        )
        .run();
}

#[test]
fn every_form_of_input_can_be_looked_at() {
    let rows = "_id,n\n1,\"x\ny\"\n2\n";
    xform(".n |= ascii_upcase", rows)
        .args(["--from", "csv", "--preview", "5"])
        .stdout(
            "record 1, line 2 (byte 6)\n  {\n    \"_id\": \"1\",\n    \"_source\": {\n-     \"n\": \"x\\ny\"\n+     \"n\": \"X\\nY\"\n    }\n  }\n\n\
             record 2, line 4 (byte 14): rejected: a row of 1 cell under a header of 2\n  2\\n\n\n",
        )
        .run();
    let folder = Folder::shared();
    folder.write("b", "{\"index\":{}}\n{\"n\":[1,2]}\n{\"delete\":{}}\n");
    Run::new("es-xform")
        .args(["--from", "bulk", "--preview", "1", ".n[] as $n | {$n}", "b"])
        .in_folder(&folder)
        .stdout(
            "record 1, b, line 1 (byte 0): 2 records\n\
             1 of 2\n  {\n-   \"n\": [\n-     1,\n-     2\n-   ]\n+   \"n\": 1\n  }\n\
             2 of 2\n  {\n-   \"n\": [\n-     1,\n-     2\n-   ]\n+   \"n\": 2\n  }\n\n",
        )
        .run();
}

#[test]
fn it_stops_after_its_records_and_writes_nothing_else() {
    let folder = Folder::shared();
    let mut waiting = Run::new("es-xform")
        .args(["--preview", "1", ".", "--rejects", "bad"])
        .in_folder(&folder)
        .stdin_open()
        .stdout("record 1, line 1 (byte 0)\n  {\n    \"a\": 1\n  }\n\n")
        .start();
    waiting.write(b"{\"a\":1}\nx\n");
    waiting.wait_within(SOON);
    folder.assert_no_file("bad");
    xform(".", "").args(["--preview", "3"]).run();
    is_interrupted(&["--preview", "2", "."], b"{\"a\":1}\n", "the first record");
}
