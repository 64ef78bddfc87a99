# Runs the example on this machine. `cargo xtask demo` builds what is embedded here and starts it:
#
#     workerd serve workerd.capnp --experimental --socket-addr http=127.0.0.1:8787 \
#         --directory-path storage=<folder> --directory-path site=web/dist
#
# with SESSION_KEY and ENVIRONMENT in the environment. For a deployment see wrangler.toml.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "board", worker = .board),
    # Without a path of their own, so that nothing is written where nobody asked for it.
    (name = "storage", disk = (path = "storage", writable = true)),
    (name = "site", disk = (path = "site")),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "board")],
);

const board :Workerd.Worker = (
  compatibilityDate = "2026-04-07",
  modules = [
    (name = "index.js", esModule = embed "build/index.js"),
    (name = "index_bg.wasm", wasm = embed "build/index_bg.wasm"),
  ],
  # The keys name the folders in the storage: changing one abandons what is stored.
  durableObjectNamespaces = [
    (className = "BoardObject", uniqueKey = "board", enableSql = true),
    (className = "CardObject", uniqueKey = "card", enableSql = true),
    (className = "PersonObject", uniqueKey = "person", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "storage"),
  bindings = [
    (name = "BoardObject", durableObjectNamespace = "BoardObject"),
    (name = "CardObject", durableObjectNamespace = "CardObject"),
    (name = "PersonObject", durableObjectNamespace = "PersonObject"),
    (name = "ASSETS", service = "site"),
    (name = "SESSION_KEY", fromEnvironment = "SESSION_KEY"),
    (name = "ENVIRONMENT", fromEnvironment = "ENVIRONMENT"),
    (name = "LINES", fromEnvironment = "LINES"),
    # Under which names it is served besides those that lead to this machine.
    (name = "ALLOWED_HOSTS", fromEnvironment = "ALLOWED_HOSTS"),
    (name = "QUOTA_BYTES", fromEnvironment = "QUOTA_BYTES"),
    (name = "DAILY_BYTES", fromEnvironment = "DAILY_BYTES"),
  ],
);
