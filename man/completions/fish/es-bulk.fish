complete -c es-bulk -l from -d 'What the input consists of, where its first line must not decide' -r -f -a "hit\t'Hit lines: `{"_index":…,"_id":…,"_source":{…}}`'
bulk\t'Action lines, each followed by its document'
source\t'One document a line'"
complete -c es-bulk -l op -d 'What to do with each record' -r -f -a "create\t'Only what is not there yet'
index\t'Replace what is there'
update\t'Merge into what is there'
delete\t'Delete by id'
keep\t'Action pairs as they are'"
complete -c es-bulk -l version-type -d 'Send each record\'s `_version`: what is there stays if it is newer (with --op index or delete)' -r -f -a "external\t''
external_gte\t''"
complete -c es-bulk -l id -d 'Take the id from this field of the document' -r
complete -c es-bulk -l routing -d 'Take the routing from this field of the document' -r
complete -c es-bulk -l id-seed -d 'Make the ids of documents from standard input the same every time' -r
complete -c es-bulk -l conflicts -d 'What to do when a document is there already' -r -f -a "skip\t'It is there already: leave it'
compare\t'Fetch it; refuse the record if it differs in any byte'
reject\t'Refuse the record'"
complete -c es-bulk -l pipeline -d 'Send every document through this ingest pipeline of the server' -r
complete -c es-bulk -l type -d 'The type of documents that have none, on servers before 7' -r
complete -c es-bulk -l create-index -d 'Create indices that are missing, with mapping and settings of FILE' -r -F
complete -c es-bulk -l set -d 'A setting of them, such as index.number_of_shards=3' -r
complete -c es-bulk -s j -l jobs -d 'Requests in flight at a time' -r
complete -c es-bulk -l bulk-size -d 'Bytes in one request' -r
complete -c es-bulk -l bulk-docs -d 'Documents in one request' -r
complete -c es-bulk -l rejects -d 'Write refused records here, with the reason' -r -F
complete -c es-bulk -l max-rejects -d 'Exit with 1 at more than N refused [default: 999 without --rejects]' -r
complete -c es-bulk -l max-line -d 'Refuse lines longer than this, at least 256K; they are read past, not held' -r
complete -c es-bulk -l expect -d 'So many records must be in their place at the end, else exit with 4' -r
complete -c es-bulk -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-bulk -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-bulk -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-bulk -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-bulk -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-bulk -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-bulk -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-bulk -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-bulk -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-bulk -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-bulk -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-bulk -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-bulk -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-bulk -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-bulk -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-bulk -l upsert -d 'With --op update: create what is not there'
complete -c es-bulk -l require-alias -d 'Refuse targets that are not an alias'
complete -c es-bulk -l refresh -d 'Refresh the indices at the end, so that searches find what was loaded'
complete -c es-bulk -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-bulk -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-bulk -l compressed -d 'Send and receive gzip'
complete -c es-bulk -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-bulk -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-bulk -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-bulk -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-bulk -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-bulk -s V -l version -d 'Print version'
