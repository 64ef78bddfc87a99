# As test.capnp, without a Person that can be reached.

using Workerd = import "/workerd/workerd.capnp";
using Test = import "test.capnp";

const config :Workerd.Config = (
  services = [
    (name = "board", worker = .board),
    (name = "unreachable", worker = .unreachable),
    (name = "control", worker = Test.control),
    (name = "storage", disk = (path = "storage", writable = true)),
    (name = "site", disk = (path = ".")),
  ],
  sockets = [
    (name = "http", address = "127.0.0.1:0", http = (), service = "board"),
    (name = "control", address = "127.0.0.1:0", http = (), service = "control"),
  ],
);

const board :Workerd.Worker = (
  compatibilityDate = "2026-04-07",
  modules = Test.modules,
  durableObjectNamespaces = Test.classes,
  durableObjectStorage = (localDisk = "storage"),
  bindings = [
    (name = "PersonObject", durableObjectNamespace = (className = "PersonObject", serviceName = "unreachable")),
    (name = "SESSION_KEY", fromEnvironment = "SESSION_KEY"),
    (name = "ENVIRONMENT", fromEnvironment = "ENVIRONMENT"),
  ],
);

const unreachable :Workerd.Worker = (
  compatibilityDate = "2026-04-07",
  modules = [(name = "unreachable.js", esModule = embed "unreachable.js")],
  durableObjectNamespaces = [(className = "PersonObject", uniqueKey = "unreachable", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),
);
