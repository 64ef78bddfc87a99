# The example under test: built with the feature `bench`, with a second worker that does what no client may.
#
#     workerd serve test.capnp --experimental --control-fd=1 \
#         --directory-path storage=<folder> [--directory-path site=<folder>]
#
# with SESSION_KEY and ENVIRONMENT=test in the environment, TEST_PART_BYTES where values are to be cut into small parts,
# TEST_VALUE_BYTES where small ones are to be too large, and TEST_PING_SECONDS where pings are to come often. It says on its standard output on which ports the sockets `http` and `control` listen.

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
  (name = "index.js", esModule = embed "../../examples/board/build-test/index.js"),
  (name = "index_bg.wasm", wasm = embed "../../examples/board/build-test/index_bg.wasm"),
];

const classes :List(Workerd.Worker.DurableObjectNamespace) = [
  (className = "BoardObject", uniqueKey = "board", enableSql = true),
  (className = "CardObject", uniqueKey = "card", enableSql = true),
  (className = "DocObject", uniqueKey = "doc", enableSql = true),
  (className = "FragileObject", uniqueKey = "fragile", enableSql = true),
  (className = "NoteObject", uniqueKey = "note", enableSql = true),
  (className = "PageObject", uniqueKey = "page", enableSql = true),
  (className = "PersonObject", uniqueKey = "person", enableSql = true),
  (className = "SheetObject", uniqueKey = "sheet", enableSql = true),
];

const bindings :List(Workerd.Worker.Binding) = [
  (name = "BoardObject", durableObjectNamespace = "BoardObject"),
  (name = "CardObject", durableObjectNamespace = "CardObject"),
  (name = "DocObject", durableObjectNamespace = "DocObject"),
  (name = "FragileObject", durableObjectNamespace = "FragileObject"),
  (name = "NoteObject", durableObjectNamespace = "NoteObject"),
  (name = "PageObject", durableObjectNamespace = "PageObject"),
  (name = "PersonObject", durableObjectNamespace = "PersonObject"),
  # No binding for sheets: so they are a type that cannot be reached.
  # A namespace that the app has for itself, and that is no type of entities.
  (name = "SecretObject", durableObjectNamespace = (className = "Secret", serviceName = "control")),
  (name = "ASSETS", service = "site"),
  (name = "SESSION_KEY", fromEnvironment = "SESSION_KEY"),
  (name = "ENVIRONMENT", fromEnvironment = "ENVIRONMENT"),
  (name = "TEST_PART_BYTES", fromEnvironment = "TEST_PART_BYTES"),
  (name = "REQUESTS_PER_SECOND", fromEnvironment = "REQUESTS_PER_SECOND"),
  (name = "PERSON_REQUESTS_PER_SECOND", fromEnvironment = "PERSON_REQUESTS_PER_SECOND"),
  (name = "BYTES_PER_SECOND", fromEnvironment = "BYTES_PER_SECOND"),
  (name = "NEW_ENTITIES_PER_HOUR", fromEnvironment = "NEW_ENTITIES_PER_HOUR"),
  (name = "PERSON_SUBSCRIPTIONS", fromEnvironment = "PERSON_SUBSCRIPTIONS"),
  (name = "PERSON_LINES", fromEnvironment = "PERSON_LINES"),
  (name = "ALLOWED_HOSTS", fromEnvironment = "ALLOWED_HOSTS"),
  (name = "UNREAD_BYTES", fromEnvironment = "UNREAD_BYTES"),
  (name = "TEST_VALUE_BYTES", fromEnvironment = "TEST_VALUE_BYTES"),
  (name = "TEST_PING_SECONDS", fromEnvironment = "TEST_PING_SECONDS"),
  (name = "LINES", fromEnvironment = "LINES"),
  (name = "QUOTA_BYTES", fromEnvironment = "QUOTA_BYTES"),
  (name = "DAILY_BYTES", fromEnvironment = "DAILY_BYTES"),
];

const control :Workerd.Worker = (
  compatibilityDate = "2026-04-07",
  compatibilityFlags = ["unsafe_module"],
  modules = [(name = "control.js", esModule = embed "control.js")],
  durableObjectNamespaces = [(className = "Secret", uniqueKey = "secret", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),
  bindings = [
    (name = "SecretObject", durableObjectNamespace = "Secret"),
    (name = "BoardObject", durableObjectNamespace = (className = "BoardObject", serviceName = "board")),
    (name = "CardObject", durableObjectNamespace = (className = "CardObject", serviceName = "board")),
    (name = "DocObject", durableObjectNamespace = (className = "DocObject", serviceName = "board")),
    (name = "NoteObject", durableObjectNamespace = (className = "NoteObject", serviceName = "board")),
    (name = "PageObject", durableObjectNamespace = (className = "PageObject", serviceName = "board")),
    (name = "SheetObject", durableObjectNamespace = (className = "SheetObject", serviceName = "board")),
    (name = "FragileObject", durableObjectNamespace = (className = "FragileObject", serviceName = "board")),
    (name = "PersonObject", durableObjectNamespace = (className = "PersonObject", serviceName = "board")),
  ],
);
