# The floors of `cargo xtask bench edits` and `fanout`: what is left when everything but storing and sending is taken away.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "floor", worker = .floor),
    (name = "storage", disk = (path = "/nonexistent", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "floor")],
);

const floor :Workerd.Worker = (
  modules = [
    (name = "floor.js", esModule = embed "floor.js"),
    (name = "records.js", esModule = embed "records.js"),
  ],
  compatibilityDate = "2026-04-07",
  durableObjectNamespaces = [
    (className = "OneHop", uniqueKey = "one-hop", enableSql = true),
    (className = "TwoHop", uniqueKey = "two-hop", enableSql = true),
    (className = "Person", uniqueKey = "person", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "storage"),
  bindings = [
    (name = "OneHop", durableObjectNamespace = "OneHop"),
    (name = "TwoHop", durableObjectNamespace = "TwoHop"),
    (name = "Person", durableObjectNamespace = "Person"),
  ],
);
