/** Who may connect: a session that the server signed, from a page of its own origin, and nobody else. */

import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";

import { Tab, elsewhere, startChromium, until } from "./harness.mjs";
import { Relay } from "./relay.mjs";
import { SESSION_KEY, Workerd } from "./workerd.mjs";

const HOUR = 3600;

/** A cookie as the server makes it. */
function signed(person, secondsToLive, key = SESSION_KEY) {
  const expires = Math.floor(Date.now() / 1000) + secondsToLive;
  const payload = Buffer.from(`${person}\n${randomUUID()}\n${expires}`).toString("base64url");
  const mac = createHmac("sha256", key).update(`temporal-entity session 1\n${payload}`).digest("base64url");
  return `session=${payload}.${mac}`;
}

/** Asks for a WebSocket; the status of the answer, and the socket if there is one. */
async function upgrade(server, headers) {
  const asked = request(`${server}/connect?browser=test`, {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": Buffer.from(randomUUID().slice(0, 16)).toString("base64"),
      ...headers,
    },
  });
  asked.end();
  const accepted = once(asked, "upgrade").then(([answer, socket]) => ({ status: answer.statusCode, socket }));
  const answered = once(asked, "response").then(([answer]) => {
    answer.resume();
    return { status: answer.statusCode };
  });
  return Promise.race([accepted, answered]);
}

describe("the socket", () => {
  let workerd, origin;

  before(async () => {
    workerd = await Workerd.start();
    origin = workerd.origin;
  });
  after(() => workerd.stop());

  async function expectStatus(expected, headers) {
    const { status, socket } = await upgrade(workerd.origin, headers);
    socket?.destroy();
    assert.equal(status, expected);
  }

  test("opens for a session on the server's own origin", () =>
    expectStatus(101, { origin, cookie: signed("ada", HOUR) }));
  test("is refused without a cookie", () => expectStatus(401, { origin }));
  test("is refused with another cookie", () => expectStatus(401, { origin, cookie: "theme=dark" }));
  test("is refused with a forged cookie", () =>
    expectStatus(401, { origin, cookie: signed("ada", HOUR, "a key that the server does not have, as long") }));
  test("is refused with a session that is over", () => expectStatus(401, { origin, cookie: signed("ada", -1) }));
  test("is refused with a session that was made another person's", () => {
    const [, mac] = signed("ada", HOUR).split(".");
    const [payload] = signed("bob", HOUR).split(".");
    return expectStatus(401, { origin, cookie: `${payload}.${mac}` });
  });
  for (const foreign of ["http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1", "null"]) {
    test(`is refused to a page of ${foreign}`, () =>
      expectStatus(403, { origin: foreign, cookie: signed("ada", HOUR) }));
  }
  test("is refused to who hides the page it is of", () => expectStatus(403, { cookie: signed("ada", HOUR) }));
});

describe("pages", () => {
  let chromium, workerd, relay, other;

  before(async () => {
    chromium = await startChromium();
    workerd = await Workerd.start();
    relay = await Relay.start(workerd.port);
    other = await elsewhere();
  });
  after(async () => {
    await chromium.close();
    other.close();
    relay.stop();
    await workerd.stop();
  });

  /** Whether a script in the page gets a socket. */
  function connects(page, server) {
    const url = `${server.replace("http", "ws")}/connect?browser=script`;
    return page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const socket = new WebSocket(url);
          socket.onopen = () => resolve(true);
          socket.onerror = () => resolve(false);
        }),
      url,
    );
  }

  test("of another origin get no socket, though the browser is logged in", async () => {
    const { origin } = workerd;
    const context = await chromium.newContext();
    const ada = await Tab.open(context, origin, "Ada");
    assert.equal(await connects(ada.page, origin), true);

    const page = await context.newPage();
    // Another port is the same site: the cookie goes along, and the origin alone gives it away.
    await page.goto(`http://127.0.0.1:${other.port}`);
    assert.equal(await connects(page, origin), false);
    // Another name is another site.
    await page.goto(`http://localhost:${other.port}`);
    assert.equal(await connects(page, origin), false);
    await context.close();
  });

  test("go back to the login when one of them logs out, and their socket is closed", async () => {
    const context = await chromium.newContext();
    const ada = await Tab.open(context, relay.origin, "Ada");
    const ada2 = await Tab.open(context, relay.origin);
    const bob = await Tab.open(await chromium.newContext(), relay.origin, "Bob");
    const id = await ada.add("todo", "Ada's secret");
    assert.equal(relay.webSockets, 2);

    await ada.find("logout").click();
    await ada.find("login-form").waitFor();
    await ada2.find("login-form").waitFor();
    await until("the socket is closed", () => relay.webSockets === 1);
    assert.equal(await ada2.card(id).count(), 0);
    assert.equal((await bob.status()).connected, true, "others stay");

    // The same browser for somebody else.
    await ada.logIn("Cleo");
    await ada.ready();
    await ada.find("me").getByText("Cleo").waitFor();
    await ada.edit(id);
    await ada.setTitle("Cleo was here");
    await until("the card says who", async () => (await bob.show(id)).changed === "Cleo");
    await context.close();
  });
});

describe("the login by name", () => {
  test("is refused outside of development", async () => {
    const workerd = await Workerd.start({ environment: "production" });
    const chromium = await startChromium();
    try {
      const headers = { "content-type": "application/json", origin: workerd.origin };
      const answer = await fetch(`${workerd.origin}/login`, { method: "POST", headers, body: '{"name":"Ada"}' });
      assert.equal(answer.status, 403);
      assert.equal(answer.headers.get("set-cookie"), null);

      const tab = new Tab(await chromium.newPage());
      await tab.page.goto(workerd.origin);
      await tab.logIn("Ada");
      await tab.find("login-problem").getByText("development").waitFor();
    } finally {
      await chromium.close();
      await workerd.stop();
    }
  });
});
