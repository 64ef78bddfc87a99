# What `cargo xtask bench edits` and `fanout` measure: built with the feature `bench`, which adds one entity to the example. For the
# rest as test.capnp.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "board", worker = .board),
    (name = "control", worker = .control),
    # On disk: `inMemory` storage does not outlive an eviction.
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
  modules = .modules,
  durableObjectNamespaces = .classes,
  durableObjectStorage = (localDisk = "storage"),
  bindings = .bindings,
);

const modules :List(Workerd.Worker.Module) = [
  (name = "index.js", esModule = embed "../../examples/board/build-bench/index.js"),
  (name = "index_bg.wasm", wasm = embed "../../examples/board/build-bench/index_bg.wasm"),
];

const classes :List(Workerd.Worker.DurableObjectNamespace) = [
  (className = "BoardObject", uniqueKey = "board", enableSql = true),
  (className = "CardObject", uniqueKey = "card", enableSql = true),
  (className = "DocObject", uniqueKey = "doc", enableSql = true),
  (className = "PersonObject", uniqueKey = "person", enableSql = true),
];

const bindings :List(Workerd.Worker.Binding) = [
  (name = "BoardObject", durableObjectNamespace = "BoardObject"),
  (name = "CardObject", durableObjectNamespace = "CardObject"),
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
];

const control :Workerd.Worker = (
  compatibilityDate = "2026-04-07",
  compatibilityFlags = ["unsafe_module"],
  modules = [(name = "control.js", esModule = embed "control.js")],
  bindings = [
    (name = "BoardObject", durableObjectNamespace = (className = "BoardObject", serviceName = "board")),
    (name = "CardObject", durableObjectNamespace = (className = "CardObject", serviceName = "board")),
    (name = "DocObject", durableObjectNamespace = (className = "DocObject", serviceName = "board")),
    (name = "PersonObject", durableObjectNamespace = (className = "PersonObject", serviceName = "board")),
  ],
);
