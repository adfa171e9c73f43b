# Where jaq and jq differ, programs follow jq: these definitions come after jaq's own.

# Types and numbers
def type: __type;
def tonumber: __tonumber;
def utf8bytelength: __utf8bytelength;
def nan: __nan;
def infinite: __infinite;
def isnan: type == "number" and . < __nan;
def isinfinite: . == __infinite or . == -__infinite;
def isfinite: type == "number" and (isinfinite | not);
def isnormal: __isnormal;
def logb: if . == 0 then -__infinite elif isinfinite then __infinite elif isnan then . else ilogb end;
def significand: if isinfinite or isnan or . == 0 then . else scalbln(.; - ilogb) end;
def range($from; $to): __range($from; $to; 1);
def range($to): __range(0; $to; 1);
def range($from; $to; $by): __range($from; $to; $by);
def gamma: lgamma;
def nearbyint: rint;
def finites: select(isfinite);
def normals: select(isnormal);

# Streams
def __limit($n; f): limit($n; f);
def limit($n; f): if $n < 0 then f else __limit($n; f) end;
def __last(f): reduce f as $x (null; $x);
def last(f): __last(f);
def nth($n; f): if $n < 0 then error("nth doesn't support negative indices") else first(skip($n; f)) end;

# Paths and assignment
def setpath($path; $x): __setpath($path; $x);
def delpaths($paths): __delpaths($paths);
def del(f): delpaths([path(f)]);
def pick(f): . as $top | reduce path(f) as $p (null; setpath($p; $top | getpath($p)));
def paths(f): path(recurse | select(f)) | select(length > 0);
def map_values(f): .[] |= f;
def walk(f): def rec: (if type == "object" then map_values(rec) elif type == "array" then map(rec) else . end) | f; rec;

# Absent stays absent. What is in the way of the old path makes it absent, what is in the way of the new one is an
# error; the field that moves is not in its own way.
def rename(f; t):
  [path(f)?] as $from
  | if __is_there($from) then [delpaths($from) | path(t)] as $to | __rename($from; $to) end;

# Fields whose names match a pattern, in which * stands for any text; of null nothing goes.
def del_keys($pattern):
  if . == null then . elif type == "object" then with_entries(select(.key | __matches($pattern) | not))
  else error("\(type) has no keys to delete") end;

# Arrays and objects
def add: reduce .[] as $x (null; . + $x);
def __flatten($d): if type == "array" and $d != 0 then .[] | __flatten($d - 1) else . end;
def flatten($d): if $d < 0 then error("flatten depth must not be negative") else [.[] | __flatten($d)] end;
def flatten: [.[] | __flatten(-1)];
def __reverse: reverse;
def reverse: if type == "array" then __reverse elif length == 0 then [] else error("\(type) cannot be reversed") end;
def join($x): __join($x);
def from_entries:
  reduce .[] as $e ({}; . + {($e | .key // .Key // .name // .Name): ($e | if has("value") then .value else .Value end)});
def with_entries(f): to_entries | map(f) | from_entries;
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $y | [$x] + $y end;
def combinations(n): . as $dot | [range(n) | $dot] | combinations;
def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);
def truncate_stream(s): . as $n | null | s | . as $x | if (.[0] | length) > $n then setpath([0]; $x[0][$n:]) else empty end;
def fromstream(f): {x: null, e: false} as $init
  | foreach f as $i ($init; if .e then $init end
    | if $i | length == 2
      then setpath(["e"]; $i[0] | length == 0) | setpath(["x"] + $i[0]; $i[1])
      else setpath(["e"]; $i[0] | length == 1) end;
    if .e then .x else empty end);
def INDEX(stream; f): reduce stream as $row ({}; setpath([$row | f | tostring]; $row));
def INDEX(f): INDEX(.[]; f);
def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
def JOIN($idx; f): [.[] | [., $idx[f]]];
def JOIN($idx; stream; f): stream | [., $idx[f]];
def JOIN($idx; stream; f; join): stream | [., $idx[f]] | join;

# Strings
def implode: __implode;
def ltrimstr($x): __ltrimstr($x);
def rtrimstr($x): __rtrimstr($x);
def startswith($x): __startswith($x);
def endswith($x): __endswith($x);
def split($x): __split($x);
def ascii: [.] | implode;

# Formats
def @csv: __csv;
def @tsv: __tsv;
def @sh: __sh;
def @base64d: tostring | __base64d;
def format($f):
  if $f == "text" then tostring elif $f == "json" then tojson
  elif $f == "csv" then @csv elif $f == "tsv" then @tsv elif $f == "html" then @html elif $f == "uri" then @uri
  elif $f == "sh" then @sh elif $f == "base64" then @base64 elif $f == "base64d" then @base64d
  else error("\($f) is not a valid format") end;

# Regular expressions
def test($re; $flags): __test($re; $flags);
def test($re): __test($re; null);
def match($re; $flags): __match($re; $flags)[];
def match($re): __match($re; null)[];
def capture($re; $flags): __capture($re; $flags)[];
def capture($re): __capture($re; null)[];
def scan($re; $flags): __scan($re; $flags)[];
def scan($re): __scan($re; null)[];
def splits($re; $flags): __splits($re; $flags)[];
def splits($re): __splits($re; null)[];
def split($re; $flags): __splits($re; $flags);
def sub($re; f; $flags): __sub($re; f; $flags);
def sub($re; f): sub($re; f; "");
def gsub($re; f; $flags): sub($re; f; $flags + "g");
def gsub($re; f): sub($re; f; "g");

# Dates
def __is_time: type == "array" and length >= 6 and all(.[]; type == "number");
def __mktime: mktime;
def mktime:
  if type != "array" then error("mktime requires array of 6 numbers")
  elif __is_time then __mktime else error("mktime requires parsed datetime inputs") end;
# Of the years that can be told, -9999 to 9999; what is beyond them would be taken for another time.
def __date:
  if type == "number" and (. > 253402300799 or . < -377705023201 and (isnan | not)) then error("\(.) is no time of the years -9999 to 9999") end;
def __gmtime: gmtime;
def gmtime: __date | __gmtime;
def __localtime: localtime;
def localtime: __date | __localtime;
def __strftime($f): __date | strftime($f);
def strftime($f):
  if type == "number" or __is_time then __strftime($f)
  elif type == "array" then error("strftime/1 requires parsed datetime inputs")
  else error("strftime/1 requires parsed datetime inputs") end;
def __strflocaltime($f): __date | strflocaltime($f);
def strflocaltime($f):
  if type == "number" or __is_time then __strflocaltime($f) else error("strflocaltime/1 requires parsed datetime inputs") end;
def __todate: todateiso8601;
def todateiso8601: if type == "number" then floor | __todate else strftime("%Y-%m-%dT%H:%M:%SZ") end;
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def todate: todateiso8601;
def fromdate: fromdateiso8601;
def dateadd(u; n): . + n;
def datesub(u; n): . - n;
def date: todate;
