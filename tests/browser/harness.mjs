/** Chromium with several persons in it, and what they do on the board. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";

import { chromium } from "playwright-core";

/** A browser that does only what the test asks. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How long anything may take on a machine that is busy with something else. */
const PATIENCE = 20_000;

/** Starts Chromium; `options` are playwright's. */
export function startChromium(options = {}) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: ARGUMENTS, ...options });
}

/** Serves an empty page of another origin: `port` and `close()`. */
export async function elsewhere() {
  const page = "<!doctype html><title>Elsewhere</title>";
  const server = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(page));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: server.address().port, close: () => server.close() };
}

/** Waits until `look` gives something true, and gives it back. */
export async function until(what, look, patience = PATIENCE) {
  const deadline = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) {
      return found;
    }
    assert.ok(Date.now() < deadline, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until `look` gives `expected`; fails with what it gave last. */
export async function untilEqual(what, expected, look) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    try {
      assert.deepEqual(found, expected);
      return;
    } catch {
      assert.ok(Date.now() < deadline, `${what}: got ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A tab with the board in it. */
export class Tab {
  page;

  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE);
  }

  /** Opens the board in a new tab of a context; somebody who is not logged in logs in. */
  static async open(context, origin, name) {
    const tab = new Tab(await context.newPage());
    const answer = await tab.page.goto(origin);
    assert.ok(answer.ok(), `${origin} answered ${answer.status()}`);
    if (name !== undefined) {
      await tab.logIn(name);
    }
    await tab.ready();
    return tab;
  }

  /** The board once more in the same browser, in a window of its own: input to a tab behind others takes seconds. */
  async another() {
    const opened = this.page.context().waitForEvent("page");
    await this.page.evaluate(() => open(location.href, "_blank", "popup,noopener"));
    const tab = new Tab(await opened);
    await tab.ready();
    return tab;
  }

  find(testid) {
    return this.page.getByTestId(testid);
  }

  async logIn(name) {
    await this.find("login-name").fill(name);
    await this.find("login").click();
  }

  /** Waits until the board is there. */
  async ready() {
    await this.page.locator('[data-testid="board"][aria-busy="false"]').waitFor();
  }

  card(id) {
    return this.page.locator(`[data-testid="card"][data-id="${id}"]`);
  }

  /** The row of a deleted card. */
  deleted(id) {
    return this.page.locator(`[data-testid="deleted-card"][data-id="${id}"]`);
  }

  /** Adds a card; its id. */
  async add(column, title) {
    const form = this.find(`column-${column}`);
    await form.getByTestId("new-title").fill(title);
    await form.getByTestId("new-title").press("Enter");
    const card = form.getByTestId("card").filter({ hasText: title });
    await card.waitFor();
    return card.getAttribute("data-id");
  }

  /** Opens the card's dialog. */
  async edit(id) {
    await this.card(id).getByTestId("card-title").click();
    await this.find("edit-title").waitFor();
  }

  async close() {
    await this.find("close").click();
  }

  async setTitle(title) {
    await this.find("edit-title").fill(title);
  }

  /** The card as this tab shows it, `undefined` if it does not. */
  show(id) {
    return this.page.evaluate((id) => {
      const card = document.querySelector(`[data-testid="card"][data-id="${id}"]`);
      if (card === null) {
        return undefined;
      }
      const text = (testid) => card.querySelector(`[data-testid="${testid}"]`)?.textContent;
      return {
        column: card.closest("section")?.dataset.testid,
        title: text("card-title"),
        votes: text("card-votes"),
        steps: text("card-steps"),
        changed: text("card-changed")?.split(",")[0],
      };
    }, id);
  }

  /** Those of the cards that are in a column, from the top down. */
  async order(column, cards) {
    const all = this.find(`column-${column}`).getByTestId("card");
    const ids = await all.evaluateAll((cards) => cards.map((card) => card.dataset.id));
    return ids.filter((id) => cards.includes(id));
  }

  /** Ends the process of the page, as a fault in it does. */
  async crash() {
    const session = await this.page.context().newCDPSession(this.page);
    const crashed = this.page.waitForEvent("crash");
    session.send("Page.crash").catch(() => {});
    await crashed;
  }

  /** Leaves a dialog that is open. */
  async reset() {
    await this.page.keyboard.press("Escape");
  }

  /** How the status line stands. */
  status() {
    return this.find("status").evaluate(({ dataset }) => ({
      connected: dataset.connected === "true",
      pending: Number(dataset.pending),
    }));
  }

  /** Waits until the server has confirmed everything. */
  async saved() {
    await until("everything is saved", async () => {
      const { connected, pending } = await this.status();
      return connected && pending === 0;
    });
  }
}

/** Waits until all tabs show the card the same, with these facts among the others. */
export async function allShow(tabs, id, facts) {
  for (const [index, tab] of tabs.entries()) {
    await untilEqual(`tab ${index + 1} of ${tabs.length}`, facts, async () => {
      const shown = await tab.show(id);
      return shown && Object.fromEntries(Object.keys(facts).map((key) => [key, shown[key]]));
    });
  }
}

/** Carries out an expression in the one SharedWorker of a browser. */
export async function inWorker(chromium, expression) {
  const session = await chromium.newBrowserCDPSession();
  const { targetInfos } = await session.send("Target.getTargets");
  const workers = targetInfos.filter(({ type }) => type === "shared_worker");
  assert.equal(workers.length, 1);
  const { sessionId } = await session.send("Target.attachToTarget", { targetId: workers[0].targetId });
  const answered = once(session, "Target.receivedMessageFromTarget");
  const message = JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } });
  await session.send("Target.sendMessageToTarget", { sessionId, message });
  const [{ message: answer }] = await answered;
  assert.equal(JSON.parse(answer).result?.exceptionDetails, undefined, answer);
}

/** Two persons, each in a browser of their own with two tabs: `[ada1, ada2, bob1, bob2]`. */
export async function twoBrowsers(chromium, origin) {
  const tabs = [];
  for (const name of ["Ada", "Bob"]) {
    const context = await chromium.newContext();
    const first = await Tab.open(context, origin, name);
    tabs.push(first, await first.another());
  }
  return tabs;
}
