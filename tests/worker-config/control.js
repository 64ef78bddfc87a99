// What a test does to an object from behind. It listens on a socket of its own: the Worker under test never sees it.
//
//   POST /evict/<Class>/<name>   drops the object's memory; its sockets stay open
//   GET  /rows/<Class>/<name>    {"read", "written"}: rows of the object's tables since it woke up; {"stored"}: bytes;
//                                {"calls"}: pushes that it sent since
//   GET  /memory/<Class>/<name>  {"wasm", "held"}: bytes of the isolate's wasm, and what its machines hold, about
//   GET  /alarm/<Class>/<name>   {"at"}: when the object wakes by itself, in milliseconds, or null
//   POST /message/<Class>/<name> hands the object the body as a Person's object would; `x-test-now` is its clock then

import unsafe from "workerd:unsafe";

// An object that the Worker under test has a binding for, and that is no entity. It counts who asks.
export class Secret {
  #asked = 0;

  fetch(request) {
    const isLook = new URL(request.url).pathname === "/debug/rows";
    return Response.json({ calls: isLook ? this.#asked : ++this.#asked });
  }
}

export default {
  async fetch(request, env) {
    const [, action, Class, name] = new URL(request.url).pathname.split("/").map(decodeURIComponent);
    const namespace = env[Class];
    if (!namespace || !name) {
      return new Response("expected /<action>/<Class>/<name>", { status: 404 });
    }
    const object = namespace.getByName(name);
    switch (action) {
      case "evict":
        await unsafe.evict(object, { webSockets: "hibernate" });
        return new Response("evicted");
      case "rows":
      case "memory":
      case "alarm":
        return object.fetch(`https://object/debug/${action}`, { method: "POST" });
      case "message":
        return object.fetch("https://object/message", request);
      default:
        return new Response("no such action", { status: 404 });
    }
  },
};
