/** Who is logged in: the session is a cookie that scripts cannot read, so the server is asked. */

/** The id of the person who is logged in, or `undefined` if nobody is. */
export async function whoIsHere(): Promise<string | undefined> {
  const answer = await fetch("/session", { cache: "no-store" });
  if (answer.status === 401) {
    return undefined;
  }
  return personIn(answer);
}

/** Begins a session; the id of the person. */
export async function logIn(name: string): Promise<string> {
  return personIn(await post("/login", { name }));
}

/** Ends the session, in all tabs. */
export async function logOut(): Promise<void> {
  await expectOk(await post("/logout", {}));
}

function post(path: string, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function personIn(answer: Response): Promise<string> {
  await expectOk(answer);
  const { person } = (await answer.json()) as { person: string };
  return person;
}

async function expectOk(answer: Response): Promise<void> {
  if (!answer.ok) {
    const text = await answer.text();
    throw new Error(text === "" ? `the server answered ${answer.status}` : text);
  }
}
