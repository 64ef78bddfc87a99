/** What a page goes through: reloads, the back/forward cache, tabs that come and go. */

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { Tab, allShow, elsewhere, startChromium, twoBrowsers, until } from "./harness.mjs";
import { Workerd } from "./workerd.mjs";

describe("a page", () => {
  let chromium, workerd, other, tabs, ada, ada2, bob;

  before(async () => {
    // playwright turns the cache off that one of the tests is about.
    chromium = await startChromium({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
    workerd = await Workerd.start();
    other = await elsewhere();
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
    other.close();
    await workerd.stop();
  });

  test("shows the same after a reload", async () => {
    const id = await ada.add("doing", "Stays");
    await ada.edit(id);
    await ada.find("edit-body").fill("What is written stays, too.");
    await ada.find("new-label").fill("kept");
    await ada.find("new-label").press("Enter");
    await ada.find("edit-assignee").selectOption({ label: "Ada" });
    await ada.saved();
    const before = await ada.card(id).innerText();
    assert.match(before, /kept[^]*Stays[^]*What is written stays[^]*Ada/);

    await ada.page.reload();
    await ada.ready();
    await until("the card looks as it did", async () => (await ada.card(id).innerText()) === before);
  });

  test("that is left in the middle of an edit has sent it", async () => {
    const id = await ada.add("todo", "Hurry");
    await allShow([bob], id, { title: "Hurry" });
    await ada.edit(id);
    await ada.setTitle("Hurried");
    await ada.page.close();
    await allShow([ada2, bob], id, { title: "Hurried" });
    ada = tabs[0] = await Tab.open(ada2.page.context(), workerd.origin);
    await allShow([ada], id, { title: "Hurried" });
  });

  test("catches up when it comes out of the back/forward cache", async () => {
    const id = await ada.add("todo", "Left");
    await allShow(tabs, id, { title: "Left" });
    await ada.saved();
    await ada.page.evaluate(() => {
      globalThis.survived = true;
    });
    await ada.page.goto(`http://127.0.0.1:${other.port}`);
    await bob.edit(id);
    await bob.setTitle("Changed meanwhile");
    await allShow([ada2], id, { title: "Changed meanwhile" });

    await ada.page.goBack({ waitUntil: "commit" });
    await allShow([ada], id, { title: "Changed meanwhile" });
    assert.equal(await ada.page.evaluate(() => globalThis.survived), true, "the page came out of the cache");
    // Both ways again, without a reload.
    await bob.setTitle("Changed again");
    await allShow(tabs, id, { title: "Changed again" });
    await ada.card(id).getByTestId("card-votes").click();
    await allShow(tabs, id, { votes: "▲ 1", changed: "Ada" });
  });

  test("does not need the tab that was there first", async () => {
    const id = await ada.add("todo", "Alone");
    await ada.page.close();
    await ada2.edit(id);
    await ada2.setTitle("Not alone");
    await allShow([ada2, ...tabs.slice(2)], id, { title: "Not alone" });
    const ada3 = (tabs[0] = await Tab.open(ada2.page.context(), workerd.origin));
    await allShow([ada3], id, { title: "Not alone" });
  });

  test("is usable by keyboard alone", async () => {
    const { page } = ada2;
    const id = await ada2.add("todo", "By keyboard");
    await ada2.card(id).getByTestId("card-title").focus();
    await page.keyboard.press("Enter");
    await ada2.find("editor").waitFor();
    await ada2.find("edit-title").focus();
    await page.keyboard.press("End");
    await page.keyboard.type("!");
    await page.keyboard.press("Escape");
    await allShow(tabs.slice(1), id, { title: "By keyboard!" });
    const focused = () => page.evaluate(() => document.activeElement.closest("[data-testid=card]")?.dataset.id);
    assert.equal(await focused(), id, "the focus comes back to the card");
    await ada2.card(id).getByTestId("move-right").focus();
    await page.keyboard.press("Enter");
    await allShow(tabs.slice(1), id, { column: "column-doing" });
    assert.equal(await focused(), id, "the focus goes along with the card");
  });
});
