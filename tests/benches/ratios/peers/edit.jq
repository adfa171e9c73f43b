._source |= (.app = .service | .host.id = .host.name | del(.service, .host.name, .agent.id) | .stage = "prod")
