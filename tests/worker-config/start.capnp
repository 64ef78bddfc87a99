# The worker of bench.capnp with one type of entity, and without what only tests need: how long it takes to start is measured
# with this one. For each class workerd opens one more database.

using Workerd = import "/workerd/workerd.capnp";
using Bench = import "bench.capnp";

const config :Workerd.Config = (
  services = [
    (name = "board", worker = .board),
    (name = "storage", disk = (path = "storage", writable = true)),
    (name = "site", disk = (path = ".")),
    # By itself workerd reads all certificates of the system, for requests to the internet that the example does not make.
    (name = "internet", network = (allow = [])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "board")],
);

const board :Workerd.Worker = (
  compatibilityDate = "2026-04-07",
  modules = Bench.modules,
  durableObjectNamespaces = [
    (className = "DocObject", uniqueKey = "doc", enableSql = true),
    (className = "PersonObject", uniqueKey = "person", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "storage"),
  bindings = [
    (name = "DocObject", durableObjectNamespace = "DocObject"),
    (name = "PersonObject", durableObjectNamespace = "PersonObject"),
    (name = "ASSETS", service = "site"),
    (name = "SESSION_KEY", fromEnvironment = "SESSION_KEY"),
    (name = "ENVIRONMENT", fromEnvironment = "ENVIRONMENT"),
    (name = "LINES", fromEnvironment = "LINES"),
    (name = "REQUESTS_PER_SECOND", fromEnvironment = "REQUESTS_PER_SECOND"),
    (name = "BYTES_PER_SECOND", fromEnvironment = "BYTES_PER_SECOND"),
    (name = "NEW_ENTITIES_PER_HOUR", fromEnvironment = "NEW_ENTITIES_PER_HOUR"),
    (name = "DAILY_BYTES", fromEnvironment = "DAILY_BYTES"),
  ],
);
