complete -c es-cat -s c -d 'Only these columns, in this order; +NAME adds one to what there is' -r
complete -c es-cat -s s -l sort -d 'Sort by these columns, each ascending unless :desc follows' -r
complete -c es-cat -l where -d 'Only rows for which this holds, such as \'store.size > 10GB\'' -r
complete -c es-cat -l top -d 'Only the first rows, after sorting' -r
complete -c es-cat -s Q -l query-string -d 'Of the report count: only documents that match \'status:500\'' -r
complete -c es-cat -l expect -d 'So many rows there must be, else exit with 4' -r
complete -c es-cat -l watch -d 'Ask again every TIME' -r
complete -c es-cat -l wait-for -d 'Ask until this holds for every row, then show them' -r
complete -c es-cat -l timeout -d 'Give up waiting after TIME, with status 6 [default: never]' -r
complete -c es-cat -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-cat -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-cat -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-cat -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-cat -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-cat -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-cat -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-cat -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-cat -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-cat -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-cat -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-cat -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-cat -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-cat -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-cat -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-cat -l all -d 'All columns that the server has'
complete -c es-cat -l columns -d 'List the columns of the report, with types; no server is asked'
complete -c es-cat -l strict -d 'Fail if the server lacks a column, instead of leaving it empty with a warning'
complete -c es-cat -l hidden -d 'Hidden indices too'
complete -c es-cat -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-cat -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-cat -l json -d 'A JSON object for each row, one a line'
complete -c es-cat -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-cat -s n -l no-header -d 'Without the names of the columns'
complete -c es-cat -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-cat -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-cat -l compressed -d 'Send and receive gzip'
complete -c es-cat -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-cat -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-cat -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-cat -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-cat -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-cat -s V -l version -d 'Print version'
