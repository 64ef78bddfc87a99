/** Pages, the SharedWorker and a server: what an application ships, from `connect` to the frames. */

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

import { Page, closeWorkers, killWorkers, reported, restartWorkers, server, until } from "./browser.mjs";
import { address, sample } from "./fixture.mjs";

const plain = () => sample({ total: 1n, byNumber: new Map(), byBig: new Map() });

const first = await Page.open();
const second = await Page.open();

after(() => {
  for (const page of [first, second]) {
    page.fire("pagehide");
  }
  closeWorkers();
});

/** Everything that a subscriber was called with. */
function watch(store) {
  const seen = [];
  const leave = store.subscribe((value) => seen.push(value));
  return { seen, leave, last: () => seen.at(-1) };
}

/** How often a hub has subscribed to the entity. */
const subscriptions = (id) =>
  server.requests.filter(({ method, entity }) => method === "subscribe" && entity === id).length;

/** Long enough for whatever is under way between pages and hub. */
const pause = () => wait(50);

test("what cannot work is said", async () => {
  const page = await Page.open();
  const { SharedWorker } = globalThis;
  globalThis.SharedWorker = undefined;
  await assert.rejects(page.connect(), /this browser has no SharedWorker/);
  await assert.rejects(page.shell.connect(), /the option `hub` is missing, the address of hub\.js/);
  await assert.rejects(page.connect({ wasm: undefined }), /the option `wasm` is missing, the address of the wasm/);
  globalThis.SharedWorker = SharedWorker;
  await assert.rejects(page.connect({ hub: address("nothing.js") }), /the hub at .*nothing\.js could not be started/);
  await assert.rejects(page.connect({ wasm: address("nothing.wasm") }), /nothing\.wasm/);
  const early = page.app.openSample("early");
  assert.equal(early.get(), undefined);
  assert.throws(() => early.set(plain()), (error) => error.status === 404 && error.reason === "loading");
  await assert.rejects(early.post(plain()), (error) => error.status === 503);
});

test("two pages connect to one hub with one socket", async () => {
  await first.connect();
  await first.connect();
  await assert.rejects(first.connect({ server: "/other" }), (error) => {
    assert.match(error.message, /connect\(\) was called before with the server ws:\/\/page\.test\/connect, and now with ws:/);
    return true;
  });
  await second.connect();
  await until(() => server.sockets.size === 1, "a socket");
  const url = new URL(server.addresses.at(-1));
  assert.equal(url.protocol + url.host + url.pathname, "ws:page.test/connect");
  assert.match(url.searchParams.get("browser"), /^[0-9a-f]{32}$/);
});

test("a store is absent, is posted, and lives in every page", async () => {
  const store = first.app.openSample("one");
  const { seen, last } = watch(store);
  assert.deepEqual(seen, [undefined], "called at once");
  await until(() => store.status.state === "absent", "the answer");
  assert.throws(() => store.set(plain()), (error) => error.status === 404 && error.reason === "absent");
  await assert.rejects(store.post({ ...plain(), title: 5 }), (error) => {
    assert.ok(error instanceof Error);
    assert.deepEqual([error.status, error.reason], [400, "shape"]);
    assert.equal(error.message, "title: expected a string, found a number");
    return true;
  });
  const meta = await store.post(plain());
  assert.equal(meta.person, "ann");
  assert.equal(meta.modified, server.entities.get("one").meta.modified);
  await until(() => last() !== undefined, "the value");
  assert.deepEqual(last(), plain());
  assert.equal(store.get(), last());
  assert.equal(store.id, "one");
  const other = watch(second.app.openSample("one"));
  await until(() => other.last() !== undefined, "the value in the other page");
  assert.deepEqual(other.last(), plain());
  await assert.rejects(store.post(plain()), (error) => error.status === 409 && error.reason === "exists");
});

