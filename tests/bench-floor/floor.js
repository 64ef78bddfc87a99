// Two hand-written ways from one browser's edit to all the others, each as short as it can honestly be: the edit is
// stored before it is sent, sockets hibernate, the writer gets an answer. Neither checks, merges, or remembers.
//
//   OneHop: socket -> object -> sockets
//   TwoHop: socket -> Person -> object -> Persons -> sockets

import { DurableObject } from "cloudflare:workers";
import { Records } from "./records.js";

const answer = (version) => JSON.stringify({ stored: version });
const push = (version, edit) => JSON.stringify({ version, edit });

class Stored extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.records = new Records(ctx.storage.sql);
    this.calls = 0;
  }

  async fetch(request) {
    if (request.method === "PUT") {
      this.records.load(await request.json());
    }
    const stored = this.ctx.storage.sql.databaseSize;
    return Response.json({ written: this.records.rowsWritten, stored, calls: this.calls });
  }
}

// A socket with the tag hears of changes.
const HEARS = "hears";
const isDeaf = (request) => request.url.endsWith("/deaf");

function accept(ctx, request) {
  const { 0: client, 1: server } = new WebSocketPair();
  ctx.acceptWebSocket(server, isDeaf(request) ? [] : [HEARS]);
  return new Response(null, { status: 101, webSocket: client });
}

export class OneHop extends Stored {
  fetch(request) {
    return request.headers.has("upgrade") ? accept(this.ctx, request) : super.fetch(request);
  }

  webSocketMessage(from, message) {
    const edit = JSON.parse(message);
    const version = this.records.edit(edit);
    const text = push(version, edit);
    for (const socket of this.ctx.getWebSockets(HEARS)) {
      if (socket !== from) socket.send(text);
    }
    from.send(answer(version));
  }
}

const post = (body) => ({ method: "POST", body });

export class TwoHop extends Stored {
  persons = new Map();

  async fetch(request) {
    const from = request.headers.get("x-person");
    if (!from) return super.fetch(request);
    if (request.method === "GET") {
      this.persons.set(from, this.env.Person.getByName(from));
      return new Response();
    }
    const edit = await request.json();
    const version = this.records.edit(edit);
    const text = push(version, edit);
    for (const [person, stub] of this.persons) {
      if (person === from) continue;
      this.calls += 1;
      this.ctx.waitUntil(stub.fetch("https://person/", post(text)));
    }
    return new Response(answer(version));
  }
}

export class Person extends DurableObject {
  async fetch(request) {
    if (request.headers.has("upgrade")) {
      const [, , entity, person] = new URL(request.url).pathname.split("/");
      this.headers = { "x-person": person };
      this.entity = this.env.TwoHop.getByName(entity);
      if (!isDeaf(request)) await this.entity.fetch("https://entity/", { headers: this.headers });
      return accept(this.ctx, request);
    }
    const text = await request.text();
    for (const socket of this.ctx.getWebSockets()) socket.send(text);
    return new Response();
  }

  async webSocketMessage(socket, message) {
    const edit = { ...post(message), headers: this.headers };
    const stored = await this.entity.fetch("https://entity/", edit);
    socket.send(await stored.text());
  }
}

// `/OneHop/<entity>/<person>` and `/TwoHop/<entity>/<person>`: a socket; with `/deaf` behind it: of a person who only
// writes; without the person: the object itself.
export default {
  fetch(request, env) {
    const [, kind, entity, person] = new URL(request.url).pathname.split("/");
    const proxied = kind === "TwoHop" && person;
    const stub = proxied ? env.Person.getByName(person) : env[kind].getByName(entity);
    return stub.fetch(request);
  },
};
