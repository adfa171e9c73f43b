complete -c es-scroll -s d -l query -d 'Only documents that match this search body' -r
complete -c es-scroll -s Q -l query-string -d 'Only documents that match, as in \'status:500 AND host:a*\'' -r
complete -c es-scroll -l since -d 'Only documents since TIME: 7d (ago), 2016-04-01 or RFC 3339' -r
complete -c es-scroll -l until -d 'Only documents before TIME' -r
complete -c es-scroll -l time-field -d 'The field that --since and --until look at' -r
complete -c es-scroll -l source-includes -d 'Only these fields of the documents' -r
complete -c es-scroll -l source-excludes -d 'Without these fields' -r
complete -c es-scroll -l max-docs -d 'At most so many documents' -r
complete -c es-scroll -l meta -d 'More docinfo in each line' -r -f -a "version\t''
seq_no\t''"
complete -c es-scroll -l api -d 'How to read; auto takes the best that the server can' -r -f -a "auto\t''
seq\t''
pit\t''
scroll\t''"
complete -c es-scroll -s j -l jobs -d 'How many shards are read at a time [default: all, at most 8]' -r
complete -c es-scroll -l keep-alive -d 'How long the server keeps its view while nothing is asked [default: 5m; 30m for a scroll]' -r
complete -c es-scroll -l page-size -d 'Documents a page [default: pages start near 1 MB and find the size that reads fastest]' -r
complete -c es-scroll -l share -d 'Part I of N of the shards, for several machines' -r
complete -c es-scroll -l expect -d 'So many documents there must be, else exit with 4' -r
complete -c es-scroll -s o -l output -d 'Write to FILE, which exists only once it is whole; .gz, .zst compress' -r -F
complete -c es-scroll -l manifest -d 'Write the manifest to another file' -r -F
complete -c es-scroll -l compress -d 'Compress whatever the name of the output' -r -f -a "gz\t''
zst\t''"
complete -c es-scroll -l level -d 'How hard to compress [default: 6 for gz, 3 for zst]' -r
complete -c es-scroll -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-scroll -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-scroll -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-scroll -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-scroll -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-scroll -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-scroll -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-scroll -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-scroll -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-scroll -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-scroll -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-scroll -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-scroll -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-scroll -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-scroll -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-scroll -l ids -d 'Docinfo alone, without documents'
complete -c es-scroll -l schema-only -d 'Print settings, mappings and aliases instead, to create the indices again'
complete -c es-scroll -l refresh -d 'Refresh first, so that what was just written is read too'
complete -c es-scroll -l allow-partial -d 'If shards cannot be read, write what there is and exit with 3'
complete -c es-scroll -l force -d 'Replace FILE if it exists'
complete -c es-scroll -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-scroll -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-scroll -l compressed -d 'Send and receive gzip'
complete -c es-scroll -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-scroll -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-scroll -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-scroll -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-scroll -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-scroll -s V -l version -d 'Print version'
