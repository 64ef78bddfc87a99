# As bench.capnp, without what only tests need: no worker that controls it. How long it takes to start is measured with this one.

using Workerd = import "/workerd/workerd.capnp";
using Bench = import "bench.capnp";

const config :Workerd.Config = (
  services = [
    (name = "board", worker = Bench.board),
    (name = "storage", disk = (path = "storage", writable = true)),
    (name = "site", disk = (path = ".")),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "board")],
);
