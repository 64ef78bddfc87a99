# As test.capnp, with the build that unwinds: the same objects in the same storage, a deployment later.

using Workerd = import "/workerd/workerd.capnp";
using Test = import "test.capnp";

const config :Workerd.Config = (
  services = [
    (name = "board", worker = .board),
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
  modules = [
    (name = "index.js", esModule = embed "../../examples/board/build-unwind/index.js"),
    (name = "index_bg.wasm", wasm = embed "../../examples/board/build-unwind/index_bg.wasm"),
  ],
  durableObjectNamespaces = Test.classes,
  durableObjectStorage = (localDisk = "storage"),
  bindings = Test.bindings,
);