test("an edit shows at once here, soon there, and reaches the server as a diff", async () => {
  const [mine, theirs] = [first.app.openSample("one"), second.app.openSample("one")];
  const [here, there] = [watch(mine), watch(theirs)];
  const before = mine.get();
  mine.set({ ...before, title: "Draw" });
  assert.equal(here.last().title, "Draw");
  assert.equal(mine.get().title, "Draw");
  assert.equal(mine.get().items, before.items);
  assert.equal(mine.status.pending, 1);
  await until(() => there.last().title === "Draw", "the other page");
  await until(() => mine.status.pending === 0, "the confirmation");
  assert.deepEqual(server.requests.at(-1).diff, { title: "Draw" });
  mine.patch({ small: 9 });
  mine.update((value) => ({ ...value, done: true }));
  await until(() => theirs.get().done && theirs.status.pending === 0, "both edits");
  assert.equal(theirs.get().small, 9);
  here.leave();
  here.leave();
  const calls = here.seen.length;
  server.push("one", { title: "Pushed" });
  await until(() => theirs.get().title === "Pushed" && mine.get().title === "Pushed", "the push");
  assert.equal(here.seen.length, calls, "who left is not called");
});

test("changing the value in place and setting it works, as in Svelte", async () => {
  const store = first.app.openSample("one");
  const { last } = watch(store);
  last().title = "In place";
  last().items.push({ text: "new", done: false, inner: [] });
  store.set(last());
  assert.equal(store.get().title, "In place");
  await until(() => store.status.pending === 0, "the confirmation");
  assert.equal(server.entities.get("one").value.title, "In place");
  assert.equal(server.entities.get("one").value.items.at(-1).text, "new");
  // What is refused is taken back, also out of the published value.
  const value = store.get();
  value.title = 5;
  assert.throws(() => store.set(value), /title: expected a string, found a number/);
  assert.equal(store.get().title, "In place");
  assert.equal(last().title, "In place");
});

