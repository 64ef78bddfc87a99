/** workerd is killed and started again: nothing that was acknowledged is lost, and what waited arrives. */

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { Tab, allShow, startChromium, twoBrowsers, until, untilEqual } from "./harness.mjs";
import { Workerd } from "./workerd.mjs";

describe("a server that is killed", () => {
  let chromium, workerd, tabs, ada, ada2, bob;

  before(async () => {
    chromium = await startChromium();
    workerd = await Workerd.start();
    tabs = await twoBrowsers(chromium, workerd.origin);
    [ada, ada2, bob] = tabs;
  });
  beforeEach(async () => {
    for (const tab of tabs) {
      await tab.reset();
    }
  });
  after(async () => {
    await chromium.close();
    await workerd.stop();
  });

  /** What the server has, without anything that a browser may remember. */
  async function fresh(look) {
    const context = await chromium.newContext();
    try {
      return await look(await Tab.open(context, workerd.origin, "Eve"));
    } finally {
      await context.close();
    }
  }

  test("keeps what it acknowledged just before", async () => {
    const id = await ada.add("todo", "To be kept");
    await ada.edit(id);
    for (const title of ["kept once", "kept twice", "kept again"]) {
      await ada.setTitle(title);
      await ada.saved();
      await workerd.kill();
      await workerd.restart();
      await fresh((eve) => allShow([eve], id, { title }));
      await allShow(tabs, id, { title });
    }
    await until("all are connected again", async () => {
      const statuses = await Promise.all(tabs.map((tab) => tab.status()));
      return statuses.every(({ connected }) => connected);
    });
  });

  test("in the middle of a stream of edits loses none of them", async () => {
    const id = await ada.add("todo", "Stream");
    await allShow(tabs, id, { title: "Stream" });
    await ada.edit(id);
    await ada.setTitle("");
    const text = Array.from({ length: 50 }, (_, word) => `w${word}`).join(" ");
    const typing = ada.find("edit-title").pressSequentially(text, { delay: 5, timeout: 90_000 });

    // Twice, each time when a part has come through.
    for (const part of [20, 120]) {
      const seen = await until("a part arrives", async () => {
        const title = (await bob.show(id))?.title ?? "";
        return title.length > part && text.startsWith(title) && title;
      });
      await workerd.kill();
      assert.ok((await ada.find("edit-title").inputValue()).startsWith(seen));
      await workerd.restart();
    }
    await typing;
    await ada.saved();
    await allShow(tabs, id, { title: text });
    await fresh((eve) => allShow([eve], id, { title: text }));
  });

  test("finds the edits that were made meanwhile, from everybody and once", async () => {
    const id = await ada.add("todo", "Before");
    await allShow(tabs, id, { title: "Before" });
    await ada.edit(id);
    await bob.edit(id);
    await workerd.kill();
    for (const tab of tabs) {
      await until("the page says so", async () => !(await tab.status()).connected);
    }

    await ada.setTitle("Meanwhile");
    await bob.find("vote-more").click();
    await bob.find("vote-more").click();
    for (const text of ["one", "two"]) {
      await bob.find("new-step").fill(text);
      await bob.find("new-step").press("Enter");
    }
    await allShow([ada, ada2], id, { title: "Meanwhile", votes: "▲ 0" });
    await allShow([bob], id, { title: "Before", votes: "▲ 2" });
    assert.ok((await ada2.status()).pending > 0);
    await bob.close();
    const form = bob.find("column-doing");
    await form.getByTestId("new-title").fill("Made while away");
    await form.getByTestId("new-title").press("Enter");

    await workerd.restart();
    const facts = { title: "Meanwhile", votes: "▲ 2", steps: "✓ 0/2" };
    await allShow(tabs, id, facts);
    for (const tab of tabs) {
      await tab.saved();
      await untilEqual("the new card", 1, () => tab.find("card-title").getByText("Made while away").count());
    }
    await fresh(async (eve) => {
      await allShow([eve], id, facts);
      await untilEqual("the new card", 1, () => eve.find("card-title").getByText("Made while away").count());
    });
  });

  test("leaves everybody logged in", async () => {
    await workerd.kill();
    await workerd.restart();
    await ada2.page.reload();
    await ada2.ready();
    await ada2.find("me").getByText("Ada").waitFor();
  });
});
