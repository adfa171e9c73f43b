complete -c es-xform -s f -l from-file -d 'Read the program from a file, which may hold # comments' -r -F
complete -c es-xform -l from -d 'What the input is (default: hit lines or documents, told by the first line)' -r -f -a "hit\t'Hit lines, as es-scroll and elasticdump write them'
source\t'Documents, one a line, whatever they look like'
bulk\t'Pairs of an action line and a document, as for _bulk'
csv\t'Rows under a header, with commas and quotes'
tsv\t'Rows under a header, with tabs, \\t, \\n, \\r and \\\\'"
complete -c es-xform -l to -d 'What to write (default: hit lines stay hit lines, documents stay documents, pairs stay pairs)' -r -f -a "hit\t'Hit lines'
source\t'The documents alone, one a line'
bulk\t'Pairs of an action line and a document, as for _bulk'
csv\t'Rows under a header, with commas and quotes'
tsv\t'Rows under a header, with tabs, \\t, \\n, \\r and \\\\'"
complete -c es-xform -l arg -d 'Make VALUE the string $NAME in the program' -r
complete -c es-xform -l argjson -d 'Make the JSON value JSON $NAME in the program' -r
complete -c es-xform -l table -d 'Make a CSV or TSV file with a header the object $NAME: rows by their first column' -r
complete -c es-xform -l on-clash -d 'What rename does where its target is there already' -r -f -a "error\t'The record goes to the rejects'
replace\t'The target is overwritten'
skip\t'Nothing is renamed'"
complete -c es-xform -l preview -d 'Show the first N records before and after the program, and stop; nothing is written' -r
complete -c es-xform -l rejects -d 'Write the records that could not be handled to a new FILE, each with the reason' -r -F
complete -c es-xform -l max-rejects -d 'Stop, with status 1, when more than N records could not be handled (0: at the first)' -r
complete -c es-xform -l max-line -d 'Refuse lines longer than this, at least 256K; they are read past, not held' -r
complete -c es-xform -s j -l jobs -d 'Worker threads (default: one a core, at most 4); the order is kept' -r
complete -c es-xform -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-xform -l whole -d 'Make the whole line `.`, docinfo and all, instead of the document'
complete -c es-xform -l explain -d 'Tell how the program will be run, and stop'
complete -c es-xform -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-xform -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-xform -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-xform -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-xform -s V -l version -d 'Print version'
