/** Drives a running demo once, as two persons would: `node tests/browser/demo.mjs <url>`. */

import { Tab, allShow, startChromium, twoBrowsers } from "./harness.mjs";

const [url] = process.argv.slice(2);
if (url === undefined) {
  console.error("usage: node tests/browser/demo.mjs <url>");
  process.exit(2);
}

const chromium = await startChromium();
try {
  const tabs = await twoBrowsers(chromium, url);
  const [ada, , bob] = tabs;
  const id = await ada.add("todo", "Try the demo");
  await allShow(tabs, id, { column: "column-todo", title: "Try the demo", changed: "Ada" });
  await bob.edit(id);
  await bob.setTitle("Tried the demo");
  await bob.find("edit-status").selectOption("done");
  await allShow(tabs, id, { column: "column-done", title: "Tried the demo", changed: "Bob" });
  await bob.find("delete").click();
  await ada.deleted(id).getByTestId("undelete").click();
  await allShow(tabs, id, { column: "column-done", title: "Tried the demo", changed: "Ada" });
  const fresh = await Tab.open(await chromium.newContext(), url, "Eve");
  await allShow([fresh], id, { column: "column-done", title: "Tried the demo" });
  console.log("two browsers with two tabs each agreed on a card that was added, edited, deleted and brought back");
} catch (error) {
  console.error(`the demo failed: ${error.message.split("\n", 1)[0]}`);
  process.exitCode = 1;
} finally {
  await chromium.close();
}
