/** Two persons with two tabs each: what one does, all four see, through their Persons or by direct lines. */

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { Tab, allShow, inWorker, startChromium, twoBrowsers, until, untilEqual } from "./harness.mjs";
import { Relay } from "./relay.mjs";
import { Workerd } from "./workerd.mjs";

for (const [way, lines] of [
  ["through their Persons", "never"],
  ["by direct lines", 2],
]) {
  describe(`two persons with two tabs each, ${way}`, () => follow(lines));
}

function follow(lines) {
  let chromium, workerd, relay, tabs, ada, ada2, bob, bob2;

  before(async () => {
    chromium = await startChromium();
    workerd = await Workerd.start({ lines });
    relay = await Relay.start(workerd.port);
    tabs = await twoBrowsers(chromium, relay.origin);
    [ada, ada2, bob, bob2] = tabs;
  });
  beforeEach(async () => {
    // A test that failed leaves behind whatever it was at.
    workerd.thaw();
    for (const tab of tabs) {
      await tab.reset();
    }
  });
  after(async () => {
    await chromium.close();
    relay.stop();
    await workerd.stop();
  });

  test("an edit reaches the other three, with who made it", async () => {
    const id = await ada.add("todo", "Plan");
    await allShow(tabs, id, { column: "column-todo", title: "Plan", votes: "▲ 0", changed: "Ada" });
    await bob.edit(id);
    await bob.setTitle("A better plan");
    await bob.find("edit-status").selectOption("doing");
    await bob.find("vote-more").click();
    await bob.find("new-step").fill("Begin");
    await bob.find("new-step").press("Enter");
    await bob.find("step-done").check();
    await allShow(tabs, id, {
      column: "column-doing",
      title: "A better plan",
      votes: "▲ 1",
      steps: "✓ 1/1",
      changed: "Bob",
    });
    for (const tab of tabs) {
      await tab.saved();
    }
  });

  test("a tab of the same browser shows it before the server has answered", async () => {
    const id = await ada.add("todo", "Before");
    await allShow(tabs, id, { title: "Before" });
    await ada.saved();
    await ada.edit(id);

    workerd.freeze();
    await ada.setTitle("After");
    await allShow([ada, ada2], id, { title: "After" });
    assert.equal((await ada2.status()).pending > 0, true, "nothing is confirmed yet");
    assert.equal((await bob.show(id)).title, "Before");
    assert.equal((await bob2.show(id)).title, "Before");

    workerd.thaw();
    await allShow(tabs, id, { title: "After", changed: "Ada" });
    await ada2.saved();
  });

  test("different fields of one card, changed at the same moment, both survive", async () => {
    const id = await ada.add("todo", "Shared");
    await allShow(tabs, id, { title: "Shared" });
    await ada.edit(id);
    await bob.edit(id);
    await Promise.all([ada.saved(), bob.saved()]);

    // Frozen, so that neither knows of the other.
    workerd.freeze();
    await ada.setTitle("Named by Ada");
    await bob.find("edit-body").fill("Written by Bob");
    await bob.find("edit-status").selectOption("done");
    workerd.thaw();

    await allShow(tabs, id, { title: "Named by Ada", column: "column-done" });
    for (const tab of tabs) {
      await tab.saved();
      assert.equal(await tab.card(id).locator(".excerpt").textContent(), "Written by Bob");
      assert.equal(await tab.card(id).getByTestId("card-problem").textContent(), "");
    }
  });

  test("of one field changed twice at the same moment one change stays, everywhere", async () => {
    const id = await ada.add("todo", "Shared");
    await allShow(tabs, id, { title: "Shared" });
    await ada.edit(id);
    await bob.edit(id);
    await Promise.all([ada.saved(), bob.saved()]);

    workerd.freeze();
    await ada.setTitle("Ada's");
    await bob.setTitle("Bob's");
    workerd.thaw();

    for (const tab of tabs) {
      await tab.saved();
    }
    const { title } = await ada.show(id);
    assert.ok(["Ada's", "Bob's"].includes(title), title);
    await allShow(tabs, id, { title, changed: title.slice(0, 3) });
    const loser = title === "Ada's" ? bob : ada;
    await until("the other one is told", async () => /not kept/.test(await loser.find("edit-problem").textContent()));
    assert.match(await loser.card(id).getByTestId("card-problem").textContent(), /not kept/);
    assert.equal(await loser.find("edit-title").inputValue(), title);
  });

  test("deleting and bringing back reach all", async () => {
    const id = await ada.add("doing", "Coming and going");
    await allShow(tabs, id, { title: "Coming and going" });
    await ada.edit(id);
    await ada.find("delete").click();
    for (const tab of tabs) {
      await untilEqual("the card is gone", undefined, () => tab.show(id));
      assert.match(await tab.deleted(id).textContent(), /“Coming and going” · Ada/);
    }
    await bob2.deleted(id).getByTestId("undelete").click();
    await allShow(tabs, id, { column: "column-doing", title: "Coming and going", changed: "Bob" });
  });

  test("cards are moved by button and by dragging, and stand alike everywhere", async () => {
    const [one, two, three] = [await ada.add("todo", "1"), await ada.add("todo", "2"), await ada.add("todo", "3")];
    const order = (tab, column) => tab.order(column, [one, two, three]);
    await untilEqual("to do", [one, two, three], () => order(bob, "todo"));
    await bob.card(three).getByTestId("move-up").click();
    await bob.card(one).dragTo(bob.find("column-doing"));
    for (const tab of tabs) {
      await untilEqual("to do", [three, two], () => order(tab, "todo"));
      await untilEqual("doing", [one], () => order(tab, "doing"));
    }
    await ada.card(one).dragTo(ada.card(three), { targetPosition: { x: 50, y: 5 } });
    for (const tab of tabs) {
      await untilEqual("to do", [one, three, two], () => order(tab, "todo"));
    }
  });

  test("who types keeps the caret while others change the card", async () => {
    const id = await ada.add("todo", "Draft");
    await allShow(tabs, id, { title: "Draft" });
    await ada.edit(id);
    await bob.edit(id);
    const title = ada.find("edit-title");
    await title.press("Home");
    await title.pressSequentially("My ");
    await bob.find("vote-more").click();
    await allShow([ada], id, { votes: "▲ 1" });
    await title.pressSequentially("own ");
    await allShow(tabs, id, { title: "My own Draft" });

    // The same text changed behind the caret, and then before it.
    await Promise.all(tabs.map((tab) => tab.saved()));
    await bob.setTitle("My own Draft, revised");
    await allShow(tabs, id, { title: "My own Draft, revised" });
    await title.pressSequentially("first ");
    await allShow(tabs, id, { title: "My own first Draft, revised" });
  });

  test("a browser has one hub and one WebSocket beside its lines, however many tabs it has", async () => {
    assert.equal(relay.webSockets - relay.lines, 2);
    // Each of the browsers shows the board at least.
    assert.ok(lines === "never" ? relay.lines === 0 : relay.lines >= 2, `${relay.lines} direct lines`);
    const session = await chromium.newBrowserCDPSession();
    const { targetInfos } = await session.send("Target.getTargets");
    assert.equal(targetInfos.filter(({ type }) => type === "shared_worker").length, 2);
    await Promise.all([ada.page.close(), ada2.page.close()]);
    await until("the last tab of a browser takes its WebSocket along", () => relay.webSockets - relay.lines === 1);
  });
}

