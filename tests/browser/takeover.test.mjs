/**
 * A SharedWorker that dies or hangs under its tabs: another one takes its place, and no edit of a living tab is lost or
 * carried out twice. `ROUNDS` sets how often each is tried.
 */

import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, describe, test } from "node:test";

import { Tab, allShow, startChromium, until, untilEqual } from "./harness.mjs";
import { Relay } from "./relay.mjs";
import { Worker, workers } from "./worker.mjs";
import { Workerd } from "./workerd.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 10);

/** How long a worker that is dead may stay unnoticed. */
const NOTICED = 3_000;

/** How long a worker lives here: the next ones of one that is ended as soon as it answers are started more and more rarely. */
const LIVES = 1_200;

/** Notes what this page hears on the entities' channels. */
function listenIn() {
  window.heard = 0;
  window.BroadcastChannel = class extends BroadcastChannel {
    constructor(name) {
      super(name);
      this.addEventListener("message", ({ data }) => (window.heard += data instanceof Uint8Array ? 1 : 0));
    }
  };
}

describe("a worker that is gone", () => {
  let chromium, workerd, relay, context, tab, id;
  let [title, votes, cards] = ["", 0, 0];

  before(async () => {
    chromium = await startChromium();
    workerd = await Workerd.start();
    relay = await Relay.start(workerd.port);
    context = await chromium.newContext();
    await context.addInitScript(listenIn);
    tab = await Tab.open(context, relay.origin, "Ada");
    await addCard();
  });
  after(async () => {
    await chromium.close();
    relay.stop();
    await workerd.stop();
  });

  async function addCard() {
    cards += 1;
    [title, votes] = [`card ${cards}:`, 0];
    id = await tab.add("todo", title);
    await tab.saved();
  }

  /** Somebody types and votes in a tab, each key and click for itself, until told to stop. */
  function work(tab) {
    let working = true;
    const worked = (async () => {
      await tab.edit(id);
      for (let key = 0; working || key % 7 !== 0; key += 1) {
        // A click elsewhere moved the caret.
        await tab.find("edit-title").press("End");
        const letter = String.fromCharCode(97 + (title.length % 26));
        await tab.find("edit-title").press(letter);
        title += letter;
        if (key % 3 === 0) {
          await tab.find("vote-more").click();
          votes += 1;
        }
      }
    })();
    return async () => {
      working = false;
      await worked;
      await tab.close();
    };
  }

  /** Everything arrived, in all tabs and on the server, and once. */
  async function allArrived(tabs) {
    for (const tab of tabs) {
      await tab.saved();
    }
    const facts = { title, votes: `▲ ${votes}` };
    await allShow(tabs, id, facts);
    await untilEqual("the workers of all tabs", 1, async () => (await workers(chromium)).length);
  }

  async function fresh() {
    const other = await chromium.newContext();
    const eve = await Tab.open(other, workerd.origin, "Eve");
    await allShow([eve], id, { title, votes: `▲ ${votes}` });
    await other.close();
  }

  test("crashes with the tab that started it", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await addCard();
      const starter = tab;
      tab = await starter.another();
      await allShow([tab], id, { title });
      const stop = work(tab);
      await wait(200);
      const before = relay.upgrades;
      await starter.crash();
      await until("another worker connects", () => relay.upgrades > before, NOTICED);
      await stop();
      await allArrived([tab]);
    }
    await fresh();
  });

  test("is ended under two tabs, which choose one worker", async () => {
    const other = await tab.another();
    for (let round = 0; round < ROUNDS; round += 1) {
      await addCard();
      const stop = work(round % 2 === 0 ? tab : other);
      await wait(LIVES);
      const before = relay.upgrades;
      await Worker.end(chromium);
      await until("another worker connects", () => relay.upgrades > before, NOTICED);
      await stop();
      await allArrived([tab, other]);
    }
    await fresh();
    await other.page.close();
  });

  test("is said to be gone: nothing is connected until another one is", async () => {
    const other = await tab.another();
    workerd.freeze();
    await Worker.end(chromium);
    for (const each of [tab, other]) {
      await until("the status says so", async () => !(await each.status()).connected, NOTICED);
    }
    await tab.edit(id);
    await tab.find("vote-more").click();
    votes += 1;
    await tab.close();
    assert.ok((await tab.status()).pending > 0);
    workerd.thaw();
    await allArrived([tab, other]);
    await other.page.close();
  });

  test("is one for the tabs that open while it is replaced, and after", async () => {
    const opened = tab.another();
    await Worker.end(chromium);
    const [during, later] = [await opened, await tab.another()];
    await allArrived([tab, during, later]);
    await during.edit(id);
    await during.find("vote-more").click();
    votes += 1;
    await during.close();
    await allArrived([tab, during, later]);
    await during.page.close();
    await later.page.close();
  });

  for (const how of ["between two tasks", "in the middle of an edit"]) {
    test(`hangs ${how}, and is silent when it wakes after another one took over`, async () => {
      const other = await tab.another();
      await allArrived([tab, other]);
      const hung = await Worker.attach(chromium);
      const { upgrades } = relay;
      await (how === "in the middle of an edit" ? hung.pauseAfterBroadcast() : hung.pause());
      // What is typed now lies in the port of the worker that hangs.
      await tab.edit(id);
      await tab.find("vote-more").click();
      votes += 1;
      await tab.close();
      const stopped = Date.now();
      await until("the tabs give it up", () => relay.upgrades > upgrades, 10_000);
      for (const each of [tab, other]) {
        await each.saved();
        await allShow([each], id, { title, votes: `▲ ${votes}` });
      }
      assert.equal((await workers(chromium)).length, 2, "it still hangs");
      await wait(Math.max(0, 10_000 - (Date.now() - stopped)));

      const heard = () => Promise.all([tab, other].map((each) => each.page.evaluate(() => window.heard)));
      const sent = () => relay.bytesUp.slice(0, upgrades);
      const was = [await heard(), relay.upgrades, sent()];
      await hung.resume();
      await until("it ends", async () => (await workers(chromium)).length === 1);
      await wait(500);
      assert.deepEqual([await heard(), relay.upgrades, sent()], was);
      await allArrived([tab, other]);
      await fresh();
      await other.page.close();
    });
  }
});
