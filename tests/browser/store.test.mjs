/** The contract of the stores, in a page that was put together without any bundler. */

import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { startChromium } from "./harness.mjs";
import { BOARD, Workerd } from "./workerd.mjs";

describe("a store", () => {
  let chromium, workerd, site, page;

  before(async () => {
    site = await mkdtemp(join(tmpdir(), "temporal-entity-site-"));
    await writeFile(join(site, "index.html"), "<!doctype html><title>Stores</title>");
    await cp(join(BOARD, "web/pkg"), join(site, "pkg"), { recursive: true });
    workerd = await Workerd.start({ site });
    chromium = await startChromium();
    page = await chromium.newPage();
    await page.goto(workerd.origin);
    await page.evaluate(async () => {
      const headers = { "content-type": "application/json" };
      await fetch("/login", { method: "POST", headers, body: '{"name":"Ada"}' });
      const { connect } = await import("/pkg/tab.js");
      const { openCard } = await import("/pkg/board.js");
      await connect({ hub: "/pkg/hub.js", wasm: "/pkg/board_bg.wasm" });
      const facts = { body: "", status: "todo", votes: 1n, assignee: null };
      Object.assign(globalThis, {
        openCard,
        /** A card that exists. */
        async newCard(title) {
          const store = openCard(crypto.randomUUID());
          const checklist = [
            { id: "a", text: "first", done: false },
            { id: "b", text: "second", done: false },
          ];
          await store.post({ ...facts, title, checklist, labels: { soon: "red" } });
          await when(store, () => store.status.state === "live");
          return store;
        },
        /** Waits for a condition on the store. */
        when(store, condition) {
          return new Promise((resolve) => {
            let leave;
            leave = store.subscribe(() => condition() && queueMicrotask(() => resolve(leave())));
          });
        },
        /** What is thrown. */
        thrown(work) {
          try {
            work();
          } catch (error) {
            return { name: error.name, status: error.status, reason: error.reason, message: error.message };
          }
        },
      });
    });
  });
  after(async () => {
    await chromium.close();
    await workerd.stop();
    await rm(site, { recursive: true });
  });

  test("calls a subscriber at once, then for every change, and not after it left", async () => {
    const seen = await page.evaluate(async () => {
      const store = await newCard("One");
      const seen = [];
      const leave = store.subscribe((card) => seen.push(card.title));
      seen.push("subscribed");
      store.patch({ title: "Two" });
      store.update((card) => ({ ...card, title: "Three" }));
      store.set({ ...store.get(), title: "Four" });
      seen.push("edited");
      leave();
      leave();
      store.patch({ title: "Five" });
      return [seen, store.get().title];
    });
    assert.deepEqual(seen, [["One", "subscribed", "Two", "Three", "Four", "edited"], "Five"]);
  });

  test("is undefined while it loads and where there is nothing", async () => {
    const seen = await page.evaluate(async () => {
      const store = openCard("nowhere");
      const seen = [];
      store.subscribe((card) => seen.push([store.status.state, card]));
      await when(store, () => store.status.state === "absent");
      return [seen[0], seen.at(-1), store.meta];
    });
    assert.deepEqual(seen, [["loading", undefined], ["absent", undefined], undefined]);
  });

  test("keeps every part that did not change", async () => {
    const same = await page.evaluate(async () => {
      const store = await newCard("Parts");
      const before = store.get();
      store.patch({ title: "Other parts" });
      const after = store.get();
      const one = { ...after, checklist: after.checklist.map((item) => ({ ...item, done: item.id === "a" })) };
      store.set(one);
      await when(store, () => store.status.pending === 0);
      const last = store.get();
      return {
        whole: before === after,
        list: before.checklist === after.checklist,
        map: before.labels === after.labels && after.labels === last.labels,
        changed: before.checklist[0] === last.checklist[0],
        item: before.checklist[1] === last.checklist[1],
        handles: store.get() === openCard(store.id).get(),
      };
    });
    assert.deepEqual(same, { whole: false, list: true, map: true, changed: false, item: true, handles: true });
  });

  test("says where a value is wrong, and takes nothing of it", async () => {
    const { errors, title } = await page.evaluate(async () => {
      const store = await newCard("Right");
      const wrong = { ...store.get(), checklist: [{ id: "a", text: 5, done: false }] };
      const errors = [
        thrown(() => store.patch({ title: "Wrong", votes: "1" })),
        thrown(() => store.set(wrong)),
        thrown(() => store.patch({ labels: { soon: "ultraviolet" } })),
        thrown(() => store.patch({ titel: "Wrong" })),
        thrown(() => openCard("").get()),
        thrown(() => openCard("not there yet").patch({ title: "x" })),
      ];
      return { errors, title: store.get().title };
    });
    const expected = [/votes/, /checklist.*0.*text.*string/, /labels.*soon.*red/, /titel/, /1 to 128/, /not loaded/];
    errors.forEach((error, index) => assert.match(error?.message ?? "nothing was thrown", expected[index]));
    assert.deepEqual(errors.slice(0, 4).map(({ status }) => status), [400, 400, 400, 400]);
    assert.equal(title, "Right");
  });

  test("tells who changed it and when, in microseconds", async () => {
    const [before, first, second] = await page.evaluate(async () => {
      const before = Date.now();
      const store = await newCard("Meta");
      const first = store.meta;
      store.patch({ title: "More meta" });
      await when(store, () => store.status.pending === 0);
      return [before, first, store.meta];
    });
    assert.equal(first.person, "ada");
    assert.ok(Math.abs(first.modified / 1000 - before) < 60_000, "close to this machine's clock");
    assert.ok(second.modified > first.modified);
    assert.equal(second.validFrom, first.validFrom, "within the hour it is the same snapshot");
  });

  test("refuses what cannot be: a second creation, undeleting what is there, editing what is gone", async () => {
    const problems = await page.evaluate(async () => {
      const store = await newCard("Once");
      const rejected = (promise) => promise.then(() => "fulfilled", ({ status, reason }) => [status, reason]);
      const second = await rejected(store.post(store.get()));
      const undeleted = await rejected(store.undelete());
      const meta = await store.delete();
      await when(store, () => store.status.state === "deleted");
      const edit = thrown(() => store.patch({ title: "x" })).message;
      const kept = store.get().title;
      await store.undelete();
      await when(store, () => store.status.state === "live");
      return { second, undeleted, deleted: meta.deleted, edit, kept, back: store.get().title };
    });
    assert.deepEqual(problems, {
      second: [409, "exists"],
      undeleted: [400, "notDeleted"],
      deleted: true,
      edit: "the entity is deleted: undelete it first",
      kept: "Once",
      back: "Once",
    });
  });
});