test("subscribers may do anything", async () => {
  const store = first.app.openSample("one");
  const order = [];
  const leaveFirst = store.subscribe(({ small }) => {
    order.push(`first ${small}`);
    if (small === 20) {
      store.patch({ small: 21 });
      assert.equal(store.get().small, 21, "an edit within a call shows at once");
      throw new Error("a subscriber's own affair");
    }
  });
  let leaveThird;
  const leaveSecond = store.subscribe(({ small }) => {
    order.push(`second ${small}`);
    if (small === 21) {
      leaveThird();
      store.subscribe(() => order.push("late"))();
    }
  });
  leaveThird = store.subscribe(({ small }) => order.push(`third ${small}`));
  order.length = 0;
  store.patch({ small: 20 });
  assert.deepEqual(order, ["first 20", "first 21", "second 21", "late"].toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  assert.ok(order.indexOf("first 21") > order.indexOf("first 20"));
  assert.equal(reported.pop().message, "a subscriber's own affair");
  leaveFirst();
  leaveSecond();
  // A getter of the value that is being set reads and sets other things.
  const strange = { ...store.get() };
  Object.defineProperty(strange, "title", {
    enumerable: true,
    get: () => {
      first.app.openSample("two").subscribe(() => {});
      store.patch({ done: false });
      return "Read";
    },
  });
  store.set(strange);
  assert.deepEqual([store.get().title, store.get().done], ["Read", false]);
});

test("an exception of the user's change leaves the store as it was", () => {
  const store = first.app.openSample("one");
  const before = store.get();
  assert.throws(() => store.update(() => { throw new RangeError("mine"); }), RangeError);
  assert.throws(() => store.update(() => undefined), /expected an object \(Sample\), found undefined/);
  assert.deepEqual(store.get(), before);
  assert.throws(() => first.app.openSample(""), (error) => error.status === 400);
});

test("a connection that was lost comes back, and nothing is lost with it", async () => {
  const store = first.app.openSample("one");
  const { last } = watch(store);
  server.down = true;
  server.drop();
  await until(() => !store.status.connected, "the loss");
  store.patch({ title: "Offline" });
  assert.equal(last().title, "Offline");
  server.entities.get("one").value.small = 77;
  server.entities.get("one").meta = server.meta();
  server.down = false;
  first.fire("online");
  await until(() => store.status.connected && store.status.pending === 0, "the reconnection");
  assert.equal(server.entities.get("one").value.title, "Offline");
});

test("a page of another build says that it is outdated, and keeps what it shows", async () => {
  const store = first.app.openSample("one");
  const { last } = watch(store);
  await until(() => last() !== undefined && store.status.pending === 0, "the value");
  const built = server.requests.filter(({ method }) => method !== "unsubscribe").map(({ schema }) => schema);
  assert.equal(new Set(built).size, 1);
  assert.ok(Number.isSafeInteger(built[0]));
  server.schema = built[0] + 1;
  store.patch({ title: "Too late" });
  await until(() => store.status.state === "outdated", "the refusal");
  const { problem, pending } = store.status;
  assert.deepEqual([problem.status, problem.reason, pending], [426, "schema", 1]);
  assert.equal(last().title, "Too late");
  assert.throws(() => store.patch({ title: "Later" }), (error) => error.status === 426 && error.reason === "schema");
  await assert.rejects(store.delete(), (error) => error.status === 426);
  await pause();
  const requests = server.requests.length;
  await pause();
  assert.equal(server.requests.length, requests, "nothing is tried again");
  // The deploy is taken back: the next connection finds out, and the edit goes where it belongs.
  server.schema = undefined;
  server.drop();
  first.fire("online");
  await until(() => store.status.state === "live" && store.status.pending === 0, "the confirmation");
  assert.equal(server.entities.get("one").value.title, "Too late");
  assert.equal(store.status.problem, undefined);
});

test("a worker that was restarted under its pages finds them again", async () => {
  const store = second.app.openSample("one");
  const { last } = watch(store);
  const before = subscriptions("one");
  await restartWorkers();
  await until(() => server.sockets.size === 1, "the new hub");
  await until(() => subscriptions("one") > before, "its subscription");
  server.push("one", { title: "After the restart" });
  await until(() => last().title === "After the restart", "the push");
  store.patch({ small: 3 });
  await until(() => server.entities.get("one").value.small === 3, "the edit");
});

test("a page in the back/forward cache is silent, and catches up", async () => {
  const store = second.app.openSample("one");
  const { seen, last } = watch(store);
  await until(() => store.status.pending === 0, "the edit before");
  await pause();
  const save = () => store.patch({ small: 44 });
  second.events.addEventListener("pagehide", save, { once: true });
  second.fire("pagehide", { persisted: true });
  await until(() => server.entities.get("one").value.small === 44, "what the page saved as its last act");
  const calls = seen.length;
  server.push("one", { title: "Missed" });
  await until(() => first.app.openSample("one").get().title === "Missed", "the other page");
  await pause();
  assert.equal(seen.length, calls);
  second.fire("pageshow", { persisted: true });
  await until(() => last().title === "Missed", "the catching up");
});

test("a hub that died without a word is replaced when the page looks", async () => {
  const store = first.app.openSample("one");
  const { last } = watch(store);
  const before = subscriptions("one");
  killWorkers();
  first.document.dispatchEvent(new Event("visibilitychange"));
  await until(() => subscriptions("one") > before, "a new hub");
  server.push("one", { title: "From the new hub" });
  await until(() => last().title === "From the new hub", "the push");
});

test("a store that nobody uses is let go, after a while", async () => {
  const store = first.app.openSample("brief");
  store.subscribe(() => {})();
  await until(() => subscriptions("brief") === 1, "the subscription");
  assert.equal(store.status.state === "loading" || store.status.state === "absent", true);
  await until(() => store.status.state === "absent", "the answer");
  // Its state is forgotten with it.
  await until(() => store.status.state === "loading", "the end");
});
