/** What goes wrong, as pages are told: refused edits, entities that cannot be read, mistakes of the page. */

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Page, closeWorkers, server, until } from "./browser.mjs";
import { sample } from "./fixture.mjs";

const plain = (parts = {}) => sample({ total: 1n, byNumber: new Map(), byBig: new Map(), ...parts });

/** Refuses a request, if it says so. */
let refuse = () => undefined;
const { answer } = server;
server.answer = (request) => {
  const refusal = refuse(request);
  return refusal === undefined ? answer.call(server, request) : { id: request.id, message: "no", ...refusal };
};

const first = await Page.open();
const second = await Page.open();
await first.connect({ development: true });
await second.connect();

after(() => {
  for (const page of [first, second]) {
    page.fire("pagehide");
  }
  closeWorkers();
});

async function posted(id) {
  const store = first.app.openSample(id);
  store.subscribe(() => {});
  await store.post(plain());
  await until(() => store.get() !== undefined, "the value");
  return store;
}

test("an id must be a string", () => {
  for (const id of [7, undefined, null, {}]) {
    assert.throws(() => first.app.openSample(id), (error) => {
      assert.deepEqual([error.status, error.message], [400, "the id must be a string"]);
      return true;
    });
  }
});

test("a refused edit stays in every page until it is dismissed", async () => {
  const store = await posted("refused");
  const other = second.app.openSample("refused");
  other.subscribe(() => {});
  await until(() => other.get() !== undefined, "the other page");
  refuse = ({ diff }) => (diff?.title === "Wrong" ? { status: 400, reason: "invalid" } : undefined);
  store.patch({ title: "Wrong" });
  await until(() => other.status.problems.length === 1, "the refusal");
  store.patch({ small: 1 });
  await until(() => store.status.pending === 0, "an edit that succeeds");
  const [problem] = store.status.problems;
  const { id, when, ...rest } = problem;
  const paths = ["title"];
  const expected = { status: 400, reason: "invalid", message: "no", paths, mine: { title: "Wrong" }, theirs: { title: "Paint" } };
  assert.deepEqual(rest, expected);
  assert.ok(Number.isSafeInteger(id) && Math.abs(when / 1000 - Date.now()) < 60_000);
  assert.deepEqual(other.status.problems, [problem]);
  other.dismiss(id);
  assert.deepEqual(other.status.problems, []);
  await until(() => store.status.problems.length === 0, "the dismissal");
});

test("what cannot be read is failed, and a post is answered", async () => {
  refuse = ({ entity }) => (entity === "old" ? { status: 500, reason: "unreadable" } : undefined);
  const store = first.app.openSample("old");
  store.subscribe(() => {});
  await assert.rejects(store.post(plain()), (error) => error.status === 500 && error.reason === "unreadable");
  assert.equal(store.status.state, "failed");
  assert.deepEqual([store.status.problem.reason, store.status.problem.message], ["unreadable", "no"]);
  assert.throws(() => store.patch({ small: 1 }), (error) => error.reason === "unreadable");
  const asked = () => server.requests.filter(({ entity }) => entity === "old").length;
  const before = asked();
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(asked(), before, "nothing is repeated");
});

test("what is absent is created once", async () => {
  refuse = ({ method, entity }) =>
    method === "post" && entity === "invalid" ? { status: 400, reason: "invalid" } : undefined;
  const invalid = first.app.openSample("invalid");
  invalid.createIfAbsent(plain());
  invalid.subscribe(() => {});
  await until(() => invalid.status.problems.length === 1, "the refusal");
  assert.deepEqual([invalid.status.state, invalid.status.problems[0].reason], ["absent", "invalid"]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const posts = server.requests.filter(({ method, entity }) => method === "post" && entity === "invalid");
  assert.equal(posts.length, 1);
  const store = first.app.openSample("created");
  store.createIfAbsent(plain({ title: "First" }));
  store.subscribe(() => {});
  await until(() => store.get()?.title === "First", "the value");
  assert.throws(() => store.createIfAbsent({ title: 5 }), /title: expected a string/);
});

test("the status says who is logged in, and when the session is over", async () => {
  const store = first.app.openSample("created");
  await until(() => store.status.person === "ann", "the person");
  assert.equal(store.status.signedOut, false);
  server.drop(4401);
  await until(() => store.status.signedOut, "the end of the session");
  assert.equal(second.app.openSample("refused").status.signedOut, true);
});

test("in development a snapshot cannot be written into", async () => {
  const value = first.app.openSample("created").get();
  assert.throws(() => (value.title = "Mine"), TypeError);
  assert.throws(() => value.items.push(1), TypeError);
  assert.throws(() => (value.items[0].text = "x"), TypeError);
  assert.throws(() => value.byNumber.set(1, value.owner), /use the store/);
  const free = second.app.openSample("refused").get();
  free.title = "Mine";
});