test("a connection that is dead without a word is noticed by who only looks on", async () => {
  const chromium = await startChromium();
  const workerd = await Workerd.start();
  const relay = await Relay.start(workerd.port);
  try {
    const ada = await Tab.open(await chromium.newContext(), workerd.origin, "Ada");
    const bob = await Tab.open(await chromium.newContext(), relay.origin, "Bob");
    const id = await ada.add("todo", "Before");
    await allShow([bob], id, { title: "Before" });
    relay.silence();
    await ada.edit(id);
    await ada.setTitle("After");
    await ada.saved();
    const after = async () => (await bob.show(id))?.title === "After";
    await until("the other connection brings it", after, 120_000);
  } finally {
    await chromium.close();
    relay.stop();
    await workerd.stop();
  }
});

test("a connection that is a day old is left for another, which lacks nothing", async () => {
  const chromium = await startChromium();
  const workerd = await Workerd.start();
  const relay = await Relay.start(workerd.port);
  try {
    const ada = await Tab.open(await chromium.newContext(), relay.origin, "Ada");
    const id = await ada.add("todo", "Yesterday");
    assert.equal(relay.upgrades, 1);
    await inWorker(chromium, "Date.now = ((now) => () => now.call(Date) + 86_400_000)(Date.now)");
    await until("another one is opened", () => relay.upgrades === 2, 60_000);
    await until("the first is closed", () => relay.webSockets === 1);
    await ada.edit(id);
    await ada.setTitle("Today");
    await ada.saved();
    const bob = await Tab.open(await chromium.newContext(), workerd.origin, "Bob");
    await allShow([ada, bob], id, { title: "Today" });
    await bob.edit(id);
    await bob.find("vote-more").click();
    await allShow([ada], id, { votes: "▲ 1" });
  } finally {
    await chromium.close();
    relay.stop();
    await workerd.stop();
  }
});

test("two persons who come first at the same moment share one board", async () => {
  const workerd = await Workerd.start();
  const chromium = await startChromium();
  try {
    const [ada, bob] = await Promise.all(
      ["Ada", "Bob"].map(async (name) => Tab.open(await chromium.newContext(), workerd.origin, name)),
    );
    const cards = await Promise.all([ada.add("todo", "Ada's first"), bob.add("todo", "Bob's first")]);
    await allShow([ada, bob], cards[0], { title: "Ada's first", changed: "Ada" });
    await allShow([ada, bob], cards[1], { title: "Bob's first", changed: "Bob" });
    assert.deepEqual(await ada.order("todo", cards), await bob.order("todo", cards));
  } finally {
    await chromium.close();
    await workerd.stop();
  }
});
