# Where jaq and jq differ on changing a value, programs follow jq: these definitions come after jaq's own.

def setpath($path; $x): __setpath($path; $x);
def delpaths($paths): __delpaths($paths);
def del(f): delpaths([path(f)]);
def pick(f): . as $top | reduce path(f) as $p (null; setpath($p; $top | getpath($p)));

# l = r
def __assign(l; $r): reduce path(l) as $p (.; setpath($p; $r));

# l |= f; places for which f gives nothing go, all at the end
def __modify(l; f):
  reduce path(l) as $p ([., []];
    [first(.[0] | getpath($p) | f)] as $new
    | if $new == [] then .[1] += [$p] else .[0] |= setpath($p; $new[0]) end)
  | .[1] as $gone | .[0] | if $gone == [] then . else delpaths($gone) end;

# Absent stays absent. What is in the way of the old path makes it absent, what is in the way of the new one is an
# error; the field that moves is not in its own way.
def rename(f; t):
  [path(f)?] as $from
  | if __is_there($from) then [delpaths($from) | path(t)] as $to | __rename($from; $to) end;

# Fields whose names match a pattern, in which * stands for any text; of null nothing goes.
def del_keys($pattern): if . == null then . else with_entries(select(.key | __matches($pattern) | not)) end;
